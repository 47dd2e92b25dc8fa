//! What a job-seeker may always do, told from outside: tell more, want a job, see who looked, pause, take
//! a copy, disappear; a browser, real services, real servers.

use chassis::harness::eventually;
use dichterbij_tests::{
    browser::{Answer, Browser},
    invented::{self, manager},
    reqwest::{Method, StatusCode},
    site::Site,
};
use proto::{
    AccountId, Actor, EmployerId, OpeningId, Role, Service,
    matcher::{AnswerInterest, EmployerAnswer, Interest, InterestIn, PeopleNear},
    vacancies::{OpeningDetails, PostOpening, SelfCheck},
    work::{Days, Support},
};
use uuid::Uuid;

const PHONE: &str = "06 12 34 56 78";
const SENT_TO: &str = "+31612345678";
const OTHER_PHONE: &str = "06 87 65 43 21";
const OTHER_SENT_TO: &str = "+31687654321";
const NAME: &str = "Samirabelle";

fn employer_account(employer_id: EmployerId) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(8)),
        roles: vec![Role::Employer],
        employer_id: Some(employer_id),
        regions: Vec::new(),
    }
}

fn details(title: &str) -> OpeningDetails {
    OpeningDetails {
        title: title.to_owned(),
        days: [1, 2, 6].into_iter().collect::<Days>(),
        places: 2,
        self_checks: vec![SelfCheck::LiftKg(15)],
        support: vec![Support::QuietPlace],
        ..invented::opening()
    }
}

/// An employer with one opening.
async fn opening(site: &Site) -> (EmployerId, OpeningId) {
    let employer_id =
        site.platform.ask(&manager(), &invented::employer("12345678")).await.expect("an employer is added");
    let command = PostOpening { employer_id, details: details("Schoonmaker op kantoor"), publish: true };
    let opening_id = site.platform.ask(&manager(), &command).await.expect("an opening is posted");
    (employer_id, opening_id)
}

/// Registers someone, with these purposes, and lets her in.
async fn register(site: &Site, yes: &[&str]) -> Browser {
    let mut browser = site.browser();
    let before = site.mailbox(SENT_TO).await.len();
    for (step, fields) in [
        (1, vec![("postcode", "1315rc")]),
        (2, vec![("taak", "schoonmaken.ramen"), ("taak", "schoonmaken.vloeren")]),
        (3, vec![("dagdeel", "morning"), ("dagdeel", "afternoon"), ("uren", "24-32")]),
        (4, vec![("naam", NAME), ("contact", PHONE), ("kanaal", "sms")]),
        (5, yes.iter().map(|purpose| ("toestemming", *purpose)).collect()),
    ] {
        let path = format!("/aanmelden/{step}");
        let key = browser.get(&path).await.key();
        let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields).collect();
        let taken = browser.post(&path, &fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "question {step}: {}", taken.words());
    }
    let code = site.newest_code(SENT_TO, before).await;
    let key = browser.get("/aanmelden/code").await.key();
    let taken = browser.submit("/aanmelden/code", &[("key", &key), ("code", &code)]).await;
    assert!(taken.says(NAME), "{}", taken.words());
    browser
}

/// Changes one answer; the list of her details comes back.
async fn change(browser: &mut Browser, question: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/mijn/gegevens/{question}");
    let key = browser.open(&path).await.key();
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.submit(&path, &fields).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn she_tells_as_much_as_she_wants_in_any_order() {
    let site = Site::start().await;
    let mut browser = register(&site, &[]).await;

    let saved = change(&mut browser, "hulp", &[("hulp", "quiet_place"), ("hulp", "seat")]).await;
    assert!(saved.says("Bewaard. Alleen u ziet dit."), "{}", saved.words());
    assert!(saved.says("Een rustige plek, Een stoel om te zitten"), "{}", saved.words());
    let saved = change(&mut browser, "niet", &[("niet", "lift")]).await;
    assert!(saved.says("Zwaar tillen"), "{}", saved.words());
    let saved =
        change(&mut browser, "talen", &[("nederlands", "simple"), ("taal-1", "tir"), ("niveau-1", "fluent")])
            .await;
    assert!(saved.says("Nederlands: Een eenvoudig gesprek; Tigrinya"), "{}", saved.words());
    let saved = change(&mut browser, "papieren", &[("papieren", "b"), ("papieren", "forklift")]).await;
    assert!(saved.says("Auto (B), Heftruckbewijs"), "{}", saved.words());
    let saved = change(&mut browser, "laten-zien", &[("laten-zien", "buddy")]).await;
    assert!(saved.says("Een vaste collega die meeloopt"), "{}", saved.words());
    let saved = change(
        &mut browser,
        "wanneer",
        &[("dagdeel", "morning"), ("uren", "24-32"), ("dag", "1"), ("dag", "2")],
    )
    .await;
    assert!(saved.says("maandag en dinsdag") && saved.says("Zwaar tillen"), "{}", saved.words());

    // What is not told well comes back as it was typed, with the reason.
    let refused = browser.post("/mijn/gegevens/vanaf", &[("wanneer", "later"), ("vanaf", "morgen")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.html().contains("value=\"morgen\"") && refused.html().contains("<title>Fout: "));
    let refused = browser.post("/mijn/gegevens/opmerking", &[("opmerking", "mijn bsn: 111222333")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.says("burgerservicenummer") && refused.says("111222333"), "{}", refused.words());
    let refused = browser
        .post("/mijn/gegevens/talen", &[("taal-1", "ara"), ("taal-2", "pol"), ("niveau-2", "good")])
        .await;
    assert!(refused.says("Kies hoe goed u deze taal spreekt."), "{}", refused.words());
    assert_eq!(
        browser.post("/mijn/gegevens/hulp", &[("hulp", "diagnose")]).await.status,
        StatusCode::BAD_REQUEST
    );

    // Searching for a task works without a script; what is ticked stays.
    let found = browser
        .post("/mijn/gegevens/wat", &[("taak", "schoonmaken.ramen"), ("zoek", "ramen"), ("zoeken", "ja")])
        .await;
    assert_eq!(found.status, StatusCode::OK);
    assert!(found.says("Gevonden"), "{}", found.words());

    // Background only after a yes to figures.
    let sent = browser.open("/mijn/gegevens/achtergrond").await;
    assert!(sent.says("Zeg eerst ja tegen de cijfers."), "{}", sent.words());
    browser.submit("/mijn/toestemming", &[("doel", "figures"), ("geef", "ja")]).await;
    let saved =
        change(&mut browser, "achtergrond", &[("uitkering", "social_assistance"), ("vindplaats", "library")])
            .await;
    assert!(saved.says("Bijstand") && saved.says("Bibliotheek"), "{}", saved.words());

    // Another name, and another number by a code.
    let saved = change(&mut browser, "naam", &[("naam", "Samira"), ("kanaal", "call"), ("taal", "nl")]).await;
    assert!(saved.says("Samira") && saved.says("Bellen"), "{}", saved.words());
    let old = browser.open("/mijn/gegevens/contact").await;
    assert!(
        old.says("Eerst uw oude nummer of adres") && old.says("Ga naar een balie of bel"),
        "{}",
        old.words()
    );
    let too_soon = browser.post("/mijn/gegevens/contact", &[("contact", OTHER_PHONE)]).await;
    assert_eq!(
        too_soon.location.as_deref(),
        Some("/mijn/gegevens/contact"),
        "not before a code to the old one"
    );
    let before = site.mailbox(SENT_TO).await.len();
    let asked = browser.submit("/mijn/gegevens/contact", &[("key", &old.key()), ("oud", "ja")]).await;
    let code = site.newest_code(SENT_TO, before).await;
    let fields = [("key", asked.key()), ("code", code)];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let free = browser.submit("/mijn/gegevens/contact/oud", &fields).await;
    assert!(free.says("Wat is uw nieuwe nummer of adres?"), "{}", free.words());
    let asked = change(&mut browser, "contact", &[("contact", OTHER_PHONE)]).await;
    let code = site.newest_code(OTHER_SENT_TO, 0).await;
    let fields = [("key", asked.key()), ("code", code)];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let changed = browser.submit("/mijn/gegevens/contact/code", &fields).await;
    assert!(
        changed.says("Wij bereiken u nu op het nieuwe nummer") && changed.says(OTHER_PHONE),
        "{}",
        changed.words()
    );
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn she_wants_a_job_hears_the_answer_and_decides_about_her_name() {
    let site = Site::start().await;
    let (employer_id, opening_id) = opening(&site).await;
    let mut browser = register(&site, &["open_file"]).await;
    change(&mut browser, "hulp", &[("hulp", "quiet_place"), ("hulp", "interpreter")]).await;
    change(&mut browser, "niet", &[("niet", "lift")]).await;
    change(&mut browser, "wanneer", &[("dagdeel", "morning"), ("uren", "24-32"), ("dag", "1"), ("dag", "2")])
        .await;
    let page = format!("/mijn/voorstel/{opening_id}");
    let mut mine = browser.open("/mijn").await;
    eventually("the proposal stands on her page", async || {
        mine = browser.open("/mijn").await;
        mine.links("/mijn/voorstel/") == [page.clone()]
    })
    .await;

    // What only she and we know stands beside the reasons.
    let proposal = browser.open(&page).await;
    for words in [
        "Uw hulp is er: Een rustige plek.",
        "U zei dat dit niet kan: Zwaar tillen. U tilt tot 15 kilo.",
        "Het werk is ook op zaterdag.",
        "Uw hulp staat er nog niet bij: Een tolk.",
        "Dit ziet De Linde als u ja zegt",
    ] {
        assert!(proposal.says(words), "{words}: {}", proposal.words());
    }

    // Found among all openings it is the same: her choice, in the same words.
    let found = browser.open(&format!("/werk/{opening_id}")).await;
    assert!(found.says("Ik wil dit") && found.says("Dit ziet De Linde als u ja zegt"), "{}", found.words());
    assert!(!site.browser().open(&format!("/werk/{opening_id}")).await.says("Ik wil dit"), "only hers");

    // Not for me, and back.
    let refused = browser.submit(&page, &[("keuze", "niet"), ("reden", "times")]).await;
    assert!(refused.says("Deze baan staat niet meer op uw lijst."), "{}", refused.words());
    assert!(browser.open(&page).await.says("U zei: niets voor mij"));
    assert!(browser.open(&format!("/werk/{opening_id}")).await.says("U zei: niets voor mij"));
    browser.submit(&page, &[("keuze", "terug")]).await;

    let wanted = browser.submit(&page, &[("keuze", "wil")]).await;
    assert!(wanted.says("U wilt dit") && wanted.says("De Linde antwoordt voor"), "{}", wanted.words());
    assert!(browser.open("/mijn").await.says("Wat u wilde"));

    // The employer sees someone without a name, and wants to meet her.
    let ask = InterestIn {
        opening_id: Some(opening_id),
        employer_id: None,
        only_open: true,
        page: 0,
        per_page: 10,
    };
    let linde = employer_account(employer_id);
    let interest: Vec<Interest> = site.platform.ask(&linde, &ask).await.expect("who wants it").rows;
    assert_eq!(interest.len(), 1);
    let answer = AnswerInterest { proposal_id: interest[0].proposal_id, answer: EmployerAnswer::Meet };
    site.platform.ask(&linde, &answer).await.expect("an answer");
    let mine = browser.open("/mijn").await;
    assert!(mine.says("De Linde wil u leren kennen"), "{}", mine.words());

    // She decides about her name and number, and takes it back.
    let proposal = browser.open(&page).await;
    assert!(proposal.says("Mag De Linde uw naam en nummer zien?"), "{}", proposal.words());
    let shared = browser.submit(&format!("{page}/contact"), &[("mag", "ja")]).await;
    assert!(shared.says("De Linde mag uw naam en nummer zien tot"), "{}", shared.words());
    assert!(browser.open("/mijn/toestemming").await.says("Wie uw naam en nummer mag zien"));
    let stopped = browser.submit(&format!("{page}/contact"), &[("mag", "nee")]).await;
    assert!(stopped.says("Mag De Linde uw naam en nummer zien?"), "{}", stopped.words());

    // Taking back takes her from the employer's list at once.
    browser.submit(&page, &[("keuze", "terug")]).await;
    let interest = site.platform.ask(&linde, &ask).await.expect("who wants it").rows;
    assert!(interest.is_empty(), "{interest:?}");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn she_sees_who_looked_and_a_no_counts_at_once() {
    let site = Site::start().await;
    let (employer_id, opening_id) = opening(&site).await;
    let mut browser = register(&site, &["open_file"]).await;
    let linde = employer_account(employer_id);
    let opening =
        site.platform.ask(&linde, &proto::vacancies::Opening { opening_id }).await.expect("it is there");
    let around = PeopleNear { cell: opening.area.cell, km: 50, tasks: Vec::new(), page: 0, per_page: 10 };
    eventually("the employer sees someone", async || {
        site.platform.ask(&linde, &around).await.is_ok_and(|found| found.total == 1)
    })
    .await;
    let mut consent = browser.open("/mijn/toestemming").await;
    eventually("she sees who looked", async || {
        consent = browser.open("/mijn/toestemming").await;
        consent.says("Een werkgever zag uw gegevens zonder naam.")
    })
    .await;
    assert!(consent.says("Sinds") && consent.says("Dat zei u zelf."), "{}", consent.words());

    let withdrawn = browser.submit("/mijn/toestemming", &[("doel", "open_file"), ("geef", "nee")]).await;
    assert!(withdrawn.says("Bewaard. Dit mag vanaf nu niet meer."), "{}", withdrawn.words());
    eventually("the employer sees nobody", async || {
        site.platform.ask(&linde, &around).await.is_ok_and(|found| found.total == 0)
    })
    .await;
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn she_pauses_comes_back_and_chooses_what_is_sent() {
    let site = Site::start().await;
    let mut browser = register(&site, &["open_file"]).await;
    let refused = browser.post("/mijn/pauze", &[("hoe", "tot"), ("tot", "1-1-2020")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.words());
    assert!(refused.html().contains("value=\"1-1-2020\""));
    let paused = browser.submit("/mijn/pauze", &[("hoe", "open")]).await;
    assert!(paused.says("U staat op pauze"), "{}", paused.words());
    assert!(browser.open("/mijn/pauze").await.says("Doe weer mee"));
    let back = browser.submit("/mijn/meedoen", &[]).await;
    assert!(back.says("Welkom terug.") && !back.says("U staat op pauze"), "{}", back.words());

    let on = browser.submit("/mijn/weekbericht", &[("aan", "ja")]).await;
    assert!(on.says("Elke week sturen wij het aantal nieuwe banen. Dat gaat via Sms."), "{}", on.words());
    let off = browser.submit("/mijn/weekbericht", &[("aan", "nee")]).await;
    assert!(off.says("U krijgt nu geen bericht over nieuw werk."), "{}", off.words());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn she_takes_a_copy_of_everything_and_disappears() {
    let site = Site::start().await;
    opening(&site).await;
    let mut browser = register(&site, &["adviser"]).await;
    change(&mut browser, "hulp", &[("hulp", "quiet_place")]).await;
    eventually("the proposal stands on her page", async || {
        !browser.open("/mijn").await.links("/mijn/voorstel/").is_empty()
    })
    .await;
    let mut copy = browser.open("/mijn/download").await;
    eventually("what she was shown is in her copy", async || {
        copy = browser.open("/mijn/download").await;
        copy.says("Schoonmaker op kantoor, De Linde")
    })
    .await;
    for words in [NAME, PHONE, "1315 RC, Almere", "Een rustige plek", "Dit mag. Sinds", "Dit doet u graag"] {
        assert!(copy.says(words), "{words}: {}", copy.words());
    }
    let file = browser.get("/mijn/download/bestand").await;
    assert_eq!((file.status, file.kind.as_str()), (StatusCode::OK, "application/json"));
    let disposition = file.headers["content-disposition"].to_str().expect("text");
    assert!(disposition.starts_with("attachment") && !disposition.contains(NAME), "{disposition}");
    assert_eq!(file.headers["cache-control"], "no-store");
    let json: serde_json::Value = serde_json::from_slice(&file.bytes).expect("JSON");
    assert_eq!(json["intake"]["details"]["name"], NAME);
    assert_eq!(json["intake"]["details"]["needs"][0], "quiet_place");
    assert_eq!(json["matcher"]["shown"].as_array().map(Vec::len), Some(1));

    // Looking at the page erases nothing; a form without the deed does not either.
    assert!(browser.open("/mijn/wissen").await.says("Terugdraaien kan niet."));
    assert_eq!(browser.post("/mijn/wissen", &[]).await.status, StatusCode::BAD_REQUEST);
    assert!(browser.open("/mijn").await.says("Mijn werk"));

    let session = browser.cookies()["__Host-dbj-sessie"].clone();
    let gone = browser.submit("/mijn/wissen", &[("wis", "ja")]).await;
    assert!(gone.says("Uw gegevens zijn gewist") && !gone.says("Uitloggen"), "{}", gone.words());
    browser.set_cookie("__Host-dbj-sessie", &session);
    assert_eq!(browser.get("/mijn").await.status, StatusCode::UNAUTHORIZED);
    for service in [Service::Intake, Service::Matcher, Service::Portal] {
        eventually("nothing of her name or number is left", async || {
            let dump = site.platform.dump_of(service).await;
            !dump.contains(NAME) && !dump.contains(SENT_TO)
        })
        .await;
    }
    // The same number can begin again, as someone new.
    let mut again = register(&site, &[]).await;
    assert!(again.open("/mijn/gegevens").await.says("Nog niet verteld"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_desk_of_her_region_calls_her_when_she_asks() {
    let site = Site::start().await;
    // Everyone finds the desks; the postcode is in no address.
    let mut visitor = site.browser();
    let refused = visitor.post("/hulp", &[("postcode", "0000")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    let found = visitor.post("/hulp", &[("postcode", "1315")]).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.words());
    assert!(found.says("Voor iedereen die werk zoekt, met of zonder uitkering."), "{}", found.words());
    assert!(found.links("/mijn/loket/").is_empty(), "only for who is signed in");
    assert!(
        visitor.open("/hulp").await.says("Voor wie wil leren en werken."),
        "the browser keeps the postcode"
    );

    let mut browser = register(&site, &[]).await;
    let desk = browser.open("/hulp").await.links("/mijn/loket/").remove(0);
    let ask = browser.open(&desk).await;
    assert!(ask.says(NAME) && ask.says(PHONE), "what the desk gets: {}", ask.words());
    let refused = browser.post(&desk, &[("vraag", "mijn bsn is 111222333")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.words());
    let asked = browser.submit(&desk, &[("vraag", "Kan ik leren en werken?")]).await;
    assert!(asked.says("Het loket belt of mailt u voor"), "{}", asked.words());
    let id = asked
        .html()
        .split("name=\"id\" value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .map(str::to_owned);
    let id = id.expect("a button to take it back");
    let back = browser.submit("/mijn/verwijzing", &[("id", &id)]).await;
    assert!(back.says("U nam dit terug."), "{}", back.words());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_cannot_do_something_says_so() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let refused = browser.ask(Method::POST, "/privacy", "same-origin", &[]).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(refused.says("Dit kan niet op deze pagina"), "{}", refused.words());
    assert!(refused.headers.contains_key("allow"));
    let refused = browser.ask(Method::DELETE, "/", "same-origin", &[]).await;
    assert_eq!(refused.status, StatusCode::METHOD_NOT_ALLOWED);
    site.stop().await;
}
