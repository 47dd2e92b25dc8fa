"""Tests of these scripts, on the real servers. Run by `make test`, or: python3 -m unittest discover infra/local."""

from __future__ import annotations

import csv
import fcntl
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path
from unittest import mock

import apart
import checks
import daemons
import nats
import packages
import reference_data
from workspace import ASSETS, HERE, OPEN, REFERENCE, Problem

WITH_SERVERS = [sys.executable, str(HERE / "with_servers.py"), "--"]


def setUpModule() -> None:
    """Everything below needs the set-up, which does nothing when it is there."""
    subprocess.run([sys.executable, str(HERE / "prepare.py")], check=True)


def rows(name: str) -> dict[str, dict[str, str]]:
    """A reference table by its first column."""
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return {next(iter(row.values())): row for row in csv.DictReader(file)}


class ReferenceData(unittest.TestCase):
    """The tables we extract are what they say."""

    def test_postcodes_lie_in_the_netherlands_and_near_their_neighbours(self) -> None:
        places = {code: (float(row["lat"]), float(row["lon"])) for code, row in rows("postcodes.csv").items()}
        self.assertEqual(len(places), reference_data.EXPECTED_POSTCODES)
        self.assertTrue(all(50.7 < lat < 53.6 and 3.3 < lon < 7.3 for lat, lon in places.values()))
        # GeoNames guesses the first in the sea and the second in The Hague.
        for guessed, neighbour in (("3062", "3063"), ("5217", "5216")):
            self.assertLess(reference_data.kilometres(places[guessed], places[neighbour]), 8)

    def test_occupations_have_their_labels_apart(self) -> None:
        jobs = rows("occupations.csv")
        self.assertEqual(len(jobs), reference_data.EXPECTED_OCCUPATIONS)
        director = jobs["00030d09-2b3a-4efd-87cc-c4ea39d27c34"]
        self.assertEqual((director["isco08"], director["label_en"]), ("2654", "technical director"))
        self.assertEqual(director["alt_en"].split("|")[1], "head of technical")
        self.assertTrue(all(row["label_en"] and len(row["isco08"]) == 4 for row in jobs.values()))

    def test_a_table_with_missing_rows_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder, self.assertRaisesRegex(Problem, "1 rows where 2 were expected"):
            reference_data.write(Path(folder) / "x.csv", ("a",), [("1",)], 2)


class WebAssets(unittest.TestCase):
    """What the portal serves is complete."""

    def test_every_file_of_the_manifest_is_there_with_its_compressed_copies(self) -> None:
        manifest = json.loads((ASSETS / "manifest.json").read_text())
        self.assertLessEqual({"portal.css", "portal.js", "icons.svg", "source-sans-3-latin.woff2"}, set(manifest))
        for published in manifest.values():
            self.assertTrue((ASSETS / published).is_file(), published)
            if not published.endswith((".woff2", ".png")):
                self.assertTrue((ASSETS / f"{published}.br").is_file() and (ASSETS / f"{published}.gz").is_file())
        self.assertIn(manifest["source-sans-3-latin.woff2"], (ASSETS / manifest["portal.css"]).read_text())


class Daemons(unittest.TestCase):
    """We know our servers from others'."""

    def test_a_listener_is_recognised_by_its_process(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            self.assertTrue(daemons.listens(os.getpid(), port))
            self.assertFalse(daemons.listens(os.getppid(), port))
            self.assertFalse(daemons.can_listen("127.0.0.1", port))

    def test_a_port_is_remembered_until_somebody_takes_it(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            state = Path(folder) / "ports.json"
            port = daemons.remembered_port(state, "a")
            self.assertEqual(daemons.remembered_port(state, "a"), port)
            with socket.create_server(("127.0.0.1", port)):
                self.assertNotEqual(daemons.remembered_port(state, "a"), port)

    def test_an_old_nats_server_is_refused(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            old = Path(folder) / "nats-server"
            old.write_text("#!/bin/sh\necho nats-server: v2.9.10\n")
            old.chmod(0o755)
            with (
                mock.patch.dict(os.environ, {"NATS_SERVER_BIN": str(old)}),
                self.assertRaisesRegex(Problem, "2.14 or newer"),
            ):
                nats.binary()

    def test_pins_are_all_hashed(self) -> None:
        pins = [line for line in packages.REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
        self.assertTrue(all("==" in pin and "--hash=sha256:" in pin for pin in pins))


class Page(http.server.BaseHTTPRequestHandler):
    """Says which portal it is."""

    def do_GET(self) -> None:
        """The port, as a page."""
        body = str(self.server.server_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


class Apart(unittest.TestCase):
    """What stands before two portals."""

    def test_portals_take_turns_and_one_that_is_gone_is_passed_over(self) -> None:
        portals = [http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) for _ in range(2)]
        for portal in portals:
            threading.Thread(target=portal.serve_forever, daemon=True).start()
        ports = [portal.server_address[1] for portal in portals]
        front = f"127.0.0.1:{daemons.free_port()}"
        apart.Balancer(front, [f"127.0.0.1:{port}" for port in ports]).start()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        ask = lambda: int(opener.open(f"http://{front}/", timeout=60).read())  # noqa: E731
        self.assertEqual([ask() for _ in range(4)], ports * 2)
        portals[0].shutdown()
        portals[0].server_close()
        self.assertEqual([ask() for _ in range(4)], [ports[1]] * 4)
        portals[1].shutdown()
        portals[1].server_close()


class WithServers(unittest.TestCase):
    """Throw-away servers are thrown away."""

    def test_the_exit_code_is_passed_on(self) -> None:
        script = 'test -n "$DBJ_TEST_DATABASE_URL" && test -n "$DBJ_TEST_NATS_URL" && exit 7'
        self.assertEqual(subprocess.run([*WITH_SERVERS, "sh", "-c", script], check=False).returncode, 7)

    def test_nothing_is_left_when_it_is_killed(self) -> None:
        for how in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(how=how.name):
                self.kill_and_look(how)
        subprocess.run([*WITH_SERVERS, "true"], check=True)
        self.assertEqual([folder for folder in OPEN.glob("test-*") if not self.held(folder)], [])

    def kill_and_look(self, how: signal.Signals) -> None:
        """Kills a run with servers once these are up, and waits until command and servers are gone."""
        with tempfile.NamedTemporaryFile() as seen:
            script = f"echo $$ $DBJ_TEST_DATABASE_URL $DBJ_TEST_NATS_URL > {seen.name}; exec sleep 60"
            process = subprocess.Popen([*WITH_SERVERS, "sh", "-c", script], stderr=subprocess.DEVNULL)
            self.until(lambda: len(Path(seen.name).read_text().split()) == 3)
            pid, *urls = Path(seen.name).read_text().split()
        ports = [int(url.rpartition(":")[2].split("/")[0]) for url in urls]
        self.assertFalse(any(daemons.can_listen("127.0.0.1", port) for port in ports))
        process.send_signal(how)
        process.wait()
        self.until(lambda: not daemons.is_running(int(pid), "sleep"))
        self.until(lambda: all(daemons.can_listen("127.0.0.1", port) for port in ports))

    def until(self, condition) -> None:
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end, "waited 30 s in vain")
            time.sleep(0.05)

    @staticmethod
    def held(folder: Path) -> bool:
        """Whether another run, beside this one, uses the folder."""
        with (folder / "lock").open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return True
        return False


class Checks(unittest.TestCase):
    """The rules of the repository find what they look for."""

    def test_a_registry_host_and_a_large_file_are_found(self) -> None:
        with tempfile.TemporaryDirectory() as folder, mock.patch.object(checks, "ROOT", Path(folder)):
            file = Path(folder) / "settings"
            file.write_bytes(b"fetch from " + checks.HOSTS[0] + b"\n" * checks.LARGEST)
            self.assertEqual((len(checks.hosts([file])), len(checks.too_large([file]))), (1, 1))

    def test_an_arrow_in_the_wrong_direction_is_found(self) -> None:
        def crate(name: str, *needs: str) -> dict:
            return {"name": name, "dependencies": [{"name": need} for need in needs]}

        crates = [
            crate("proto"),
            crate("chassis", "proto"),
            crate("intake", "chassis", "matcher"),
            crate("matcher", "serde"),
        ]
        with mock.patch.object(checks, "output_of", return_value=json.dumps({"packages": crates})):
            self.assertEqual(checks.directions(), ["crate intake may not depend on matcher"])


if __name__ == "__main__":
    unittest.main()
