"""Where things live, and how this folder talks to the person at the terminal.

Everything the scripts make goes below `.local/`, so that deleting that one folder starts over.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
SECRETS = LOCAL / "secrets"
REFERENCE = LOCAL / "reference"
ASSETS = LOCAL / "assets"

_SET_PARENT_DEATH_SIGNAL = 1


def _open_folder() -> Path:
    """Where PostgreSQL's programs and data go: `.local`, unless we are root in a place that only root may enter.

    PostgreSQL does not run as root; the user it runs as instead could not reach a checkout below /root.
    """
    parents = (ROOT, *ROOT.parents)
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in parents):
        return LOCAL
    name = hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]
    folder = Path("/var/tmp") / f"dichterbij-{name}"
    folder.mkdir(exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != 0:
        raise SystemExit(f"{folder} is not ours; remove it, or move the checkout to a folder that is not closed")
    folder.chmod(0o755)  # whatever the umask
    return folder


OPEN = _open_folder()
SERVERS = OPEN / "servers"


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


def ends_with_us(how: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """For `preexec_fn`: the kernel signals the new process when we end, however that happens, even by SIGKILL."""
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_SET_PARENT_DEATH_SIGNAL, how, 0, 0, 0)


def run(command: Sequence[str | Path], **options) -> int:
    """Runs a command in a group of its own and returns its exit code.

    The group matters when we are told to stop: cargo and npm leave their children behind otherwise.
    """
    arguments = [str(part) for part in command]
    process = subprocess.Popen(arguments, start_new_session=True, preexec_fn=ends_with_us(), **options)
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
