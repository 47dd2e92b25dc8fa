"""infra/nats and infra/postgres: read by the servers themselves, which then run with them, and `dichterbij migrate` on both."""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest
import urllib.request
from pathlib import Path

import fixture
import source

import daemons
import nats
import postgres

NATS = source.INFRA / "nats"
#: Seconds for a condition on a busy machine: an election that nobody won is held again after up to nine.
PATIENCE = 120.0
POSTGRES = source.INFRA / "postgres"


class Node:
    """One nats-server with our files, moved to loopback and a folder of its own; nothing else is changed."""

    def __init__(self, folder: Path, name: str, file: str, ports: dict[str, tuple[int, int]]) -> None:
        self.folder = folder / name
        self.folder.mkdir()
        made = fixture.prepared() / "secrets"
        client, route = ports[name]
        self.monitor = daemons.free_port()
        moved = {
            "0.0.0.0:4222": f"127.0.0.1:{client}",
            "0.0.0.0:6222": f"127.0.0.1:{route}",
            '"/etc/nats/': f'"{self.folder}/',
            '"/data"': f'"{self.folder}/store"',
        } | {f"nats-route://{other}:6222": f"nats-route://localhost:{at}" for other, (_, at) in ports.items()}
        for each in ("common.conf", "store.conf", file):
            text = (NATS / each).read_text()
            for here, there in moved.items():
                text = text.replace(here, there)
            (self.folder / each).write_text(text)
        for each in ("authorization.conf", "store-key.conf"):
            shutil.copy(made / "nats" / each, self.folder)
        (self.folder / "tls").mkdir()
        for each in ("ca.crt", "node.crt", "node.key"):
            shutil.copy(made / "tls" / each, self.folder / "tls")
        self.file = self.folder / file
        self.environment = {**os.environ, "NATS_NODE": name, "NATS_MONITOR": f"127.0.0.1:{self.monitor}"}
        self.url = f"tls://localhost:{client}"
        self.process: subprocess.Popen | None = None

    def check(self) -> subprocess.CompletedProcess:
        """What the server says of the file without running."""
        command = [nats.binary(), "-t", "-c", self.file]
        return subprocess.run(command, capture_output=True, text=True, env=self.environment, check=False)

    def start(self) -> None:
        log = self.folder / "log"
        with log.open("wb") as out:
            self.process = subprocess.Popen([nats.binary(), "-c", self.file], stdout=out, stderr=out, env=self.environment)
        alive = self.process
        daemons.wait_until(lambda: self.ask("healthz").get("status") == "ok", "NATS", log, lambda: alive.poll() is None, PATIENCE)

    def ask(self, what: str) -> dict:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.monitor}/{what}", timeout=2) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return {}

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()


class Cluster:
    """A PostgreSQL of our own that reads the files of infra/postgres."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "data"
        self.folder = folder
        self.port = daemons.free_port()
        self.password = "superuser-of-a-test"
        tools = postgres.binaries()
        user = daemons.NOBODY if os.geteuid() == 0 else None
        self.prefix = daemons.as_user(user) if user else []
        secret = folder / "password"
        secret.write_text(self.password)
        if user:
            for path in (folder, secret):
                os.chown(path, user, user)
        subprocess.run(
            [*self.prefix, tools / "initdb", "-D", self.home, "-U", "postgres", f"--pwfile={secret}", "--data-checksums",
             "--encoding=UTF8", "--locale=C", "--no-sync", "--auth=scram-sha-256"],
            cwd="/", env={"LC_ALL": "C", "PATH": os.defpath}, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        shutil.copy(POSTGRES / "dichterbij.conf", self.home)
        shutil.copy(POSTGRES / "pg_hba.conf", self.home)
        # Where it listens is not the fragment's business.
        own = f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = '{folder}'\n"
        with (self.home / "postgresql.conf").open("a") as file:
            file.write(f"{own}include = 'dichterbij.conf'\n")
        self.log = folder / "log"
        self.process = daemons.spawn([str(tools / "postgres"), "-D", str(self.home)], self.log, True, user)
        status = self.home / "postmaster.pid"
        daemons.wait_until(
            lambda: status.exists() and "ready" in status.read_text(), "PostgreSQL", self.log,
            lambda: self.process.poll() is None, PATIENCE,
        )  # fmt: skip

    def psql(self, *arguments: str, database: str = "postgres", check: bool = True, user: str = "postgres", host: str = "") -> str:
        """As the superuser over the socket, unless told otherwise."""
        password = self.password if user == "postgres" else (fixture.prepared() / "secrets/administrator-password").read_text().strip()
        done = subprocess.run(
            [postgres.binaries() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", host or self.folder, "-p", str(self.port),
             "-U", user, "-d", database, *arguments],
            capture_output=True, text=True, check=False, env={"PGPASSWORD": password, "PATH": os.defpath, "LC_ALL": "C"},
        )  # fmt: skip
        if check and done.returncode != 0:
            raise AssertionError(done.stderr)
        return done.stdout.strip() if done.returncode == 0 else done.stderr

    def stop(self) -> None:
        # At once: nobody reads it again.
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(30)


@functools.cache
def servers() -> dict:
    """PostgreSQL, one node, and three, all with the files as they are; made once, stopped at the end."""
    folder = Path(tempfile.mkdtemp(prefix="dbj-servers-"))
    folder.chmod(0o755)
    unittest.addModuleCleanup(shutil.rmtree, folder, True)
    (folder / "postgres").mkdir()
    database = Cluster(folder / "postgres")
    unittest.addModuleCleanup(database.stop)
    password = (fixture.prepared() / "secrets/administrator-password").read_text().strip()
    database.psql("-v", f"password={password}", "-f", str(POSTGRES / "roles.sql"))
    one = Node(folder, "single", "single.conf", {"single": (daemons.free_port(), 0)})
    names = ("nats-1", "nats-2", "nats-3")
    ports = {name: (daemons.free_port(), daemons.free_port()) for name in names}
    three = [Node(folder, name, "cluster.conf", ports) for name in names]
    for node in (one, *three):
        unittest.addModuleCleanup(node.stop)
    return {"postgres": database, "one": one, "three": three}


def environment(node: Node, database: Cluster) -> dict[str, str]:
    """The settings of a service, as the compose file gives them: in the production profile, TLS by our authority."""
    made = fixture.prepared() / "secrets"
    return {
        "DATABASE_URL": f"postgres://127.0.0.1:{database.port}/dichterbij",
        "NATS_URL": node.url,
        "SSL_CERT_FILE": str(made / "tls/ca.crt"),
        "DBJ_SECRETS": str(made / "keys"),
        "DBJ_NATS_MONITOR": f"http://127.0.0.1:{node.monitor}",
        "DBJ_PROCESSES": "3",
        "DBJ_PROXIES": "1",
        "DBJ_LINGER_SECONDS": "0",
    }


def migrate(node: Node, database: Cluster, **settings: str) -> subprocess.CompletedProcess:
    """The administrator's password comes from a file."""
    made = fixture.prepared() / "secrets"
    password = (made / "administrator-password").read_text().strip()
    passes = database.folder / "pgpass"
    passes.touch(mode=0o600)
    passes.write_text(f"127.0.0.1:{database.port}:*:dichterbij_admin:{password}\n")
    own = {"DATABASE_URL": f"postgres://dichterbij_admin@127.0.0.1:{database.port}/dichterbij", "PGPASSFILE": str(passes)}
    asked = {**environment(node, database), **own, **settings}
    return subprocess.run([fixture.program(), "migrate"], capture_output=True, text=True, env=asked, check=False)


class Nats(unittest.TestCase):
    def test_nats_server_accepts_each_file(self) -> None:
        for node in (servers()["one"], *servers()["three"]):
            done = node.check()
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("is valid", done.stderr)

    def test_it_would_not_accept_a_word_it_does_not_know(self) -> None:
        node = servers()["one"]
        store = node.folder / "store.conf"
        text = store.read_text()
        try:
            store.write_text(text.replace("sync_interval: always", "sync_interval: sometimes"))
            self.assertNotEqual(node.check().returncode, 0)
        finally:
            store.write_text(text)

    def test_no_way_in_without_a_key(self) -> None:
        for file in (*NATS.glob("*.conf"), fixture.prepared() / "secrets/nats/authorization.conf"):
            self.assertNotRegex(re.sub(r"#.*", "", file.read_text()), r"no_auth_user|password|token:")

    def test_the_program_prepares_one_node_over_tls_and_it_writes_through(self) -> None:
        node, database = servers()["one"], servers()["postgres"]
        node.start()
        done = migrate(node, database)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = node.ask("jsz?streams=1&config=1&consumers=1")
        self.assertTrue(told["config"]["sync_always"])
        streams = {each["name"]: each["config"] for each in told["account_details"][0]["stream_detail"]}
        self.assertTrue({"DICHTERBIJ", "DBJ_BACKGROUND"} <= set(streams))
        for each in streams.values():
            self.assertEqual(each["num_replicas"], 1)
        self.assertEqual(self.greeting(node).get("auth_required"), True)
        self.assertEqual(self.greeting(node).get("tls_required"), True)
        self.services_become_ready(node, database)
        # What the compose file asks of it (busybox has no JSON).
        with urllib.request.urlopen(f"http://127.0.0.1:{node.monitor}/jsz", timeout=2) as answer:
            self.assertRegex(answer.read().decode(), r'"sync_always": *true')
        # Nothing readable on disk: the store is encrypted.
        blocks = list((node.folder / "store").rglob("meta.key"))
        self.assertTrue(blocks, "a store with a cipher keeps a key beside each stream")

    def services_become_ready(self, node: Node, database: Cluster) -> None:
        """They look for themselves whether the servers are safe: rights, settings, TLS, no way in without a key, syncing."""
        settings = {**environment(node, database), "DBJ_HEALTH": f"127.0.0.1:{daemons.free_port()}"}
        log = node.folder / "services"
        with log.open("wb") as out:
            # Not the notifier: it has no carrier for production yet, and says so.
            running = subprocess.Popen([fixture.program(), "run", "intake", "vacancies", "open-hiring", "matcher"], stdout=out, stderr=out, env=settings)
        try:
            asked = [fixture.program(), "healthcheck"]
            daemons.wait_until(
                lambda: subprocess.run(asked, capture_output=True, env=settings, check=False).returncode == 0,
                "the services", log, lambda: running.poll() is None, PATIENCE,
            )  # fmt: skip
        finally:
            running.send_signal(signal.SIGTERM)
            self.assertEqual(running.wait(60), 0, log.read_text()[-2000:])

    @staticmethod
    def greeting(node: Node) -> dict:
        """What a server says first, before TLS."""
        port = int(node.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return json.loads(connection.makefile("rb").readline().removeprefix(b"INFO "))

    @staticmethod
    def is_one_of_three(node: Node) -> bool:
        """Whether it knows a leader, and three nodes in all."""
        cluster = node.ask("jsz").get("meta_cluster", {})
        return bool(cluster.get("leader")) and cluster.get("cluster_size") == 3

    def test_three_nodes_know_each_other_by_certificate_and_keep_three_copies(self) -> None:
        nodes, database = servers()["three"], servers()["postgres"]
        for node in nodes:
            # Ready only together: so all are started before any is waited for.
            with (node.folder / "log").open("wb") as out:
                node.process = subprocess.Popen([nats.binary(), "-c", node.file], stdout=out, stderr=out, env=node.environment)
        for node in nodes:
            alive = node.process
            daemons.wait_until(
                lambda node=node: self.is_one_of_three(node), "NATS", node.folder / "log",
                lambda alive=alive: alive.poll() is None, PATIENCE,
            )  # fmt: skip
        done = migrate(nodes[1], database, DBJ_REPLICAS="3")
        self.assertEqual(done.returncode, 0, done.stderr)
        for node in nodes:
            streams = node.ask("jsz?streams=1&config=1")["account_details"][0]["stream_detail"]
            self.assertTrue({"DICHTERBIJ", "DBJ_BACKGROUND"} <= {each["name"] for each in streams})
            self.assertEqual({each["config"]["num_replicas"] for each in streams}, {3})


class Postgres(unittest.TestCase):
    def test_postgresql_has_nothing_against_the_files(self) -> None:
        database = servers()["postgres"]
        self.assertEqual(database.psql("-c", "select name, error from pg_file_settings where error is not null"), "")
        self.assertEqual(database.psql("-c", "select line_number, error from pg_hba_file_rules where error is not null"), "")
        applied = database.psql("-c", "select count(*) from pg_file_settings where sourcefile like '%dichterbij.conf' and applied")
        self.assertEqual(int(applied), len(source.conf(POSTGRES / "dichterbij.conf")))

    def test_what_the_program_demands_is_set(self) -> None:
        for name in ("data_checksums", "fsync", "full_page_writes", "synchronous_commit"):
            self.assertEqual(servers()["postgres"].psql("-c", f"show {name}"), "on")

    def test_the_administrator_is_no_superuser_and_a_superuser_does_not_come_in_over_the_network(self) -> None:
        database = servers()["postgres"]
        rights = "select rolsuper, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = 'dichterbij_admin'"
        self.assertEqual(database.psql("-c", rights), "f|t|f|f")
        self.assertIn("rejects connection", database.psql("-c", "select 1", host="127.0.0.1", check=False))
        who = {"user": "dichterbij_admin", "database": "dichterbij", "host": "127.0.0.1"}
        self.assertEqual(database.psql("-c", "select 1", **who), "1")

    def test_the_queries_for_monitoring_can_be_asked(self) -> None:
        queries = source.yaml_documents(source.INFRA / "kubernetes/postgres/queries.yaml")[0]
        for name, each in queries.items():
            columns = [column for metric in each["metrics"] for column in metric]
            answer = servers()["postgres"].psql("-c", f"select {', '.join(columns)} from ({each['query']}) as asked")
            self.assertEqual(answer, "0", name)


if __name__ == "__main__":
    unittest.main()
