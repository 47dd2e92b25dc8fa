// What a job-seeker may always do, on her phone: register, tell her whole profile, want a job, withdraw a yes, pause, take
// a copy, disappear. Every page on the way is looked at.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, codeIn, next, noComplaints, stage, tick } from "./people.mjs";
import { eventually, everythingWrittenDown } from "./platform.mjs";

// Invented, and such that chance does not write them down somewhere else.
const NAME = "Morgenster";
const PHONE = "06 83 21 47 59";
const NEW_PHONE = "06 83 21 47 60";
const PHONE_FORMS = ["0683214759", "+31683214759", "683214759", "0683214760", "683214760"];
const POSTCODE = "1324 QX";

const on = stage({ people: 60, employers: 6, openings: 20 });
const { open } = on;
let seeker;

/** Changes one answer: opens the question, looks, answers, saves; the list of her details comes back. */
async function change(question, answer) {
  await open(seeker, `/mijn/gegevens/${question}`);
  await look(seeker, `gegevens-${question}`);
  await answer();
  await seeker.getByRole("button", { name: "Bewaar", exact: true }).click();
  await seeker.waitForURL("**/mijn/gegevens");
}

const told = async (words) => assert.match(await seeker.locator("main").innerText(), words);

test("a person registers and sees her own page", async () => {
  seeker = await on.register({ name: NAME, phone: PHONE, postcode: POSTCODE, yes: [/Werkgevers mogen mijn profiel zien/] });
  await told(new RegExp(`Welkom, ${NAME}`));
  await open(seeker, "/mijn/gegevens");
  await look(seeker, "gegevens-leeg");
});

test("she tells her whole profile, one question a page", async () => {
  await change("waar", async () => {});
  await change("wat", async () => {
    await seeker.getByLabel("Typ een taak, bijvoorbeeld schoonmaken").fill("heftruckchauffeur");
    await seeker.getByRole("button", { name: "Zoek taken" }).click();
    await look(seeker, "gegevens-wat-gezocht");
    await told(/Gevonden/);
  });
  await change("wanneer", async () => {
    await tick(seeker, "maandag");
    await tick(seeker, "dinsdag");
  });
  await told(/maandag en dinsdag/);
  await change("vanaf", async () => tick(seeker, "Nu meteen"));
  await change("vervoer", async () => {
    await tick(seeker, "Fiets");
    await tick(seeker, "tot 20 km");
  });
  await change("talen", async () => {
    await tick(seeker, "Een eenvoudig gesprek");
    await seeker.getByLabel("Welke taal?").first().selectOption("tir");
    await seeker.getByRole("button", { name: "Bewaar", exact: true }).click();
    await look(seeker, "gegevens-talen-fout");
    assert.match(await seeker.title(), /^Fout: /);
    await seeker.getByLabel("Hoe goed?").first().selectOption("fluent");
  });
  await told(/Tigrinya/);
  await change("papieren", async () => tick(seeker, "Auto (B)"));
  await change("niet", async () => tick(seeker, "Zwaar tillen"));
  await change("hulp", async () => {
    await told(/Dit ziet alleen u/);
    await tick(seeker, "Een rustige plek");
  });
  await change("laten-zien", async () => tick(seeker, /vaste collega/));
  await change("opmerking", async () => {
    await seeker.getByLabel(/Uw woorden/).fill("Mijn nummer is 111222333");
    await seeker.getByRole("button", { name: "Bewaar", exact: true }).click();
    await look(seeker, "gegevens-opmerking-fout");
    await told(/burgerservicenummer/);
    await seeker.getByLabel(/Uw woorden/).fill("Ik werk graag met planten.");
  });
  await change("naam", async () => tick(seeker, "Bellen"));
  await open(seeker, "/mijn/gegevens/contact");
  await look(seeker, "gegevens-contact-oud");
  await seeker.getByRole("button", { name: "Stuur mij een code" }).click();
  await seeker.waitForURL("**/mijn/gegevens/contact/oud");
  await look(seeker, "gegevens-contact-oud-code");
  await seeker.getByLabel("Wat is uw code?").fill(codeIn(await on.newestMessage("683214759")));
  await next(seeker);
  await seeker.waitForURL("**/mijn/gegevens/contact");
  await look(seeker, "gegevens-contact");
  await seeker.getByRole("textbox").first().fill(NEW_PHONE);
  await seeker.getByRole("button", { name: "Stuur mij een code" }).click();
  await look(seeker, "gegevens-contact-code");
  await seeker.getByLabel("Wat is uw code?").fill(codeIn(await on.newestMessage("683214760")));
  await next(seeker);
  await seeker.waitForURL("**/mijn/gegevens");
  await look(seeker, "gegevens");
  await told(/06 83 21 47 60/);
});

test("she wants a job, and takes it back", async () => {
  await eventually("proposals on her page", async () => {
    await open(seeker, "/mijn");
    return (await seeker.locator("main a[href^='/mijn/voorstel/']").count()) > 0;
  });
  await seeker.locator("main a[href^='/mijn/voorstel/']").first().click();
  await look(seeker, "voorstel-kiezen");
  await seeker.getByText(/^Dit ziet .* als u ja zegt$/).click();
  await told(/Uw naam, nummer en adres ziet niemand/);
  await seeker.getByRole("button", { name: "Ik wil dit" }).click();
  await look(seeker, "voorstel-gewild");
  await told(/antwoordt voor/);
  await open(seeker, "/mijn");
  await look(seeker, "mijn-gewild");
  await told(/Wat u wilde/);
  await seeker.locator(".dbj-lines a[href^='/mijn/voorstel/']").first().click();
  await seeker.getByRole("button", { name: "Neem terug dat ik dit wil" }).click();
  await told(/Ik wil dit/);
});

test("a desk of her region calls her, and she takes that back", async () => {
  await open(seeker, "/hulp");
  await look(seeker, "hulp-loketten");
  await seeker.getByRole("link", { name: /Laat dit loket mij bellen/ }).first().click();
  await look(seeker, "loket");
  await seeker.getByLabel(/Wat wilt u vragen/).fill("Kan ik leren en werken?");
  await seeker.getByRole("button", { name: "Ja, laat het loket mij bellen" }).click();
  await seeker.waitForURL("**/mijn");
  await look(seeker, "mijn-loket");
  await seeker.getByRole("button", { name: /Neem dit terug/ }).first().click();
  await told(/U nam dit terug/);
});

test("she withdraws a yes in one tap", async () => {
  await open(seeker, "/mijn/toestemming");
  await look(seeker, "toestemming");
  await seeker.getByRole("button", { name: /Trek mijn ja in.*Werkgevers/ }).click();
  await told(/Dit mag vanaf nu niet meer/);
});

test("she pauses and comes back", async () => {
  await open(seeker, "/mijn/pauze");
  await look(seeker, "pauze");
  await tick(seeker, "Tot ik het zelf zeg");
  await seeker.getByRole("button", { name: "Zet mij op pauze" }).click();
  await seeker.waitForURL("**/mijn");
  await look(seeker, "mijn-pauze");
  await seeker.getByRole("button", { name: "Doe weer mee" }).click();
  await told(/Welkom terug/);
});

test("she takes a copy and disappears", async () => {
  await open(seeker, "/mijn/download");
  await look(seeker, "download");
  await told(/Een rustige plek/);
  const [download] = await Promise.all([
    seeker.waitForEvent("download"),
    seeker.getByRole("link", { name: "Bewaar als bestand" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "mijn-gegevens-dichterbij.json");
  assert.equal(JSON.parse(readFileSync(await download.path(), "utf8")).intake.details.name, NAME);

  await open(seeker, "/mijn/wissen");
  await look(seeker, "wissen");
  await seeker.getByRole("button", { name: "Wis al mijn gegevens nu" }).click();
  await seeker.waitForURL("**/gewist");
  await look(seeker, "gewist");
  await open(seeker, "/mijn");
  assert.match(seeker.url(), /\/inloggen$/);
});

test("nothing of her is left anywhere, and no address ever carried it", async () => {
  const forms = [NAME, ...PHONE_FORMS];
  await eventually("nothing of her is left", async () => {
    for (const [place, bytes] of await everythingWrittenDown(on.platform)) {
      for (const form of forms) if (bytes.includes(form)) throw new Error(`${form.slice(0, 2)}… stands in the ${place}`);
    }
    return true;
  });
  for (const address of seeker.addresses) {
    for (const form of [...forms, "1324"]) assert.ok(!address.includes(form), `an address carries ${form}`);
  }
});

test("every page was as it must be", () => {
  noComplaints(seeker);
  allWell();
});
