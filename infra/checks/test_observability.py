"""infra/observability: rules and dashboard read by promtool, held to the metrics that exist and to the runbook."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import source

HERE = source.INFRA / "observability"
RUNBOOK = source.ROOT / "docs/runbook.md"
#: Names that others bring; infra/observability/README.md says who.
OF_OTHERS = {
    # prometheus-nats-exporter with -prefix=nats: collector/jsz.go
    "nats_server_jetstream_disabled", "nats_server_total_message_bytes", "nats_server_max_storage",
    # CloudNativePG and its plugin: docs/src/monitoring.md, config/manager/default-monitoring.yaml, web/docs/observability.md
    "cnpg_pg_replication_lag", "cnpg_pg_stat_archiver_last_failed_time", "cnpg_pg_stat_archiver_last_archived_time",
    "cnpg_collector_last_available_backup_timestamp", "barman_cloud_cloudnative_pg_io_last_available_backup_timestamp",
    # Kubernetes: https://kubernetes.io/docs/reference/instrumentation/metrics
    "kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes",
    # kube-state-metrics: docs/metrics/workload/cronjob-metrics.md
    "kube_cronjob_status_last_successful_time",
}  # fmt: skip
PREFIXES = "dbj|nats|cnpg|barman_cloud|kubelet|kube|dichterbij"


def rules() -> list[dict]:
    """Every alert."""
    groups = source.yaml_documents(HERE / "rules.yaml")[0]["groups"]
    return [rule for group in groups for rule in group["rules"]]


def dashboard() -> dict:
    return json.loads((HERE / "dashboard.json").read_text())


def expressions() -> dict[str, str]:
    """What the panels of the dashboard ask, by title and letter, with its variables filled in."""
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "5m").replace("$service", ".*")
        for panel in dashboard()["panels"]
        for target in panel.get("targets", [])
    }


def own_queries() -> set[str]:
    """The metrics that infra/kubernetes/postgres/queries.yaml makes, as both exporters name them."""
    queries = source.yaml_documents(source.INFRA / "kubernetes/postgres/queries.yaml")[0]
    names = {f"{name}_{column}" for name, each in queries.items() for metric in each["metrics"] for column in metric}
    return names | {f"cnpg_{name}" for name in names}


class Rules(unittest.TestCase):
    def promtool(self, *arguments: str | Path) -> subprocess.CompletedProcess:
        source.prepare()
        tool = source.deployment_tools.promtool()
        if not tool:
            self.skipTest("promtool is not on this machine and cannot be had from Debian's packages")
        return subprocess.run([tool, *arguments], capture_output=True, text=True, cwd=HERE, check=False)

    def test_prometheus_understands_rules_and_settings(self) -> None:
        for arguments in (("check", "rules", "--lint-fatal", "rules.yaml"), ("check", "config", "prometheus.yaml")):
            done = self.promtool(*arguments)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_each_alert_comes_when_it_must_and_only_then(self) -> None:
        done = self.promtool("test", "rules", "rules_test.yaml")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_no_alert_is_left_out_of_that_test(self) -> None:
        tested = set(re.findall(r'alertname="(\w+)"', (HERE / "rules_test.yaml").read_text()))
        self.assertEqual(tested, {rule["alert"] for rule in rules()})

    def test_prometheus_understands_what_the_dashboard_asks(self) -> None:
        asked = [{"record": f"panel_{number}", "expr": each} for number, each in enumerate(expressions().values())]
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            json.dump({"groups": [{"name": "dashboard", "rules": asked}]}, file)
            file.flush()
            done = self.promtool("check", "rules", file.name)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertGreater(len(asked), 25)

    def test_every_metric_asked_for_exists(self) -> None:
        asked = {rule["alert"]: rule["expr"] for rule in rules()} | expressions()
        for where, expression in asked.items():
            bare = re.sub(r"\{[^}]*\}|by \([^)]*\)", "", expression)
            names = set(re.findall(rf"\b(?:{PREFIXES})_\w+", bare))
            self.assertTrue(names, where)
            self.assertEqual(names - source.metrics() - own_queries() - OF_OTHERS, set(), where)

    def test_each_alarm_of_the_watchdogs_has_a_rule(self) -> None:
        asked = " ".join(rule["expr"] for rule in rules())
        self.assertGreater(len(source.alarms()), 8)
        for kind, metric in source.alarms().items():
            self.assertIn(metric, asked, kind)

    def test_each_alert_says_in_two_languages_what_it_is_and_where_to_read_on(self) -> None:
        anchors = source.anchors(RUNBOOK)
        for rule in rules():
            with self.subTest(rule["alert"]):
                notes = rule["annotations"]
                self.assertEqual(set(notes), {"summary", "samenvatting", "runbook"})
                page, _, anchor = notes["runbook"].partition("#")
                self.assertEqual(source.ROOT / page, RUNBOOK)
                self.assertIn(anchor, anchors)
                self.assertIn(rule["labels"]["severity"], ("critical", "warning"))

    def test_each_place_of_the_runbook_says_what_it_means_where_to_look_and_what_to_do(self) -> None:
        pointed = {rule["annotations"]["runbook"].partition("#")[2] for rule in rules()}
        for part in re.split(r"^## ", RUNBOOK.read_text(), flags=re.MULTILINE)[1:]:
            title = part.splitlines()[0]
            anchor = re.sub(r"[^a-z0-9_ -]", "", title.lower()).replace(" ", "-")
            if anchor in pointed:
                with self.subTest(title):
                    for word in ("*Nederlands*:", "**Means**:", "**Look**:", "**Do**:"):
                        self.assertIn(word, part)


class Dashboard(unittest.TestCase):
    def test_panels_have_a_place_a_question_and_an_explanation(self) -> None:
        panels = dashboard()["panels"]
        self.assertEqual(len({panel["id"] for panel in panels}), len(panels))
        taken = set()
        for panel in panels:
            with self.subTest(panel["title"]):
                at = panel["gridPos"]
                squares = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
                self.assertFalse(squares & taken)
                self.assertLessEqual(at["x"] + at["w"], 24)
                taken |= squares
                if panel["type"] != "row":
                    self.assertTrue(panel["description"] and panel["targets"])
                    for each in (panel, *panel["targets"]):
                        self.assertEqual(each["datasource"], {"type": "prometheus", "uid": "${datasource}"})

    def test_it_uses_no_variable_that_it_does_not_have(self) -> None:
        text = json.dumps(dashboard())
        known = {each["name"] for each in dashboard()["templating"]["list"]} | {"__rate_interval", "__all"}
        self.assertEqual(set(re.findall(r"\$\{?(\w+)", text)) - known, set())


class Scraping(unittest.TestCase):
    def test_every_service_is_asked_on_its_health_port(self) -> None:
        jobs = {each["job_name"]: each for each in source.yaml_documents(HERE / "prometheus.yaml")[0]["scrape_configs"]}
        ours = jobs["dichterbij"]["dns_sd_configs"][0]
        self.assertEqual(set(ours["names"]), {*source.services(), "streams"})
        self.assertEqual(ours["port"], source.default_port("DBJ_HEALTH"))


if __name__ == "__main__":
    unittest.main()
