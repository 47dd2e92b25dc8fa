//! What somebody may try with a line of Open Hiring: to see whose number it is, to fill it with nobody, to take somebody's
//! place, to look over an employer's fence, to keep others out. Each is a story with a browser, real services, real servers.

use std::collections::BTreeSet;

use chassis::harness::eventually;
use chrono::TimeDelta;
use dichterbij_tests::{
    browser::{Answer, Browser},
    lines::{Stage, codes, join, open_line, say_yes, staff, stand_in_line, ticket_of},
    reqwest::{Method, StatusCode},
    site::Site,
};
use futures::{StreamExt as _, stream};
use proto::{
    AccountId, Actor, Problem, Role, SeekerId, Service,
    intake::{ContactGround, ContactPurpose, OpenContact, WhoTexts},
    open_hiring::{
        AnswerByText, AnswerOffer, Arrival, CallTasks, ChangeQueue, ChangeReason, ChangeTicket, LedgerOf,
        LineOf, LineTicket, MyTickets, PlaceState, QueueChange, ReceiptOf, SignUp, TellFirstDay, TicketOf,
        TicketState, TicketStep, TicketWish, Ways, WhoBegins, WhyNot,
    },
};
use uuid::Uuid;

const NAME: &str = "Samirabelle";
const PHONE: &str = "06 12 34 56 78";
const SENT_TO: &str = "+31612345678";
const SESSION: &str = "__Host-dbj-sessie";
const NEUTRAL: &str = "Gelukt. Wij sturen u nu een sms met een code. Typ de code, dan ziet u uw plek.";

/// Text without its digits: what differs between two numbers.
fn without_digits(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_ascii_digit()).collect()
}

fn tells_of_her(page: &Answer) -> bool {
    let html = page.html();
    html.contains(NAME) || html.contains(PHONE) || html.contains(SENT_TO) || html.contains("56 78")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_elses_number_shows_nothing_gets_no_offer_and_leads_to_her_own_place() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    // She is known: she stands in another line.
    let (_, bakery) = open_line(site, "87654321", "Hulp in de bakkerij", 1).await;
    let mut hers = site.browser();
    join(site, &mut hers, bakery, (NAME, PHONE, SENT_TO)).await;
    stage.pass(TimeDelta::minutes(10));

    // Who types her number hears what everybody hears.
    let (mut one, mut two) = (site.browser(), site.browser());
    let known = stand_in_line(&mut one, stage.opening_id, "Iemand", PHONE).await;
    let unknown = stand_in_line(&mut two, stage.opening_id, "Iemand", "06 98 76 54 32").await;
    assert_eq!((known.status, &known.location), (unknown.status, &unknown.location));
    assert_eq!(known.location.as_deref(), Some("/rij/code"));
    let (known, unknown) = (one.open("/rij/code").await, two.open("/rij/code").await);
    assert!(known.says(NEUTRAL), "{}", known.words());
    assert_eq!(without_digits(&known.words()), without_digits(&unknown.words()));
    let kept = |browser: &Browser| -> Vec<(String, usize)> {
        browser
            .cookies()
            .iter()
            .map(|(name, value)| (name.clone(), value.len() - 2 * value.matches('%').count()))
            .collect()
    };
    assert_eq!(kept(&one), kept(&two), "what the browsers keep looks the same");
    assert!(!one.cookies().contains_key(SESSION));

    // A place is free, and nobody is asked before a code came back.
    let in_line = stage.line().await;
    assert_eq!(in_line.len(), 2);
    for ticket in &in_line {
        assert_eq!((ticket.state, ticket.why_not), (TicketState::Waiting, WhyNot::NotConfirmed));
    }
    assert_eq!(stage.queue().await.places[0].state, PlaceState::Free);
    let href = format!("/mijn/rij/{}", in_line[0].ticket_id);
    let closed = one.open(&href).await;
    assert!(closed.says("Inloggen") && !tells_of_her(&closed), "{}", closed.words());
    let told = |body: &str| body.contains("Hulp in de keuken");
    assert!(
        !site.mailbox(SENT_TO).await.iter().any(|item| told(&item.body)),
        "she hears a code and nothing else"
    );

    // She signs up herself: it is the same place, and now it is hers.
    let path = format!("/rij/{}/aanmelden", stage.opening_id);
    let form = hers.open(&path).await;
    let fields = [("key", form.key()), ("hoe", form.value("hoe").expect("how she is reached"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let taken = hers.post(&path, &fields).await;
    assert_eq!(taken.location.as_deref(), Some(href.as_str()));
    let page = hers.follow(taken).await;
    assert!(page.says("U staat al in deze rij. Dit is uw plek."), "{}", page.words());
    let in_line = stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    assert_eq!(in_line.len(), 2, "one person, one place");
    // And again, now that it is hers: her place at once.
    assert_eq!(hers.get(&path).await.location.as_deref(), Some(href.as_str()));
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn invented_numbers_by_script_hold_nobody_up_and_end_after_two_days() {
    const INVENTED: u32 = 60;
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let path = format!("/rij/{}/aanmelden", stage.opening_id);
    for number in 0..INVENTED {
        // A script does not look at the page.
        let phone = format!("061100{number:04}");
        let taken = site.browser().post(&path, &[("naam", "Jan"), ("contact", &phone)]).await;
        assert_eq!(taken.location.as_deref(), Some("/rij/code"), "{}", taken.words());
    }
    let in_line = stage.line().await;
    assert_eq!(in_line.len(), INVENTED as usize);
    assert!(in_line.iter().all(|ticket| ticket.why_not == WhyNot::NotConfirmed));
    assert_eq!(stage.queue().await.places[0].state, PlaceState::Free, "nobody to ask");

    // Somebody real comes after them and begins.
    let mut browser = site.browser();
    let (ticket_id, _) = join(site, &mut browser, stage.opening_id, (NAME, PHONE, SENT_TO)).await;
    let page = say_yes(&mut browser, ticket_id).await;
    assert!(page.says("Gelukt. U begint"), "{}", page.words());

    // Nobody confirms the others: their places end by themselves, and no message but the code ever went there.
    stage.pass(TimeDelta::hours(49));
    let ended =
        |ticket: &LineTicket| (ticket.state, ticket.step) == (TicketState::Ended, TicketStep::Unconfirmed);
    let in_line = stage
        .until("the places that nobody confirmed end", |line| {
            line.iter().filter(|ticket| ended(ticket)).count() == INVENTED as usize
        })
        .await;
    assert_eq!(
        in_line.last().map(|ticket| (ticket.ticket_id, ticket.state)),
        Some((ticket_id, TicketState::Yes))
    );
    assert_eq!(stage.queue().await.waiting, 0);
    assert_eq!(site.mailbox("+31611000059").await.len(), 1);
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_who_share_a_telephone_have_two_places_and_see_each_their_own() {
    const OTHER: &str = "Youssefine";
    let stage = Stage::start(2).await;
    let site = &stage.site;
    let mut desk = staff(site, stage.employer_id, Role::Helper).await;
    let path = format!("/rij/{}/balie", stage.opening_id);
    let mut put_in_line = async |name: &str, shared: bool| {
        let key = desk.get(&path).await.key();
        let mut fields = vec![("key", key.as_str()), ("naam", name), ("contact", PHONE), ("taal", "nl")];
        fields.extend(shared.then_some(("gedeeld", "ja")));
        let taken = desk.post(&path, &fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.words());
        ticket_of(taken.location.as_deref().unwrap_or_default())
    };
    let first = put_in_line(NAME, false).await;
    assert_eq!(put_in_line(NAME, false).await, first, "once is enough");
    let second = put_in_line(OTHER, true).await;
    assert_ne!(second, first);

    // Both are asked on the one number, and no message says which of them has what name.
    stage
        .until("both are asked", |line| line.iter().all(|ticket| ticket.state == TicketState::Offered))
        .await;
    let asked = |body: &str| body.contains("Er is werk voor u");
    eventually("both messages arrive", async || {
        site.mailbox(SENT_TO).await.iter().filter(|item| asked(&item.body)).count() == 2
    })
    .await;
    for item in site.mailbox(SENT_TO).await {
        assert!(!item.body.contains(NAME) && !item.body.contains(OTHER), "{}", item.body);
    }

    // Who signs in with the number is the person whose number it is, and sees her own place only.
    let before = codes(site, SENT_TO).await.len();
    let mut browser = site.browser();
    let key = browser.get("/inloggen").await.key();
    browser.submit("/inloggen", &[("key", &key), ("contact", PHONE)]).await;
    eventually("the code arrives", async || codes(site, SENT_TO).await.len() > before).await;
    let code = codes(site, SENT_TO).await.remove(0);
    let key = browser.get("/inloggen/code").await.key();
    browser.submit("/inloggen/code", &[("key", &key), ("code", &code)]).await;
    assert_eq!(browser.get(&format!("/mijn/rij/{first}")).await.status, StatusCode::OK);
    assert_eq!(browser.get(&format!("/mijn/rij/{second}")).await.status, StatusCode::NOT_FOUND);
    let mine = browser.open("/mijn").await;
    assert!(
        mine.links("/mijn/rij/").iter().all(|link| link.contains(&first.to_string())),
        "{:?}",
        mine.words()
    );
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stolen_link_or_receipt_opens_nothing() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let (mut hers, mut thief) = (site.browser(), site.browser());
    let (ticket_id, _) = join(site, &mut hers, stage.opening_id, (NAME, PHONE, SENT_TO)).await;
    let thiefs = ("Iemand", "06 98 76 54 32", "+31698765432");
    join(site, &mut thief, stage.opening_id, thiefs).await;
    stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    let href = format!("/mijn/rij/{ticket_id}");
    let offer = hers.open(&href).await;
    let (place, key) = (offer.value("plaats").expect("a place is offered"), offer.key());

    // Her receipt proves a place and says of whom nothing.
    stage.pass(TimeDelta::hours(2));
    let receipt_href = format!("{href}/bewijs.json");
    let mut receipt = hers.get(&receipt_href).await;
    eventually("her proof is there", async || {
        receipt = hers.get(&receipt_href).await;
        receipt.status == StatusCode::OK
    })
    .await;
    assert!(!tells_of_her(&receipt));
    assert!(receipt.html().contains("nonce"), "{}", receipt.html());

    // Nobody else opens what is behind the link: not somebody who is signed in, and not who is not.
    let before = stage.line().await;
    for page in ["", "/bewijs.json", "/agenda.ics", "/uit", "/toch-niet"] {
        let path = format!("{href}{page}");
        let answer = thief.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!tells_of_her(&answer), "{path}");
        let mut nobody = site.browser();
        let answer = nobody.open(&path).await;
        assert!(answer.says("Inloggen") && !tells_of_her(&answer), "{path}: {}", answer.words());
        assert!(!nobody.cookies().contains_key(SESSION), "{path} signs nobody in");
    }
    let yes = [("key", key.as_str()), ("plaats", place.as_str()), ("antwoord", "ja")];
    for (path, fields) in [
        (format!("{href}/antwoord"), &yes[..]),
        (href.clone(), &[("key", key.as_str()), ("doe", "pause")][..]),
        (href.clone(), &[("key", key.as_str()), ("doe", "step_down")][..]),
    ] {
        assert_eq!(thief.post(&path, fields).await.status, StatusCode::NOT_FOUND, "{path}");
        let answer = site.browser().post(&path, fields).await;
        assert!(!answer.status.is_success(), "{path}: {}", answer.status);
    }
    assert_eq!(stage.line().await, before, "nothing changed");
    // She still answers.
    assert!(say_yes(&mut hers, ticket_id).await.says("Gelukt. U begint"));
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_employer_who_probes_sees_no_name_before_a_yes_and_nothing_of_others() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let (_, bakery) = open_line(site, "87654321", "Hulp in de bakkerij", 1).await;
    let (mut hers, mut other) = (site.browser(), site.browser());
    let (own, _) = join(site, &mut hers, stage.opening_id, (NAME, PHONE, SENT_TO)).await;
    let theirs = ("Duizendblad", "06 98 76 54 32", "+31698765432");
    let (elsewhere, _) = join(site, &mut other, bakery, theirs).await;
    assert!(say_yes(&mut other, elsewhere).await.says("Gelukt. U begint"));
    stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    let mut boss = staff(site, stage.employer_id, Role::Employer).await;
    let secret =
        |page: &Answer| tells_of_her(page) || page.html().contains(theirs.0) || page.html().contains("54 32");

    // By the pages: the own line has numbers only, and all else is shut.
    let line_page = boss.open(&format!("/rij/{}/beheer", stage.opening_id)).await;
    assert!(line_page.says("Nummer 1") && !secret(&line_page), "{}", line_page.words());
    let here = stage.opening_id;
    let shut = [
        format!("/rij/{bakery}/beheer"),
        format!("/rij/{bakery}/openen"),
        format!("/rij/{bakery}/plekken"),
        format!("/rij/{bakery}/wijzig/stoppen"),
        format!("/rij/{here}/balie"),
        format!("/rij/{here}/balie/{own}"),
        format!("/rij/{here}/balie/{own}/bevestigen"),
        format!("/rij/{here}/herstel/{own}"),
        format!("/rij/{here}/boek"),
        format!("/rij/{here}/boek/ledger.jsonl"),
        format!("/begonnen/{own}/contact"),
        format!("/begonnen/{own}/gekomen"),
        format!("/begonnen/{elsewhere}/contact"),
        format!("/begonnen/{elsewhere}/niet-gekomen"),
        format!("/mijn/rij/{own}"),
        format!("/mijn/rij/{elsewhere}/bewijs.json"),
        "/werkplek/bellen".to_owned(),
        "/werkplek/begonnen".to_owned(),
    ];
    for path in &shut {
        for method in [Method::GET, Method::POST] {
            let fields = [("key", "00000000-0000-4000-8000-000000000001"), ("reden", "labour_conflict")];
            let answer = boss.ask(method.clone(), path, "same-origin", &fields).await;
            let status = answer.status;
            // Of the own line it can be said that it is too early.
            let refused = [401, 403, 404, 405, 409].contains(&status.as_u16());
            let sent_away = answer.location.as_deref().is_some_and(|to| to.starts_with("/inloggen"));
            assert!(refused || sent_away, "{method} {path}: {status} {:?}", answer.location);
            assert!(!secret(&answer), "{method} {path}");
        }
    }

    // By the services themselves, as the portal would ask for it.
    let actor = Actor::Account {
        account_id: AccountId(Uuid::from_u128(8)),
        roles: vec![Role::Employer],
        employer_id: Some(stage.employer_id),
        regions: vec!["AM11".to_owned()],
    };
    let bus = &site.platform;
    let seeker_id: Uuid = sqlx::query_scalar("select seeker_id from tickets where ticket_id = $1")
        .bind(own.0)
        .fetch_one(bus.pool(Service::OpenHiring))
        .await
        .unwrap();
    let seeker_id = SeekerId(seeker_id);
    let ways = Ways { message: true, call: true, second_number: false, adviser: false };
    let first_days = Vec::new();
    let she =
        Arrival { opening_id: here, seeker_id, is_confirmed: true, ways, with_help_of: None, first_days };
    let people = vec![she];
    let place_id = stage.queue().await.places[0].place_id;
    let yes = proto::open_hiring::Answer::Yes { leave_others: false };
    let change = QueueChange::Close { reason: ChangeReason::LessWork };
    let contact = |ticket_id| OpenContact {
        ground: ContactGround::Beginner { ticket_id },
        purpose: ContactPurpose::FirstDay,
        organisation: "De Linde".to_owned(),
    };
    let offer = OpenContact { ground: ContactGround::Offer { ticket_id: own }, ..contact(own) };
    let no = |what: &str, problem: Option<Problem>| assert!(problem.is_some(), "{what}");
    no("a ticket", bus.ask(&actor, &TicketOf { ticket_id: own }).await.err());
    no("her tickets", bus.ask(&actor, &MyTickets { seeker_id }).await.err());
    no("a receipt", bus.ask(&actor, &ReceiptOf { ticket_id: own, after: None }).await.err());
    no("entries", bus.ask(&actor, &LedgerOf { opening_id: here, after: 0, limit: 9 }).await.err());
    no("calls", bus.ask(&actor, &CallTasks {}).await.err());
    let text = bus.keys(Service::Portal).seal(Service::OpenHiring, &"ja".to_owned());
    no("her answer", bus.ask(&actor, &AnswerByText { people: vec![seeker_id], text }).await.err());
    let number = bus.keys(Service::Portal).seal(Service::Intake, &SENT_TO.to_owned());
    no("whose number", bus.ask(&actor, &WhoTexts { number }).await.err());
    no("another line", bus.ask(&actor, &LineOf { opening_id: bakery, after: 0, limit: 9 }).await.err());
    no("to close another line", bus.ask(&actor, &ChangeQueue { opening_id: bakery, change }).await.err());
    no("to put in line", bus.ask(&actor, &SignUp { people }).await.err());
    no("to answer", bus.ask(&actor, &AnswerOffer { ticket_id: own, place_id, answer: yes }).await.err());
    let wish = TicketWish::StepDown;
    no("to take out", bus.ask(&actor, &ChangeTicket { ticket_id: own, wish }).await.err());
    no("to begin", bus.ask(&actor, &TellFirstDay { ticket_id: elsewhere, came: false }).await.err());
    no("contact before a yes", bus.ask(&actor, &contact(own)).await.err());
    no("contact for an offer", bus.ask(&actor, &offer).await.err());
    no("contact elsewhere", bus.ask(&actor, &contact(elsewhere)).await.err());
    let begins = bus.ask(&actor, &WhoBegins { opening_id: Some(bakery) }).await.unwrap();
    assert!(begins.is_empty(), "who begins elsewhere");
    assert!(hers.open("/mijn/toestemming").await.says("Nog niemand keek naar uw gegevens."));

    // After her yes: by a button, and she sees who looked.
    assert!(say_yes(&mut hers, own).await.says("Gelukt. U begint"));
    let path = format!("/begonnen/{own}/contact");
    let asks = boss.open(&path).await;
    assert!(!secret(&asks), "looking at the page shows nothing");
    let mut shown = asks.clone();
    eventually("the name and number come", async || {
        shown = boss.post(&path, &[("key", &asks.key())]).await;
        shown.says(NAME)
    })
    .await;
    let looks = hers.open("/mijn/toestemming").await;
    assert!(
        looks.says("Een werkgever van") && looks.says("uw eerste werkdag voorbereiden"),
        "{}",
        looks.words()
    );
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_attempts_from_one_address_and_others_are_served() {
    const ATTEMPTS: u32 = 10_000;
    const NUMBERS: u32 = 100;
    const OTHERS: i64 = 40;
    let stage = Stage::start_with(1, |config| config.proxies = 1).await;
    let site = &stage.site;
    let path = format!("/rij/{}/aanmelden", stage.opening_id);
    let somebody = site.browser();
    let attempt = async |from: &str, phone: String| {
        let mut browser = somebody.clone().from_address(from);
        browser.post(&path, &[("naam", "Jan"), ("contact", &phone)]).await
    };
    // Somebody is signed in already, and waits for her moment.
    let mut hers = site.browser().from_address("203.0.113.7");
    let (_, bakery) = open_line(site, "87654321", "Hulp in de bakkerij", 1).await;
    join(site, &mut hers, bakery, (NAME, PHONE, SENT_TO)).await;

    let flood = stream::iter(0..ATTEMPTS)
        .map(|number| attempt("192.0.2.66", format!("061200{:04}", number % NUMBERS)))
        .buffer_unordered(3_000)
        .map(|answer| answer.status)
        .for_each(async |status| {
            // Now, or later and in an orderly way.
            let now_or_later =
                [StatusCode::SEE_OTHER, StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
            assert!(now_or_later.contains(&status), "{status}");
        });
    let others = async {
        for number in 0..OTHERS {
            let from = format!("198.51.{number}.1");
            eventually("somebody from elsewhere is served", async || {
                let taken = attempt(&from, format!("061300{number:04}")).await;
                assert_ne!(taken.status, StatusCode::TOO_MANY_REQUESTS, "{number}");
                taken.location.as_deref() == Some("/rij/code")
            })
            .await;
        }
        eventually("who is signed in is served", async || {
            let form = hers.open(&path).await;
            let Some(how) = form.value("hoe") else { return form.says("U staat al in deze rij.") };
            let taken = hers.post(&path, &[("key", &form.key()), ("hoe", &how)]).await;
            taken.location.is_some_and(|to| to.starts_with("/mijn/rij/ticket_"))
        })
        .await;
    };
    tokio::join!(flood, others);
    // All of the others stand in line, and of the flood each number once.
    let in_line: i64 = sqlx::query_scalar("select count(*) from tickets where queue_id = $1")
        .bind(stage.opening_id.0)
        .fetch_one(site.platform.pool(Service::OpenHiring))
        .await
        .unwrap();
    assert!((OTHERS + 1..=OTHERS + 1 + i64::from(NUMBERS)).contains(&in_line), "{in_line} in line");
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_that_opens_every_link_changes_nothing() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let (mut hers, mut other) = (site.browser(), site.browser());
    let (ticket_id, _) = join(site, &mut hers, stage.opening_id, (NAME, PHONE, SENT_TO)).await;
    let others = ("Duizendblad", "06 98 76 54 32", "+31698765432");
    join(site, &mut other, stage.opening_id, others).await;
    let mut manages = staff(site, stage.employer_id, Role::AccountManager).await;
    // An offer is open, and its message names a link.
    eventually("she is told of the offer", async || {
        site.mailbox(SENT_TO).await.iter().any(|item| item.body.contains("Er is werk voor u"))
    })
    .await;
    eventually("the other is told of her place", async || {
        site.mailbox(others.2).await.iter().any(|item| item.body.contains("U staat in de rij"))
    })
    .await;
    let mut links: BTreeSet<String> = BTreeSet::new();
    for to in [SENT_TO, others.2] {
        for item in site.mailbox(to).await {
            let words =
                item.body.split_whitespace().filter_map(|word| word.split("://").nth(1)?.split_once('/'));
            links.extend(words.map(|(_, path)| format!("/{path}")));
        }
    }
    assert!(links.contains("/mijn"), "{links:?}");
    // And all that stands on her own pages, on those of the line and on those of who looks after it.
    let here = stage.opening_id;
    let (line, place) = (format!("/rij/{here}/beheer"), format!("/rij/{here}/balie/{ticket_id}"));
    let (mine, calls, begins) = ("/mijn", "/werkplek/bellen", "/werkplek/begonnen");
    for (browser, paths) in [
        (&mut hers, vec![mine.to_owned(), format!("/mijn/rij/{ticket_id}")]),
        (&mut other, vec![mine.to_owned()]),
        (&mut manages, vec![line, place, calls.to_owned(), begins.to_owned()]),
    ] {
        for path in paths {
            let page = browser.open(&path).await;
            assert_eq!(page.status, StatusCode::OK, "{path}");
            links.insert(path);
            links.extend(page.links("/"));
        }
    }
    links.extend(["/rij/code".to_owned(), format!("/werk/{here}"), format!("/rij/{here}")]);
    let links: Vec<String> =
        links.into_iter().map(|link| link.split('#').next().unwrap_or_default().to_owned()).collect();
    assert!(links.len() > 20, "{links:?}");

    let before = everything(site).await;
    let mut nobody = site.browser();
    for browser in [&mut nobody, &mut hers, &mut other, &mut manages] {
        for link in &links {
            for method in [Method::GET, Method::HEAD] {
                let answer = browser.ask(method, link, "none", &[]).await;
                assert!(!answer.status.is_server_error(), "{link}: {}", answer.status);
            }
        }
    }
    assert_eq!(everything(site).await, before);
    // And she is still signed in, with her offer open.
    assert!(say_yes(&mut hers, ticket_id).await.says("Gelukt. U begint"));
    stage.site.stop().await;
}

/// All that a line is: tickets, places, entries, calls; and the messages that went out and who looked at whom.
async fn everything(site: &Site) -> Vec<String> {
    let mut all = Vec::new();
    for (service, query) in [
        (
            Service::OpenHiring,
            "select ticket_id || ' ' || version || ' ' || state || ' ' || step from tickets order by ticket_id",
        ),
        (Service::OpenHiring, "select place_id || ' ' || state from places order by place_id"),
        (Service::OpenHiring, "select queue_id || ' ' || n || ' ' || step from ledger order by queue_id, n"),
        (
            Service::OpenHiring,
            "select task_id || ' ' || coalesce(result, '') from call_tasks order by task_id",
        ),
        (Service::Notifier, "select count(*)::text from messages"),
        (Service::Intake, "select count(*)::text from contact_looks"),
        (Service::Intake, "select seeker_id || ' ' || version from seekers order by seeker_id"),
    ] {
        let rows: Vec<String> = sqlx::query_scalar(query)
            .fetch_all(site.platform.pool(service))
            .await
            .unwrap_or_else(|problem| panic!("{query}: {problem}"));
        all.extend(rows);
    }
    all
}
