// At the library: someone is registered together with a helper, takes over herself, and ends the help. Someone else says
// that it was not her.

import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, codeIn, next, noComplaints, stage, tick } from "./people.mjs";

// Invented.
const NAME = "Wilgenroos";
const PHONE = "06 84 27 15 93";

const on = stage({ people: 60, employers: 6, openings: 20 });
const { open, newestMessage, signIn } = on;
let helper;
let she;

/** Fills in the questions that everyone gets. */
async function fillIn(page, name) {
  await page.getByLabel("Waar woont u?").fill("1324");
  await tick(page, "Alles mag");
  await tick(page, /ochtends/);
  await tick(page, "24 tot 32 uur");
  await page.getByLabel("Hoe mogen wij u noemen?").fill(name);
}

test("a helper registers someone together with her, by a code from her own telephone", async () => {
  helper = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(helper, "helper");
  await open(helper, "/hulp/mensen");
  await look(helper, "hulp-mensen-leeg");
  await open(helper, "/hulp/aanmelden");
  await look(helper, "hulp-aanmelden");
  assert.equal(await helper.locator("main input[name=toestemming]:checked").count(), 0, "nothing is ticked for her");

  await fillIn(helper, NAME);
  await tick(helper, "Eigen telefoon of e-mail");
  await helper.getByLabel("Telefoonnummer of e-mailadres").fill(PHONE);
  await tick(helper, "Sms");
  await tick(helper, /Werkgevers mogen mijn profiel zien/);
  // A yes without anything to show for it.
  await helper.getByRole("button", { name: "Meld aan" }).click();
  await look(helper, "hulp-aanmelden-fout");
  assert.match(await helper.locator(".dbj-errors").innerText(), /Kies hoe deze persoon ja zei/);
  assert.equal(await helper.getByLabel("Hoe mogen wij u noemen?").inputValue(), NAME, "nothing typed is lost");
  await tick(helper, /Met een code op de eigen telefoon/);
  await helper.getByRole("button", { name: "Meld aan" }).click();

  await look(helper, "hulp-code");
  const code = codeIn(await newestMessage("684271593"));
  await helper.getByLabel("Wat is de code?").fill("000000");
  await helper.getByRole("button", { name: "Meld aan" }).click();
  await look(helper, "hulp-code-fout");
  await helper.getByLabel("Wat is de code?").fill(code);
  await helper.getByRole("button", { name: "Meld aan" }).click();
  await helper.waitForURL("**/hulp/kaart");
  await look(helper, "hulp-kaart");
  await open(helper, "/hulp/mensen");
  await look(helper, "hulp-mensen");
  await helper.getByRole("link", { name: NAME }).click();
  await look(helper, "hulp-mens");
  assert.match(helper.url(), /\/hulp\/mens\/seeker_/);
});

test("the helper cannot say yes for her without something to show for it", async () => {
  await helper.getByRole("link", { name: "Geef een ja of nee door" }).click();
  await look(helper, "hulp-toestemming");
  await tick(helper, /Een adviseur mag met mij meedenken/);
  await tick(helper, /^Ja$/);
  await helper.getByRole("button", { name: "Geef door" }).click();
  await look(helper, "hulp-toestemming-fout");
  assert.match(await helper.locator(".dbj-errors").innerText(), /Kies hoe deze persoon ja zei/);
});

test("she signs in herself, sees who helped, and ends the help", async () => {
  she = await on.person();
  await open(she, "/inloggen");
  await she.getByLabel("Telefoonnummer of e-mailadres").fill(PHONE);
  await she.locator("main form button[type=submit]").first().click();
  const code = codeIn(await newestMessage("684271593"));
  await she.getByRole("textbox").first().fill(code);
  await she.locator("main form button[type=submit]").first().click();
  await she.waitForURL("**/mijn");
  await open(she, "/mijn/toestemming");
  await look(she, "mijn-toestemming-met-hulp");
  assert.match(await she.locator("main").innerText(), /Bibliotheek Almere/);
  await she.getByRole("button", { name: /Stop de hulp/ }).first().click();
  await look(she, "mijn-toestemming-hulp-gestopt");

  await open(helper, "/hulp/mensen");
  assert.equal(await helper.getByRole("link", { name: NAME }).count(), 0, "the helper's access is over");
});

test("someone who gets letters takes over with the code on her card", async () => {
  await open(helper, "/hulp/aanmelden");
  await fillIn(helper, "Berkendauw");
  await tick(helper, "Alleen een brief");
  await helper.getByLabel("Straat en huisnummer").fill("Dorpsstraat 1");
  await helper.locator("input[name='brief-postcode']").fill("1324 QZ");
  await helper.getByLabel("Plaats", { exact: false }).last().fill("Almere");
  await helper.getByRole("button", { name: "Meld aan" }).click();
  await helper.waitForURL("**/hulp/kaart");
  await look(helper, "hulp-kaart-brief");
  const code = (await helper.locator(".dbj-figure--code").innerText()).trim();

  const other = await on.person();
  await open(other, "/overnemen");
  await look(other, "overnemen");
  await other.getByLabel("Wat is de code?").fill(code.toLowerCase());
  await tick(other, "Ja, dit ben ik");
  await other.getByLabel("Telefoonnummer of e-mailadres").fill("06 84 27 15 94");
  await next(other);
  const sms = codeIn(await newestMessage("684271594"));
  await other.getByRole("textbox").first().fill(sms);
  await other.locator("main form button[type=submit]").first().click();
  await other.waitForURL("**/mijn");
  await open(other, "/mijn/gegevens");
  assert.match(await other.locator("main").innerText(), /Berkendauw/);
  noComplaints(other);
});

test("'this was not me' erases what was filled in, after saying what goes", async () => {
  await open(helper, "/hulp/aanmelden");
  await fillIn(helper, "Lindebloesem");
  await tick(helper, "Alleen een brief");
  await helper.getByLabel("Straat en huisnummer").fill("Dorpsstraat 2");
  await helper.locator("input[name='brief-postcode']").fill("1324 QZ");
  await helper.getByLabel("Plaats", { exact: false }).last().fill("Almere");
  await helper.getByRole("button", { name: "Meld aan" }).click();
  await helper.waitForURL("**/hulp/kaart");
  const code = (await helper.locator(".dbj-figure--code").innerText()).trim();
  const other = await on.person();
  await open(other, "/overnemen");
  await other.getByLabel("Wat is de code?").fill(code);
  await tick(other, "Dit was ik niet");
  await next(other);
  await look(other, "overnemen-niet-ik");
  await other.getByRole("button", { name: "Wis deze aanmelding" }).click();
  await look(other, "overnemen-gewist");
  await open(helper, "/hulp/mensen");
  assert.equal(await helper.getByRole("link", { name: "Lindebloesem" }).count(), 0);
  noComplaints(other);
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(helper, she);
  allWell();
});
