// Openings from a file, as a conversation: 5,000 rows of which 400 are not right, mended in place, placed, and undone.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, noComplaints, stage } from "./people.mjs";
import { eventually } from "./platform.mjs";

const ROWS = 5_000;
const WRONG = 400;

const on = stage({ people: 60, employers: 6, openings: 20 });
const { open, signIn } = on;
let manager;
let address;

/** Our own words, not those of the platform: the columns have to be recognised. */
const HEADINGS = ["Referentie", "KVK-nummer", "Bedrijf", "Functietitel", "Soort", "Taken", "Postcode", "Uren_min", "Uren_max", "Dagdelen", "Interne notitie"];

function file() {
  const lines = [HEADINGS.join(";")];
  for (let row = 1; row <= ROWS; row += 1) {
    // Every twelfth row and a bit: a postcode that is no postcode.
    const wrong = row % 12 === 0 && row / 12 <= WRONG;
    const kvk = 10_000_001 + (row % 40);
    lines.push(
      [`R${row}`, kvk, `Bedrijf ${kvk}`, `Hulp ${row}`, "gewoon", "schoonmaken.ramen", wrong ? "1999 ZZ" : "1324", 16, 24, "ochtend", "x"].join(";"),
    );
  }
  const path = join(tmpdir(), `banen-${process.pid}.csv`);
  writeFileSync(path, lines.join("\r\n"));
  return path;
}

const heading = () => manager.locator("h1").innerText();
const settle = (what, words, seconds = 90) =>
  eventually(what, async () => {
    await manager.reload();
    return words.test(await heading());
  }, seconds);

test("the columns are recognised by their words and confirmed", async () => {
  manager = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(manager, "adviseur");
  await open(manager, "/banen/bestand");
  await look(manager, "bestand-kiezen");
  await manager.locator("input[type=file]").setInputFiles(file());
  await manager.getByRole("button", { name: "Kijk het bestand na" }).click();
  await manager.waitForURL("**/banen/bestand/import_*");
  address = new URL(manager.url()).pathname;
  await eventually("the columns", async () => {
    await manager.reload();
    return (await manager.locator("main select").count()) === HEADINGS.length;
  });
  await look(manager, "bestand-kolommen");
  assert.match(await manager.locator("main").innerText(), /11 kolommen/);
  await manager.getByRole("button", { name: "Kijk de rijen na" }).click();
});

test("what will happen is told before anything is placed", async () => {
  await eventually("all rows are judged", async () => {
    await open(manager, address);
    return (await manager.locator(`form[action$='/plaats']`).count()) > 0;
  }, 120);
  await look(manager, "bestand-nagekeken");
  const text = await manager.locator("main").innerText();
  assert.match(text, /400/);
  assert.match(text, /4\.600/);
});

test("400 rows are mended in place, a page at a time", async () => {
  let mended = 0;
  for (let page = 0; page < 40; page += 1) {
    await open(manager, `${address}?toon=niet-goed`);
    const inputs = manager.locator("main form input[type=text]");
    const count = await inputs.count();
    if (page === 0) await look(manager, "bestand-verbeteren");
    if (count === 0) break;
    for (let n = 0; n < count; n += 1) {
      assert.equal(await inputs.nth(n).inputValue(), "1999 ZZ", "the value as given stands in the field");
      await inputs.nth(n).fill("1324");
    }
    mended += count;
    await inputs.first().locator("xpath=ancestor::form").locator("button[type=submit]").first().click();
  }
  assert.equal(mended, WRONG);
  await open(manager, address);
  assert.match(await manager.locator("main").innerText(), /5\.000/);
});

test("they are placed with progress, and can be undone until tomorrow", async () => {
  await manager.locator("form[action$='/plaats'] button").click();
  await settle("everything is placed", /Klaar/);
  await look(manager, "bestand-klaar");
  assert.match(await manager.locator("main").innerText(), /Terugdraaien kan tot/);
  await manager.getByRole("link", { name: "Draai dit terug" }).click();
  await look(manager, "bestand-terugdraaien");
  await manager.getByRole("button", { name: "Draai terug" }).click();
  await settle("everything is undone", /teruggedraaid/i);
  await look(manager, "bestand-teruggedraaid");
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(manager);
  allWell();
});
