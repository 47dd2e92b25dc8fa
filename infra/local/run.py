"""`make run`: from a bare machine to a page that answers, and back again at Ctrl-C.

The order on the way up is set-up, build, servers, migrations, services, demo data; on the way down services, NATS,
PostgreSQL. Whatever fails on the way, what was started is stopped.

    python3 infra/local/run.py            # everything, in one process
    APART=1 python3 infra/local/run.py    # every service apart, in two replicas
    python3 infra/local/run.py -- VERB …  # one verb of the binary against the running servers, e.g. `-- doctor`
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import daemons
import prepare
import program
from apart import Processes, start_apart
from servers import Servers
from workspace import LOCAL, LOG, Problem, Stopped, fail, must, say, step, stop_on_signals

#: Longer than the drain of the services (10 s) with what hangs on it.
DRAIN = 20.0
READY = 120.0


def main() -> None:
    """The whole way up, a wait, the whole way down."""
    began = time.monotonic()
    servers = Servers()
    http, health = (os.environ.get(name, default) for name, default in
                    (("DBJ_HTTP", program.HTTP), ("DBJ_HEALTH", program.HEALTH)))  # fmt: skip
    LOCAL.mkdir(exist_ok=True)
    with contextlib.ExitStack() as cleanup:
        cleanup.enter_context(only_one())
        if not os.environ.get("DBJ_BIN"):
            prepare.check_cargo()
        check_free(http, "DBJ_HTTP")
        check_free(health, "DBJ_HEALTH")
        own_servers = not (servers.database_url and servers.nats_url)
        prepare.ensure(servers=own_servers)
        binary = program.build()
        permissions = program.authorization(binary)
        if own_servers:
            cleanup.callback(stop_servers, servers)
        servers.start(permissions, attached=True)
        environment = program.environment(servers.database_url, servers.nats_url, servers.nats_monitor)
        with step("Database migrations"):
            must([binary, "migrate"], "`dichterbij migrate`", env=environment)
        log = LOG / "dichterbij.log"
        services = Processes(log)
        is_apart = os.environ.get("APART") == "1"
        with step("Services, each apart in two replicas" if is_apart else "Services"):
            cleanup.callback(stop_services, services)
            if is_apart:
                start_apart(services, binary, environment)
            else:
                services.start(binary, ["all"], environment)
            daemons.wait_until(
                lambda: all(answers(f"http://{each}/ready") for each in services.healths)
                and answers(f"http://{http}/"),
                "dichterbij", log, alive=services.alive, seconds=READY,
            )  # fmt: skip
        with step("Demo region"):
            must([binary, "demo"], "`dichterbij demo`", env=environment)
        say(f"\nDichterbij is at http://{http}  (up after {time.monotonic() - began:.1f} s)")
        say(f"Demo sign-ins again: make demo · logs: {LOG} · Ctrl-C stops everything\n")
        services.wait()


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """A second `make run` in the same checkout would share data and ports with the first."""
    with (LOCAL / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Problem("`make run` is running already in this folder; stop that one first") from None
        yield


def check_free(address: str, setting: str) -> None:
    """Before the long steps, not after them."""
    host, _, port = address.rpartition(":")
    if not port.isdigit():
        raise Problem(f"{setting}={address} is not host:port")
    if not daemons.can_listen(host.strip("[]") or "0.0.0.0", int(port)):
        raise Problem(
            f"{address} is in use by another program. Stop that, or choose another address:\n"
            f"    {setting}={host}:{int(port) + 1} make run"
        )


def answers(url: str) -> bool:
    """Whether the page comes, on loopback and past any proxy of the machine."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2) as response:
            return response.status < 400
    except (OSError, urllib.error.URLError):
        return False


def stop_services(services: Processes) -> None:
    """SIGTERM drains: no new work, what is under way is finished."""
    with step("Stopping the services"):
        services.stop(DRAIN)


def stop_servers(servers: Servers) -> None:
    """NATS and PostgreSQL, also when an earlier run left them behind."""
    with step("Stopping NATS and PostgreSQL"):
        servers.stop()


def one_verb(arguments: list[str]) -> int:
    """Runs a verb of the binary against the servers of the running `make run`."""
    servers = Servers()
    if not servers.database_url:
        if not servers.postgres.pid or not servers.nats.pid:
            raise Problem("nothing is running here; start it with `make run`")
        servers.database_url, servers.nats_url = servers.postgres.url, servers.nats.url
        servers.nats_monitor = servers.nats.monitor_url
    environment = program.environment(servers.database_url, servers.nats_url or "", servers.nats_monitor)
    return subprocess.run([program.build(), *arguments], env=environment, check=False).returncode


if __name__ == "__main__":
    stop_on_signals()
    try:
        if sys.argv[1:2] == ["--"]:
            raise SystemExit(one_verb(sys.argv[2:]))
        main()
    except Problem as problem:
        fail(problem)
    except Stopped:
        say("Stopped. The data are kept in .local; `make clean-data` starts over.")
