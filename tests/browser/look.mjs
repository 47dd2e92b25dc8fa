// Looking at a page: axe-core with no rule off, no sideways scroll, what every page must have.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { chromium } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const screens = process.env.DBJ_SCREENS ?? join(import.meta.dirname, "..", "..", "target", "screens");

/** A headless browser; only its background chatter is switched off. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** A person with her own browser: a phone of 360 px in Dutch unless told otherwise. Every address she visits is kept. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: "nl-NL",
    timezoneId: "Europe/Amsterdam",
    // axe is put in by the test, which the page's own policy rightly forbids.
    bypassCSP: true,
    ...options,
  });
  const page = await context.newPage();
  page.addresses = [];
  page.on("request", (request) => page.addresses.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error") page.addresses.complaints = [...(page.addresses.complaints ?? []), message.text()];
  });
  page.setDefaultTimeout(15_000);
  return page;
}

/** Looks at the page as it is: accessible, in one language, with one heading, not wider than the screen. */
export async function look(page, name) {
  mkdirSync(screens, { recursive: true });
  await page.screenshot({ path: join(screens, `${name}.png`), fullPage: true });
  const title = await page.title();
  assert.match(title, /Dichterbij$/, `the title of ${name}: ${title}`);
  assert.equal(await page.locator("h1").count(), 1, `one h1 on ${name}`);
  assert.ok(await page.locator("html[lang]").count(), `a language on ${name}`);
  const { width } = page.viewportSize();
  for (const narrow of [width, 320]) {
    await page.setViewportSize({ width: narrow, height: 740 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px too wide at ${narrow} px`);
  }
  await page.setViewportSize({ width, height: 740 });
  // Without scripts on the page axe cannot run in it; such pages are looked at in the journey with scripts.
  if (page.withoutScript) return;
  await page.addScriptTag({ path: axePath });
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const told = violations.map((rule) => `${rule.id}: ${rule.help}\n    ${rule.nodes.map((node) => node.html).join("\n    ")}`);
  assert.deepEqual(told, [], `axe on ${name}`);
}
