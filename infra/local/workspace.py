"""Where things live, and how this folder talks to the person at the terminal.

Everything the scripts make goes below `.local/`, so that deleting that one folder starts over.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
SECRETS = LOCAL / "secrets"
REFERENCE = LOCAL / "reference"
ASSETS = LOCAL / "assets"
SERVERS = LOCAL / "servers"


class Problem(Exception):
    """Something the person at the terminal can act on; printed without a traceback."""


class Stopped(BaseException):
    """Ctrl-C or SIGTERM. Not an `Exception`, so that nothing on the way swallows it."""


def say(text: str) -> None:
    """One line of progress, at once, also into a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Says what is being done, and afterwards how long it took."""
    say(f"==> {title} …")
    begin = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - begin:.1f} s")


def stop_group(process: subprocess.Popen, patience: float = 10.0) -> None:
    """Ends a process and everything it started: asks first, kills after `patience`."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def run(command: Sequence[str | Path], **options) -> int:
    """Runs a command in a group of its own and returns its exit code.

    The group matters when we are told to stop: cargo and npm leave their children behind otherwise.
    """
    process = subprocess.Popen([str(part) for part in command], start_new_session=True, **options)
    try:
        return process.wait()
    except BaseException:
        stop_group(process)
        raise


def must(command: Sequence[str | Path], what: str, **options) -> None:
    """Like `run`, but a failure ends the script with `what` went wrong."""
    code = run(command, **options)
    if code != 0:
        raise Problem(f"{what} failed (exit code {code}); see the lines above")


def output_of(command: Sequence[str | Path], **options) -> str:
    """What a short command prints; empty when it cannot be run or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, timeout=60, check=True, **options
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def tail(path: Path, lines: int = 25) -> str:
    """The end of a log, for the message that says what went wrong."""
    try:
        text = path.read_text(errors="replace").splitlines()[-lines:]
    except OSError:
        return f"(no log at {path})"
    return "\n".join(f"    | {line}" for line in text) or f"    | ({path} is empty)"


def stop_on_signals() -> None:
    """Turns Ctrl-C, SIGTERM and a closed terminal into `Stopped`, once; repeats are ignored while we clean up."""

    def handler(number: int, _frame: object) -> None:
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, handler)


def fail(problem: object) -> NoReturn:
    """The last line of a script that could not do its work."""
    print(f"\nCannot go on: {problem}", file=sys.stderr, flush=True)
    raise SystemExit(1)


def private_directory(path: Path) -> Path:
    """A directory that only its owner can read."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path
