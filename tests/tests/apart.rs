//! Every service apart, in two replicas: the work is shared, what one replica began another goes on with, and what
//! happens to one of them costs callers no more than DESIGN rule 6 says (RELIABILITY T22).

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use chassis::{Bus, Chance as _, Clock, chance::OsChance, harness::eventually};
use chrono::TimeDelta;
use dichterbij_tests::{
    apart::{Apart, Link, REPLICAS, Seen, Users},
    browser::{Answer, Browser},
    invented::{self, manager},
    reqwest::{self, StatusCode},
};
use futures::{StreamExt as _, stream};
use portal::domain::second_factor::SecondFactor;
use proto::{
    Actor, Call, EmployerId, OpeningId, Problem, Role, SeekerId, Service, Status,
    catalogue::READINGS,
    intake::{EraseMe, LoadDemoPeople, Purpose, Registration, RequestCode, Wishes},
    matcher::{
        CountOpenings, Mark, MarkProposal, PeopleNear, ProposalsForOpening, ProposalsForSeeker, RecordShown,
        SeekerProposals,
    },
    notifier::{Mailbox, MailboxItem, Notice, NoticeContent, SendNotice},
    portal::{Invite, Invitee, PrepareDemo},
    vacancies::{OpeningDetails, OpeningsById, PostOpening},
    work::{Channel, Dayparts, Hours, Language, Means, Travel},
};
use reference::Reference;
use sqlx::PgPool;
use tokio::{sync::watch, task::JoinSet, time::Instant};
use uuid::Uuid;

/// Commands and events that are shared, at least.
const SHARED: u64 = 2_000;
/// Commands of one kind.
const EACH: u128 = 400;
/// People, each of whom is shown something, says something and goes.
const PEOPLE: usize = 200;
/// The least part of its service's work that a replica does.
const LEAST: f64 = 0.2;
/// Calls under way at a time.
const AT_ONCE: usize = 16;

fn portal() -> Actor {
    Actor::Service { service: Service::Portal }
}

/// A number or address that nobody else has.
fn phone(number: u128) -> String {
    format!("06{:08}", 10_000_000 + number)
}

fn opening(employer_id: EmployerId, title: &str) -> PostOpening {
    let details = OpeningDetails { title: title.to_owned(), places: 2, ..invented::opening() };
    PostOpening { employer_id, details, publish: true }
}

async fn employer(portal: &Bus) -> EmployerId {
    portal.call(&manager(), &invented::employer("12345678")).await.expect("an employer is added")
}

fn registration(number: u128) -> Registration {
    Registration {
        wishes: Wishes {
            dayparts: Dayparts::ALL,
            hours: Some(Hours { min: 12, max: 32 }),
            travel: Some(Travel { means: Means::Bicycle, max_km: 20 }),
            ..invented::wishes()
        },
        name: "Samira".to_owned(),
        contact: phone(number),
        channel: Channel::Sms,
        consents: vec![Purpose::OpenFile],
        consent_text_version: "2026-11-a".to_owned(),
        entry_point: None,
        language: Language::Nl,
    }
}

/// Makes these calls, some at a time.
async fn all<C: Call, R>(
    calls: impl IntoIterator<Item = (Actor, C)>,
    bus: &Bus,
    answer: impl Fn(C::Reply) -> R,
) -> Vec<R> {
    let asked = calls.into_iter().map(async |(actor, call)| bus.call(&actor, &call).await);
    let answered = stream::iter(asked).buffer_unordered(AT_ONCE);
    answered
        .map(|reply| answer(reply.unwrap_or_else(|problem| panic!("{}: {problem}", C::VERB))))
        .collect()
        .await
}

async fn count(tables: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(tables).await.expect("PostgreSQL answers")
}

async fn calls(apart: &Apart, service: Service) -> [f64; REPLICAS] {
    apart.metric(service, "dbj_calls_total", &format!("\"{service}\"")).await
}

async fn applied(apart: &Apart, service: Service) -> [f64; REPLICAS] {
    apart.metric(service, "dbj_events_applied_total", &format!("\"{service}\"")).await
}

// --- The work is shared ------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_share_the_work_and_go_on_with_what_the_other_began() {
    let apart = Apart::start().await;
    presses_that_meet_two_portals_count_once(&apart).await;
    let portal = apart.installation.bus(Service::Portal).await;
    let openings = commands_are_shared(&apart, &portal).await;
    let people = people(&apart, &portal).await;
    the_matchers_answer_the_same(&apart, &portal, &people, &openings).await;
    events_are_shared(&apart, &portal, &people).await;
}

/// Pages and forms, each taken by another portal than the one before; and both at once.
async fn presses_that_meet_two_portals_count_once(apart: &Apart) {
    let portals = [0, 1].map(|number| apart.replica(Service::Portal, number).pages.clone());
    let (intake, notifier) = (
        apart.installation.tables(Service::Intake).await,
        apart.installation.tables(Service::Notifier).await,
    );
    let mut browser = Browser::new(&portals[0]);
    let number = phone(1);
    for (step, fields) in [
        (1, &[("postcode", "1315rc")][..]),
        (2, &[("taak", "schoonmaken.ramen")]),
        (3, &[("dagdeel", "morning"), ("uren", "24-32")]),
        (4, &[("naam", "Samira"), ("contact", number.as_str()), ("kanaal", "sms")]),
    ] {
        let path = format!("/aanmelden/{step}");
        let key = browser.get(&path).await.key();
        let fields: Vec<_> = [("key", key.as_str())].into_iter().chain(fields.iter().copied()).collect();
        browser = browser.at(&portals[step % 2]);
        let taken = browser.post(&path, &fields).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "question {step}: {}", taken.words());
    }

    // The last step of registering: one message, and both presses wait for its code.
    let key = browser.get("/aanmelden/5").await.key();
    let form = [("key", key.as_str()), ("toestemming", "adviser")];
    let pressed = press_both(&browser, &portals, "/aanmelden/5", &form, "/aanmelden/code").await;
    let code = code_for(apart, &number).await;
    eventually("nothing waits for the notifier", async || {
        count(&intake, "select count(*) from dispatches where notice is not null").await == 0
    })
    .await;
    assert_eq!(count(&notifier, "select count(*) from messages").await, 1, "one message");
    assert_eq!(count(&intake, "select count(*) from registrations").await, 1, "one registration");
    // The code, by what either of them keeps: she is in, once.
    let [_, mut browser] = pressed;
    let key = browser.get("/aanmelden/code").await.key();
    let form = [("key", key.as_str()), ("code", code.as_str())];
    for mut browser in press_both(&browser, &portals, "/aanmelden/code", &form, "/mijn").await {
        assert!(browser.open("/mijn").await.says("Samira"));
    }
    assert_eq!(count(&intake, "select count(*) from seekers").await, 1, "one person");

    // Someone who gets letters has no number by which a second registration would be seen.
    let mut helper = sign_in(apart, &portals, Role::Helper).await;
    let key = helper.get("/hulp/aanmelden").await.key();
    let form = [
        ("key", key.as_str()),
        ("keuze", "alles"),
        ("dagdeel", "morning"),
        ("uren", "24-32"),
        ("postcode", "1315"),
        ("naam", "Samira"),
        ("bereik", "brief"),
        ("straat", "Lindelaan 1"),
        ("brief-postcode", "1315 RC"),
        ("plaats", "Almere"),
    ];
    press_both(&helper, &portals, "/hulp/aanmelden", &form, "/hulp/kaart").await;
    assert_eq!(count(&intake, "select count(*) from seekers").await, 2, "one more person");
}

/// Sends the same form to both portals at the same moment; both lead to the same page. The browsers afterwards.
async fn press_both(
    browser: &Browser,
    portals: &[String; REPLICAS],
    path: &str,
    form: &[(&str, &str)],
    leads_to: &str,
) -> [Browser; REPLICAS] {
    let mut browsers = [0, 1].map(|number: usize| browser.at(&portals[number]));
    let [first, second] = &mut browsers;
    let answers: [Answer; REPLICAS] = tokio::join!(first.post(path, form), second.post(path, form)).into();
    for answer in answers {
        assert_eq!(answer.location.as_deref(), Some(leads_to), "{}", answer.words());
    }
    browsers
}

/// The code that came to this number.
async fn code_for(apart: &Apart, number: &str) -> String {
    let (portal, keys) =
        (apart.installation.bus(Service::Portal).await, apart.installation.keys(Service::Portal));
    let to = format!("+31{}", &number[1..]);
    let mut code = None;
    eventually("a code comes", async || {
        let sealed =
            portal.call(&Actor::Visitor, &Mailbox { limit: 200 }).await.expect("the mailbox answers");
        let all: Vec<MailboxItem> = keys.open(&sealed).expect("it is for the portal");
        code = all.iter().find(|item| item.to == to).and_then(|item| {
            let mut words = item.body.split(|letter: char| !letter.is_ascii_digit());
            words.find(|word| word.len() == 6).map(str::to_owned)
        });
        code.is_some()
    })
    .await;
    code.expect("it came")
}

/// Signs a demo account in: the password at one portal, the code at the other.
async fn sign_in(apart: &Apart, portals: &[String; REPLICAS], role: Role) -> Browser {
    let bus = apart.installation.bus(Service::Portal).await;
    let command = PrepareDemo { employer_id: None, region: "AM11".to_owned() };
    let accounts = bus.call(&portal(), &command).await.expect("demo accounts");
    let account = accounts.into_iter().find(|account| account.role == role).expect("one of each role");
    let mut browser = Browser::new(&portals[0]);
    let fields = [("email", account.email.as_str()), ("wachtwoord", &account.password)];
    let half_way = browser.post("/personeel/inloggen", &fields).await;
    assert_eq!(half_way.location.as_deref(), Some("/personeel/code"), "{}", half_way.words());
    let factor = SecondFactor::from_base32(&account.totp_secret, "demo").expect("a secret");
    browser = browser.at(&portals[1]);
    let signed_in =
        browser.post("/personeel/code", &[("code", &factor.code(Clock::default().machine_now()))]).await;
    assert_eq!(signed_in.status, StatusCode::SEE_OTHER, "{}", signed_in.words());
    browser
}

/// Commands to four services and what follows from them; the openings that were posted.
async fn commands_are_shared(apart: &Apart, portal_bus: &Bus) -> Vec<OpeningId> {
    let intake_bus = apart.installation.bus(Service::Intake).await;
    let employer_id = employer(portal_bus).await;
    let notice = |number| Notice {
        to: format!("+316{number:08}"),
        channel: Channel::Sms,
        language: Language::Nl,
        content: NoticeContent::Code { code: "123456".to_owned() },
    };
    let send = |number: u128| SendNotice {
        cause: OsChance.uuid_v4(),
        recipient: OsChance.uuid_v4(),
        expires_at: Clock::default().machine_now() + TimeDelta::hours(1),
        notice: intake_bus.seal(Service::Notifier, &notice(30_000_000 + number)),
    };
    let intake = Actor::Service { service: Service::Intake };
    all((0..EACH).map(|number| (intake.clone(), send(number))), &intake_bus, drop).await;
    let code = |number: u128| RequestCode {
        contact: portal_bus.seal(Service::Intake, &phone(1_000_000 + number)),
        language: Language::Nl,
    };
    all((0..EACH).map(|number| (Actor::Visitor, code(number))), portal_bus, drop).await;
    let invite = |number: u128| Invite {
        invitee: portal_bus.seal(
            Service::Portal,
            &Invitee { name: "Fatma".to_owned(), email: format!("fatma{number}@wsp.example") },
        ),
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: vec!["AM11".to_owned()],
        organisation: "WSP".to_owned(),
    };
    all((0..EACH).map(|number| (portal(), invite(number))), portal_bus, drop).await;
    let post = |number: u128| (manager(), opening(employer_id, &format!("Baan {number}")));
    let openings = all((0..EACH).map(post), portal_bus, |opening_id| opening_id).await;

    let mut in_all = 0;
    for service in [Service::Intake, Service::Notifier, Service::Vacancies, Service::Portal] {
        in_all += shared("commands of", service, calls(apart, service).await);
    }
    assert!(in_all >= SHARED, "{in_all} commands");
    openings
}

/// Fails when one replica did too little of what both did; returns what both did.
fn shared(what: &str, service: Service, both: [f64; REPLICAS]) -> u64 {
    let all: f64 = both.iter().sum();
    println!("{what} {service}: {} and {} of {all}", both[0], both[1]);
    let least = both.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(least >= LEAST * all && all > 0.0, "{what} {service}: {both:?}");
    all as u64
}

/// People whom the matcher knows.
async fn people(apart: &Apart, portal_bus: &Bus) -> Vec<SeekerId> {
    let intake = apart.installation.tables(Service::Intake).await;
    let came_by_the_pages = seekers(&intake).await;
    let people: Vec<Registration> =
        (0..PEOPLE as u128).map(|number| registration(2_000_000 + number)).collect();
    let load = LoadDemoPeople { people: portal_bus.seal(Service::Intake, &people) };
    portal_bus.call(&portal(), &load).await.expect("people are there");
    let matcher = apart.installation.tables(Service::Matcher).await;
    let wanted = (EACH as i64, (PEOPLE + came_by_the_pages.len()) as i64);
    eventually("the matcher has heard of everyone and everything", async || {
        let openings = count(&matcher, "select count(*) from openings").await;
        (openings, count(&matcher, "select count(*) from profiles").await) == wanted
    })
    .await;
    seekers(&intake).await.difference(&came_by_the_pages).map(|id| SeekerId(*id)).collect()
}

async fn seekers(intake: &PgPool) -> BTreeSet<Uuid> {
    let ids: Vec<Uuid> = sqlx::query_scalar("select seeker_id from seekers")
        .fetch_all(intake)
        .await
        .expect("PostgreSQL answers");
    ids.into_iter().collect()
}

/// The same question many times, once both are level: one answer, to the letter.
async fn the_matchers_answer_the_same(
    apart: &Apart,
    portal_bus: &Bus,
    people: &[SeekerId],
    openings: &[OpeningId],
) {
    const ASKED: usize = 20;
    let before = calls(apart, Service::Matcher).await;
    let newest: i64 = {
        let matcher = apart.installation.tables(Service::Matcher).await;
        count(&matcher, "select max(change) from changes").await
    };
    let seeker_id = people[0];
    let of_her = ProposalsForSeeker { seeker_id, limit: 100 };
    let hers = Actor::Seeker { seeker_id };
    // Chance decides who answers: many level answers in a row, and both are.
    let mut level = 0;
    eventually("both indexes are level", async || {
        let found = portal_bus.call(&hers, &of_her).await.expect("the matcher answers");
        level = if found.made_with.change == newest { level + 1 } else { 0 };
        level >= ASKED
    })
    .await;
    let cell = Reference::small().places.locate_pc4(1315).expect("it is there").cell();
    let near = PeopleNear { cell, km: 20, tasks: Vec::new(), page: 0, per_page: 100 };
    let many = CountOpenings {
        cell,
        tasks: vec!["schoonmaken.ramen".into()],
        any_task: false,
        dayparts: Dayparts::ALL,
        hours: None,
        travel: None,
    };
    let for_opening = ProposalsForOpening { opening_id: openings[0], page: 0, per_page: 100 };
    one_answer(portal_bus, &hers, &of_her, ASKED).await;
    one_answer(portal_bus, &manager(), &near, ASKED).await;
    one_answer(portal_bus, &Actor::Visitor, &many, ASKED).await;
    one_answer(portal_bus, &manager(), &for_opening, ASKED).await;
    let after = calls(apart, Service::Matcher).await;
    for number in 0..REPLICAS {
        assert!(after[number] > before[number], "both answered");
    }
}

async fn one_answer<C: Call>(portal_bus: &Bus, actor: &Actor, query: &C, times: usize)
where
    C::Reply: serde::Serialize,
{
    let mut answers = BTreeSet::new();
    for _ in 0..times {
        let answer = portal_bus.call(actor, query).await.expect("the matcher answers");
        answers.insert(serde_json::to_string(&answer).expect("an answer is JSON"));
    }
    assert_eq!(answers.len(), 1, "{}: {answers:?}", C::VERB);
    assert!(answers.iter().all(|answer| answer.len() > 4), "{}: an empty answer proves nothing", C::VERB);
}

/// Everyone is shown something, says something and is erased: each service hears of it by both replicas, everything
/// takes effect once, and commands to the matcher are shared too.
async fn events_are_shared(apart: &Apart, portal_bus: &Bus, people: &[SeekerId]) {
    let seeker = |seeker_id: &SeekerId| Actor::Seeker { seeker_id: *seeker_id };
    let asked = people.iter().map(|id| (seeker(id), ProposalsForSeeker { seeker_id: *id, limit: 1 }));
    let found: Vec<SeekerProposals> = all(asked, portal_bus, |found| found).await;
    assert!(found.iter().all(|found| found.proposals.len() == 1));
    let before = calls(apart, Service::Matcher).await;
    let told = |found: &SeekerProposals, seeker_id: SeekerId| RecordShown {
        seeker_id,
        proposals: found.proposals.clone(),
        profile_version: found.profile_version.expect("a profile"),
        made_with: found.made_with.clone(),
    };
    // The best opening is the same for all of them, so whose answer it was makes no difference.
    all(people.iter().map(|id| (seeker(id), told(&found[0], *id))), portal_bus, drop).await;
    let opening_id = found[0].proposals[0].opening_id;
    let mark = |seeker_id: SeekerId| MarkProposal { seeker_id, opening_id, mark: Mark::Wanted };
    all(people.iter().map(|id| (seeker(id), mark(*id))), portal_bus, drop).await;
    let after = calls(apart, Service::Matcher).await;
    shared("commands of", Service::Matcher, [after[0] - before[0], after[1] - before[1]]);
    all(people.iter().map(|id| (seeker(id), EraseMe { seeker_id: *id })), portal_bus, drop).await;

    let heard = people.len() as f64;
    let expected = BTreeMap::from([
        // Four services confirm each erasure.
        ("intake", 4.0 * heard),
        // Openings and erasures.
        ("open-hiring", heard + EACH as f64),
        // Profiles, openings and erasures; two more people came by the pages.
        ("matcher", 2.0 * heard + 2.0 + EACH as f64),
        // Marks and erasures.
        ("notifier", 2.0 * heard),
        ("portal", heard),
    ]);
    let mut in_all = 0;
    let services: BTreeSet<_> = READINGS.iter().map(|reading| reading.by).collect();
    for service in services {
        let wanted = expected[service.name()];
        eventually("every event takes effect", async || {
            applied(apart, service).await.iter().sum::<f64>() >= wanted
        })
        .await;
        let both = applied(apart, service).await;
        assert!(
            (both.iter().sum::<f64>() - wanted).abs() < 0.5,
            "each takes effect once at {service}: {both:?}"
        );
        in_all += shared("events of", service, both);
    }
    assert!(in_all >= SHARED, "{in_all} events");
}

// --- Restarts and faults -----------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_and_faults_cost_callers_no_more_than_promised() {
    let mut apart = Apart::start().await;
    who_stops_finishes_what_is_in_hand(&mut apart).await;
    a_rolling_restart_is_not_seen(&mut apart).await;
    for fault in Fault::ALL {
        a_fault_costs_an_attempt(&mut apart, fault).await;
    }
}

/// SIGTERM: not ready from then on, the request in hand is answered, what is committed is told.
async fn who_stops_finishes_what_is_in_hand(apart: &mut Apart) {
    // One that does not linger: what it has in hand is all that it may still do.
    apart.stop(Service::Portal, 1).await;
    apart.start_again(Service::Portal, 1, &[("DBJ_LINGER_SECONDS", "0")]).await;
    let portal = apart.replica(Service::Portal, 1);
    let mut browser = Browser::new(&portal.pages);
    let key = browser.get("/inloggen").await.key();
    let asking = tokio::spawn(async move {
        let number = phone(9);
        let form = [("key", key.as_str()), ("contact", number.as_str())];
        // The answer takes 400 ms for known and unknown alike.
        browser.post("/inloggen", &form).await
    });
    let intake = apart.installation.tables(Service::Intake).await;
    eventually("intake has taken the request", async || {
        count(&intake, "select count(*) from challenges").await == 1
    })
    .await;
    portal.process.terminate();
    eventually("it is not ready, and says why", async || {
        let ready =
            reqwest::get(format!("{}/ready", portal.health)).await.expect("health is answered to the end");
        let status = ready.status();
        let reasons = ready.text().await.expect("reasons");
        status == StatusCode::SERVICE_UNAVAILABLE && reasons.starts_with("stopping")
    })
    .await;
    let answer = asking.await.expect("a request in hand is answered");
    assert_eq!(answer.location.as_deref(), Some("/inloggen/code"), "{}", answer.words());
    assert_eq!(
        answer.headers.get("connection").map(reqwest::header::HeaderValue::as_bytes),
        Some(&b"close"[..])
    );
    apart.stopped(Service::Portal, 1).await;
    apart.start_again(Service::Portal, 1, &[]).await;

    // The last replica of a service leaves nothing behind that was committed.
    apart.stop(Service::Vacancies, 1).await;
    let bus = apart.installation.bus(Service::Portal).await;
    let employer_id = employer(&bus).await;
    bus.call(&manager(), &opening(employer_id, "Laatste")).await.expect("an opening is posted");
    apart.stop(Service::Vacancies, 0).await;
    let vacancies = apart.installation.tables(Service::Vacancies).await;
    assert_eq!(count(&vacancies, "select count(*) from outbox where published_at is null").await, 0);
    assert!(count(&vacancies, "select count(*) from outbox").await > 0);
    for number in 0..REPLICAS {
        apart.start_again(Service::Vacancies, number, &[]).await;
    }
}

/// Every process, one after the other, while visitors and callers go on.
async fn a_rolling_restart_is_not_seen(apart: &mut Apart) {
    let callers = Callers::start(apart, 2).await;
    let users = Users::start(&apart.installation, &apart.balancer.address, 4).await;
    let began = Instant::now();
    apart.restart_streams().await;
    for service in Service::ALL {
        for number in 0..REPLICAS {
            apart.restart(service, number).await;
        }
    }
    let took = began.elapsed();
    let seen: Seen = users.stop().await;
    let asked = callers.stop().await;
    println!(
        "rolling restart of {} processes in {took:.1?}: {} requests, {} times 503 with Retry-After, {} wrong, \
         slowest {:.1?}; {} people registered; {} calls, {} failed, slowest {:.1?}",
        Service::ALL.len() * REPLICAS + 1,
        seen.requests,
        seen.not_now,
        seen.wrong.len(),
        seen.slowest,
        seen.registered.len(),
        asked.answers.len(),
        asked.failed.len(),
        asked.slowest(),
    );
    assert_eq!(seen.wrong, Vec::<String>::new());
    let Asked { posted, failed, not_now, .. } = asked;
    assert_eq!((failed, not_now), (Vec::<String>::new(), Vec::<Duration>::new()));
    assert!(seen.requests >= 100 && !seen.registered.is_empty() && !posted.is_empty(), "{seen:?}");

    // Nothing lost and nothing doubled.
    let intake = apart.installation.tables(Service::Intake).await;
    assert_eq!(count(&intake, "select count(*) from seekers").await, seen.registered.len() as i64);
    nothing_is_lost(apart, &posted).await;
}

/// What was answered is there once, and the matcher hears of it.
async fn nothing_is_lost(apart: &Apart, posted: &[OpeningId]) {
    let vacancies = apart.installation.tables(Service::Vacancies).await;
    let there: Vec<Uuid> = sqlx::query_scalar("select opening_id from openings where title like 'Beroep %'")
        .fetch_all(&vacancies)
        .await
        .expect("PostgreSQL answers");
    let there: BTreeSet<Uuid> = there.into_iter().collect();
    assert_eq!(there, posted.iter().map(|id| id.0).collect::<BTreeSet<_>>(), "posted and answered");
    let matcher = apart.installation.tables(Service::Matcher).await;
    // Events that a dead replica had in hand come back by themselves.
    eventually("the matcher knows all that was posted", async || {
        let known: Vec<Uuid> = sqlx::query_scalar("select opening_id from openings")
            .fetch_all(&matcher)
            .await
            .expect("PostgreSQL answers");
        there.is_subset(&known.into_iter().collect())
    })
    .await;
}

/// What happens to one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Killed,
    Frozen,
    Partitioned,
}

impl Fault {
    const ALL: [Self; 3] = [Self::Killed, Self::Frozen, Self::Partitioned];
}

/// Calls that each replica answers after a fault, and all callers make in all, at least.
const AFTERWARDS: f64 = 20.0;
const ENOUGH: usize = 100;

/// Calls in hand wait for one attempt and succeed elsewhere. A command that meets the silent replica at each of its
/// attempts is "not now" at its deadline, and done once when it is sent again.
async fn a_fault_costs_an_attempt(apart: &mut Apart, fault: Fault) {
    let link = Link::to(apart.installation.nats.port).await;
    let through = format!("nats://{}", link.address);
    apart.stop(Service::Vacancies, 0).await;
    apart.start_again(Service::Vacancies, 0, &[("NATS_URL", through.as_str())]).await;
    let before = apart.metric(Service::Vacancies, "dbj_calls_total", "").await;
    let callers = Callers::start(apart, 8).await;
    eventually("both replicas answer", async || {
        let now = apart.metric(Service::Vacancies, "dbj_calls_total", "").await;
        now[0] > before[0] && now[1] > before[1]
    })
    .await;
    match fault {
        Fault::Killed => apart.replica_mut(Service::Vacancies, 0).process.kill(),
        Fault::Frozen => apart.replica(Service::Vacancies, 0).process.freeze(),
        Fault::Partitioned => link.cut(),
    }
    // It lasts until NATS no longer knows the replica (a silent client after two pings, 2 s apart) and somebody met it.
    eventually("NATS has given it up", async || apart.connections(Service::Vacancies).await < REPLICAS).await;
    if fault != Fault::Killed {
        eventually("a silent replica was asked", async || callers.waited() > 0).await;
    }
    match fault {
        Fault::Killed => apart.start_again(Service::Vacancies, 0, &[]).await,
        Fault::Frozen => apart.replica(Service::Vacancies, 0).process.thaw(),
        Fault::Partitioned => link.mend(),
    }
    apart.replica_mut(Service::Vacancies, 0).ready().await;
    eventually("NATS knows both", async || apart.connections(Service::Vacancies).await == REPLICAS).await;
    let (quiet, before) = (Instant::now(), calls(apart, Service::Vacancies).await);
    eventually("both replicas answer again", async || {
        let now = calls(apart, Service::Vacancies).await;
        (0..REPLICAS).all(|number| now[number] - before[number] >= AFTERWARDS) && callers.made() >= ENOUGH
    })
    .await;
    let asked = callers.stop().await;

    let waited = asked.answers.iter().filter(|answer| answer.took >= ATTEMPT).count();
    let later: Vec<_> = asked.answers.iter().filter(|answer| answer.asked > quiet).collect();
    let waited_later = later.iter().filter(|answer| answer.took >= ATTEMPT).count();
    println!(
        "one of two replicas {fault:?}: {} calls, {waited} waited for a second attempt, slowest command {:.1?}, \
         slowest query {:.1?}, failed {}, not now {}; afterwards {waited_later} of {} waited",
        asked.answers.len(),
        asked.slowest_of(proto::Kind::Command),
        asked.slowest_of(proto::Kind::Query),
        asked.failed.len(),
        asked.not_now.len(),
        later.len(),
    );
    assert_eq!(asked.failed, Vec::<String>::new());
    // A command asks one replica at a time, three times in 8 s: it may meet the silent one each time (docs/adr/0011).
    assert!(asked.not_now.iter().all(|took| *took < Duration::from_secs(10)), "{:?}", asked.not_now);
    if fault == Fault::Killed {
        assert_eq!(asked.not_now, Vec::<Duration>::new(), "NATS knows at once who was killed");
    }
    assert!(asked.slowest_of(proto::Kind::Query) < Duration::from_millis(2_800), "under 3 s");
    // Half of all calls would meet a replica that is still silent; a busy machine alone is slow now and then.
    assert!(
        10 * waited_later <= later.len(),
        "{waited_later} of {} waited when all was well again",
        later.len()
    );
    nothing_is_lost_of(apart, &asked).await;
}

async fn nothing_is_lost_of(apart: &Apart, asked: &Asked) {
    let vacancies = apart.installation.tables(Service::Vacancies).await;
    for OpeningId(id) in &asked.posted {
        let times: i64 = sqlx::query_scalar("select count(*) from openings where opening_id = $1")
            .bind(id)
            .fetch_one(&vacancies)
            .await
            .expect("PostgreSQL answers");
        assert_eq!(times, 1, "{id}");
    }
    let titles: i64 = sqlx::query_scalar(
        "select count(*) - count(distinct title) from openings where title like 'Beroep %'",
    )
    .fetch_one(&vacancies)
    .await
    .expect("PostgreSQL answers");
    assert_eq!(titles, 0, "nothing was posted twice");
}

/// Until a caller sends a second attempt.
const ATTEMPT: Duration = Duration::from_secs(1);

/// One call.
#[derive(Debug)]
struct Answered {
    kind: proto::Kind,
    asked: Instant,
    took: Duration,
}

/// What callers were answered.
#[derive(Default)]
struct Asked {
    answers: Vec<Answered>,
    posted: Vec<OpeningId>,
    /// When commands were answered "not now".
    not_now: Vec<Duration>,
    failed: Vec<String>,
    so_far: Arc<SoFar>,
}

impl Asked {
    fn note<R>(&mut self, kind: proto::Kind, asked: Instant, reply: Result<R, Problem>) -> Option<R> {
        let took = asked.elapsed();
        self.answers.push(Answered { kind, asked, took });
        self.so_far.made.fetch_add(1, Relaxed);
        if took >= ATTEMPT {
            self.so_far.waited.fetch_add(1, Relaxed);
        }
        reply
            .map_err(|problem| self.failed.push(format!("{kind:?} after {:.1?}: {problem}", asked.elapsed())))
            .ok()
    }

    fn slowest(&self) -> Duration {
        self.answers.iter().map(|answer| answer.took).max().unwrap_or_default()
    }

    fn slowest_of(&self, kind: proto::Kind) -> Duration {
        let of_kind = self.answers.iter().filter(|answer| answer.kind == kind);
        of_kind.map(|answer| answer.took).max().unwrap_or_default()
    }
}

/// What callers went through so far.
#[derive(Default)]
struct SoFar {
    made: AtomicUsize,
    waited: AtomicUsize,
}

/// Callers who post openings and look at them, as the portal does.
struct Callers {
    so_far: Arc<SoFar>,
    stop: watch::Sender<bool>,
    tasks: JoinSet<Asked>,
}

impl Callers {
    async fn start(apart: &Apart, count: usize) -> Self {
        let (stop, stopped) = watch::channel(false);
        let (mut tasks, so_far) = (JoinSet::new(), Arc::<SoFar>::default());
        let bus = Arc::new(apart.installation.bus(Service::Portal).await);
        let vacancies = apart.installation.tables(Service::Vacancies).await;
        let known: Option<Uuid> = sqlx::query_scalar("select employer_id from employers limit 1")
            .fetch_optional(&vacancies)
            .await
            .expect("PostgreSQL answers");
        let employer_id = match known {
            Some(id) => EmployerId(id),
            None => employer(&bus).await,
        };
        for _ in 0..count {
            let asked = Asked { so_far: so_far.clone(), ..Asked::default() };
            tasks.spawn(ask_on(asked, bus.clone(), employer_id, stopped.clone()));
        }
        Self { so_far, stop, tasks }
    }

    /// Calls that were answered.
    fn made(&self) -> usize {
        self.so_far.made.load(Relaxed)
    }

    /// Those among them that took a second attempt.
    fn waited(&self) -> usize {
        self.so_far.waited.load(Relaxed)
    }

    async fn stop(mut self) -> Asked {
        let _ = self.stop.send(true);
        let mut all = Asked::default();
        while let Some(asked) = self.tasks.join_next().await {
            let asked = asked.expect("nobody panics");
            all.answers.extend(asked.answers);
            all.posted.extend(asked.posted);
            all.not_now.extend(asked.not_now);
            all.failed.extend(asked.failed);
        }
        all
    }
}

/// What a caller does between two jobs: some load, and not all that a machine can bear.
const BETWEEN: Duration = Duration::from_millis(20);

/// A word that nobody else has, of letters only: a row of digits looks like a telephone number.
fn word() -> String {
    let number = OsChance.uuid_v4().simple().to_string();
    number.chars().map(|digit| char::from(b'a' + digit.to_digit(16).unwrap_or_default() as u8)).collect()
}

async fn ask_on(
    mut asked: Asked,
    bus: Arc<Bus>,
    employer_id: EmployerId,
    stop: watch::Receiver<bool>,
) -> Asked {
    while !*stop.borrow() {
        let (began, key) = (Instant::now(), OsChance.uuid_v4());
        let post = opening(employer_id, &format!("Beroep {}", word()));
        let mut reply = bus.call_with_key(&manager(), key, &post).await;
        if reply.as_ref().is_err_and(|problem| problem.status == Status::Unavailable) {
            // "Not now": as a person does, the same once more.
            asked.not_now.push(began.elapsed());
            reply = bus.call_with_key(&manager(), key, &post).await;
        }
        let Some(opening_id) = asked.note(proto::Kind::Command, began, reply) else { continue };
        asked.posted.push(opening_id);
        for _ in 0..3 {
            let (began, query) = (Instant::now(), OpeningsById { opening_ids: vec![opening_id] });
            let reply = bus.call(&manager(), &query).await;
            let Some(found) = asked.note(proto::Kind::Query, began, reply) else { continue };
            if found.len() != 1 {
                asked.failed.push(format!("{opening_id} was posted and is not there"));
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
    asked
}
