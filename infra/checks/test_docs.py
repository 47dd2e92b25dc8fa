"""docs/reliability.md and its neighbours: complete, and pointing at things that exist."""

from __future__ import annotations

import re
import unittest

import source

DOCS = source.ROOT / "docs"
PAGES = ("reliability.md", "not-guaranteed.md", "runbook.md")
#: What a path in our repository begins with.
TOP = "services|proto|tests|infra|docs|Makefile|Cargo.toml|clippy.toml|schemas"


class Reliability(unittest.TestCase):
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", (DOCS / "reliability.md").read_text(), re.MULTILINE)

    def test_each_of_the_43_rules_has_one_row(self) -> None:
        self.assertEqual([int(number) for number, *_ in self.rows], list(range(1, 44)))

    def test_a_row_says_plainly_how_it_stands(self) -> None:
        for number, _, state, where in self.rows:
            with self.subTest(rule=number):
                self.assertIn(state, ("yes", "partly", "not yet"))
                if state == "not yet":
                    self.assertRegex(where, r"issue \d|later")
                else:
                    self.assertRegex(where, rf"`(?:{TOP})")

    def test_every_file_and_test_named_exists(self) -> None:
        sources = [file.read_text() for folder in ("services", "tests") for file in (source.ROOT / folder).rglob("*.rs")]
        functions = {name for text in sources for name in re.findall(r"fn ([a-z0-9_]+)", text)}
        for page in PAGES:
            text = (DOCS / page).read_text()
            for path in set(re.findall(rf"`((?:{TOP})(?:/[\w./-]*)?)`", text)):
                self.assertTrue((source.ROOT / path).exists(), f"{page}: {path}")
        for name, shortened in set(re.findall(r"`([a-z]+(?:_[a-z]+){3,})(_…)?`", (DOCS / "reliability.md").read_text())):
            found = any(each.startswith(name) for each in functions) if shortened else name in functions
            self.assertTrue(found, f"no test is called {name}")

    def test_links_between_pages_lead_somewhere(self) -> None:
        pages = [*DOCS.glob("*.md"), source.ROOT / "README.md", *source.INFRA.glob("*/README.md")]
        for page in pages:
            for link, anchor in re.findall(r"\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)", page.read_text()):
                target = (page.parent / link).resolve() if link else page
                self.assertTrue(target.exists(), f"{page.name}: {link}")
                if anchor and target.suffix == ".md":
                    self.assertIn(anchor, source.anchors(target), f"{page.name}: {link}#{anchor}")

    def test_the_table_of_settings_has_each_that_is_read_and_no_other(self) -> None:
        text = (DOCS / "architecture.md").read_text().split("## Running it")[1].split("\n## ")[0]
        first = "".join(re.findall(r"^\| (`[^|]+`) \|", text, re.MULTILINE))
        self.assertEqual(set(re.findall(r"`([A-Z_]+)`", first)), source.settings() - source.OF_LIBRARIES)

    def test_whoever_reads_the_front_page_finds_them(self) -> None:
        readme = (source.ROOT / "README.md").read_text()
        for page in PAGES:
            self.assertIn(f"docs/{page}", readme)


if __name__ == "__main__":
    unittest.main()
