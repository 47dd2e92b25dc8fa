"""The journeys in a real headless browser: tests/browser, run by Node's own test runner with servers around it.

The tests find, besides what with_servers.py gives, CHROMIUM (the browser) and DBJ_BIN (our binary).
"""

from __future__ import annotations

import contextlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor

import packages
import program
import web_assets
import with_servers
from workspace import LOCAL, ROOT, Problem, Stopped, fail, run, step, stop_on_signals

TESTS = ROOT / "tests" / "browser"
# Journeys that are made at the same time: a browser and a platform keep about one core busy.
LANES = 2
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> int:
    """Packages, binary, servers, tests."""
    browser = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        raise Problem(f"no browser on the PATH (looked for {', '.join(BROWSERS)}); install Chromium or set CHROMIUM")
    tests = sorted(TESTS.glob("*.test.mjs"))
    if not tests:
        raise Problem(f"there are no tests (*.test.mjs) in {TESTS}")
    LOCAL.mkdir(exist_ok=True)
    node, npm, environment = web_assets.node_and_npm()
    modules = TESTS / "node_modules"
    locked = web_assets.digest([TESTS / "package.json", TESTS / "package-lock.json"])
    if not packages.is_current(modules, locked):
        with step("Packages of the browser tests"):
            web_assets.install(npm, TESTS, environment)
            packages.mark_current(modules, locked)
    binary = program.build(release=False)
    command = [*node, "--test", "--test-concurrency=1", "--test-reporter=spec"]
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(LANES) as lanes:
        # Servers for each lane: the roles of an installation exist once on a database server.
        running = []
        for lane in range(LANES):
            around = {
                **environment,
                **stack.enter_context(with_servers.servers()),
                "CHROMIUM": browser,
                "DBJ_BIN": str(binary),
                "PATH": environment["PATH"],
            }
            running.append(lanes.submit(run, [*command, *tests[lane::LANES]], env=around, cwd=TESTS))
        return max(done.result() for done in running)


if __name__ == "__main__":
    stop_on_signals()
    try:
        raise SystemExit(main())
    except Problem as problem:
        fail(problem)
    except Stopped:
        fail("stopped")
