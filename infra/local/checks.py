"""Rules about the repository as a whole that no compiler knows. `make check` and `make test` run them.

- crates depend in one direction: proto <- chassis, reference <- services <- dichterbij;
- no file is larger than 1 MB;
- no file names a package registry's host: where a machine fetches from is its own business.
"""

from __future__ import annotations

import json
from pathlib import Path

from workspace import ROOT, Problem, fail, output_of, say

LARGEST = 1_000_000

#: For each crate that is not an ordinary service: the crates of ours it may stand on.
FOUNDATION = {"proto": set(), "reference": {"proto"}, "chassis": {"proto", "reference"}}
#: May stand on everything: they put the services together.
WHOLE = {"dichterbij", "dichterbij-tests"}

#: In halves, because this file is looked at too.
HOSTS = [
    "".join(halves).encode()
    for halves in (
        ("registry.npmjs", ".org"),
        ("registry.yarnpkg", ".com"),
        ("files.pythonhosted", ".org"),
        ("pypi", ".org"),
        ("static.crates", ".io"),
        ("index.crates", ".io"),
        ("deb.debian", ".org"),
        ("proxy.golang", ".org"),
    )
]


def main() -> int:
    """Prints every breach; the exit code is 1 if there is any."""
    files = tracked_files()
    breaches = [*directions(), *too_large(files), *hosts(files)]
    for breach in breaches:
        say(f"    {breach}")
    say(f"    {len(files)} files looked at, {len(breaches)} breaches")
    return 1 if breaches else 0


def tracked_files() -> list[Path]:
    """What is in the repository or would be by `git add`."""
    listing = output_of(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT)
    files = [ROOT / name for name in listing.split("\0") if name]
    if not files:
        raise Problem("git lists no files here")
    return [file for file in files if file.is_file() and not file.is_symlink()]


def directions() -> list[str]:
    """Arrows between our crates that point the wrong way, in any kind of dependency."""
    metadata = output_of(["cargo", "metadata", "--no-deps", "--format-version=1", "--offline"], cwd=ROOT)
    if not metadata:
        raise Problem("cargo metadata failed; run it by hand to see why")
    packages = json.loads(metadata)["packages"]
    ours = {package["name"] for package in packages}
    breaches = []
    for package in packages:
        name = package["name"]
        if name in WHOLE:
            continue
        allowed = FOUNDATION.get(name, set(FOUNDATION))
        used = {dependency["name"] for dependency in package["dependencies"]} & ours - {name}
        breaches += [f"crate {name} may not depend on {other}" for other in sorted(used - allowed)]
    return breaches


def too_large(files: list[Path]) -> list[str]:
    """Files that belong in a release or a generator, not in a repository."""
    return [
        f"{file.relative_to(ROOT)} has {file.stat().st_size:,} bytes, more than {LARGEST:,}"
        for file in files
        if file.stat().st_size > LARGEST
    ]


def hosts(files: list[Path]) -> list[str]:
    """Files that say where to fetch packages."""
    breaches = []
    for file in files:
        content = file.read_bytes()
        breaches += [
            f"{file.relative_to(ROOT)} names the registry host {host.decode()}" for host in HOSTS if host in content
        ]
    return breaches


if __name__ == "__main__":
    try:
        raise SystemExit(main())
    except Problem as problem:
        fail(problem)
