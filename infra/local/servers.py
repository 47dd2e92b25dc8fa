"""The two servers of a development machine together: start, stop, status.

python3 infra/local/servers.py start [--open]   # stay up until stopped; --open: NATS without accounts
python3 infra/local/servers.py stop
python3 infra/local/servers.py status
"""

from __future__ import annotations

import contextlib
import os
import sys

import daemons
import prepare
import program
from nats import Nats
from postgres import Postgres
from workspace import LOCAL, OPEN, SECRETS, Problem, Stopped, fail, private_directory, say, step, stop_on_signals

PORTS = LOCAL / "ports.json"


class Servers:
    """PostgreSQL and NATS below `.local`, or those that DATABASE_URL and NATS_URL name instead."""

    def __init__(self) -> None:
        self.postgres = Postgres(OPEN / "postgres", SECRETS / "postgres-password")
        self.nats = Nats(LOCAL / "nats", SECRETS)
        self.database_url = os.environ.get("DATABASE_URL") or None
        self.nats_url = os.environ.get("NATS_URL") or None
        self.nats_monitor = os.environ.get("DBJ_NATS_MONITOR") or None

    def start(self, authorization: str, attached: bool) -> None:
        """Starts what is not configured elsewhere; afterwards both urls are known."""
        private_directory(SECRETS)
        if not self.database_url:
            with step("PostgreSQL"):
                self.postgres.start(daemons.remembered_port(PORTS, "postgres"), attached)
            self.database_url = self.postgres.url
        if not self.nats_url:
            with step("NATS"):
                ports = (daemons.remembered_port(PORTS, name) for name in ("nats", "nats_monitor"))
                self.nats.start(*ports, authorization, attached)
            self.nats_url, self.nats_monitor = self.nats.url, self.nats.monitor_url

    def stop(self) -> None:
        """NATS first: whoever still speaks loses the bus before the record. Both are tried even if one fails."""
        with contextlib.ExitStack() as both:
            both.callback(self.postgres.stop)
            both.callback(self.nats.stop)


def status(servers: Servers) -> int:
    """Prints what runs; the exit code is 0 only when both do."""
    up = True
    for name, server in (("PostgreSQL", servers.postgres), ("NATS", servers.nats)):
        running = server.pid != 0
        up &= running
        where = f"up on 127.0.0.1:{server.port}, process {server.pid}" if running else "not running"
        say(f"{name:<11} {where}; data {server.home}; log {server.log}")
    return 0 if up else 1


def main(arguments: list[str]) -> int:
    """The three verbs."""
    servers = Servers()
    verb, flags = (arguments or ["status"])[0], set(arguments[1:])
    if verb == "start" and flags <= {"--open"}:
        prepare.ensure_servers()
        servers.start("" if "--open" in flags else program.authorization(program.build()), attached=False)
        return status(servers)
    if verb == "stop":
        servers.stop()
        return 0
    if verb == "status":
        return status(servers)
    say(__doc__ or "")
    return 2


if __name__ == "__main__":
    stop_on_signals()
    try:
        raise SystemExit(main(sys.argv[1:]))
    except Problem as problem:
        fail(problem)
    except Stopped:
        fail("stopped")
