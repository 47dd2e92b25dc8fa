"""Our own binary: built, and given what it needs to know by environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import prepare
from workspace import ASSETS, REFERENCE, ROOT, SECRETS, Problem, must, private_directory, step

HTTP = "127.0.0.1:8080"
HEALTH = "127.0.0.1:9080"


def build(release: bool = True) -> Path:
    """Builds `dichterbij` and returns its path. `DBJ_BIN` names one that is built already."""
    if ready := os.environ.get("DBJ_BIN"):
        if not os.access(ready, os.X_OK):
            raise Problem(f"DBJ_BIN={ready} is not a program")
        return Path(ready).absolute()
    prepare.check_cargo()
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    profile = ["--release"] if release else []
    with step("Building dichterbij (some minutes the first time)"):
        must(["cargo", "build", "--locked", "--package", "dichterbij", *profile], "The build", cwd=ROOT)
    return (ROOT / target / ("release" if release else "debug") / "dichterbij").absolute()


def with_faults(program: Path) -> Path:
    """The same with clocks that a test can move: the tests have built it beside the program, or it is built now."""
    beside = program.with_name("dichterbij-with-faults")
    if not os.access(beside, os.X_OK):
        with step("Building dichterbij with faults"):
            package = ["--package", "dichterbij-tests", "--bin", beside.name]
            must(["cargo", "build", "--locked", *package], "The build", cwd=ROOT)
        beside = ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug" / beside.name
    return beside


def call(program: Path, *arguments: str | Path) -> str:
    """What a short verb of the binary prints; what it complains about goes to the terminal."""
    done = subprocess.run(
        [str(program), *map(str, arguments)], stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False
    )
    if done.returncode != 0:
        raise Problem(f"`dichterbij {arguments[0]}` failed (exit code {done.returncode})")
    return done.stdout


def authorization(program: Path) -> str:
    """Keys for every service (made once), and the NATS block that lets each do exactly its part."""
    private_directory(SECRETS)
    call(program, "keys", "--dir", SECRETS)
    return call(program, "nats-config", "--secrets", SECRETS)


def environment(database_url: str, nats_url: str, nats_monitor: str | None) -> dict[str, str]:
    """Settings of a development machine; what the person has set goes first, except the servers' addresses."""
    defaults = {
        "DBJ_SECRETS": str(SECRETS),
        "DBJ_REFERENCE": str(REFERENCE),
        "DBJ_ASSETS": str(ASSETS),
        "DBJ_HTTP": HTTP,
        "DBJ_HEALTH": HEALTH,
        "DBJ_PROFILE": "development",
        "DBJ_LOG": "info",
    }
    monitor = {"DBJ_NATS_MONITOR": nats_monitor} if nats_monitor else {}
    return {**defaults, **os.environ, **monitor, "DATABASE_URL": database_url, "NATS_URL": nats_url}
