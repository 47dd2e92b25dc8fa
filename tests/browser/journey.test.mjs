// The journey of the walking skeleton, as people make it: a person registers on her phone, an account manager posts an
// opening and imports a file, and the proposals stand on both pages with their reasons. Every page on the way is looked at.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, codeIn, fillJob, next, noComplaints, stage, tick } from "./people.mjs";
import { eventually, everythingWrittenDown } from "./platform.mjs";

// Invented, and such that chance does not write them down somewhere else.
const NAME = "Zilverlinde";
const PHONE = "06 83 19 47 52";
const PHONE_FORMS = ["0683194752", "+31683194752", "31683194752", PHONE, "683194752"];
const POSTCODE = "1324 QZ";
const POSTCODE_FORMS = ["1324QZ", "1324 QZ", "1324%20QZ", "1324+QZ"];
const TASK = "Vloeren dweilen en stofzuigen";

const on = stage();
const { open, newestMessage, signIn } = on;
let seeker;
let manager;

test("anyone finds openings near a postcode, also without JavaScript", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const page = await on.person({ javaScriptEnabled });
    page.withoutScript = !javaScriptEnabled;
    await open(page, "/");
    await look(page, `home-${javaScriptEnabled ? "script" : "plain"}`);
    await page.getByLabel("Postcode").fill("1324");
    await page.locator("form[action='/werk'] button").click();
    await look(page, `werk-${javaScriptEnabled ? "script" : "plain"}`);
    const links = page.locator("main a[href^='/werk/']");
    assert.ok((await links.count()) > 0, "openings nearby");
    await links.first().click();
    await look(page, `opening-${javaScriptEnabled ? "script" : "plain"}`);
    assert.ok(page.addresses.every((address) => !address.includes("1324")), "no postcode in an address");
    await page.context().close();
  }
});

test("a person registers in five questions and sees her own page", async () => {
  seeker = await on.person();
  await open(seeker, "/");
  await seeker.locator("main a[href='/aanmelden/1'], main a[href='/aanmelden']").first().click();

  await look(seeker, "aanmelden-1");
  await next(seeker);
  await look(seeker, "aanmelden-1-fout");
  assert.match(await seeker.title(), /^Fout: /);
  await seeker.getByLabel("Waar woont u?").fill(POSTCODE);
  await next(seeker);

  await look(seeker, "aanmelden-2");
  await tick(seeker, "Alles mag");
  await next(seeker);

  await look(seeker, "aanmelden-3");
  for (const part of [/ochtends/, /middags/, /avonds/, /weekend/]) await tick(seeker, part);
  await tick(seeker, "24 tot 32 uur");
  await next(seeker);

  await look(seeker, "aanmelden-4");
  assert.match(await seeker.locator("main").innerText(), /banen|baan/);
  await seeker.getByLabel("Hoe mogen wij u noemen?").fill(NAME);
  await seeker.getByLabel("Telefoonnummer of e-mailadres").fill("06 12");
  await tick(seeker, "Sms");
  await next(seeker);
  // Wrong things are told when everything is sent, or at once; either way nothing typed is lost.
  if (seeker.url().endsWith("/4")) {
    assert.equal(await seeker.getByLabel("Hoe mogen wij u noemen?").inputValue(), NAME);
    await look(seeker, "aanmelden-4-fout");
    await seeker.getByLabel("Telefoonnummer of e-mailadres").fill(PHONE);
    await next(seeker);
  } else {
    await seeker.goBack();
    await seeker.getByLabel("Telefoonnummer of e-mailadres").fill(PHONE);
    await next(seeker);
  }

  await look(seeker, "aanmelden-5");
  assert.equal(await seeker.locator("main input[type=checkbox]:checked").count(), 0, "nothing is ticked for her");
  await tick(seeker, /Een adviseur mag met mij meedenken/);
  await seeker.getByRole("button", { name: "Laat mijn werk zien" }).click();

  await look(seeker, "aanmelden-code");
  await seeker.getByLabel("Wat is uw code?").fill("000 000");
  await next(seeker);
  await look(seeker, "aanmelden-code-fout");
  const code = codeIn(await newestMessage("683194752"));
  // As people paste it.
  await seeker.getByLabel("Wat is uw code?").fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await next(seeker);

  await seeker.waitForURL("**/mijn");
  await look(seeker, "mijn");
  assert.match(await seeker.locator("main").innerText(), new RegExp(NAME));
});

test("her page shows proposals with what fits and what to look at", async () => {
  await eventually("proposals on her page", async () => {
    await seeker.reload();
    return (await seeker.locator("main a[href^='/mijn/voorstel/']").count()) > 0;
  });
  await look(seeker, "mijn-voorstellen");
  assert.ok((await seeker.locator("main .dbj-reasons__line--fits").count()) > 0, "reasons that fit");
  await seeker.locator("main a[href^='/mijn/voorstel/']").first().click();
  await seeker.waitForURL("**/mijn/voorstel/*");
  await look(seeker, "voorstel");
  assert.match(await seeker.locator("main").innerText(), /km/);
});

test("an account manager adds an employer and posts an opening; the proposals stand on both pages", async () => {
  manager = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(manager, "adviseur");
  await look(manager, "werkplek");
  await open(manager, "/werkgevers");
  await look(manager, "werkgevers");
  await open(manager, "/werkgever/nieuw");
  await look(manager, "werkgever-nieuw");
  await manager.getByLabel("Naam van de werkgever").fill("Kwekerij Morgenrood");
  await manager.getByLabel("KVK-nummer").fill("87654321");
  await manager.getByLabel("Postcode van de vestiging").fill("1324");
  await manager.getByRole("button", { name: "Voeg de werkgever toe" }).click();
  await manager.waitForURL("**/werkgever/employer_*");
  await look(manager, "werkgever");
  await manager.getByRole("link", { name: "Plaats een baan voor deze werkgever" }).click();
  await look(manager, "baan-nieuw-soort");
  await tick(manager, "Open Hiring");
  await next(manager);
  await look(manager, "baan-nieuw");

  // First something that open hiring may not ask.
  await fillJob(manager, "Hulp bij de tulpen", { hours: ["24", "32"], places: "3" });
  await manager.locator("select[name$='diploma']").selectOption("needed");
  await manager.getByRole("button", { name: "Bekijk de baan" }).click();
  await look(manager, "baan-nieuw-fout");
  assert.match(await manager.locator(".dbj-errors").innerText(), /Open Hiring/);
  assert.equal(await manager.locator("input[name=titel]").inputValue(), "Hulp bij de tulpen");
  await manager.locator("select[name$='diploma']").selectOption("");
  await manager.getByRole("button", { name: "Bekijk de baan" }).click();
  await look(manager, "baan-klopt-dit");
  await manager.getByRole("button", { name: "Plaats de baan" }).click();
  await manager.waitForURL("**/baan/opening_*");

  const began = Date.now();
  await eventually("she stands on the opening's page", async () => {
    await manager.reload();
    return (await manager.locator("main .dbj-reasons__line--fits").count()) > 0;
  });
  await eventually("the opening stands on her page", async () => {
    await open(seeker, "/mijn");
    return (await seeker.locator("main").innerText()).includes("Hulp bij de tulpen");
  });
  console.log(`    proposals on both pages after ${Date.now() - began} ms`);
  await look(manager, "baan");
  await look(seeker, "mijn-met-nieuwe-baan");
  const text = await manager.locator("main").innerText();
  assert.ok(!text.includes(NAME), "an account manager sees no name");
  assert.ok(!/\d ?%/.test(text), "no score");
});

test("a file of openings is taken with a report per row", async () => {
  const rows = [
    "kenmerk;kvk;werkgever;functie;soort;taken;postcode;uren_min;uren_max;dagdelen",
    "A1;87654321;Kwekerij Morgenrood;Hulp in de keuken é;gewoon;schoonmaken.ramen;1324;16;24;ochtend|middag",
    "A2;87654321;Kwekerij Morgenrood;Hulp in de winkel;open hiring;schoonmaken.ramen;1999 ZZ;16;24;ochtend",
    "A3;87654321;Kwekerij Morgenrood;=1+1;gewoon;schoonmaken.ramen;1324;40;24;soms",
  ].join("\r\n");
  const path = join(tmpdir(), `banen-${process.pid}.csv`);
  writeFileSync(path, Buffer.from(rows, "latin1"));
  await open(manager, "/banen/bestand");
  await look(manager, "bestand");
  await manager.getByLabel("Welk bestand?").setInputFiles(path);
  await manager.getByRole("button", { name: "Kijk het bestand na" }).click();
  await eventually("the columns", async () => {
    await manager.reload();
    return (await manager.getByRole("button", { name: "Kijk de rijen na" }).count()) > 0;
  });
  await manager.getByRole("button", { name: "Kijk de rijen na" }).click();
  await eventually("what will happen", async () => {
    await manager.reload();
    return (await manager.locator("form[action$='/plaats'] button").count()) > 0;
  });
  await look(manager, "bestand-dit-gaat-gebeuren");
  const address = new URL(manager.url()).pathname;
  await open(manager, `${address}?toon=niet-goed`);
  await look(manager, "bestand-verbeteren");
  const values = await manager.locator("main input").evaluateAll((inputs) => inputs.map((input) => input.value));
  assert.ok(values.includes("1999 ZZ"), `the value as given, to mend in place: ${values}`);
  await manager.locator("form[action$='/plaats'] button").click();
  await eventually("the report is complete", async () => {
    await manager.reload();
    return /Klaar/.test(await manager.locator("h1").innerText());
  });
  await look(manager, "bestand-verslag");
  await open(manager, "/banen");
  await look(manager, "banen");
  assert.match(await manager.locator("main").innerText(), /Hulp in de keuken é/, "Windows-1252 was understood");
});

test("every other page is looked at, for everyone who may see it", async () => {
  for (const path of ["/mijn/gegevens", "/mijn/gegevens/waar", "/mijn/gegevens/wat", "/mijn/gegevens/wanneer",
    "/mijn/gegevens/vervoer", "/mijn/toestemming"]) {
    const answer = await open(seeker, path);
    assert.equal(answer.status(), 200, path);
    await look(seeker, `seeker${path.replaceAll("/", "-")}`);
  }
  const visitor = await on.person();
  for (const path of ["/werk", "/inloggen", "/personeel/inloggen", "/uitnodiging", "/hulp", "/privacy",
    "/toegankelijkheid", "/zo-werkt-het", "/taal", "/mailbox"]) {
    const answer = await open(visitor, path);
    assert.equal(answer.status(), 200, path);
    await look(visitor, `visitor${path.replaceAll("/", "-")}`);
  }
  assert.equal((await open(visitor, "/bestaat-niet")).status(), 404);
  await look(visitor, "visitor-404");
  for (const [role, path] of [["werkgever", "/bedrijf"], ["organisator", "/organisator"], ["beheer", "/beheer/accounts"]]) {
    const page = await on.person();
    await signIn(page, role);
    assert.equal((await open(page, path)).status(), 200, path);
    await look(page, `${role}${path.replaceAll("/", "-")}`);
    await page.context().close();
  }
  await visitor.getByRole("button", { name: "English" }).click();
  await look(visitor, "visitor-english");
  assert.equal(await visitor.locator("html").getAttribute("lang"), "en");
});

test("she withdraws her yes and is gone from the list at once", async () => {
  await open(seeker, "/mijn/toestemming");
  const line = seeker.locator("main form").filter({ hasText: /meedenken/ });
  await line.getByRole("button").first().click();
  const job = await manager.locator("main a[href^='/baan/opening_']", { hasText: "Hulp bij de tulpen" }).getAttribute("href");
  await eventually("the list without her", async () => {
    await open(manager, job);
    const cards = await manager.locator("main").innerText();
    return !/Alles mag|Vindt alles goed/.test(cards) || (await manager.locator("main .dbj-card").count()) === 0;
  });
});

test("what she typed is nowhere: not in the stream, the logs, the metrics, the database or an address", async () => {
  await open(manager, "/banen");
  const places = await everythingWrittenDown(on.platform);
  assert.ok(places.size > 4, "there is something to search");
  assert.ok(places.get("log of the platform").includes("aanmelden"), "the log does hold the journey");
  const addresses = [seeker, manager].flatMap((page) => page.addresses).join("\n");
  places.set("addresses", Buffer.from(addresses));
  const forms = [NAME, ...PHONE_FORMS, ...POSTCODE_FORMS].flatMap((text) => [
    text,
    text.toLowerCase(),
    Buffer.from(text).toString("base64").replace(/=+$/, ""),
    Buffer.from(text).toString("hex"),
    encodeURIComponent(text),
  ]);
  const found = [];
  for (const [place, bytes] of places) {
    for (const form of new Set(forms)) if (bytes.includes(form)) found.push(`${form} in ${place}`);
  }
  assert.deepEqual(found, []);
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(seeker, manager);
  allWell();
});
