// Each route from draft to closed, as an account manager makes it: what that route asks, what is refused, what the check says,
// on hold, shown again, closed; and what the public sees of it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, beginJob, fillJob, noComplaints, stage, tick } from "./people.mjs";

const on = stage();
const { open, signIn } = on;
let manager;
let visitor;

const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What each route asks of its own. */
const ROUTES = {
  regular: async () => {},
  open_hiring: async (page) => {
    await page.locator("input[name=start_dag_1]").fill(inDays(14));
    await page.locator("input[name=start_plaatsen_1]").fill("2");
    await page.locator("input[name=plaatsen]").fill("2");
  },
  learn_work: async (page) => {
    await page.locator("input[name=leer_soort][value=bbl]").check({ force: true });
    await page.locator("input[name=school]").fill("ROC van Flevoland");
    await page.locator("input[name=erkend]").check({ force: true });
    await page.locator("input[name=resultaat][value=diploma]").check({ force: true });
    await page.locator("input[name=maanden]").fill("12");
    await page.locator("input[name=leeruren]").fill("8");
    await page.locator("input[name=werkuren]").fill("16");
  },
  jobcarving: async (page) => {
    await page.locator("input[name=bron_naam_1]").fill("Verpleegkundige");
    await page.locator("input[name=bron_mensen_1]").fill("12");
    // The tasks of the job come back as rows, each with where it came from.
    await page.locator("button[name=doe][value=regel]").last().click();
    await page.locator("select[name^=van_], select[name$=_van], fieldset.dbj-carved select").first().selectOption({ index: 1 });
    await page.locator("fieldset.dbj-carved input[type=text]").first().fill("20");
    await page.locator("textarea[name=verlicht]").fill("Verpleegkundigen houden meer tijd over voor zorg.");
  },
  basic_job: async (page) => {
    await page.locator("textarea[name=passend]").fill("Rustige werkplek, een vaste collega en korte dagen.");
    await page.locator("input[name=begeleiding]").fill("4");
  },
  participation_job: async (page) => {
    await page.locator("textarea[name=leert]").fill("Op tijd komen, samenwerken en vloeren schoonmaken.");
    await page.locator("input[name=maanden]").fill("6");
  },
  trial_placement: async (page) => {
    await page.locator("textarea[name=doel_proef]").fill("Laten zien dat het werk en de tijden passen.");
    await page.locator("input[name=weken]").fill("8");
    await page.locator("input[name=contract_maanden]").fill("6");
  },
};

test("an account manager signs in and adds an employer", async () => {
  manager = await on.person({ viewport: { width: 1280, height: 900 } });
  visitor = await on.person();
  await signIn(manager, "adviseur");
  await open(manager, "/werkgever/nieuw");
  await look(manager, "werkgever-nieuw");
  await manager.getByLabel("Naam van de werkgever").fill("Kwekerij Morgenrood");
  await manager.getByLabel("KVK-nummer").fill("87654321");
  await manager.locator("input[name=postcode]").fill("1324");
  await manager.locator("main form button[type=submit]").last().click();
  await manager.waitForURL("**/werkgever/employer_*");
  await look(manager, "werkgever-nieuwe");
});

/** The states look the same on every route: the first shows them, the others show what is their own. */
const lookOnce = (page, route, state) => (route === "regular" ? look(page, `route-${route}-${state}`) : undefined);

for (const [route, fillOwn] of Object.entries(ROUTES)) {
  test(`${route}: draft, placed, on hold, shown again, closed`, async () => {
    const title = `Hulp in de kas ${route.replaceAll("_", " ")}`;
    await beginJob(on, manager, route, "Kwekerij Morgenrood");
    await look(manager, `route-${route}-formulier`);
    await fillJob(manager, title);
    if (route !== "regular") {
      // Without what the route itself asks it is refused, at its own fields, and nothing typed is lost.
      await manager.locator("button[name=doe][value=controleer]").click();
      const refused = (await manager.locator(".dbj-errors").count()) > 0;
      if (route !== "open_hiring") assert.ok(refused, `${route} asks something of its own`);
      if (refused) {
        await look(manager, `route-${route}-fout`);
      } else {
        await manager.locator("button[name=doe][value=wijzig]").click();
      }
      assert.equal(await manager.locator("input[name=titel]").inputValue(), title);
    }
    await fillOwn(manager);
    await manager.locator("button[name=doe][value=concept]").first().click();
    await manager.waitForURL("**/baan/opening_*");
    const address = new URL(manager.url()).pathname;
    const id = address.split("/")[2];
    await lookOnce(manager, route, "concept");
    assert.equal((await open(visitor, `/werk/${id}`)).status(), 404, "nobody sees a draft");

    await manager.getByRole("button", { name: "Plaats de baan" }).click();
    await manager.waitForURL(`**${address}*`);
    assert.equal((await open(visitor, `/werk/${id}`)).status(), 200);
    await look(visitor, `route-${route}-werk`);
    const markup = JSON.parse(await visitor.locator("script[type='application/ld+json']").textContent());
    assert.equal(markup["@type"], "JobPosting");
    assert.equal(markup.title, title);

    await manager.getByRole("button", { name: "Laat de baan even niet zien" }).click();
    await lookOnce(manager, route, "pauze");
    await open(visitor, `/werk/${id}`);
    assert.match(await visitor.locator("main").innerText(), /staat even stil/);
    assert.equal(await visitor.locator("script[type='application/ld+json']").count(), 0);
    await manager.getByRole("button", { name: "Laat de baan weer zien" }).click();
    await open(visitor, `/werk/${id}`);
    assert.doesNotMatch(await visitor.locator("main").innerText(), /staat even stil/);

    await open(manager, `${address}/sluiten`);
    await tick(manager, "Alle plaatsen zijn vergeven");
    await manager.getByRole("button", { name: "Sluit de baan" }).click();
    await manager.waitForURL(`**${address}*`);
    await lookOnce(manager, route, "gesloten");
    assert.equal((await open(visitor, `/werk/${id}`)).status(), 410, "gone for the public");
  });
}

test("the vacancy check speaks while writing, with a reason and what to write instead", async () => {
  await beginJob(on, manager, "open_hiring", "Kwekerij Morgenrood");
  await fillJob(manager, "Jonge enthousiaste gastvrouw");
  await manager.locator("textarea[name=omschrijving]").fill("Stuur uw cv en een motivatiebrief. Nederlands is uw moedertaal.");
  await manager.locator("button[name=doe][value=controleer]").click();
  await look(manager, "baan-nakijken");
  const text = await manager.locator("main").innerText();
  assert.match(text, /cv/i);
  assert.ok((await manager.locator(".dbj-errors").count()) > 0, "open hiring may not ask for a cv");
});

test("search engines find the pages there are", async () => {
  // As a program reads them, not as a browser shows them.
  const read = (path) => visitor.context().request.get(on.platform.address + path);
  assert.match(await (await read("/robots.txt")).text(), /Sitemap: http.*\/sitemap\.xml/);
  const index = await (await read("/sitemap.xml")).text();
  const parts = [...index.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address).pathname);
  let openings = 0;
  for (const part of parts) {
    const answer = await read(part);
    assert.equal(answer.status(), 200, part);
    openings += [...(await answer.text()).matchAll(/\/werk\/opening_/g)].length;
  }
  assert.ok(openings > 20, `${openings} openings in the sitemap`);
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(manager, visitor);
  allWell();
});
