// Words for what people do in a journey: one stage per test file, with the platform and a browser.

import assert from "node:assert/strict";
import { after, before } from "node:test";

import { findings, look, person, startBrowser } from "./look.mjs";
import { codeByTheClock, eventually, startPlatform } from "./platform.mjs";

/** The platform and the browser of one test file, started before its tests and stopped after them. */
export function stage(amounts = {}) {
  const on = { platform: undefined, browser: undefined };
  before(async () => {
    on.platform = await startPlatform(amounts);
    on.browser = await startBrowser();
  });
  after(async () => {
    await on.browser?.close();
    await on.platform?.stop();
  });
  /** A person with her own browser; see `look.mjs`. */
  on.person = (options) => person(on.browser, options);
  on.open = (page, path) => page.goto(on.platform.address + path);
  /** The newest message to someone, as the local mailbox shows it. */
  on.newestMessage = async (to) => {
    const page = await on.person();
    try {
      return await eventually(`a message to ${to.slice(0, 3)}…`, async () => {
        await on.open(page, "/mailbox");
        const found = page.locator("main article, main li, main section").filter({ hasText: to });
        return (await found.count()) > 0 && (await found.first().innerText());
      });
    } finally {
      await page.context().close();
    }
  };
  /** A member of staff signs in by password and the code of this moment; the door is looked at the first time. */
  on.signIn = async (page, role) => {
    const isFirst = !on.signedIn;
    on.signedIn = true;
    const [, email, secret] =
      on.platform.signIns.match(new RegExp(`(${role}@\\S+)[^]*?\\b([A-Z2-7]{16,})\\b`)) ?? [];
    assert.ok(secret, `a demo sign-in of ${role} in:\n${on.platform.signIns}`);
    await on.open(page, "/personeel/inloggen");
    if (isFirst) await look(page, "staff-sign-in");
    await page.getByLabel("E-mailadres").fill(email);
    await page.getByLabel("Wachtwoord").fill("vier natte paarden");
    await page.getByRole("button", { name: "Log in" }).click();
    if (isFirst) await look(page, "staff-code");
    await page.getByRole("textbox").first().fill(codeByTheClock(secret, on.platform.days * 2880));
    await page.locator("main form button[type=submit]").first().click();
    await page.waitForURL((url) => !url.pathname.startsWith("/personeel"));
  };
  /** Registers someone new in five questions, saying yes to the purposes whose words are given; she ends on her own page. */
  on.register = async ({ name, phone, postcode, yes = [] }) => {
    const page = await on.person();
    await on.open(page, "/aanmelden/1");
    await page.getByLabel("Waar woont u?").fill(postcode);
    await next(page);
    await tick(page, "Alles mag");
    await next(page);
    for (const part of [/ochtends/, /middags/, /avonds/, /weekend/]) await tick(page, part);
    await tick(page, "24 tot 32 uur");
    await next(page);
    await page.getByLabel("Hoe mogen wij u noemen?").fill(name);
    await page.getByLabel("Telefoonnummer of e-mailadres").fill(phone);
    await tick(page, "Sms");
    await next(page);
    for (const words of yes) await tick(page, words);
    await page.getByRole("button", { name: "Laat mijn werk zien" }).click();
    const code = codeIn(await on.newestMessage(phone.replace(/\D/g, "").replace(/^0/, "")));
    await page.getByLabel("Wat is uw code?").fill(code);
    await next(page);
    await page.waitForURL("**/mijn");
    return page;
  };
  return on;
}

/** Ticks a box by pressing its words, as people do: the whole box is the target. */
export async function tick(page, words) {
  const label = page.locator("label.dbj-choice__label").filter({ hasText: words }).first();
  await label.click();
  assert.ok(await page.locator(`[id="${await label.getAttribute("for")}"]`).isChecked(), `${words} is ticked`);
}

/** Ticks a first day that can be chosen. */
export async function tickFirstDay(page, day) {
  const box = page.locator(`input[name=eerste_dag][value="${day}"]`);
  await page.locator(`label[for="${await box.getAttribute("id")}"]`).click();
  assert.ok(await box.isChecked(), `${day} is ticked`);
}

/** Presses the button that goes on. */
export const next = (page) => page.getByRole("button", { name: "Verder", exact: true }).click();

/** The six digits in a message. */
export const codeIn = (message) => message.match(/\b(\d{6})\b/)[1];

/** Demands that the browser complained of nothing, but for answers that were meant to refuse. */
export function noComplaints(...pages) {
  for (const page of pages) {
    const complaints = (page.addresses.complaints ?? []).filter((text) => !/status of (400|403|404|405|409|410)/.test(text));
    assert.deepEqual(complaints, []);
  }
}

/** Demands that every page looked at was as it must be. */
export const allWell = () => assert.deepEqual(findings, [], findings.join("\n"));

/** Fills in what every job asks, on the page of the job itself. */
export async function fillJob(page, title, { hours = ["16", "24"], places = "1" } = {}) {
  const group = page.locator("details:has(input[name='taak'][value^='schoonmaken.'])").first();
  await group.evaluate((part) => (part.open = true));
  await tick(page, "vloeren vegen, dweilen en stofzuigen");
  await page.locator("input[name=titel]").fill(title);
  await page.locator("input[name=postcode]").fill("1324");
  await page.locator("input[name=uren_min]").fill(hours[0]);
  await page.locator("input[name=uren_max]").fill(hours[1]);
  await tick(page, /ochtends/);
  await page.locator("input[name=plaatsen]").fill(places);
}

/** Chooses an employer, when there is one to choose, and what kind of job it is. */
export async function beginJob(on, page, route, employer) {
  await on.open(page, "/baan/nieuw");
  const choice = page.locator("select[name=werkgever], input[name=werkgever]:not([type=hidden])").first();
  if (employer && (await choice.count()) > 0) {
    const value = await page.locator("option", { hasText: employer }).first().getAttribute("value");
    await choice.selectOption(value);
  }
  await page.locator(`label.dbj-choice__label[for="${await page.locator(`input[name=soort][value=${route}]`).getAttribute("id")}"]`).click();
  await page.locator("main form button[value=verder]").click();
}

/** What has the focus: its words or those of its label, and whether one sees that it has it. */
const focused = (page) =>
  page.evaluate(() => {
    const one = document.activeElement;
    // A box shows it all around its words.
    const shown = [one, one.closest(".dbj-choice")].filter(Boolean).map((part) => getComputedStyle(part));
    const label = one.labels?.[0]?.innerText ?? "";
    return {
      words: one === document.body ? "" : `${label} ${one.innerText ?? ""}`.trim(),
      seen: shown.some((style) => style.outlineStyle !== "none" || style.boxShadow !== "none"),
    };
  });

/** Presses Tab until something with these words has the focus. */
export async function reach(page, text) {
  for (let press = 0; press < 120; press += 1) {
    await page.keyboard.press("Tab");
    const now = await focused(page);
    if (!now.words.includes(text)) continue;
    assert.ok(now.seen, `one sees that "${text}" has the focus`);
    return;
  }
  assert.fail(`Tab never came to "${text}" on ${page.url()}`);
}

/** Reaches something and goes where it leads. */
export async function follow(page, text) {
  await reach(page, text);
  const next = page.waitForEvent("load");
  await page.keyboard.press("Enter");
  await next;
}

/** Reaches a field and types. */
export async function type(page, label, text) {
  await reach(page, label);
  await page.keyboard.type(text);
}
