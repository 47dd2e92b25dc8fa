// An employer opens the line of a job; people are put in line at the desk, one of them without a smartphone and one without a
// telephone; the first gets the offer and says yes there, the second is called and says yes; the employer sees who begins, and
// nobody sees a name in the line. Her adviser confirms who waits for a code and sets a mistake right; an auditor reads it all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, beginJob, fillJob, noComplaints, stage, tick, tickFirstDay } from "./people.mjs";
import { eventually } from "./platform.mjs";

// Invented.
const NAME = "Zonnedauw";
const PHONE = "06 83 46 21 75";
const CALLED = "Vlierbes";
const LANDLINE = "036 537 18 24";
const WITHOUT = "Bosbes";
const UNCONFIRMED = "Akkerwinde";
const JOB = "Hulp in de wasserij";

const on = stage({ people: 60, employers: 6, openings: 20 });
const { open, signIn } = on;
let employer;
let helper;
let adviser;
let auditor;
let line;
let called;
let without;

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const press = (page, name) => page.getByRole("button", { name, exact: true }).click();

test("an employer places an open-hiring job and opens its line", async () => {
  employer = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(employer, "werkgever");
  await beginJob(on, employer, "open_hiring");
  await fillJob(employer, JOB);
  await employer.locator("input[name=start_dag_1]").fill(inDays(14));
  await employer.locator("input[name=start_plaatsen_1]").fill("1");
  await employer.locator("button[name=doe][value=controleer]").click();
  await press(employer, "Plaats de baan");
  await employer.waitForURL("**/baan/opening_*");
  await look(employer, "rij-baan");

  await employer.getByRole("link", { name: "De rij", exact: true }).click();
  await employer.waitForURL("**/rij/opening_*/openen");
  line = new URL(employer.url()).pathname.replace("/openen", "");
  await look(employer, "rij-openen");
  assert.equal(await employer.locator("input[name=dag_1]").inputValue(), inDays(14), "the first day of the job");
  await employer.locator("input[name=uren]").fill("0");
  await press(employer, "Verder");
  await look(employer, "rij-openen-fout");
  assert.match(await employer.locator(".dbj-errors").innerText(), /van 1 tot 120[^]*Kies een antwoord/);
  await employer.locator("input[name=uren]").fill("24");
  await tick(employer, /Ja, ook wachten op later/);
  await press(employer, "Verder");
  await look(employer, "rij-klopt-dit");
  await press(employer, "Wijzig dit");
  assert.equal(await employer.locator("input[name=uren]").inputValue(), "24", "nothing typed is lost");
  await press(employer, "Verder");
  await press(employer, "Zet de rij open");
  await employer.waitForURL("**/beheer");
  await look(employer, "rij-beheer-leeg");
});

test("at the desk people are put in line, also without a telephone, and once is enough", async () => {
  helper = await on.person();
  await signIn(helper, "helper");
  await open(helper, `${line}/balie`);
  await look(helper, "rij-balie");
  await press(helper, "Zet in de rij");
  await look(helper, "rij-balie-fout");
  assert.match(await helper.locator(".dbj-errors").innerText(), /Vul een naam in/);
  await helper.getByLabel("Voornaam").fill(NAME);
  await helper.getByLabel("Telefoonnummer").fill(PHONE);
  await press(helper, "Zet in de rij");
  await helper.waitForURL("**/balie/ticket_*");
  await look(helper, "balie-plek");
  const first = helper.url();
  assert.match(await helper.locator("h1").innerText(), /is 1$/);

  await helper.getByRole("link", { name: "Nog iemand" }).click();
  await helper.getByLabel("Voornaam").fill(NAME);
  await helper.getByLabel("Telefoonnummer").fill(PHONE);
  await press(helper, "Zet in de rij");
  await helper.waitForURL("**/balie/ticket_*");
  assert.equal(helper.url(), first, "the same telephone has the same place");

  await helper.getByRole("link", { name: "Nog iemand" }).click();
  await helper.getByLabel("Voornaam").fill(CALLED);
  await helper.getByLabel("Telefoonnummer").fill(LANDLINE);
  await press(helper, "Zet in de rij");
  await helper.waitForURL("**/balie/ticket_*");
  assert.match(await helper.locator("h1").innerText(), /is 2$/);
  called = new URL(helper.url()).pathname;

  await helper.getByRole("link", { name: "Nog iemand" }).click();
  await helper.getByLabel("Voornaam").fill(WITHOUT);
  await press(helper, "Zet in de rij");
  await helper.waitForURL("**/balie/ticket_*");
  assert.match(await helper.locator("h1").innerText(), /is 3$/);
  without = new URL(helper.url()).pathname;
  await press(helper, "Zet op pauze");
  await look(helper, "balie-plek-pauze");
  await press(helper, "Laat weer meedoen");
  await open(helper, new URL(first).pathname);
});

test("the first in line gets the offer and says yes at the desk", async () => {
  await eventually("an offer", async () => {
    await helper.reload();
    return (await helper.getByRole("button", { name: "Geef het antwoord door" }).count()) > 0;
  });
  await look(helper, "balie-plek-aanbod");
  await tick(helper, "Zegt ja");
  await press(helper, "Geef het antwoord door");
  await look(helper, "balie-plek-ja");
  assert.match(await helper.locator("main").innerText(), /U begint op/);
});

test("the employer sees the line without names, and who begins", async () => {
  await open(employer, `${line}/beheer`);
  await look(employer, "rij-beheer");
  const seen = await employer.locator("main").innerText();
  assert.match(seen, /Nummer 1[^]*Zei ja[^]*Nummer 2[^]*Er is geen plek vrij/);
  for (const secret of [NAME, CALLED, WITHOUT, "83 46", "537"]) assert.ok(!seen.includes(secret), "no name and no number");

  await employer.getByRole("link", { name: "Wie begint" }).click();
  await look(employer, "wie-begint");
  await employer.getByRole("link", { name: /Laat naam en nummer zien/ }).click();
  await look(employer, "wie-begint-vraag");
  await press(employer, "Laat naam en nummer zien");
  await look(employer, "wie-begint-nummer");
  assert.match(await employer.locator("main").innerText(), new RegExp(NAME));
  assert.ok(employer.addresses.every((url) => !url.includes("83462175") && !url.includes(NAME)), "no address says who");
});

test("the employer adds a place; who has no smartphone is called, and says yes by telephone", async () => {
  await open(employer, `${line}/plekken`);
  await look(employer, "rij-plekken");
  await employer.locator("input[name=dag_1]").fill(inDays(0));
  await employer.locator("input[name=plekken_1]").fill("1");
  await press(employer, "Bewaar de plekken");
  await look(employer, "rij-plekken-fout");
  assert.match(await employer.locator(".dbj-errors").innerText(), /De eerste dag moet na vandaag liggen/);
  await employer.locator("input[name=dag_1]").fill(inDays(21));
  await press(employer, "Bewaar de plekken");
  await employer.waitForURL("**/beheer");

  adviser = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(adviser, "adviseur");
  const task = adviser.locator("main li").filter({ hasText: JOB });
  await eventually("a call to make", async () => {
    await open(adviser, "/werkplek/bellen");
    return (await task.count()) === 1;
  });
  await look(adviser, "bellen");
  assert.ok(!(await adviser.locator("main").innerText()).includes(CALLED), "no name in the list");
  await task.getByRole("link").first().click();
  await look(adviser, "bellen-een");
  assert.ok(!(await adviser.locator("main").innerText()).includes("537"), "no number before it is asked for");
  await adviser.getByRole("button", { name: /nummer/ }).click();
  await look(adviser, "bellen-nummer");
  assert.match(await adviser.locator("main").innerText(), new RegExp(`${CALLED}[^]*537`));
  await press(adviser, "Bewaar");
  await look(adviser, "bellen-fout");
  assert.match(await adviser.locator(".dbj-errors").innerText(), /Kies een antwoord/);
  assert.match(await adviser.locator("main").innerText(), /537/, "the number stays");
  await tick(adviser, "Zegt ja");
  await press(adviser, "Bewaar");
  await adviser.waitForURL("**/werkplek/bellen");
  await look(adviser, "bellen-klaar");
  assert.equal(await task.count(), 0, "nobody calls twice");
  await open(helper, called);
  assert.match(await helper.locator("main").innerText(), /Zei ja[^]*U begint op/);
  // As typed or as kept; three digits alone stand in many an id.
  const says = (url) => /537(%20|\+|-)?18(%20|\+|-)?24/.test(url) || url.includes(CALLED);
  assert.ok(!adviser.addresses.some(says), "no address says who");
});

test("at the desk somebody says on which first day she wants to begin", async () => {
  await open(helper, `${line}/balie`);
  assert.equal(await helper.locator("input[name=eerste_dag]").count(), 2, "two days to choose from");
  await look(helper, "rij-balie-dagen");
  await open(helper, without);
  await helper.getByRole("link", { name: "Andere dagen kiezen" }).click();
  await look(helper, "balie-dagen");
  await tickFirstDay(helper, inDays(21));
  await press(helper, "Bewaar");
  await helper.waitForURL("**/balie/ticket_*");
  await look(helper, "balie-plek-dagen");
  assert.match(await helper.locator("main").innerText(), /U koos als eerste dag: /);
});

test("the employer takes a place back with a reason, and stops", async () => {
  await open(employer, `${line}/plekken`);
  await employer.locator("input[name=dag_1]").fill(inDays(28));
  await employer.locator("input[name=plekken_1]").fill("1");
  await press(employer, "Bewaar de plekken");
  await employer.waitForURL("**/beheer");
  await employer.getByRole("link", { name: /^Neem een plek van/ }).last().click();
  await look(employer, "rij-plek-terug");
  await press(employer, "Neem deze plek terug");
  assert.match(await employer.locator(".dbj-errors").innerText(), /Kies een antwoord/);
  await tick(employer, "Er is minder werk dan verwacht");
  await press(employer, "Neem deze plek terug");
  await employer.waitForURL("**/beheer");
  assert.match(await employer.locator("main").innerText(), /minder werk dan verwacht/);
  await employer.getByRole("link", { name: "Stop met aanbieden" }).click();
  await look(employer, "rij-stoppen");
  await tick(employer, "Er is een arbeidsconflict");
  await press(employer, "Stop met aanbieden");
  await employer.waitForURL("**/beheer");
  await look(employer, "rij-gestopt");
  assert.match(await employer.locator("main").innerText(), /doet nu geen aanbiedingen/);
});

test("who waits for her code is confirmed, and what was noted by mistake is set right with a reason", async () => {
  const visitor = await on.person();
  await open(visitor, `${line}/aanmelden`);
  await visitor.locator("input[name=naam]").fill(UNCONFIRMED);
  await visitor.locator("input[name=contact]").fill("06 29 41 73 58");
  await visitor.locator("main form button[type=submit]").last().click();
  await visitor.waitForURL("**/rij/code");
  await open(adviser, `${line}/beheer`);
  await look(adviser, "rij-beheer-adviseur");
  await adviser.getByRole("link", { name: "Bevestig wie nummer 4 is" }).click();
  await look(adviser, "rij-bevestigen");
  await press(adviser, "Bevestig deze persoon");
  await adviser.waitForURL("**/balie/ticket_*");
  await eventually("it is known that it is she", async () => {
    await adviser.reload();
    return (await adviser.getByRole("link", { name: "Bevestig deze persoon" }).count()) === 0;
  });

  await press(adviser, "Haal uit de rij");
  await open(adviser, `${line}/beheer`);
  await adviser.getByRole("link", { name: "Herstel een fout bij nummer 4" }).click();
  await look(adviser, "rij-herstel");
  await press(adviser, "Herstel deze fout");
  await look(adviser, "rij-herstel-fout");
  assert.match(await adviser.locator(".dbj-errors").innerText(), /Kies een antwoord/);
  await tick(adviser, "Uit de rij gaan was niet de bedoeling");
  await press(adviser, "Herstel deze fout");
  await adviser.waitForURL("**/beheer");
  await look(adviser, "rij-hersteld");
  assert.match(await adviser.locator("main").innerText(), /Nummer 4[^]*Fout hersteld, staat weer in de rij/);
  noComplaints(visitor);
});

test("an auditor reads the ledger of the line", async () => {
  auditor = await on.person();
  await signIn(auditor, "beheer");
  await open(auditor, line);
  await look(auditor, "rij-controle-beheer");
  await auditor.getByRole("link", { name: "Het boek van de rij" }).click();
  await auditor.waitForURL("**/boek");
  await look(auditor, "rij-boek");
  const seen = await auditor.locator("main").innerText();
  assert.match(seen, /Regel 1[^]*De rij is gemaakt[^]*Nummer 1: Ging in de rij staan/);
  for (const secret of [NAME, CALLED, WITHOUT, UNCONFIRMED]) assert.ok(!seen.includes(secret), "no names");
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(employer, helper, adviser, auditor);
  allWell();
});
