"""Runs a command with throw-away servers, for tests and benchmarks; passes on its exit code.

    python3 infra/local/with_servers.py -- cargo nextest run
    python3 infra/local/with_servers.py --as-installed -- target/release/bench open-hiring

As installed: PostgreSQL has the settings of infra/postgres, as at an operator's. What is measured is measured so.

The command finds DBJ_TEST_DATABASE_URL (superuser), DBJ_TEST_NATS_URL (no accounts), DBJ_REFERENCE, DBJ_ASSETS,
NATS_SERVER_BIN and PG_BIN (for tests that kill servers of their own) in its environment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import daemons
import nats
import postgres
import prepare
from workspace import ASSETS, OPEN, REFERENCE, ROOT, Problem, Stopped, fail, run, say, stop_on_signals

PREFIX = "test-"
SETTINGS = ROOT / "infra" / "postgres" / "dichterbij.conf"


@contextlib.contextmanager
def servers(conf: Path | None = None) -> Iterator[dict[str, str]]:
    """PostgreSQL and NATS on free ports, gone afterwards; yields the environment for the command."""
    prepare.ensure()
    remove_left_behind()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=OPEN))
    folder.chmod(0o755)
    record = postgres.Postgres(folder / "postgres", folder / "secrets" / "password", folder / "postgres.log", conf)
    bus = nats.Nats(folder / "nats", folder / "secrets", folder / "nats.log")
    with contextlib.ExitStack() as cleanup:
        cleanup.enter_context(in_use(folder))
        cleanup.callback(shutil.rmtree, folder, ignore_errors=True)
        cleanup.callback(record.stop)
        record.start(daemons.free_port(), attached=True)
        cleanup.callback(bus.stop)
        bus.start(daemons.free_port(), daemons.free_port(), authorization="", attached=True)
        yield {
            **os.environ,
            "DBJ_TEST_DATABASE_URL": record.url,
            "DBJ_TEST_NATS_URL": bus.url,
            "DBJ_REFERENCE": str(REFERENCE),
            "DBJ_ASSETS": str(ASSETS),
            "NATS_SERVER_BIN": str(nats.binary()),
            "PG_BIN": str(postgres.binaries()),
        }


@contextlib.contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Holds a lock in the folder as long as we live, so that a later run sees which folders nobody needs."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove_left_behind() -> None:
    """Folders of runs that were killed before they could clean up; their servers ended with them."""
    for folder in OPEN.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError), (folder / "lock").open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """The command after `--`, with servers around it."""
    as_installed = arguments[:1] == ["--as-installed"]
    command = arguments[as_installed:]
    if command[:1] != ["--"] or len(command) < 2:
        say(__doc__ or "")
        return 2
    with servers(SETTINGS if as_installed else None) as environment:
        return run(command[1:], env=environment)


if __name__ == "__main__":
    stop_on_signals()
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Problem as problem:
        fail(problem)
    except Stopped:
        fail("stopped")
