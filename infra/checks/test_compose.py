"""infra/compose: read by Docker Compose and hadolint themselves, and held to what it promises."""

from __future__ import annotations

import json
import re
import subprocess
import unittest

import source

COMPOSE = source.INFRA / "compose"
SURROUNDINGS = {"DBJ_UID": "1000", "DBJ_GID": "1000", "PATH": "/usr/bin:/bin"}
SETTINGS = re.findall(r"^(DBJ_[A-Z_]+)=(.*)$", (COMPOSE / "env.example").read_text(), re.MULTILINE)
#: Take part in the installation without being one of our services.
SERVERS = {"postgres", "nats", "nats-2", "nats-3"}


def configuration(*files: str, settings: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """What Docker Compose makes of these files."""
    names = [part for file in files for part in ("--file", str(COMPOSE / file))]
    environment = dict(SETTINGS) | SURROUNDINGS if settings is None else settings
    tool = [str(source.deployment_tools.tool("docker-compose")), "--env-file", "/dev/null", *names]
    return subprocess.run([*tool, "config", "--format", "json"], capture_output=True, text=True, env=environment, check=False)


def setUpModule() -> None:
    source.prepare()


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        done, cluster = configuration("compose.yaml"), configuration("compose.yaml", "compose.cluster.yaml")
        assert done.returncode == 0, done.stderr
        assert cluster.returncode == 0, cluster.stderr
        cls.whole, cls.cluster = json.loads(done.stdout), json.loads(cluster.stdout)

    def each(self):
        """Every container of both forms."""
        for whole in (self.whole, self.cluster):
            for name, service in whole["services"].items():
                with self.subTest(service=name):
                    yield name, service

    def ours(self):
        """Those of our own program."""
        return ((name, service) for name, service in self.each() if name not in SERVERS)

    def test_compose_understands_both_forms_without_a_warning(self) -> None:
        for files in (("compose.yaml",), ("compose.yaml", "compose.cluster.yaml")):
            self.assertEqual(configuration(*files).stderr, "")

    def test_what_an_operator_must_fill_in_is_asked_for(self) -> None:
        for name in ("DBJ_UID", "DBJ_ORGANISATION", "DBJ_PUBLIC_ADDRESS", "DBJ_HELP_PHONE"):
            without = dict(SETTINGS) | SURROUNDINGS
            without.pop(name)
            done = configuration("compose.yaml", settings=without)
            self.assertNotEqual(done.returncode, 0, name)
            self.assertIn(name, done.stderr)

    def test_every_service_runs_apart_and_the_streams_are_kept(self) -> None:
        for name in [*source.services(), "streams"]:
            self.assertEqual(self.whole["services"][name]["command"], ["run", name])
        self.assertEqual(set(self.whole["services"]) - SERVERS - {*source.services(), "streams", "migrate"}, set())

    def test_nobody_has_privileges_or_may_write_to_its_own_files(self) -> None:
        for _, service in self.each():
            self.assertTrue(service["read_only"])
            self.assertEqual(service["cap_drop"], ["ALL"])
            self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
            self.assertEqual(service["user"], "1000:1000")
            self.assertFalse({"privileged", "cap_add", "devices", "pid", "network_mode"} & set(service))

    def test_everybody_has_bounds_a_restart_policy_and_a_health_check(self) -> None:
        for name, service in self.each():
            limits = service["deploy"]["resources"]["limits"]
            self.assertTrue({"cpus", "memory", "pids"} <= set(limits))
            if name == "migrate":
                self.assertEqual(service["restart"], "no")
                continue
            self.assertEqual(service["restart"], "unless-stopped")
            check = service["healthcheck"]["test"]
            if name not in SERVERS:
                self.assertEqual(check, ["CMD", "dichterbij", "healthcheck"])

    def test_services_wait_for_the_migration_and_it_for_the_servers(self) -> None:
        for name, service in self.ours():
            if name == "migrate":
                healthy = {each for each, how in service["depends_on"].items() if how["condition"] == "service_healthy"}
                self.assertEqual(healthy, SERVERS & set(self.cluster["services"]) & (healthy | {"postgres", "nats"}))
            else:
                self.assertEqual(service["depends_on"]["migrate"]["condition"], "service_completed_successfully")
        self.assertEqual(set(self.cluster["services"]["migrate"]["depends_on"]), SERVERS)

    def test_stopping_gives_longer_than_draining_takes(self) -> None:
        for _, service in self.ours():
            grace = re.fullmatch(r"(?:(\d+)m)?(\d+)s", service["stop_grace_period"])
            self.assertGreater(int(grace.group(1) or 0) * 60 + int(grace.group(2)), source.seconds_to_stop())

    def test_servers_are_on_a_network_without_a_way_in_or_out(self) -> None:
        self.assertTrue(self.whole["networks"]["inside"]["internal"])
        ways_out = {"portal": {"inside", "front"}, "notifier": {"inside", "outside"}}
        for name, service in self.each():
            self.assertEqual(set(service["networks"]), ways_out.get(name, {"inside"}))
            ports = service.get("ports", [])
            self.assertEqual(bool(ports), name == "portal")
            for port in ports:
                self.assertEqual((port["host_ip"], port["target"]), ("127.0.0.1", source.default_port("DBJ_HTTP")))

    def test_settings_are_those_of_the_program(self) -> None:
        for _, service in self.ours():
            self.assertEqual(set(service["environment"]) - source.settings(), set())
            self.assertEqual(service["environment"]["DBJ_PROFILE"], "production")
            for name in ("DBJ_HTTP", "DBJ_HEALTH"):
                self.assertEqual(service["environment"][name], f"0.0.0.0:{source.default_port(name)}")
        self.assertEqual({name for name, _ in SETTINGS} - source.settings(), {"DBJ_UID", "DBJ_GID", "DBJ_IMAGE"})

    def test_a_service_sees_its_own_keys_and_no_secret_is_in_the_environment(self) -> None:
        for name, service in self.ours():
            folder = service["environment"]["DBJ_SECRETS"]
            keys = {each["source"] for each in service["secrets"] if each["target"].endswith(".json")}
            for each in service["secrets"]:
                self.assertEqual(each["target"].rpartition("/")[0], folder)
            if name == "migrate":
                self.assertEqual(keys, {"public", "administrator", *source.services()})
            else:
                self.assertEqual(keys, {"public", "administrator" if name == "streams" else name})
            self.assertIn(service["environment"]["SSL_CERT_FILE"], [each["target"] for each in service["secrets"]])
            self.assertNotRegex(json.dumps(service["environment"]), r"://[^/@:]*:[^/@]+@|PASSWORD")

    def test_three_nodes_are_three_and_share_no_store(self) -> None:
        nodes = [self.cluster["services"][name] for name in ("nats", "nats-2", "nats-3")]
        self.assertEqual([node["environment"]["NATS_NODE"] for node in nodes], ["nats-1", "nats-2", "nats-3"])
        stores = {mount["source"] for node in nodes for mount in node["volumes"] if mount["target"] == "/data"}
        self.assertEqual(len(stores), 3)
        for number, node in enumerate(nodes, start=1):
            self.assertEqual(node["command"], ["--config", "/etc/nats/cluster.conf"])
            aliases = {*node["networks"]["inside"]["aliases"], *(["nats"] if number == 1 else [])}
            self.assertEqual(aliases, {"nats", f"nats-{number}"})

    def test_what_is_mounted_from_the_repository_is_there(self) -> None:
        for _, service in self.each():
            for mount in service.get("volumes", []):
                inside = mount["source"].removeprefix(f"{COMPOSE}/")
                if not inside.startswith(("data/", "secrets/")):
                    self.assertTrue(source.Path(mount["source"]).is_file(), mount["source"])
                    self.assertTrue(mount["read_only"])


class Image(unittest.TestCase):
    def test_hadolint_has_nothing_to_say(self) -> None:
        tool = source.deployment_tools.tool("hadolint")
        done = subprocess.run([tool, COMPOSE / "Dockerfile"], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_it_is_built_from_the_lock_file_and_runs_as_nobody(self) -> None:
        text = (COMPOSE / "Dockerfile").read_text()
        self.assertIn("cargo build --locked --release", text)
        last = text.rpartition("\nFROM ")[2]
        self.assertRegex(last, r"\nUSER [1-9]\d+:[1-9]\d+\n")
        self.assertNotIn("RUN ", last)
        ports = f"EXPOSE {source.default_port('DBJ_HTTP')} {source.default_port('DBJ_HEALTH')}\n"
        self.assertIn(ports, last)
        self.assertEqual(set(re.findall(r"(DBJ_[A-Z_]+)=", last)) - source.settings(), set())

    def test_what_the_build_reads_is_let_through_and_no_secret_is(self) -> None:
        lines = (COMPOSE / "Dockerfile.dockerignore").read_text().splitlines()
        self.assertIn("**", lines)
        for line in lines:
            if line.startswith("!"):
                self.assertTrue((source.ROOT / line[1:]).exists(), line)
                self.assertNotIn(line[1:].split("/")[0], (".local", "target", ".git"))
        members = re.search(r"^members = \[(.+)\]", (source.ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)
        for member in re.findall(r'"([a-z-]+)', members):
            self.assertIn(f"!{member}", lines)


if __name__ == "__main__":
    unittest.main()
