"""A NATS server of our own with JetStream: configured, started, looked at and stopped. Only on loopback."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
from pathlib import Path

import daemons
from workspace import LOG, SERVERS, Problem, output_of

#: Older ones lack `sync_interval: always` or lose acknowledged messages when a machine stops.
OLDEST = (2, 14)


def binary() -> Path:
    """nats-server: `NATS_SERVER_BIN`, else the pinned package."""
    chosen = os.environ.get("NATS_SERVER_BIN")
    program = Path(chosen) if chosen else SERVERS / "bin" / "nats-server"
    version = daemons.version_in(output_of([program, "--version"]))
    if not version:
        raise Problem(f"there is no working nats-server at {program}" + ("" if chosen else "; run `make setup`"))
    if version < OLDEST:
        found, least = (".".join(map(str, each)) for each in (version, OLDEST))
        raise Problem(f"nats-server {least} or newer is needed; {program} is {found}, which can lose messages")
    return program


class Nats:
    """One server with one store."""

    def __init__(self, home: Path, secrets_folder: Path, log: Path = LOG / "nats.log") -> None:
        self.home = home
        self.secrets = secrets_folder
        # With the secrets, because it contains the key of the store.
        self.config = secrets_folder / "nats.conf"
        self.pid_file = home / "nats.pid"
        self.log = log
        self._child: subprocess.Popen | None = None

    @property
    def pid(self) -> int:
        """The process id, 0 when it is not running."""
        pid = daemons.read_pid(self.pid_file)
        return pid if pid and daemons.is_running(pid, str(self.config)) else 0

    @property
    def monitor_url(self) -> str:
        """Where its monitor tells how it is set up."""
        return f"http://127.0.0.1:{self._value('monitor')}"

    @property
    def port(self) -> int:
        """The port in its configuration."""
        for line in self.config.read_text().splitlines():
            if line.startswith("port:"):
                return int(line.split()[1])
        return 0

    @property
    def url(self) -> str:
        """Without credentials: services bring their own."""
        return f"nats://127.0.0.1:{self.port}"

    def start(self, port: int, monitor: int, authorization: str, attached: bool) -> None:
        """Starts it and waits until it answers as ours; a running one gets the new permissions only."""
        running = self.pid
        if running:
            port, monitor = self.port, int(self._value("monitor"))
        self._configure(port, monitor, authorization)
        if running:
            os.kill(running, signal.SIGHUP)
            return
        process = self._child = daemons.spawn(
            [str(binary()), "-c", str(self.config)], self.log, attached, cwd=self.home
        )
        try:
            daemons.wait_until(
                lambda: self.pid == process.pid and daemons.listens(process.pid, port) and self._answers(port),
                "NATS", self.log, alive=lambda: process.poll() is None,
            )  # fmt: skip
        except BaseException:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            raise

    def _configure(self, port: int, monitor: int, authorization: str) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        self.secrets.mkdir(parents=True, exist_ok=True)
        key = self.secrets / "nats-store-key"
        if not key.exists():
            key.touch(mode=0o600)
            key.write_text(secrets.token_hex(32) + "\n")
        self.config.touch(mode=0o600)
        self.config.write_text(
            f"""# Written by infra/local/nats.py at every start.
# monitor {monitor}
host: "127.0.0.1"
port: {port}
http: "127.0.0.1:{monitor}"
server_name: "dichterbij-local"
pid_file: "{self.pid_file}"
ping_interval: "2s"
ping_max: 2
max_payload: 1MB
jetstream {{
  store_dir: "{self.home}"
  sync_interval: always
  cipher: "aes"
  key: "{key.read_text().strip()}"
}}
{authorization}
"""
        )

    def _value(self, name: str) -> str:
        for line in self.config.read_text().splitlines():
            if line.startswith(f"# {name} "):
                return line.split()[2]
        return ""

    @staticmethod
    def _answers(port: int) -> bool:
        """Whether a NATS server greets us there."""
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False

    def stop(self) -> None:
        """Asks it to end; it closes its store first."""
        pid = self.pid
        for how, patience in ((signal.SIGTERM, 15.0), (signal.SIGKILL, 5.0)):
            if not pid:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if daemons.wait_gone(lambda: daemons.is_running(pid, str(self.config)), patience):
                if self._child:
                    self._child.wait()  # leaves no zombie
                return
        raise Problem(f"NATS (process {pid}) does not stop")
