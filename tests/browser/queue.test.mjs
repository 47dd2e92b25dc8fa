// A place in line for Open Hiring, as a person makes her way on a phone: the page of an opening, a first name and a number, the
// code, her place, an offer, her yes; once with and once without JavaScript; and what nobody else may see or do. Every page on
// the way is looked at. That she began is told from her first day on: the clocks of this platform are moved to it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, beginJob, codeIn, fillJob, follow, next, noComplaints, reach, stage, tick, type } from "./people.mjs";
import { eventually, everythingWrittenDown } from "./platform.mjs";

// Invented, and such that chance does not write them down somewhere else.
const NAME = "Wilgenroos";
const PHONE = "06 83 27 41 93";
const PHONE_FORMS = ["0683274193", "+31683274193", "683274193"];
const SECOND = "06 83 27 41 94";
const THIRD = "06 83 27 41 95";
const FOURTH = "06 83 27 41 96";

const on = stage({ people: 60, employers: 6, openings: 20, clocks: true });
const { open, newestMessage, signIn } = on;
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const words = (page) => page.locator("main").innerText();
let employer;
let seeker;
let other;
let third;
let opening;
let ticket;
let begins;
// What whoever signs up is told, whether her number is known or not.
let told;

/** Goes to the form of the line and sends it. */
async function standInLine(page, name, phone) {
  await open(page, `/werk/${opening}`);
  await page.getByRole("link", { name: "Zet mij in de rij" }).click();
  await page.waitForURL("**/aanmelden");
  await page.getByLabel("Voornaam").fill(name);
  await page.getByLabel("Telefoonnummer of e-mailadres").fill(phone);
  await page.getByRole("button", { name: "Zet mij in de rij" }).click();
}

/** The code that was sent. */
const codeFor = async (phone) => codeIn(await newestMessage(phone.replace(/\D/g, "").replace(/^0/, "")));

/** Types the code that was sent; her place shows itself. */
async function bringCode(page, phone) {
  await page.getByLabel("Wat is uw code?").fill(await codeFor(phone));
  await next(page);
  await page.waitForURL("**/mijn/rij/ticket_*");
}

test("an employer opens the line of a job", async () => {
  employer = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(employer, "werkgever");
  await beginJob(on, employer, "open_hiring");
  await fillJob(employer, "Hulp in de kas");
  await employer.locator("input[name=start_dag_1]").fill(inDays(14));
  await employer.locator("input[name=start_plaatsen_1]").fill("1");
  await employer.locator("button[name=doe][value=controleer]").click();
  await employer.getByRole("button", { name: "Plaats de baan" }).click();
  await employer.waitForURL("**/baan/opening_*");
  opening = new URL(employer.url()).pathname.split("/")[2];
  await open(employer, `/rij/${opening}/openen`);
  await tick(employer, "Nu meteen");
  await tick(employer, /Ja, ook wachten op later/);
  await employer.getByRole("button", { name: "Verder", exact: true }).click();
  await employer.getByRole("button", { name: "Zet de rij open" }).click();
  await employer.waitForURL("**/beheer");
});

test("a first name and a number are enough; the code shows her place", async () => {
  seeker = await on.person();
  await open(seeker, `/werk/${opening}`);
  await look(seeker, "plek-baan");
  assert.match(await words(seeker), /Geen gesprek, geen cv/);
  await open(seeker, `/rij/${opening}/aanmelden`);
  await look(seeker, "plek-aanmelden");
  await seeker.getByLabel("Voornaam").fill(NAME);
  await seeker.getByRole("button", { name: "Zet mij in de rij" }).click();
  await look(seeker, "plek-aanmelden-fout");
  assert.match(await seeker.title(), /^Fout: /);
  assert.equal(await seeker.getByLabel("Voornaam").inputValue(), NAME, "nothing typed is lost");
  await standInLine(seeker, NAME, PHONE);
  await seeker.waitForURL("**/rij/code");
  await look(seeker, "plek-code");
  told = await words(seeker);
  assert.match(told, /Gelukt\. Wij sturen u nu een sms met een code\./);
  await bringCode(seeker, PHONE);
  assert.match(await words(seeker), /Gelukt\. U staat in de rij\./);
  ticket = new URL(seeker.url()).pathname;
  await look(seeker, "plek-plek");
});

test("signing up again leads to the same place, and says nothing to who only knows her number", async () => {
  await open(seeker, `/rij/${opening}/aanmelden`);
  assert.equal(new URL(seeker.url()).pathname, ticket);
  assert.match(await words(seeker), /U staat al in deze rij\. Dit is uw plek\./);
  const stranger = await on.person();
  await standInLine(stranger, "Iemand", PHONE);
  await stranger.waitForURL("**/rij/code");
  assert.equal(await words(stranger), told, "word for word what she was told before anybody knew her");
  assert.equal(stranger.addresses.filter((address) => address.includes("ticket_")).length, 0);
  await stranger.context().close();
});

test("a link alone opens the door and comes back after the code; somebody else's place is not there", async () => {
  other = await on.person();
  await standInLine(other, "Duizendblad", SECOND);
  await other.waitForURL("**/rij/code");
  await bringCode(other, SECOND);
  assert.equal((await open(other, ticket)).status(), 404);

  const device = await on.person();
  await open(device, ticket);
  assert.equal(new URL(device.url()).pathname, "/inloggen");
  const shown = await words(device);
  assert.ok(!shown.includes(NAME) && !shown.includes("93"), "no name and no number");
  await device.getByLabel("Uw telefoonnummer of e-mailadres").fill(PHONE);
  await device.getByRole("button", { name: "Stuur mij een code" }).click();
  await bringCode(device, PHONE);
  assert.equal(new URL(device.url()).pathname, ticket);
  await device.context().close();
});

test("the first in line is asked, says yes and keeps the day in her calendar", async () => {
  await eventually("there is work for her", async () => {
    await open(seeker, "/mijn");
    return /Er is werk voor u/.test(await words(seeker));
  });
  await look(seeker, "plek-mijn-aanbod");
  await seeker.getByRole("link", { name: "Kijk en kies" }).click();
  await seeker.waitForURL(`**${ticket}`);
  await look(seeker, "plek-aanbod");
  assert.match(await words(seeker), /Wij geven uw voornaam en telefoonnummer aan/);
  await seeker.getByRole("button", { name: "Ja, ik begin" }).click();
  await look(seeker, "plek-ja");
  assert.match(await seeker.locator("h1").innerText(), /Gelukt\. U begint/);
  const calendar = await seeker.context().request.get(`${on.platform.address}${ticket}/agenda.ics`);
  assert.match(await calendar.text(), /DTSTART;VALUE=DATE:\d{8}/);
});

test("who waits pauses, takes part again, leaves and comes back to her own number", async () => {
  await open(other, "/mijn");
  await look(other, "plek-mijn");
  await other.getByRole("link", { name: /Hulp in de kas/ }).click();
  const number = await other.locator(".dbj-figure").innerText();
  await other.getByRole("button", { name: "Even pauze" }).click();
  await look(other, "plek-pauze");
  await other.getByRole("button", { name: "Weer meedoen" }).click();
  await other.getByRole("link", { name: "Uit de rij gaan" }).click();
  await look(other, "plek-uit");
  await other.getByRole("button", { name: "Haal mij uit de rij" }).click();
  await look(other, "plek-weg");
  await other.getByRole("button", { name: "Terugdraaien" }).click();
  assert.equal(await other.locator(".dbj-figure").innerText(), number);
});

test("who cannot come after all gives the place back, and the next is asked", async () => {
  await open(seeker, ticket);
  await seeker.getByRole("link", { name: "Kunt u toch niet?" }).click();
  await look(seeker, "plek-toch-niet");
  await seeker.getByRole("button", { name: "Ik kan toch niet" }).click();
  assert.match(await words(seeker), /U staat op pauze/);
  await eventually("there is work for the next", async () => {
    await open(other, "/mijn");
    return /Er is werk voor u/.test(await words(other));
  });
});

test("who says no is out of the line and can undo it; somebody without JavaScript signs up, is asked and says yes", async () => {
  third = await on.person({ javaScriptEnabled: false });
  third.withoutScript = true;
  await standInLine(third, "Guldenroede", THIRD);
  await third.waitForURL("**/rij/code");
  await look(third, "plek-zonder-script-code");
  await bringCode(third, THIRD);
  await look(third, "plek-zonder-script");
  assert.match(await words(third), /Er is 1 iemand voor u|U bent de volgende/);

  await other.getByRole("link", { name: "Kijk en kies" }).click();
  await other.getByRole("button", { name: "Nee, dit niet" }).click();
  await look(other, "plek-nee");
  assert.match(await words(other), /U staat niet meer in deze rij[^]*Terugdraaien kan tot/);

  await eventually("there is work for the third", async () => {
    await open(third, "/mijn");
    return /Er is werk voor u/.test(await words(third));
  });
  await third.getByRole("link", { name: "Kijk en kies" }).click();
  await look(third, "plek-zonder-script-aanbod");
  await third.getByRole("button", { name: "Ja, ik begin" }).click();
  await look(third, "plek-zonder-script-ja");
  begins = new URL(third.url()).pathname;
  assert.match(await third.locator("h1").innerText(), /Gelukt\. U begint/);
});

test("the employer sees who begins, and cannot tell before the day that she came", async () => {
  await open(employer, "/bedrijf/begonnen");
  await look(employer, "plek-wie-begint");
  const line = employer.locator("main li").filter({ hasText: "Nummer 3" });
  assert.match(await line.innerText(), /De eerste dag is[^]*Zei ja/);
  assert.equal(await line.getByRole("link", { name: /gekomen/i }).count(), 0, "the question comes on that day");
  const [, of] = (await line.getByRole("link").first().getAttribute("href")).match(/begonnen\/(ticket_[^/]+)/);
  await open(employer, `/begonnen/${of}/gekomen`);
  await employer.getByRole("button", { name: "Ja, gekomen" }).click();
  await look(employer, "plek-nog-niet-begonnen");
  assert.match(await words(employer), /Dat kan nu nog niet\. Er is niets veranderd\./);
});

test("with the keyboard alone: who wants one of two days is asked about that one, and chooses the other", async () => {
  for (const days of [21, 28]) {
    await open(employer, `/rij/${opening}/plekken`);
    await employer.locator("input[name=dag_1]").fill(inDays(days));
    await employer.locator("input[name=plekken_1]").fill("1");
    await employer.getByRole("button", { name: "Bewaar de plekken" }).click();
    await employer.waitForURL("**/beheer");
  }
  const fourth = await on.person();
  const dayOf = (days) => Number(inDays(days).slice(8));
  const tickDay = async (days) => {
    await reach(fourth, `${dayOf(days)} `);
    await fourth.keyboard.press("Space");
  };
  const dayOfOffer = async () => {
    await eventually("there is work for her", async () => {
      await fourth.reload();
      return /Begint u\?/.test(await words(fourth));
    });
    return Number((await words(fourth)).match(/Eerste dag\s+\S+ (\d+) /)[1]);
  };
  await open(fourth, `/werk/${opening}`);
  await follow(fourth, "Zet mij in de rij");
  await type(fourth, "Voornaam", "Zonnedauw");
  await type(fourth, "Telefoonnummer of e-mailadres", FOURTH);
  await look(fourth, "plek-aanmelden-dagen");
  await tickDay(28);
  await follow(fourth, "Zet mij in de rij");
  await type(fourth, "Wat is uw code?", await codeFor(FOURTH));
  await follow(fourth, "Verder");
  await fourth.waitForURL("**/mijn/rij/ticket_*");
  assert.equal(await dayOfOffer(), dayOf(28));
  await follow(fourth, "Ja, maar niet op die dag");
  assert.match(await words(fourth), /U kunt niet op de dagen die er nu zijn\./);
  await follow(fourth, "Andere dagen kiezen");
  await look(fourth, "plek-dagen");
  await tickDay(21);
  await follow(fourth, "Bewaar");
  assert.equal(await dayOfOffer(), dayOf(21));
  await look(fourth, "plek-aanbod-andere-dag");
  await follow(fourth, "Ja, ik begin");
  assert.match(await fourth.locator("h1").innerText(), /Gelukt\. U begint/);
  await fourth.context().close();
});

test("everyone can check the line, also without JavaScript", async () => {
  const visitor = await on.person({ javaScriptEnabled: false });
  visitor.withoutScript = true;
  await open(visitor, `/werk/${opening}`);
  await visitor.getByRole("link", { name: "De rij is te controleren" }).click();
  await look(visitor, "plek-controleren");
  for (const file of ["koppen.jsonl", "sleutels.jsonl"]) {
    const answer = await visitor.context().request.get(`${on.platform.address}/rij/${opening}/${file}`);
    assert.equal(answer.status(), 200);
    for (const line of (await answer.text()).split("\n").filter(Boolean)) JSON.parse(line);
  }
  await visitor.context().close();
});

test("on the day the employer says that she came, and her place says that she began", async () => {
  on.platform.pass(14);
  // Nobody stays signed in for two weeks.
  await signIn(employer, "werkgever");
  await open(employer, "/bedrijf/begonnen");
  await look(employer, "plek-eerste-dag");
  await open(employer, `${begins.replace("/mijn/rij/", "/begonnen/")}/gekomen`);
  await employer.getByRole("button", { name: "Ja, gekomen" }).click();
  await look(employer, "plek-gekomen");
  await open(third, "/inloggen");
  await third.getByLabel("Uw telefoonnummer of e-mailadres").fill(THIRD);
  await third.getByRole("button", { name: "Stuur mij een code" }).click();
  await third.getByLabel("Wat is uw code?").fill(await codeFor(THIRD));
  await next(third);
  await open(third, begins);
  await look(third, "plek-begonnen");
  assert.match(await words(third), /U bent begonnen\./);
});

test("what she typed is nowhere: not in the stream, the logs, the metrics, the database or an address", async () => {
  const places = await everythingWrittenDown(on.platform);
  places.set("addresses", Buffer.from([seeker, other, third, employer].flatMap((page) => page.addresses).join("\n")));
  const forms = [NAME, PHONE, ...PHONE_FORMS].flatMap((text) => [
    text,
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
  noComplaints(employer, seeker, other, third);
  allWell();
});
