"""infra/kubernetes: put together by kubectl, held to the schemas of Kubernetes, to each other and to the program."""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import subprocess
import tempfile
import unittest

import fixture
import source

KUBERNETES = source.INFRA / "kubernetes"
PART = "app.kubernetes.io/part-of"
NAME = "app.kubernetes.io/name"
#: Kinds that others bring; their schemas are not in the package.
OF_OTHERS = {"postgresql.cnpg.io", "barmancloud.cnpg.io", "cert-manager.io", "monitoring.coreos.com"}
#: What else is connected now and then: infra/postgres/README.md.
OTHER_SESSIONS = 30


@functools.cache
def manifests(folder: str) -> list[dict]:
    """What `kubectl apply -k` would send."""
    source.prepare()
    tool = source.deployment_tools.tool("kubectl")
    done = subprocess.run([tool, "kustomize", KUBERNETES / folder], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return source.yaml_documents(done.stdout)


def of_kind(kind: str, folder: str = "overlays/production") -> dict[str, dict]:
    """By name."""
    return {each["metadata"]["name"]: each for each in manifests(folder) if each["kind"] == kind}


def pods(folder: str = "overlays/production") -> dict[str, dict]:
    """The pod template of everything of ours that runs, by name."""
    found = {name: each["spec"]["template"] for kind in ("Deployment", "Job") for name, each in of_kind(kind, folder).items()}
    return found | {name: each["spec"]["jobTemplate"]["spec"]["template"] for name, each in of_kind("CronJob", folder).items()}


def program(template: dict) -> dict:
    """Our own container of a pod."""
    return next(each for each in template["spec"]["containers"] if each["name"] == "dichterbij")


def selects(selector: dict, labels: dict) -> bool:
    """Whether a label selector means something with these labels."""
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for each in selector.get("matchExpressions", []):
        assert each["operator"] == "In", each
        if labels.get(each["key"]) not in each["values"]:
            return False
    return True


def seconds(text: str) -> int:
    """30 for `30s`."""
    return int(text.removesuffix("s"))


class Schemas(unittest.TestCase):
    def test_every_manifest_is_what_kubernetes_knows_and_nothing_besides(self) -> None:
        source.prepare()
        import fastjsonschema

        checked = 0
        for version in source.deployment_tools.KUBERNETES:
            definitions = json.loads(source.deployment_tools.schemas(version).read_text())["$defs"]
            by_kind = {}
            for name, each in definitions.items():
                of, kind = (each.get("properties", {}).get(part, {}).get("enum") for part in ("apiVersion", "kind"))
                if of and kind:
                    by_kind[of[0], kind[0]] = name
            compiled = {}
            for folder in ("base", "overlays/production", "overlays/rehearsal"):
                for each in manifests(folder):
                    if each["apiVersion"].partition("/")[0] in OF_OTHERS:
                        continue
                    key = (each["apiVersion"], each["kind"])
                    with self.subTest(kubernetes=version, folder=folder, kind=each["kind"], name=each["metadata"]["name"]):
                        if key not in compiled:
                            schema = {"$ref": f"#/$defs/{by_kind[key]}", "$defs": definitions}
                            compiled[key] = fastjsonschema.compile(schema, use_formats=False)
                        compiled[key](each)
                        checked += 1
            misspelt = copy.deepcopy(of_kind("Deployment")["portal"])
            program(misspelt["spec"]["template"])["ports"][0]["containerport"] = 1
            with self.assertRaisesRegex(fastjsonschema.JsonSchemaException, "containerport"):
                compiled["apps/v1", "Deployment"](misspelt)
        self.assertGreater(checked, 100)


class Program(unittest.TestCase):
    def test_every_service_has_two_replicas_and_the_streams_are_kept(self) -> None:
        deployments = of_kind("Deployment")
        self.assertEqual(set(deployments), {*source.services(), "streams"})
        for name, each in deployments.items():
            self.assertEqual(program(each["spec"]["template"])["args"], ["run", name])
            self.assertEqual(each["spec"]["replicas"], 2)
            self.assertEqual(each["spec"]["strategy"]["rollingUpdate"], {"maxUnavailable": 0, "maxSurge": 1})
        self.assertEqual(program(pods()["migrate"])["args"], ["migrate"])

    def test_tasks_by_the_clock_are_confined_as_all_others(self) -> None:
        pod, cron = (source.yaml_documents(KUBERNETES / "base" / file)[0] for file in ("every-pod.yaml", "every-cronjob.yaml"))
        self.assertEqual(cron["spec"]["jobTemplate"]["spec"], pod["spec"])

    def test_settings_are_those_of_the_program(self) -> None:
        settings = of_kind("ConfigMap")["settings"]["data"]
        self.assertEqual(set(settings) - source.settings(), {"BACKUP_RECIPIENT"})
        self.assertEqual(settings["DBJ_PROFILE"], "production")
        for name in ("DBJ_ORGANISATION", "DBJ_HELP_PHONE", "DBJ_PUBLIC_ADDRESS"):
            self.assertIn(name, settings)
        for name, template in pods().items():
            own = {each["name"] for each in program(template).get("env", [])} - source.settings()
            self.assertEqual(own, {"BACKUP_RECIPIENT"} if name == "copies" else set())
            self.assertEqual(program(template)["envFrom"], [{"configMapRef": {"name": "settings"}}])

    def test_ports_and_probes_agree_with_the_settings(self) -> None:
        settings = of_kind("ConfigMap")["settings"]["data"]
        pages, health = (int(settings[name].rpartition(":")[2]) for name in ("DBJ_HTTP", "DBJ_HEALTH"))
        self.assertEqual((pages, health), (source.default_port("DBJ_HTTP"), source.default_port("DBJ_HEALTH")))
        for name, each in of_kind("Deployment").items():
            container = program(each["spec"]["template"])
            ports = {port["name"]: port["containerPort"] for port in container["ports"]}
            self.assertEqual(ports, {"health": health} | ({"pages": pages} if name == "portal" else {}))
            for probe, path in (("startupProbe", "/live"), ("livenessProbe", "/live"), ("readinessProbe", "/ready")):
                self.assertEqual(container[probe]["httpGet"], {"path": path, "port": "health"})
        service, ingress = of_kind("Service")["portal"]["spec"], of_kind("Ingress")["portal"]["spec"]
        self.assertEqual(service["ports"][0]["targetPort"], "pages")
        self.assertTrue(selects({"matchLabels": service["selector"]}, pods()["portal"]["metadata"]["labels"]))
        backend = ingress["rules"][0]["http"]["paths"][0]["backend"]["service"]
        self.assertEqual(backend, {"name": "portal", "port": {"name": service["ports"][0]["name"]}})

    def test_the_way_in_has_tls_and_a_bound_on_bodies(self) -> None:
        ingress = of_kind("Ingress")["portal"]
        self.assertEqual(ingress["spec"]["tls"][0]["hosts"], [rule["host"] for rule in ingress["spec"]["rules"]])
        most = re.search(r"const MOST_BYTES: usize = (\d+) \* 1024 \* 1024;", self.portal("import.rs")).group(1)
        self.assertEqual(ingress["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-body-size"], f"{most}m")

    @staticmethod
    def portal(file: str) -> str:
        return (source.ROOT / "services/portal/src/web/staff" / file).read_text()

    def test_stopping_gives_longer_than_draining_takes(self) -> None:
        for each in of_kind("Deployment").values():
            grace = each["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
            self.assertGreater(grace, source.seconds_to_stop() + 10)

    def test_nobody_has_privileges(self) -> None:
        for name, template in pods().items():
            with self.subTest(name):
                spec = template["spec"]
                self.assertTrue(spec["securityContext"]["runAsNonRoot"])
                self.assertEqual(spec["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
                self.assertFalse(spec["automountServiceAccountToken"])
                for container in spec["containers"] + spec["initContainers"]:
                    context = container["securityContext"]
                    self.assertFalse(context["allowPrivilegeEscalation"])
                    self.assertTrue(context["readOnlyRootFilesystem"])
                    self.assertEqual(context["capabilities"], {"drop": ["ALL"]})
                    self.assertIn("memory", container["resources"]["limits"])
                    self.assertTrue({"cpu", "memory"} <= set(container["resources"]["requests"]))

    def test_replicas_are_spread(self) -> None:
        for name, each in of_kind("Deployment").items():
            keys = set()
            for spread in each["spec"]["template"]["spec"]["topologySpreadConstraints"]:
                keys.add(spread["topologyKey"])
                self.assertTrue(selects(spread["labelSelector"], each["spec"]["template"]["metadata"]["labels"]), name)
                self.assertIn(NAME, spread["matchLabelKeys"])
            self.assertEqual(keys, {"kubernetes.io/hostname", "topology.kubernetes.io/zone"})

    def test_each_budget_means_one_deployment(self) -> None:
        for folder in ("overlays/production", "overlays/rehearsal"):
            deployments = of_kind("Deployment", folder)
            budgets = of_kind("PodDisruptionBudget", folder)
            self.assertEqual(set(budgets), set(deployments))
            for name, budget in budgets.items():
                chosen = [
                    other
                    for other, each in deployments.items()
                    if selects(budget["spec"]["selector"], each["spec"]["template"]["metadata"]["labels"])
                ]
                self.assertEqual(chosen, [name])
                # A budget that allows nothing keeps machines from ever being emptied.
                replicas = deployments[name]["spec"]["replicas"]
                self.assertTrue(budget["spec"].get("maxUnavailable", 0) > 0 or budget["spec"]["minAvailable"] < replicas)

    def test_labels_of_a_deployment_are_its_own(self) -> None:
        for name, each in of_kind("Deployment").items():
            labels = each["spec"]["template"]["metadata"]["labels"]
            self.assertEqual((labels[NAME], labels[PART]), (name, "dichterbij"))
            self.assertTrue(selects(each["spec"]["selector"], labels))

    def test_connections_fit_into_postgresql(self) -> None:
        settings = of_kind("ConfigMap")["settings"]["data"]
        pool, processes = int(settings["DBJ_POOL"]), int(settings["DBJ_PROCESSES"])
        replicas = sum(
            each["spec"]["replicas"] + each["spec"]["strategy"]["rollingUpdate"]["maxSurge"]
            for name, each in of_kind("Deployment").items()
            if name in source.services()
        )
        self.assertEqual(replicas, processes * len(source.services()))
        each = pool + source.sessions_beside_the_pool()
        wanted = replicas * each + OTHER_SESSIONS
        most = int(source.conf(source.INFRA / "postgres/dichterbij.conf")["max_connections"])
        self.assertLessEqual(wanted, most)
        self.assertIn(f"| {replicas * each} |", (source.INFRA / "postgres/README.md").read_text())


class Network(unittest.TestCase):
    #: Labels that other charts and operators put on their pods.
    servers = {
        "nats": {NAME: "nats", "app.kubernetes.io/instance": "nats", "app.kubernetes.io/component": "nats"},
        "postgres": {"cnpg.io/cluster": "postgres"},
    }

    def everyone(self) -> dict[str, dict]:
        return {name: template["metadata"]["labels"] for name, template in pods().items()} | self.servers

    def may(self, who: str, whom: str, port: int) -> bool:
        """Whether the policies let one pod of our namespace reach another: it must be let out, and let in."""
        everyone = self.everyone()

        def allowed(direction: str, here: str, there: str) -> bool:
            for policy in of_kind("NetworkPolicy").values():
                if not selects(policy["spec"]["podSelector"], everyone[here]):
                    continue
                for rule in policy["spec"].get(direction.lower(), []):
                    peers = rule.get("to" if direction == "Egress" else "from")
                    inside = [peer for peer in peers or [] if "namespaceSelector" not in peer]
                    reaches = peers is None or any(selects(peer["podSelector"], everyone[there]) for peer in inside)
                    if reaches and any(each["port"] == port for each in rule["ports"]):
                        return True
            return False

        return allowed("Egress", who, whom) and allowed("Ingress", whom, who)

    def test_everything_that_runs_is_a_service_or_a_task(self) -> None:
        components = {name: labels.get("app.kubernetes.io/component") for name, labels in self.everyone().items()}
        tasks = {name for name, component in components.items() if component == "task"}
        self.assertEqual(tasks, {"migrate", "copies"})
        self.assertEqual({name for name, component in components.items() if component == "service"}, set(of_kind("Deployment")))

    def test_nobody_may_anything_unless_a_rule_says_so(self) -> None:
        nobody = of_kind("NetworkPolicy")["nobody"]["spec"]
        self.assertEqual(nobody, {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]})

    def test_all_of_ours_reach_the_two_servers_and_no_one_else(self) -> None:
        ports = (4222, 5432, 6222, 7777, 8000, 8080, 8222, 9080, 9187)
        allowed = {
            (who, whom, port)
            for who in self.everyone()
            for whom in self.everyone()
            for port in ports
            if self.may(who, whom, port)
        }
        wanted = {(who, "nats", port) for who in pods() for port in (4222, 8222)} | {(who, "postgres", 5432) for who in pods()}
        wanted |= {("nats", "nats", 6222), ("postgres", "postgres", 5432)}
        self.assertEqual(allowed - {("postgres", "postgres", 8000)}, wanted)

    def test_from_outside_come_the_ingress_and_monitoring_only(self) -> None:
        ways = set()
        for policy in of_kind("NetworkPolicy").values():
            for rule in policy["spec"].get("ingress", []):
                for peer in rule["from"]:
                    if "namespaceSelector" in peer:
                        namespace = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
                        whom = [each for each, labels in self.everyone().items() if selects(policy["spec"]["podSelector"], labels)]
                        ways |= {(namespace, name, port["port"]) for name in whom for port in rule["ports"]}
        services = [*source.services(), "streams"]
        wanted = {("ingress-nginx", "portal", 8080)} | {("monitoring", name, 9080) for name in services}
        wanted |= {("monitoring", "nats", 7777), ("monitoring", "postgres", 9187)}
        self.assertEqual(ways - {("cnpg-system", "postgres", port) for port in (5432, 8000)}, wanted)

    def test_metrics_are_asked_where_they_are(self) -> None:
        for name, monitor in of_kind("PodMonitor").items():
            chosen = [each for each, labels in self.everyone().items() if selects(monitor["spec"]["selector"], labels)]
            self.assertEqual(set(chosen), {*source.services(), "streams"} if name == "dichterbij" else {name})


class Servers(unittest.TestCase):
    def test_the_chart_of_nats_gets_the_settings_of_infra_nats(self) -> None:
        values = source.yaml_documents(KUBERNETES / "nats/values.yaml")[0]
        wanted = {}
        for file in ("common.conf", "store.conf", "cluster.conf"):
            text = (source.INFRA / "nats" / file).read_text()
            wanted |= {name: value.strip('"') for name, value in re.findall(r"^\s*([a-z_]+): (\S+)$", text, re.MULTILINE)}
        config = values["config"]
        unquoted = {name: str(value).removeprefix("<< ").removesuffix(" >>") for name, value in config["merge"].items()}
        for name in ("ping_interval", "ping_max", "write_deadline", "max_payload", "max_pending", "max_connections",
                     "lame_duck_grace_period", "lame_duck_duration"):  # fmt: skip
            self.assertEqual(unquoted[name], wanted[name], name)
        for name in ("sync_interval", "cipher"):
            self.assertEqual(config["jetstream"]["merge"][name], wanted[name])
        self.assertEqual(config["jetstream"]["fileStore"]["maxSize"], wanted["max_file_store"])
        self.assertEqual(config["jetstream"]["memoryStore"]["maxSize"], wanted["max_memory_store"])
        self.assertEqual((config["cluster"]["replicas"], config["cluster"]["noAdvertise"]), (3, True))
        self.assertEqual(of_kind("ConfigMap")["settings"]["data"]["DBJ_REPLICAS"], "3")
        self.assertTrue(config["cluster"]["tls"]["merge"]["verify"])
        self.assertEqual(config["nats"]["tls"]["merge"]["min_version"], "1.3")
        self.assertNotIn("no_auth_user", json.dumps(values))
        self.assertTrue(values["service"]["ports"]["monitor"]["enabled"])
        self.assertGreater(
            values["podTemplate"]["merge"]["spec"]["terminationGracePeriodSeconds"],
            seconds(wanted["lame_duck_duration"]) + seconds(wanted["lame_duck_grace_period"]),
        )
        names = of_kind("Certificate")["nats"]["spec"]["dnsNames"]
        url = of_kind("ConfigMap")["settings"]["data"]["NATS_URL"]
        self.assertIn(re.fullmatch(r"tls://([a-z.-]+):4222", url).group(1), names)

    def test_the_cluster_of_postgresql_gets_the_settings_of_infra_postgres(self) -> None:
        cluster = of_kind("Cluster")["postgres"]["spec"]
        wanted = source.conf(source.INFRA / "postgres/dichterbij.conf")
        for name, value in cluster["postgresql"]["parameters"].items():
            self.assertEqual(value, wanted[name], name)
        self.assertTrue(cluster["bootstrap"]["initdb"]["dataChecksums"])
        self.assertEqual(cluster["postgresql"]["synchronous"]["dataDurability"], "required")
        role = cluster["managed"]["roles"][0]
        self.assertEqual((role["login"], role["createrole"], role["superuser"]), (True, True, False))
        url = of_kind("ConfigMap")["settings"]["data"]["DATABASE_URL"]
        self.assertEqual(url, f"postgres://postgres-rw:5432/{cluster['bootstrap']['initdb']['database']}")
        asked = {each["name"]: each.get("value") for each in program(pods()["migrate"])["env"]}
        self.assertEqual(asked["DATABASE_URL"], url.replace("://", f"://{role['name']}@"))

    def test_every_secret_that_is_asked_for_is_made_by_the_script(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            tools = source.deployment_tools.TOOLS / "bin"
            done = subprocess.run(
                [KUBERNETES / "secrets.sh", folder], capture_output=True, text=True, check=True,
                env={"PATH": f"{tools}:{os.environ['PATH']}", "DBJ_BIN": str(fixture.program()), "HOME": folder},
            )  # fmt: skip
            made = {each["metadata"]["name"]: set(each["data"]) for each in source.yaml_documents(done.stdout)}
        asked: dict[str, set[str]] = {}
        for name, template in pods().items():
            for volume in template["spec"]["volumes"]:
                if "secret" in volume:
                    asked.setdefault(volume["secret"]["secretName"], set())
                for each in volume.get("projected", {}).get("sources", []):
                    asked.setdefault(each["secret"]["name"], set())
            for each in program(template).get("env", []):
                if "secretKeyRef" in each.get("valueFrom", {}):
                    reference = each["valueFrom"]["secretKeyRef"]
                    asked.setdefault(reference["name"], set()).add(reference["key"])
            if name in source.services():
                keys = [each["secret"]["secretName"] for each in template["spec"]["volumes"] if each["name"] == "secrets"]
                self.assertEqual(keys, [f"keys-{name}"])
                self.assertEqual(made[f"keys-{name}"], {f"{name}.json", "public.json"})
        values = (KUBERNETES / "nats/values.yaml").read_text()
        for name in re.findall(r"secretName: ([a-z-]+)|secretKeyRef: \{ name: ([a-z-]+)", values):
            asked.setdefault("".join(name), set())
        asked.pop("nats-tls")  # by cert-manager
        self.assertEqual(of_kind("Certificate")["nats"]["spec"]["secretName"], "nats-tls")
        for name, keys in asked.items():
            self.assertIn(name, made)
            self.assertTrue(keys <= made[name], name)


if __name__ == "__main__":
    unittest.main()
