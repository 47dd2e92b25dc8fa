//! What everyone and every job-seeker can do on the pages, told from outside: a browser, real services,
//! real servers.

use std::{collections::BTreeMap, time::Duration};

use chassis::harness::eventually;
use dichterbij_tests::{
    browser::{Answer, Browser},
    invented::{self, manager},
    reqwest::{Method, StatusCode},
    site::Site,
};
use portal::{domain::second_factor::SecondFactor, web::guard::Access};
use proto::{
    Actor, EmployerId, OpeningId, Role, Service,
    portal::PrepareDemo,
    vacancies::{
        CloseOpening, CloseReason, Firmness, OpeningDetails, PostOpening, Requirement, RequirementKind,
    },
};
use tokio::time::Instant;
use uuid::Uuid;

const PHONE: &str = "06 12 34 56 78";
const SENT_TO: &str = "+31612345678";
const NAME: &str = "Samirabelle";

fn details(title: &str) -> OpeningDetails {
    OpeningDetails {
        title: title.to_owned(),
        places: 2,
        requirements: vec![Requirement {
            kind: RequirementKind::SimpleDutch,
            firmness: Firmness::Needed,
            ground: Some("U leest de veiligheidsregels.".to_owned()),
        }],
        ..invented::opening()
    }
}

async fn employer(site: &Site) -> EmployerId {
    site.platform.ask(&manager(), &invented::employer("12345678")).await.expect("an employer is added")
}

async fn post(site: &Site, employer_id: EmployerId, details: OpeningDetails) -> OpeningId {
    let command = PostOpening { employer_id, details, publish: true };
    site.platform.ask(&manager(), &command).await.expect("an opening is posted")
}

/// Answers a question; the form is the one on the page.
async fn answer(browser: &mut Browser, step: u8, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/aanmelden/{step}");
    let page = browser.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "question {step}: {:?}", page.location);
    let key = page.key();
    let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(&path, &fields).await
}

/// Questions 1 to 4.
async fn answer_four(browser: &mut Browser, contact: &str) {
    for (step, fields) in [
        (1, &[("postcode", "1315rc")][..]),
        (2, &[("taak", "schoonmaken.ramen"), ("taak", "schoonmaken.vloeren")]),
        (3, &[("dagdeel", "morning"), ("dagdeel", "afternoon"), ("uren", "24-32")]),
        (4, &[("naam", NAME), ("contact", contact), ("kanaal", "sms")]),
    ] {
        let taken = answer(browser, step, fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "question {step}: {}", taken.words());
        assert_eq!(taken.location.as_deref(), Some(format!("/aanmelden/{}", step + 1).as_str()));
    }
}

/// Registers someone and lets her in.
async fn register(site: &Site, browser: &mut Browser, contact: &str, sent_to: &str) -> Answer {
    let before = site.mailbox(sent_to).await.len();
    answer_four(browser, contact).await;
    let sent = answer(browser, 5, &[("toestemming", "adviser")]).await;
    assert_eq!(sent.location.as_deref(), Some("/aanmelden/code"), "{}", sent.words());
    let code = site.newest_code(sent_to, before).await;
    let key = browser.get("/aanmelden/code").await.key();
    let taken = browser.post("/aanmelden/code", &[("key", &key), ("code", &code)]).await;
    assert_eq!(taken.location.as_deref(), Some("/mijn"), "{}", taken.words());
    browser.follow(taken).await
}

/// A browser in which a demo account of this role is signed in.
async fn staff(site: &Site, role: Role) -> Browser {
    let command = PrepareDemo { employer_id: None, region: "AM11".to_owned() };
    let operator = Actor::Service { service: Service::Portal };
    let sign_ins = site.platform.ask(&operator, &command).await.expect("demo accounts");
    let account = sign_ins.into_iter().find(|account| account.role == role).expect("one of each role");
    let factor = SecondFactor::from_base32(&account.totp_secret, "demo").expect("a secret");
    let mut browser = site.browser();
    let fields = [("email", account.email.as_str()), ("wachtwoord", &account.password)];
    let half_way = browser.post("/personeel/inloggen", &fields).await;
    assert_eq!(half_way.location.as_deref(), Some("/personeel/code"), "{}", half_way.words());
    let code = factor.code(site.platform.clock.machine_now());
    let signed_in = browser.post("/personeel/code", &[("code", &code)]).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{}", signed_in.words());
    browser
}

/// Every address on a page and where it leads.
fn addresses(answer: &Answer) -> Vec<String> {
    let html = answer.html();
    let of = |attribute: &str| {
        html.split(&format!(" {attribute}=\""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    answer.location.iter().cloned().chain(of("href")).chain(of("action")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn someone_registers_sees_work_with_reasons_and_stays_in_charge_of_it() {
    let site = Site::start().await;
    let linde = employer(&site).await;
    let opening_id = post(&site, linde, details("Schoonmaker op kantoor")).await;
    let mut browser = site.browser();

    let page = register(&site, &mut browser, PHONE, SENT_TO).await;
    assert!(page.says(&format!("Welkom, {NAME}. Dit past bij u.")), "{}", page.words());
    assert!(page.says("Gelukt. U bent aangemeld."));
    assert!(!browser.cookies().contains_key("__Host-dbj-aanmelding"), "the draft is gone");
    assert!(!browser.cookies().contains_key("__Host-dbj-code"), "the code is used");

    // Her proposals come by themselves.
    let mut mine = page;
    eventually("proposals on her page", async || {
        mine = browser.open("/mijn").await;
        mine.says("1 baan past bij u")
    })
    .await;
    assert!(!mine.says("Gelukt. U bent aangemeld."), "said once");
    assert!(mine.says("Schoonmaker op kantoor") && mine.says("De Linde"));
    assert!(mine.says("Past: Dit doet u graag:"), "{}", mine.words());
    assert!(mine.says("Past: De uren passen: 24 tot 32 uur per week."));
    assert!(mine.says(
        "Let op: Hier is nodig: Eenvoudig Nederlands. Hebt u dit nog niet? Bel ons, soms kunt u het leren."
    ));
    let link = mine.links("/mijn/voorstel/").remove(0);
    assert_eq!(link, format!("/mijn/voorstel/{opening_id}"));
    let proposal = browser.open(&link).await;
    assert!(proposal.says("Waarom dit bij u past") && proposal.says("U werkt in een klein team."));

    // What she saw is recorded, once.
    let pool = site.platform.pool(Service::Matcher);
    eventually("what was shown is recorded", async || {
        let shown: i64 = sqlx::query_scalar("select count(*) from proposals").fetch_one(pool).await.unwrap();
        shown == 1
    })
    .await;

    // A change goes to the matcher at once.
    let told = browser.open("/mijn/gegevens").await;
    assert!(
        told.says("1315 RC, Almere") && told.says(PHONE) && told.says("24 tot 32 uur per week"),
        "{}",
        told.words()
    );
    assert!(told.says("Nog niet verteld"), "how far she travels");
    let refused = browser.post("/mijn/gegevens/vervoer", &[("vervoer", "bicycle")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.html().contains("value=\"bicycle\" checked"), "the answer that was given stays");
    let saved = browser.submit("/mijn/gegevens/vervoer", &[("vervoer", "bicycle"), ("km", "5")]).await;
    assert!(saved.says("Bewaard. Wij zoeken opnieuw voor u.") && saved.says("tot 5 km"), "{}", saved.words());
    let saved = browser.submit("/mijn/gegevens/wat", &[("groep", "schoonmaken")]).await;
    assert!(saved.says("Bewaard."), "{}", saved.words());
    let again = browser.open("/mijn/gegevens/wat").await;
    assert!(
        again.html().contains("name=\"groep\" value=\"schoonmaken\" checked"),
        "a whole group stays a group"
    );
    let saved =
        browser.submit("/mijn/gegevens/wanneer", &[("dagdeel", "evening"), ("uren", "weet-niet")]).await;
    assert!(saved.says("'s avonds"), "{}", saved.words());
    let saved = browser.submit("/mijn/gegevens/waar", &[("postcode", "8223")]).await;
    assert!(saved.says("8223, Lelystad"), "{}", saved.words());
    eventually("the matcher heard that she works in the evening", async || {
        browser.open("/mijn").await.says("Nog geen baan binnen uw afstand")
    })
    .await;
    let nothing = browser.open("/mijn").await;
    assert!(nothing.says("Wel bij u in de buurt") && nothing.says("Schoonmaker op kantoor"));
    let gone = browser.get(&link).await;
    assert_eq!(gone.location, Some(format!("/werk/{opening_id}")), "off her list: the page for everyone");

    // Her yes and no.
    let consents = browser.open("/mijn/toestemming").await;
    assert_eq!(consents.html().matches("value=\"ja\"").count(), 2);
    let given = browser.submit("/mijn/toestemming", &[("doel", "open_file"), ("geef", "ja")]).await;
    assert!(given.says("Bewaard. Dit mag vanaf nu."));
    assert_eq!(given.html().matches("value=\"ja\"").count(), 1);
    let withdrawn = browser.submit("/mijn/toestemming", &[("doel", "open_file"), ("geef", "nee")]).await;
    assert!(withdrawn.says("Bewaard. Dit mag vanaf nu niet meer."));
    let odd = browser.post("/mijn/toestemming", &[("doel", "alles"), ("geef", "ja")]).await;
    assert_eq!(odd.status, StatusCode::BAD_REQUEST);

    // Leaving ends the session here, not only in the browser.
    let session = browser.cookies()["__Host-dbj-sessie"].clone();
    let left = browser.post("/uitloggen", &[]).await;
    assert_eq!(left.location.as_deref(), Some("/"));
    assert!(browser.cookies().is_empty(), "{:?}", browser.cookies().keys());
    browser.set_cookie("__Host-dbj-sessie", &session);
    assert_eq!(browser.get("/mijn").await.status, StatusCode::UNAUTHORIZED);

    // And back by a code.
    let mut browser = site.browser();
    let key = browser.get("/inloggen").await.key();
    let sent = browser.submit("/inloggen", &[("key", &key), ("contact", "+31 6 1234 5678")]).await;
    assert!(sent.says("Wat is uw code?"), "{}", sent.words());
    let code = site.newest_code(SENT_TO, 1).await;
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let back = browser.submit("/inloggen/code", &[("key", &sent.key()), ("code", &spaced)]).await;
    assert!(back.says("Mijn werk") && !back.says("Welkom"), "{}", back.words());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_can_be_answered_back_and_forth_and_nothing_typed_is_lost() {
    let site = Site::start().await;
    let mut browser = site.browser();

    // Ahead of the first answer that is missing, there is nothing.
    for step in 2..=5 {
        assert_eq!(
            browser.get(&format!("/aanmelden/{step}")).await.location.as_deref(),
            Some("/aanmelden/1")
        );
        let posted = browser.post(&format!("/aanmelden/{step}"), &[("uren", "12-24")]).await;
        assert_eq!(posted.location.as_deref(), Some("/aanmelden/1"));
    }
    assert_eq!(browser.get("/aanmelden/code").await.location.as_deref(), Some("/aanmelden/1"));
    assert_eq!(browser.get("/inloggen/code").await.location.as_deref(), Some("/inloggen"));

    // Each refusal says why, on the page itself, filled in, with the same key.
    for (typed, reason) in [
        ("", "Vul"),
        ("13", "4 cijfers"),
        ("1310", "Deze postcode kennen wij niet"),
        ("0123", "Deze postcode kennen wij niet"),
    ] {
        let page = browser.get("/aanmelden/1").await;
        let refused = browser.post("/aanmelden/1", &[("key", &page.key()), ("postcode", typed)]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(
            refused.html().contains("<title>Fout: ") && refused.says(reason),
            "{typed}: {}",
            refused.words()
        );
        assert_eq!(refused.value("postcode").unwrap_or_default(), typed);
        assert_eq!(refused.key(), page.key());
    }
    answer(&mut browser, 1, &[("postcode", "1315")]).await;

    assert!(answer(&mut browser, 2, &[]).await.says("Kies minstens"));
    let vocabulary = reference::Vocabulary::built_in();
    let many: Vec<(&str, &str)> =
        vocabulary.tasks().iter().take(31).map(|task| ("taak", task.code.as_str())).collect();
    let refused = answer(&mut browser, 2, &many).await;
    assert!(refused.says("Kies niet meer dan 30 taken."), "{}", refused.words());
    assert_eq!(ticked_tasks(&refused), 31);
    answer(&mut browser, 2, &[("groep", "schoonmaken"), ("keuze", "alles")]).await;

    let refused = answer(&mut browser, 3, &[("dagdeel", "night")]).await;
    assert!(refused.says("Kies hoeveel uur per week."));
    assert!(refused.html().contains("value=\"night\" checked"));
    answer(&mut browser, 3, &[("dagdeel", "night"), ("uren", "tot-12")]).await;

    let page = browser.get("/aanmelden/4").await;
    assert!(page.says("Er zijn nu 0 banen die hierbij passen."), "{}", page.words());
    let refused =
        answer(&mut browser, 4, &[("naam", "<b>Sam"), ("contact", "06 12"), ("kanaal", "email")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert!(refused.html().contains("value=\"&#60;b&#62;Sam\""), "as text: {}", refused.html());
    assert_eq!(refused.value("contact").as_deref(), Some("06 12"));
    assert!(refused.html().contains("value=\"email\" checked"));

    // Back: everything stands as it was answered.
    assert_eq!(browser.get("/aanmelden/1").await.value("postcode").as_deref(), Some("1315"));
    let two = browser.get("/aanmelden/2").await.html();
    assert!(two.contains("value=\"schoonmaken\" checked") && two.contains("value=\"alles\" checked"));
    assert!(browser.get("/aanmelden/3").await.html().contains("value=\"tot-12\" checked"));
    answer(&mut browser, 1, &[("postcode", "8223")]).await;
    assert!(
        browser.get("/aanmelden/3").await.html().contains("value=\"night\" checked"),
        "later answers stay"
    );

    // What only intake can see comes back to its question, with the reason, and the rest in place.
    answer(&mut browser, 4, &[("naam", "123456782"), ("contact", PHONE), ("kanaal", "sms")]).await;
    let sent = answer(&mut browser, 5, &[("toestemming", "figures")]).await;
    assert_eq!(sent.location.as_deref(), Some("/aanmelden/4"), "{}", sent.words());
    let four = browser.follow(sent).await;
    assert!(four.html().contains("<title>Fout: ") && four.says("Dit lijkt een burgerservicenummer."));
    assert_eq!(four.value("contact").as_deref(), Some(PHONE));
    assert!(browser.get("/aanmelden/5").await.html().contains("value=\"figures\" checked"));
    answer(&mut browser, 4, &[("naam", NAME), ("contact", PHONE), ("kanaal", "sms")]).await;
    assert!(!browser.get("/aanmelden/4").await.html().contains("<title>Fout: "), "mended");
    let sent = answer(&mut browser, 5, &[]).await;
    assert_eq!(sent.location.as_deref(), Some("/aanmelden/code"));
    let code_page = browser.follow(sent).await;
    assert!(code_page.words().replace('\u{a0}', " ").contains("06 •••• 56 78"), "{}", code_page.words());
    site.newest_code(SENT_TO, 0).await;

    // A browser that sends other people's boxes, or rubbish, has no draft.
    for cookie in ["rubbish", "", "AAAA"] {
        let mut other = site.browser();
        other.set_cookie("__Host-dbj-aanmelding", cookie);
        other.set_cookie("__Host-dbj-bij", cookie);
        other.set_cookie("__Host-dbj-code", cookie);
        assert_eq!(other.get("/aanmelden/2").await.location.as_deref(), Some("/aanmelden/1"));
        assert_eq!(other.get("/werk").await.status, StatusCode::OK);
    }
    site.stop().await;
}

/// How many tasks are ticked.
fn ticked_tasks(page: &Answer) -> usize {
    let html = page.html();
    let tags = html.split("<input ").filter_map(|rest| rest.split('>').next());
    tags.filter(|tag| tag.contains("name=\"taak\"") && tag.contains(" checked")).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_has_five_tries_and_a_new_one_can_be_asked() {
    let site = Site::start().await;
    let mut browser = site.browser();
    answer_four(&mut browser, PHONE).await;
    answer(&mut browser, 5, &[]).await;
    let code = site.newest_code(SENT_TO, 0).await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let page = browser.get("/aanmelden/code").await;
    assert!(
        browser.post("/aanmelden/code", &[("key", &page.key()), ("code", " ")]).await.says("Vul de code in.")
    );
    for left in [4, 3, 2, 1] {
        // Each page a person sees has a key of its own; the same press twice counts once.
        let key = browser.get("/aanmelden/code").await.key();
        for _ in 0..2 {
            let refused = browser.post("/aanmelden/code", &[("key", &key), ("code", wrong)]).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST);
            assert!(refused.says(&format!("U kunt hem nog {left} keer proberen.")), "{}", refused.words());
        }
    }
    for typed in [wrong, code.as_str()] {
        let key = browser.get("/aanmelden/code").await.key();
        let refused = browser.post("/aanmelden/code", &[("key", &key), ("code", typed)]).await;
        assert!(refused.says("Deze code is te oud. Vraag een nieuwe code."), "{typed}: {}", refused.words());
        assert_eq!(browser.get("/mijn").await.location.as_deref(), Some("/inloggen"));
    }
    let again = browser.submit("/aanmelden/code", &[("opnieuw", "ja")]).await;
    assert!(again.says("Dan komt er een nieuwe code."), "{}", again.words());
    let code = site.newest_code(SENT_TO, 1).await;
    // Pressed twice at a moment: both presses lead to her page.
    let key = again.key();
    let fields = [("key", key.as_str()), ("code", code.as_str())];
    let (mut first, mut second) = (browser.clone(), browser);
    let (one, two) =
        tokio::join!(first.post("/aanmelden/code", &fields), second.post("/aanmelden/code", &fields));
    for (browser, answer) in [(&mut first, one), (&mut second, two)] {
        assert_eq!(answer.location.as_deref(), Some("/mijn"), "{}", answer.words());
        assert!(browser.follow(answer).await.says(NAME));
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_learns_whose_number_is_known_and_sending_twice_does_it_once() {
    let site = Site::start().await;
    let mut browser = site.browser();
    answer_four(&mut browser, PHONE).await;

    // Two presses at a moment make one message, and both presses have the code.
    let key = browser.get("/aanmelden/5").await.key();
    let fields = [("key", key.as_str()), ("toestemming", "adviser")];
    let (mut first, mut second) = (browser.clone(), browser.clone());
    let (one, two) = tokio::join!(first.post("/aanmelden/5", &fields), second.post("/aanmelden/5", &fields));
    assert_eq!(
        (one.location.as_deref(), two.location.as_deref()),
        (Some("/aanmelden/code"), Some("/aanmelden/code"))
    );
    let third = first.post("/aanmelden/5", &fields).await;
    assert_eq!(third.location.as_deref(), Some("/aanmelden/code"));
    let code = site.newest_code(SENT_TO, 0).await;
    let registrations: i64 = sqlx::query_scalar("select count(*) from registrations")
        .fetch_one(site.platform.pool(Service::Intake))
        .await
        .unwrap();
    assert_eq!(registrations, 1);
    assert_eq!(site.mailbox(SENT_TO).await.len(), 1, "one message");
    let key = second.get("/aanmelden/code").await.key();
    let taken = second.post("/aanmelden/code", &[("key", &key), ("code", &code)]).await;
    assert_eq!(taken.location.as_deref(), Some("/mijn"), "{}", taken.words());

    // Known or not: the same answer, the same page, the same cookies, and never before its time.
    let mut seen = Vec::new();
    for contact in [PHONE, "06 87 65 43 21", "niemand@example.nl"] {
        let mut browser = site.browser();
        let key = browser.get("/inloggen").await.key();
        let started = Instant::now();
        let sent = browser.post("/inloggen", &[("key", &key), ("contact", contact)]).await;
        assert!(started.elapsed() >= Duration::from_millis(400), "{:?}", started.elapsed());
        assert_eq!(sent.location.as_deref(), Some("/inloggen/code"));
        let cookies: Vec<String> = browser.cookies().keys().cloned().collect();
        let page = browser.follow(sent).await;
        let wrong = browser.post("/inloggen/code", &[("key", &page.key()), ("code", "1")]).await;
        let key = page.key();
        seen.push((cookies, page.html().replace(&key, ""), wrong.html().replace(&key, "")));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], seen[2]);
    site.newest_code(SENT_TO, 1).await;
    assert!(site.mailbox("+31687654321").await.is_empty(), "nobody is written to who did not ask");
    let refused = site.browser().post("/inloggen", &[("contact", "bel mij")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.value("contact").as_deref(), Some("bel mij"));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn anyone_finds_openings_near_a_postcode_that_is_in_no_address() {
    let site = Site::start().await;
    let linde = employer(&site).await;
    let mut browser = site.browser();
    let empty = browser.open("/werk").await;
    assert!(empty.says("Vul uw postcode in. Dan staan hier de banen bij u in de buurt."));
    for (fields, field) in [
        (&[("postcode", "13")][..], "postcode"),
        (&[("postcode", "")], "postcode"),
        (&[("postcode", "1315"), ("km", "7")], "km"),
    ] {
        let refused = browser.post("/werk", fields).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST);
        assert!(refused.html().contains(&format!("href=\"#f-{field}\"")), "{}", refused.html());
    }

    let mut posted = Vec::new();
    for number in 1..=27 {
        posted.push(post(&site, linde, details(&format!("Baan nummer {number}"))).await);
    }
    let mut seen = Vec::new();
    let found = browser.post("/werk", &[("postcode", "1315 RC"), ("km", "5")]).await;
    assert_eq!(found.location.as_deref(), Some("/werk"));
    assert!(!browser.cookies()["__Host-dbj-bij"].contains("1315"), "sealed");
    seen.push(found.clone());
    let list = browser.follow(found).await;
    assert!(list.says("27 banen binnen 5 km van Almere") && list.says("Pagina 1 van 2"), "{}", list.words());
    assert_eq!(list.links("/werk/opening_").len(), 25);
    let second = browser.get("/werk?pagina=2").await;
    assert_eq!(second.links("/werk/opening_").len(), 2);
    assert_eq!(browser.get("/werk?pagina=99").await.location.as_deref(), Some("/werk?pagina=2"));
    let home = browser.get("/").await;
    assert_eq!(home.links("/werk/opening_").len(), 3);
    assert_eq!(home.value("postcode").as_deref(), Some("1315"));

    // Nothing within reach: the nearest three further away.
    let far = browser.submit("/werk", &[("postcode", "8223"), ("km", "5")]).await;
    assert!(
        far.says("Nog geen banen binnen 5 km van Lelystad") && far.says("Net iets verder weg"),
        "{}",
        far.words()
    );
    assert_eq!(far.links("/werk/opening_").len(), 3);

    let page = browser.get(&format!("/werk/{}", posted[0])).await;
    assert!(
        page.says("Baan nummer 1") && page.says("€ 15,20 per uur") && page.says("km"),
        "{}",
        page.words()
    );
    let close = CloseOpening { opening_id: posted[0], reason: CloseReason::Filled };
    site.platform.ask(&manager(), &close).await.expect("it is closed");
    let gone = browser.get(&format!("/werk/{}", posted[0])).await;
    assert_eq!(gone.status, StatusCode::GONE);
    assert!(gone.says("Deze baan is er niet meer"));
    assert_eq!(gone.links("/werk/opening_").len(), 3);
    let draft = PostOpening { employer_id: linde, details: details("Concept"), publish: false };
    let draft = site.platform.ask(&manager(), &draft).await.expect("a draft is kept");
    for unknown in
        [format!("/werk/{draft}"), format!("/werk/{}", OpeningId(Uuid::nil())), "/werk/1".to_owned()]
    {
        assert_eq!(browser.get(&unknown).await.status, StatusCode::NOT_FOUND, "{unknown}");
    }

    // A whole registration, and not one address with what she typed.
    answer_four(&mut browser, PHONE).await;
    for path in ["/", "/werk", "/aanmelden/1", "/aanmelden/2", "/aanmelden/3", "/aanmelden/4", "/aanmelden/5"]
    {
        seen.push(browser.get(path).await);
    }
    seen.push(answer(&mut browser, 5, &[]).await);
    site.newest_code(SENT_TO, 0).await;
    seen.extend([list, second, far, page, gone, browser.get("/aanmelden/code").await]);
    for address in seen.iter().flat_map(addresses) {
        for typed in ["1315", "8223", NAME, "12345678", "34%2056"] {
            assert!(!address.contains(typed), "{address}");
        }
    }

    let rules = browser.get("/zo-werkt-het").await;
    assert!(
        rules.says("Een taak die u graag doet 30") && rules.says("Zonder antwoord nemen wij 15 km."),
        "{}",
        rules.words()
    );
    let mailbox = browser.get("/mailbox").await;
    assert!(mailbox.says(SENT_TO) && mailbox.says("code"), "{}", mailbox.words());

    // Where she came in goes into the draft, not into the address bar; what we do not know is no place.
    let mut other = site.browser();
    let came = other.get("/aanmelden?via=library").await;
    assert_eq!(came.location.as_deref(), Some("/aanmelden/1"));
    assert!(other.cookies().contains_key("__Host-dbj-aanmelding"));
    let mut other = site.browser();
    assert_eq!(other.get("/aanmelden/1?via=Buurman%20Jan").await.status, StatusCode::OK);
    assert!(!other.cookies().contains_key("__Host-dbj-aanmelding"));
    site.stop().await;
}

/// Rows per table of a service, as its own role sees them.
async fn rows(site: &Site, service: Service) -> BTreeMap<String, i64> {
    let pool = site.platform.pool(service);
    let tables: Vec<String> = sqlx::query_scalar(
        // That something was refused is kept for a while, and changes nothing.
        "select table_name::text from information_schema.tables
         where table_schema = current_schema() and table_name <> 'refusals'",
    )
    .fetch_all(pool)
    .await
    .expect("the service sees its own tables");
    let mut counted = BTreeMap::new();
    for table in tables {
        let count = sqlx::AssertSqlSafe(format!("select count(*) from \"{table}\""));
        let count: i64 =
            sqlx::query_scalar(count).fetch_one(pool).await.expect("the service sees its own tables");
        counted.insert(format!("{service}.{table}"), count);
    }
    counted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_route_knows_who_may_enter_and_looking_changes_nothing() {
    let site = Site::start().await;
    let linde = employer(&site).await;
    let opening_id = post(&site, linde, details("Schoonmaker")).await;
    let (mut visitor, mut seeker) = (site.browser(), site.browser());
    register(&site, &mut seeker, PHONE, SENT_TO).await;
    let mut organiser = staff(&site, Role::Organiser).await;
    let mut administrator = staff(&site, Role::Administrator).await;

    let nothing = Uuid::nil().simple().to_string();
    let routes: Vec<(String, Access)> = portal::web::routes::routes()
        .into_iter()
        .map(|route| (fill(route.path, opening_id, &nothing), route.access))
        .collect();
    assert!(routes.len() > 40, "{}", routes.len());

    // The matcher keeps who looked at whom (DESIGN rule 11), so its rows are no measure of looking.
    let kept = [Service::Intake, Service::Vacancies, Service::Notifier, Service::Portal];
    let mut before = BTreeMap::new();
    eventually("everything that was begun has ended", async || {
        let last = std::mem::take(&mut before);
        for service in kept {
            before.extend(rows(&site, service).await);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        before == last
    })
    .await;

    for (path, access) in &routes {
        for method in [Method::GET, Method::HEAD] {
            let by =
                |who: &str, status: StatusCode| format!("{method} {path} ({access:?}) by {who}: {status}");
            let mut answers = Vec::new();
            for (who, browser) in [
                ("visitor", &mut visitor),
                ("seeker", &mut seeker),
                ("organiser", &mut organiser),
                ("administrator", &mut administrator),
            ] {
                let answer = browser.ask(method.clone(), path, "cross-site", &[]).await;
                secure(&answer, &by(who, answer.status));
                assert!(!answer.status.is_server_error(), "{}", by(who, answer.status));
                answers.push((who, answer));
            }
            let status = |who: &str| answers.iter().find(|(name, _)| *name == who).unwrap().1.status;
            let location =
                |who: &str| answers.iter().find(|(name, _)| *name == who).unwrap().1.location.clone();
            match access {
                Access::Public | Access::Development | Access::Program => {}
                Access::Seeker => {
                    if method == Method::GET {
                        assert_eq!(location("visitor").as_deref(), Some("/inloggen"), "{path}");
                    }
                    for who in ["organiser", "administrator"] {
                        assert_eq!(status(who), StatusCode::FORBIDDEN, "{}", by(who, status(who)));
                    }
                }
                Access::Staff(roles) => {
                    if method == Method::GET {
                        assert_eq!(location("visitor").as_deref(), Some("/personeel/inloggen"), "{path}");
                    }
                    assert_eq!(status("seeker"), StatusCode::FORBIDDEN, "{path}");
                    for (who, role) in
                        [("organiser", Role::Organiser), ("administrator", Role::Administrator)]
                    {
                        let forbidden = status(who) == StatusCode::FORBIDDEN;
                        assert!(forbidden || roles.contains(&role), "{}", by(who, status(who)));
                    }
                }
                Access::HalfWay | Access::Invited => {
                    for who in ["seeker", "organiser", "administrator"] {
                        assert_eq!(status(who), StatusCode::UNAUTHORIZED, "{}", by(who, status(who)));
                    }
                }
            }
        }
    }
    let mut after = BTreeMap::new();
    for service in kept {
        after.extend(rows(&site, service).await);
    }
    assert_eq!(after, before, "looking changed something");

    // A form from elsewhere does nothing, whoever's browser sends it; nor does one of somebody else's room.
    for (path, access) in &routes {
        for from in ["cross-site", "same-site", "none"] {
            let refused =
                seeker.ask(Method::POST, path, from, &[("geef", "ja"), ("doel", "open_file")]).await;
            // A program comes from nowhere: what it does not sign does nothing.
            let expected = match access {
                Access::Program => StatusCode::UNAUTHORIZED,
                _ => StatusCode::FORBIDDEN,
            };
            assert_eq!(refused.status, expected, "POST {path} from {from}");
        }
        let answer = visitor.post(path, &[]).await;
        let wrong_room =
            matches!(access, Access::Seeker | Access::Staff(_) | Access::HalfWay | Access::Invited);
        assert!(!wrong_room || answer.status == StatusCode::UNAUTHORIZED, "POST {path}: {}", answer.status);
        secure(&answer, path);
    }
    let mut after = BTreeMap::new();
    for service in kept {
        after.extend(rows(&site, service).await);
    }
    assert_eq!(after, before, "a refused form changed something");

    // Errors look like the rest.
    for (answer, status) in [
        (visitor.get("/bestaat-niet").await, StatusCode::NOT_FOUND),
        (visitor.get("/assets/niets.css").await, StatusCode::NOT_FOUND),
        (visitor.get("/assets/..%2fmanifest.json").await, StatusCode::NOT_FOUND),
        (
            visitor.post("/aanmelden/1", &[("postcode", &"9".repeat(70_000))]).await,
            StatusCode::PAYLOAD_TOO_LARGE,
        ),
        (visitor.upload("/werk", &[], ("postcode", "a.txt", vec![1])).await, StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(answer.status, status, "{}", answer.words());
        secure(&answer, status.as_str());
    }
    site.stop().await;
}

fn fill(path: &str, opening_id: OpeningId, nothing: &str) -> String {
    let parts = path.split('/').map(|part| {
        if !part.starts_with('{') {
            part.to_owned()
        } else if path.starts_with("/werk/") || path.starts_with("/mijn/") {
            opening_id.to_string()
        } else {
            nothing.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The headers that stand on every answer.
fn secure(answer: &Answer, which: &str) {
    let header =
        |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(header("content-security-policy").starts_with("default-src 'none'"), "{which}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{which}");
    assert_eq!(header("x-frame-options"), "DENY", "{which}");
    assert_eq!(header("referrer-policy"), "same-origin", "{which}");
    assert!(header("strict-transport-security").contains("max-age="), "{which}");
    assert!(!header("cache-control").is_empty(), "{which}");
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("cookies are ASCII");
        for part in ["__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(part), "{which}: {cookie}");
        }
    }
}
