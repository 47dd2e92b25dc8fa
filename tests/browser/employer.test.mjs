// An employer and someone who wants to work there: she says yes, the employer answers, she shares her number; and when she
// withdraws her consent while the employer looks, she is gone.

import assert from "node:assert/strict";
import { test } from "node:test";

import { look } from "./look.mjs";
import { allWell, beginJob, fillJob, noComplaints, stage, tick } from "./people.mjs";
import { eventually } from "./platform.mjs";

// Invented.
const NAME = "Korenbloem";
const PHONE = "06 85 31 64 27";
const JOB = "Hulp in de werkplaats";

const on = stage({ people: 60, employers: 6, openings: 20 });
const { open, signIn } = on;
let employer;
let she;

test("an employer places a job of its own and sees its colleagues and sites", async () => {
  employer = await on.person({ viewport: { width: 1280, height: 900 } });
  await signIn(employer, "werkgever");
  await open(employer, "/bedrijf");
  await look(employer, "bedrijf");
  await open(employer, "/bedrijf/collegas");
  await look(employer, "bedrijf-collegas");
  await beginJob(on, employer, "regular");
  await look(employer, "bedrijf-baan-nieuw");
  await fillJob(employer, JOB, { hours: ["24", "32"] });
  await employer.locator("button[name=doe][value=controleer]").click();
  await look(employer, "bedrijf-baan-klopt-dit");
  await employer.getByRole("button", { name: "Plaats de baan" }).click();
  await employer.waitForURL("**/baan/opening_*");
});

test("she sees the job, reads what the employer will see, and says yes", async () => {
  she = await on.register({
    name: NAME,
    phone: PHONE,
    postcode: "1324",
    yes: [/Werkgevers mogen mijn profiel zien/],
  });
  const link = she.locator("main a[href^='/mijn/voorstel/']", { hasText: JOB });
  await eventually("the job on her page", async () => {
    for (const page of ["/mijn", "/mijn?pagina=2", "/mijn?pagina=3"]) {
      await open(she, page);
      if ((await link.count()) > 0) return true;
    }
    return false;
  });
  await link.first().click();
  await look(she, "voorstel-kiezen");
  await she.locator("main details").first().locator("summary").click();
  await look(she, "voorstel-wat-ziet-de-werkgever");
  await she.getByRole("button", { name: "Ik wil dit" }).click();
  await look(she, "voorstel-gewild");
});

test("the employer sees someone without a name, and answers", async () => {
  await eventually("someone wants the job", async () => {
    await open(employer, "/bedrijf/interesse");
    return (await employer.locator("main .dbj-card").count()) > 0;
  });
  await look(employer, "bedrijf-interesse");
  const text = await employer.locator("main").innerText();
  assert.ok(!text.includes(NAME) && !text.includes("85 31"), "no name and no number");
  await employer.getByRole("button", { name: "Ja, wij willen kennismaken" }).click();
  await open(employer, "/bedrijf/interesse?alles=ja");
  const all = employer.locator("main a", { hasText: /Toon alles|Laat alles zien|Alles/ });
  if ((await all.count()) > 0) await all.first().click();
  await look(employer, "bedrijf-interesse-beantwoord");
});

test("the employer gets her number only when she shares it", async () => {
  const contact = employer.locator("main a[href$='/contact']").first();
  const address = await contact.getAttribute("href");
  await open(employer, address);
  await look(employer, "bedrijf-waarvoor");
  await tick(employer, "Een afspraak maken met deze persoon");
  await employer.getByRole("button", { name: "Laat de gegevens zien" }).click();
  await look(employer, "bedrijf-nog-niet-gedeeld");
  assert.ok(!(await employer.locator("main").innerText()).includes(NAME), "she decides");

  await eventually("she reads the answer", async () => {
    await she.reload();
    return (await she.getByRole("button", { name: "Ja, dat mag" }).count()) > 0;
  });
  await look(she, "voorstel-kennismaken");
  await she.getByRole("button", { name: "Ja, dat mag" }).click();
  await look(she, "voorstel-gedeeld");

  await open(employer, address);
  await tick(employer, "Een afspraak maken met deze persoon");
  await employer.getByRole("button", { name: "Laat de gegevens zien" }).click();
  await look(employer, "bedrijf-gegevens");
  assert.match(await employer.locator("main").innerText(), new RegExp(NAME));

  await open(she, "/mijn/toestemming");
  await look(she, "mijn-toestemming-wie-keek");
  assert.match(await she.locator("main").innerText(), /afspraak/i, "she sees who looked, and for what");
  assert.ok(employer.addresses.every((url) => !url.includes("85316427") && !url.includes(NAME)), "no address says who");
});

test("she withdraws her consent while the employer looks, and is gone at once", async () => {
  const mine = async () => {
    await open(employer, "/bedrijf/mensen");
    const form = employer.locator("main form[role=search]");
    await form.locator("button[type=submit]").click();
    return employer.locator("main .dbj-card").count();
  };
  await open(she, "/mijn/gegevens");
  const before = await mine();
  await look(employer, "bedrijf-mensen");
  assert.ok(before > 0, "the open file shows people");
  await open(she, "/mijn/toestemming");
  await she.locator("main form").filter({ has: she.locator("input[name=doel][value=open_file]") }).getByRole("button").click();
  await look(she, "mijn-toestemming-ingetrokken");
  await eventually("one person fewer", async () => {
    const found = await employer.locator("main h2").first().innerText();
    await mine();
    return (await employer.locator("main h2").first().innerText()) !== found || (await employer.locator("main .dbj-card").count()) < before;
  });
});

test("the browser complained of nothing, and every page looked at was as it must be", () => {
  noComplaints(employer, she);
  allWell();
});
