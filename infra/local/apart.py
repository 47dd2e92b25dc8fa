"""Our program as processes: one with everything, or every service apart in two replicas with a balancer for the pages.

What an operator does with machines and a proxy, on one machine, to see that it works: `make run APART=1`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import daemons
from workspace import Problem, ends_with_us, say, tail

#: In the order in which they start; any other order works too.
SERVICES = ("notifier", "intake", "vacancies", "open-hiring", "matcher", "portal")
REPLICAS = 2


class Processes:
    """Processes of our program that live and end together."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self.running: list[subprocess.Popen] = []
        self.healths: list[str] = []

    def start(self, binary: Path, services: list[str], environment: dict[str, str]) -> None:
        """One process, in a session of its own: Ctrl-C reaches us, and we drain it."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as file:
            self.running.append(subprocess.Popen(
                [binary, "run", *services], stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment,
                start_new_session=True, preexec_fn=ends_with_us(),
            ))  # fmt: skip
        self.healths.append(environment["DBJ_HEALTH"])

    def alive(self) -> bool:
        """Whether none has ended."""
        return all(process.poll() is None for process in self.running)

    def wait(self) -> None:
        """Until somebody stops us, or one ends by itself, which is a fault."""
        while self.alive():
            time.sleep(0.2)
        codes = [process.returncode for process in self.running if process.returncode is not None]
        raise Problem(f"services ended by themselves (exit code {codes[0]}). The end of {self.log}:\n{tail(self.log)}")

    def stop(self, patience: float) -> None:
        """SIGTERM drains: no new work, what is under way is finished."""
        end = time.monotonic() + patience
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.running:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                say(f"    not done after {patience:.0f} s: killed")
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def start_apart(processes: Processes, binary: Path, environment: dict[str, str]) -> None:
    """Each service twice, the keeper of the streams once, and who stands before the portals."""
    front = environment["DBJ_HTTP"]
    shared = {"DBJ_PUBLIC_ADDRESS": f"http://{front}", "DBJ_PROCESSES": str(REPLICAS), **environment}
    portals = []
    for number, name in [*itertools.product(range(REPLICAS), SERVICES), (0, "streams")]:
        own = {"DBJ_HTTP": f"127.0.0.1:{daemons.free_port()}", "DBJ_HEALTH": f"127.0.0.1:{daemons.free_port()}"}
        if name == "portal":
            portals.append(own["DBJ_HTTP"])
            if number == 0:
                # Where `dichterbij healthcheck` and `doctor` look.
                own["DBJ_HEALTH"] = environment["DBJ_HEALTH"]
        processes.start(binary, [name], {**shared, **own})
    Balancer(front, portals).start()


class Balancer:
    """Spreads connections over portals in turn, and tries the next one when one refuses."""

    def __init__(self, front: str, portals: list[str]) -> None:
        self.front = front
        self.portals = portals
        self.turn = itertools.count()

    def start(self) -> None:
        """Listens from now on, beside what this program does; ends with it."""
        host, _, port = self.front.rpartition(":")
        listener = socket.create_server((host, int(port)), backlog=128)
        threading.Thread(target=lambda: asyncio.run(self._serve(listener)), daemon=True).start()

    async def _serve(self, listener: socket.socket) -> None:
        async with await asyncio.start_server(self._visit, sock=listener) as server:
            await server.serve_forever()

    async def _visit(self, visitor: asyncio.StreamReader, to_visitor: asyncio.StreamWriter) -> None:
        first = next(self.turn)
        for offset in range(len(self.portals)):
            host, _, port = self.portals[(first + offset) % len(self.portals)].rpartition(":")
            with contextlib.suppress(OSError):
                portal, to_portal = await asyncio.open_connection(host, int(port))
                await asyncio.gather(_pass(visitor, to_portal), _pass(portal, to_visitor))
                return
        to_visitor.close()


async def _pass(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Bytes one way, until that way ends."""
    with contextlib.suppress(OSError):
        while part := await source.read(65536):
            target.write(part)
            await target.drain()
    target.close()
