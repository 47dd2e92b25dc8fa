"""Starting a server so that it cannot be mistaken for another's, nor outlive us by accident."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from workspace import Problem, ends_with_us, tail

#: PostgreSQL refuses to run as root; then it runs as this user, who owns nothing else.
NOBODY = 65534

_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on now, and that this program was not given before.

    Below those that the system gives to whoever connects: one of those may be taken by the time it is needed.
    """
    for port in random.sample(range(12_000, 32_000), 1_000):
        if port not in _given and can_listen("127.0.0.1", port):
            _given.add(port)
            return port
    raise Problem("no port between 12000 and 32000 is free")


def can_listen(host: str, port: int) -> bool:
    """Whether the port is ours to take (closed connections that linger do not count)."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen()
        except OSError:
            return False
    return True


def remembered_port(state: Path, name: str) -> int:
    """The port of last time, so that addresses stay the same; another one if somebody took it meanwhile."""
    ports = {}
    with contextlib.suppress(OSError, ValueError):
        ports = json.loads(state.read_text())
    port = ports.get(name)
    if not port or not can_listen("127.0.0.1", port):
        ports[name] = port = free_port()
        state.parent.mkdir(parents=True, exist_ok=True)
        state.write_text(json.dumps(ports, indent=2) + "\n")
    return port


def listens(pid: int, port: int) -> bool:
    """Whether process `pid` is the one that listens on the loopback `port`.

    On a fixed port a client once talked to another process's server; so we look who it is.
    """
    sockets = {}
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        field = line.split()
        if field[3] == "0A" and field[1] == f"0100007F:{port:04X}":
            sockets[f"socket:[{field[9]}]"] = int(field[7])
    if not sockets:
        return False
    try:
        return any(os.readlink(link) in sockets for link in Path(f"/proc/{pid}/fd").iterdir())
    except FileNotFoundError:
        return False
    except PermissionError:
        # A container without the right to look into processes of other users: then its user must do.
        return os.stat(f"/proc/{pid}").st_uid in sockets.values()


def is_running(pid: int, mark: str) -> bool:
    """Whether `pid` is alive and still the process whose command line contains `mark` (numbers are reused)."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return mark in command and state != "Z"


def stands_in(folder: Path) -> bool:
    """Whether any process works in this folder."""
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            with contextlib.suppress(OSError):
                if os.readlink(process / "cwd") == str(folder):
                    return True
    return False


def read_pid(file: Path) -> int:
    """The number in a pid file, or 0."""
    try:
        return int(file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def spawn(
    command: list[str], log: Path, attached: bool, user: int | None = None, cwd: Path | None = None
) -> subprocess.Popen:
    """Starts a server in a session of its own, so that Ctrl-C reaches only us and we can stop in order.

    `attached` servers end with us even if we are killed. `user` is another user id, possible only for root.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    environment = {"LC_ALL": "C", "PATH": os.environ.get("PATH", os.defpath)}
    if os.environ.get("TZ"):
        environment["TZ"] = os.environ["TZ"]
    options: dict = {}
    if user is not None:
        command = as_user(user, attached) + command
    elif attached:
        options["preexec_fn"] = ends_with_us(signal.SIGINT)
    with log.open("ab") as file:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, cwd=cwd or "/", env=environment,
            start_new_session=True, **options,
        )  # fmt: skip


def as_user(user: int, attached: bool = False) -> list[str]:
    """The prefix that runs a command as another user."""
    setpriv = shutil.which("setpriv")
    if not setpriv:
        raise Problem(
            "PostgreSQL does not run as root, and setpriv (util-linux) is not there to run it as another user"
        )
    prefix = [setpriv, f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [*prefix, "--pdeathsig=INT"] if attached else prefix


def wait_until(
    ready: Callable[[], bool], what: str, log: Path, alive: Callable[[], bool], seconds: float = 30.0
) -> None:
    """Waits for a condition, not for a time; on failure shows the end of the log."""
    end = time.monotonic() + seconds
    while not ready():
        if not alive():
            raise Problem(f"{what} stopped while starting. The end of {log}:\n{tail(log)}")
        if time.monotonic() > end:
            raise Problem(f"{what} was not ready within {seconds:.0f} s. The end of {log}:\n{tail(log)}")
        time.sleep(0.02)


def wait_gone(running: Callable[[], bool], seconds: float) -> bool:
    """Whether it ended within that time."""
    end = time.monotonic() + seconds
    while running():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def version_in(text: str) -> tuple[int, ...]:
    """(2, 15, 1) for `nats-server: v2.15.1`; empty when there is none."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return tuple(int(part) for part in found.groups() if part) if found else ()
