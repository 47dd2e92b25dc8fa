"""The journeys in a real headless browser: tests/browser, run by Node's own test runner with servers around it.

    python3 infra/local/browser.py queue line

Every journey is made twice: with all services in one process, and with every service apart, in two replicas. The same
tests must pass in both. Its pages are looked at (accessible, at two widths, on a picture) in one of the two, half of
the journeys in each; that takes two thirds of the time, and the pages do not depend on where the services run.

The tests find, besides what with_servers.py gives, CHROMIUM (the browser), DBJ_BIN (our binary),
DBJ_WITH_FAULTS (the same with clocks that can be moved), DBJ_APART and DBJ_LOOKS (1 or 0).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import packages
import program
import web_assets
import with_servers
from workspace import LOCAL, ROOT, Problem, Stopped, ends_with_us, fail, say, step, stop_group, stop_on_signals

TESTS = ROOT / "tests" / "browser"
# Journeys that are made at the same time: a browser and a platform keep about one core busy.
LANES = 2
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass(frozen=True)
class Journey:
    """One file of tests, in one of the two ways in which the platform runs."""

    tests: Path
    apart: bool
    looks: bool

    def __str__(self) -> str:
        return f"{self.tests.name}, {'every service apart' if self.apart else 'all services together'}"


def journeys() -> list[Journey]:
    """All there are, or those that are named, the long ones first; DBJ_APART=0 or 1 chooses one way, and looks at every
    page."""
    tests = sorted(each for name in sys.argv[1:] or ["*"] for each in TESTS.glob(f"{name}.test.mjs"))
    if not tests:
        raise Problem(f"there are no tests (*.test.mjs) in {TESTS}")
    if only := os.environ.get("DBJ_APART"):
        found = [Journey(each, only == "1", looks=True) for each in tests]
    else:
        found = [
            Journey(each, apart, looks=apart == (number % 2 == 1))
            for number, each in enumerate(tests)
            for apart in (False, True)
        ]
    return sorted(found, key=lambda each: (each.looks, each.tests.stat().st_size), reverse=True)


@dataclass
class Lane:
    """Servers of its own: the roles of an installation exist once on a database server. One journey at a time."""

    environment: dict[str, str]
    journey: Journey | None = None
    process: subprocess.Popen | None = None
    began: float = 0.0
    # Told when it is over, so that the lines of two journeys do not mix.
    output: IO[bytes] = field(default_factory=tempfile.TemporaryFile)

    def begin(self, journey: Journey, node: list[str]) -> None:
        """Starts a journey."""
        self.journey, self.began, self.output = journey, time.monotonic(), tempfile.TemporaryFile()
        settings = {"DBJ_APART": str(int(journey.apart)), "DBJ_LOOKS": str(int(journey.looks))}
        self.process = subprocess.Popen(
            [*node, "--test", "--test-reporter=spec", journey.tests], cwd=TESTS, env={**self.environment, **settings},
            stdin=subprocess.DEVNULL, stdout=self.output, stderr=self.output, start_new_session=True,
            preexec_fn=ends_with_us(),
        )  # fmt: skip

    def ended(self) -> int | None:
        """The exit code of the journey in hand, once; what it said is told."""
        if self.process is None or self.process.poll() is None:
            return None
        code, self.process = self.process.returncode, None
        self.output.seek(0)
        say(f"\n--- {self.journey} ({time.monotonic() - self.began:.0f} s)")
        say(self.output.read().decode(errors="replace").rstrip())
        return code

    def stop(self) -> None:
        """Ends what is under way."""
        if self.process:
            stop_group(self.process)


def main() -> int:
    """Packages, binary, servers, tests."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise Problem(f"no browser on the PATH (looked for {', '.join(BROWSERS)}); install Chromium or set CHROMIUM")
    waiting = journeys()
    LOCAL.mkdir(exist_ok=True)
    node, npm, environment = web_assets.node_and_npm()
    modules = TESTS / "node_modules"
    locked = web_assets.digest([TESTS / "package.json", TESTS / "package-lock.json"])
    if not packages.is_current(modules, locked):
        with step("Packages of the browser tests"):
            web_assets.install(npm, TESTS, environment)
            packages.mark_current(modules, locked)
    binary = program.build(release=False)
    faulty = program.with_faults(binary)
    with contextlib.ExitStack() as stack:
        lanes = []
        for _ in range(LANES):
            around = stack.enter_context(with_servers.servers())
            programs = {"DBJ_BIN": str(binary), "DBJ_WITH_FAULTS": str(faulty)}
            own = {"CHROMIUM": browser, "PATH": environment["PATH"], **programs}
            lanes.append(Lane({**environment, **around, **own}))
        return make(waiting, lanes, node)


def make(waiting: list[Journey], lanes: list[Lane], node: list[str]) -> int:
    """Each lane takes the next journey until there is none; the worst exit code of all."""
    worst = 0
    failed = []
    try:
        while waiting or any(lane.process for lane in lanes):
            for lane in lanes:
                if code := lane.ended():
                    worst = max(worst, abs(code))
                    failed.append(lane.journey)
                if lane.process is None and waiting:
                    lane.begin(waiting.pop(0), node)
            time.sleep(0.05)
    finally:
        for lane in lanes:
            lane.stop()
    for journey in failed:
        say(f"\nFailed: {journey}")
    return worst


if __name__ == "__main__":
    stop_on_signals()
    try:
        raise SystemExit(main())
    except Problem as problem:
        fail(problem)
    except Stopped:
        fail("stopped")
