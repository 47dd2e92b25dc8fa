"""What the deployment files must agree with, read from where it is decided: the Rust sources and docs/metrics.md."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
INFRA = ROOT / "infra"
sys.path.insert(0, str(INFRA / "local"))

import deployment_tools  # noqa: E402 (needs the path above)

CONFIG = ROOT / "services/chassis/src/config.rs"
PLATFORM = ROOT / "services/chassis/src/platform.rs"
CHECKS = ROOT / "services/chassis/src/checks.rs"
METRICS = ROOT / "docs/metrics.md"
#: Read by libraries under our program, not by `config.rs`: PostgreSQL's own, and the authority that TLS trusts.
OF_LIBRARIES = {"PGPASSFILE", "PGPASSWORD", "SSL_CERT_FILE"}


def prepare() -> None:
    """The tools, and the reader of YAML on the path."""
    deployment_tools.ensure()
    if str(deployment_tools.TOOLS) not in sys.path:
        sys.path.append(str(deployment_tools.TOOLS))


def yaml_documents(text: str | Path) -> list:
    """Every document of a YAML text or file; the same key twice is an error."""
    prepare()
    from ruamel.yaml import YAML

    return [each for each in YAML(typ="safe", pure=True).load_all(text) if each is not None]


def services() -> list[str]:
    """The services by the name under which `dichterbij run` knows them."""
    text = (ROOT / "proto/src/service.rs").read_text()
    found = re.findall(r'Self::\w+ => "([a-z-]+)"', text)
    assert len(found) >= 5, "proto/src/service.rs names its services otherwise than expected"
    return found


def settings() -> set[str]:
    """Every environment variable that a person may give us."""
    names = set(re.findall(r'"(DBJ_[A-Z_]+|DATABASE_URL|NATS_URL)"', CONFIG.read_text()))
    assert len(names) > 10, "config.rs names its settings otherwise than expected"
    return names | OF_LIBRARIES


def default_port(setting: str) -> int:
    """The port that `config.rs` gives an address by default."""
    return int(re.search(rf'"{setting}", "127\.0\.0\.1:(\d+)"', CONFIG.read_text()).group(1))


def seconds_to_stop() -> int:
    """The longest that one service takes after SIGTERM: lingering, work in hand, its events, flush and close."""
    drain = int(re.search(r"const DRAIN: Duration = Duration::from_secs\((\d+)\)", PLATFORM.read_text()).group(1))
    linger = int(re.search(r"\[`DBJ_LINGER_SECONDS`\], (\d+) s", CONFIG.read_text()).group(1))
    return linger + 2 * drain + 3


def sessions_beside_the_pool() -> int:
    """What a replica opens besides its pool."""
    return int(re.search(r"const BESIDE_POOL: u32 = (\d+);", CHECKS.read_text()).group(1))


def metrics() -> set[str]:
    """Every metric of docs/metrics.md; a test of the chassis holds that page to the code."""
    names = set(re.findall(r"^\| `(dbj_[a-z_]+)`", METRICS.read_text(), re.MULTILINE))
    histograms = {name for name in names if name.endswith("_seconds") and f"`{name}` | service | histogram" in METRICS.read_text()}
    return names | {f"{name}_{part}" for name in histograms for part in ("bucket", "sum", "count")}


def alarms() -> dict[str, str]:
    """Kind of alarm → the metric that docs/metrics.md says to look at."""
    return dict(re.findall(r"^\| `([a-z_]+)` \| [^|]+ \| `(dbj_[a-z_]+)`", METRICS.read_text(), re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The places of a Markdown page that one can point to."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^a-z0-9_ -]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def conf(path: Path) -> dict[str, str]:
    """The settings of a file in the style of postgresql.conf."""
    lines = re.findall(r"^([a-z_]+) = '?([^'#\n]+?)'?\s*$", path.read_text(), re.MULTILINE)
    return dict(lines)
