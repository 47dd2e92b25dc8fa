// Looking at a page: axe-core with no rule off, no sideways scroll, what every page must have.

import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screens = process.env.DBJ_SCREENS ?? join(import.meta.dirname, "..", "..", "target", "screens");

/** A headless browser; only its background chatter is switched off. */
export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
}

/** Every journey can also be made without scripts: DBJ_WITHOUT_SCRIPT=1 make browser */
const withoutScript = Boolean(process.env.DBJ_WITHOUT_SCRIPT);

/** A person with her own browser: a phone of 360 px in Dutch unless told otherwise. Every address she visits is kept. */
export async function person(browser, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    locale: "nl-NL",
    timezoneId: "Europe/Amsterdam",
    javaScriptEnabled: !withoutScript,
    ...options,
  });
  const page = await context.newPage();
  page.withoutScript = withoutScript;
  page.addresses = [];
  page.on("request", (request) => page.addresses.push(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error") page.addresses.complaints = [...(page.addresses.complaints ?? []), message.text()];
  });
  page.setDefaultTimeout(60_000);
  return page;
}

/** What was wrong with any page looked at; the last test of a journey demands that it stayed empty. */
export const findings = [];

/** The widths at which every page is looked at: a cheap phone and a desk. */
const WIDTHS = [360, 1280];

/** A journey is made with the services together and apart; its pages are looked at closely in one of the two. */
const looksClosely = process.env.DBJ_LOOKS !== "0";

/**
 * Looks at the page as it is, on a phone and at a desk: accessible, in one language, with one heading, not wider than the
 * screen. What it finds is kept and told together at the end, so that one page does not hide the next.
 */
export async function look(page, name) {
  const expect = (isSo, what) => isSo || findings.push(`${name}: ${what}`);
  mkdirSync(screens, { recursive: true });
  // A press may still be on its way to the next page.
  await page.waitForLoadState("load");
  await page.locator("h1").first().waitFor();
  const title = await page.title();
  expect(/Dichterbij$/.test(title), `the title is "${title}"`);
  expect((await page.locator("h1").count()) === 1, "not one h1");
  expect((await page.locator("html[lang]").count()) === 1, "no language");
  if (!looksClosely) return;
  const before = page.viewportSize();
  for (const width of [...WIDTHS, 320]) {
    await page.setViewportSize({ width, height: before.height });
    // A browser without scripts still lets the test measure.
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide <= 0, `${wide} px too wide at ${width} px`);
    if (width === 320) continue;
    await page.screenshot({ path: join(screens, `${name}-${width}.png`), fullPage: true });
    // Without scripts on the page axe cannot run in it; such pages are looked at in the journey with scripts.
    if (page.withoutScript) continue;
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    for (const rule of violations) {
      const where = rule.nodes.map((node) => node.html).join("\n    ");
      findings.push(`${name} at ${width} px: axe ${rule.id}: ${rule.help}\n    ${where}`);
    }
  }
  await page.setViewportSize(before);
}
