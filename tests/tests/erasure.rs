//! Erasure through the whole platform (RELIABILITY T32): somebody leaves traces everywhere she can, erases everything,
//! and afterwards every table and both streams are searched for her. What comes late finds a tombstone.

use std::collections::BTreeSet;

use async_nats::jetstream;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chassis::harness::eventually;
use chrono::TimeDelta;
use dichterbij_tests::{
    browser::Browser,
    invented::{self, account, manager},
    site::Site,
};
use proto::{
    Actor, OpeningId, ProposalId, Role, SeekerId, Service, Status, Stream,
    catalogue::EVENTS,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, Benefit, ChangeBackground, ConsentGiven,
        ContactGround, ContactPurpose, DesksFor, EraseMe, Erasure, Erasures, HelperIntroduction, MyDetails,
        OpenContact, Purpose, ReferMe, RegisterAssisted, RequestCode, ToldBackground,
    },
    matcher::{
        AnswerInterest, EmployerAnswer, InterestIn, Mark, MarkProposal, OpeningProposals,
        ProposalsForOpening, ProposalsForSeeker, RecordShown, SeekerProposals,
    },
    vacancies::PostOpening,
    work::{Channel, Language},
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection, postgres::PgConnectOptions};
use uuid::Uuid;

const NAME: &str = "Zilverspar";
const PHONE: &str = "0612349876";
const SENT_TO: &str = "+31612349876";

/// What may still stand somewhere: her number, in these tables and events, and nothing else. The change log of the
/// matcher tells its replicas that she is gone.
const TABLES_THAT_STAY: [&str; 5] =
    ["erased_aggregates", "erasures", "erasure_confirmations", "outbox", "changes"];

/// Somebody on the stage.
struct Person {
    seeker_id: SeekerId,
    open_file_id: Uuid,
    background_id: Uuid,
    proposals: Vec<ProposalId>,
}

impl Person {
    fn actor(&self) -> Actor {
        Actor::Seeker { seeker_id: self.seeker_id }
    }

    /// Her ids, and which of them may stay as a number.
    fn ids(&self) -> Vec<(Uuid, bool)> {
        let mut ids = vec![(self.seeker_id.0, true), (self.open_file_id, false), (self.background_id, true)];
        ids.extend(self.proposals.iter().map(|proposal| (proposal.0, true)));
        ids
    }
}

async fn opening(site: &Site) -> OpeningId {
    let employer_id = site.platform.ask(&manager(), &invented::employer("00000011")).await.unwrap();
    let post = PostOpening { employer_id, details: invented::opening(), publish: true };
    site.platform.ask(&manager(), &post).await.unwrap()
}

/// Registered at a library, with a yes to everything.
async fn register(site: &Site) -> Person {
    let registration = AssistedRegistration {
        wishes: invented::wishes(),
        name: NAME.to_owned(),
        reach: AssistedReach::Contact { contact: PHONE.to_owned(), channel: Channel::Sms, shared: false },
        consents: Purpose::ALL.to_vec(),
        consent_text_version: "2026-11".to_owned(),
        how: ConsentGiven::ReadAloud { record: "gesprek 2026-117".to_owned() },
        entry_point: Some("library".to_owned()),
        language: Language::Nl,
        helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "Bibliotheek".to_owned() },
    };
    let command = RegisterAssisted {
        registration: site.platform.keys(Service::Portal).seal(Service::Intake, &registration),
    };
    let outcome = site.platform.ask(&account(50, Role::Helper), &command).await.unwrap();
    let AssistedOutcome::Registered { seeker_id, .. } = outcome else { panic!("{outcome:?}") };
    let (open_file_id, background_id) =
        sqlx::query_as("select open_file_id, background_id from seekers where seeker_id = $1")
            .bind(seeker_id.0)
            .fetch_one(site.platform.pool(Service::Intake))
            .await
            .unwrap();
    Person { seeker_id, open_file_id, background_id, proposals: Vec::new() }
}

/// Signs in on the pages with the code of a message.
async fn sign_in(site: &Site) -> Browser {
    let mut browser = site.browser();
    let key = browser.get("/inloggen").await.key();
    browser.post("/inloggen", &[("key", &key), ("contact", PHONE)]).await;
    let mut code = String::new();
    eventually("the code arrives", async || {
        let sent = site.mailbox(SENT_TO).await;
        let with_code = sent.iter().find(|item| item.body.contains("Uw code")).map(|item| item.body.clone());
        let text = with_code.unwrap_or_default();
        let numbers = text.split(|letter: char| !letter.is_ascii_digit());
        numbers.into_iter().find(|number| number.len() == 6).unwrap_or_default().clone_into(&mut code);
        !code.is_empty()
    })
    .await;
    let key = browser.get("/inloggen/code").await.key();
    let answer = browser.post("/inloggen/code", &[("key", &key), ("code", &code)]).await;
    assert_eq!(answer.location.as_deref(), Some("/mijn"), "{}", answer.words());
    browser
}

async fn proposals(site: &Site, person: &Person) -> SeekerProposals {
    let query = ProposalsForSeeker { seeker_id: person.seeker_id, limit: 20 };
    site.platform.ask(&person.actor(), &query).await.unwrap()
}

/// She wants the job, and the employer wants to meet.
async fn want_and_meet(site: &Site, person: &mut Person, opening_id: OpeningId) {
    eventually("the job is proposed", async || proposals(site, person).await.proposals.len() == 1).await;
    let seen = proposals(site, person).await;
    let shown = RecordShown {
        seeker_id: person.seeker_id,
        proposals: seen.proposals,
        profile_version: seen.profile_version.unwrap(),
        made_with: seen.made_with,
    };
    site.platform.ask(&person.actor(), &shown).await.unwrap();
    let marked = MarkProposal { seeker_id: person.seeker_id, opening_id, mark: Mark::Wanted };
    site.platform.ask(&person.actor(), &marked).await.unwrap();
    let query = InterestIn {
        opening_id: Some(opening_id),
        employer_id: None,
        only_open: true,
        page: 0,
        per_page: 20,
    };
    let interest = site.platform.ask(&manager(), &query).await.unwrap();
    person.proposals = interest.rows.iter().map(|one| one.proposal_id).collect();
    assert_eq!(person.proposals.len(), 1);
    let answer = AnswerInterest { proposal_id: person.proposals[0], answer: EmployerAnswer::Meet };
    site.platform.ask(&manager(), &answer).await.unwrap();
    eventually("she is told", async || {
        site.mailbox(SENT_TO).await.iter().any(|item| item.body.contains("kennismaken"))
    })
    .await;
}

/// Background told, a desk that will call, an adviser who looked at her number, a code that waits.
async fn leave_more_traces(site: &Site, person: &Person) {
    let portal = site.platform.keys(Service::Portal);
    let told =
        ToldBackground { benefit: Some(Benefit::Unemployment), entry_point: Some("library".to_owned()) };
    let told = ChangeBackground { seeker_id: person.seeker_id, told: portal.seal(Service::Intake, &told) };
    site.platform.ask(&person.actor(), &told).await.unwrap();
    let near = DesksFor { postcode: portal.seal(Service::Intake, &"1315".to_owned()) };
    let desks = site.platform.ask(&person.actor(), &near).await.unwrap();
    let refer = ReferMe {
        seeker_id: person.seeker_id,
        desk_id: desks[0].desk_id,
        text_version: "2026-11".to_owned(),
        how: ConsentGiven::Herself,
        question: portal.seal(Service::Intake, &"Mag ik ook 's middags bellen?".to_owned()),
    };
    site.platform.ask(&person.actor(), &refer).await.unwrap();
    let look = OpenContact {
        ground: ContactGround::Adviser { open_file_id: person.open_file_id.into() },
        purpose: ContactPurpose::TalkAboutWork,
        organisation: "WSP Flevoland".to_owned(),
    };
    site.platform.ask(&manager(), &look).await.unwrap();
    let code =
        RequestCode { contact: portal.seal(Service::Intake, &PHONE.to_owned()), language: Language::Nl };
    site.platform.ask(&Actor::Visitor, &code).await.unwrap();
    // Background is told on the hour.
    site.platform.clock.advance(TimeDelta::hours(1));
    eventually("background is told", async || {
        on_stream(site, Stream::Background)
            .await
            .iter()
            .any(|(subject, _)| subject.contains(&person.background_id.to_string()))
    })
    .await;
}

/// Subject, headers and body of every message that a stream keeps.
async fn on_stream(site: &Site, stream: Stream) -> Vec<(String, String)> {
    let context = jetstream::new(site.platform.nats());
    let mut stream = context.get_stream(site.platform.names().stream(stream)).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut messages = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        if let Ok(message) = stream.get_raw_message(sequence).await {
            let body = String::from_utf8_lossy(&message.payload).into_owned();
            messages.push((message.subject.to_string(), format!("{:?} {body}", message.headers)));
        }
    }
    messages
}

/// Every row of every table as the superuser reads it: service and table, and the row as text.
async fn every_row(site: &Site) -> Vec<(String, String)> {
    let url = &site.platform.chassis(Service::Intake).config.database_url;
    let mut connection: PgConnection = url.parse::<PgConnectOptions>().unwrap().connect().await.unwrap();
    let tables: Vec<(String, String)> = sqlx::query_as(
        "select n.nspname::text, c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where c.relkind in ('r', 'p') and not c.relispartition
           and n.nspname not in ('pg_catalog', 'information_schema')",
    )
    .fetch_all(&mut connection)
    .await
    .unwrap();
    let mut all = Vec::new();
    for (schema, table) in tables {
        let statement = format!("select t::text from {schema}.{table} t");
        let rows: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(statement)).fetch_all(&mut connection).await.unwrap();
        all.extend(rows.into_iter().map(|row| (format!("{schema}.{table}"), row)));
    }
    all
}

/// How an id looks in texts, in bytes as PostgreSQL shows them, and in base64.
fn forms(id: Uuid) -> [String; 5] {
    let hyphenated = id.hyphenated().to_string();
    let of_text: String = hyphenated.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    [
        STANDARD.encode(id.as_bytes()).trim_end_matches('=').to_owned(),
        STANDARD.encode(&hyphenated),
        id.simple().to_string(),
        of_text,
        hyphenated,
    ]
}

fn traces_in_tables(rows: &[(String, String)], person: &Person) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (table, row) in rows {
        for (id, may_stay) in person.ids() {
            let stays = may_stay
                && TABLES_THAT_STAY.iter().any(|stays| table.ends_with(&format!(".{stays}")))
                && says_nothing(table, row);
            if !stays && forms(id).iter().any(|form| row.contains(form.as_str())) {
                found.insert(format!("{table} holds {id}"));
            }
        }
        let hex = NAME.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let encoded = STANDARD.encode(NAME);
        for text in [NAME, &hex, encoded.trim_end_matches('='), PHONE, SENT_TO, &PHONE[1..]] {
            if row.contains(text) {
                found.insert(format!("{table} holds {text}"));
            }
        }
    }
    found
}

/// A row of the outbox is blank, or only says that something is erased or forgotten.
fn says_nothing(table: &str, row: &str) -> bool {
    if !table.ends_with(".outbox") {
        return true;
    }
    let stays = EVENTS.iter().filter(|event| event.erases || event.confirms_erasure);
    row.contains(",\"\",") || stays.into_iter().any(|event| row.contains(event.dutch_type))
}

async fn traces_on_streams(site: &Site, person: &Person) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for stream in Stream::ALL {
        for (subject, message) in on_stream(site, stream).await {
            let event = subject.split('.').nth(3).unwrap_or_default().to_owned();
            let stays =
                EVENTS.iter().any(|spec| spec.name == event && (spec.erases || spec.confirms_erasure));
            for (id, may_stay) in person.ids() {
                let holds = forms(id)
                    .iter()
                    .any(|form| subject.contains(form.as_str()) || message.contains(form.as_str()));
                if holds && !(stays && may_stay) {
                    found.insert(format!("{event} holds {id}"));
                }
            }
        }
    }
    found
}

async fn erasures(site: &Site) -> Vec<Erasure> {
    let administrator = account(1, Role::Administrator);
    site.platform.ask(&administrator, &Erasures { only_open: true, limit: 10 }).await.unwrap()
}

#[tokio::test]
async fn who_erases_everything_is_gone_everywhere_and_nothing_brings_her_back() {
    let site = Site::start().await;
    let opening_id = opening(&site).await;
    let mut person = register(&site).await;
    let mut browser = sign_in(&site).await;
    want_and_meet(&site, &mut person, opening_id).await;
    leave_more_traces(&site, &person).await;

    // The search finds her while she is there: otherwise it would find nothing anywhere.
    let before = traces_in_tables(&every_row(&site).await, &person);
    for table in ["intake.seekers", "matcher.profiles", "notifier.messages", "portal.sessions"] {
        assert!(before.iter().any(|trace| trace.starts_with(table)), "{table}: {before:?}");
    }
    let spoken = traces_on_streams(&site, &person).await;
    for event in ["profile_published", "proposal_shown", "proposal_marked", "entry_point_told"] {
        assert!(spoken.iter().any(|trace| trace.starts_with(event)), "{event}: {spoken:?}");
    }
    let old_profile = on_stream(&site, Stream::Facts)
        .await
        .into_iter()
        .find(|(subject, _)| subject.contains("profile_published"))
        .unwrap();

    site.platform.ask(&person.actor(), &EraseMe { seeker_id: person.seeker_id }).await.unwrap();
    let gone =
        site.platform.ask(&person.actor(), &MyDetails { seeker_id: person.seeker_id }).await.unwrap_err();
    assert_eq!((gone.status, gone.code.as_str()), (Status::NotFound, "seeker-unknown"));
    eventually("everybody has confirmed and the streams are clean", async || {
        let open = erasures(&site).await;
        if !open.is_empty() {
            println!("{open:?}");
        }
        open.is_empty()
    })
    .await;
    eventually("the last message is sent", async || {
        site.mailbox(SENT_TO).await.iter().any(|item| item.body.contains("laatste bericht"))
    })
    .await;
    // Her background goes on the hour, with everybody else's.
    site.platform.clock.advance(TimeDelta::hours(1));
    eventually("nothing is left on the streams", async || traces_on_streams(&site, &person).await.is_empty())
        .await;
    eventually("nothing is left in the tables", async || {
        let left = traces_in_tables(&every_row(&site).await, &person);
        if !left.is_empty() {
            println!("{left:?}");
        }
        left.is_empty()
    })
    .await;

    let answer = browser.get("/mijn").await;
    assert!(answer.says("U bent uitgelogd"), "her session has ended: {}", answer.words());

    come_late(&site, &person, opening_id, &old_profile).await;
    site.stop().await;
}

/// An old profile is said again under a new event id, as a replay from a copy would.
async fn come_late(
    site: &Site,
    person: &Person,
    opening_id: OpeningId,
    (subject, message): &(String, String),
) {
    let body = &message[message.find('{').unwrap()..];
    let body = &body[body.find("{\"specversion\"").unwrap()..];
    let mut event: serde_json::Value = serde_json::from_str(body).unwrap();
    let id = site.platform.chassis(Service::Intake).chance.uuid_v7(site.platform.clock.machine_now());
    event["id"] = id.to_string().into();
    event["data"]["version"] = 1_000.into();
    let context = jetstream::new(site.platform.nats());
    context.publish(subject.clone(), event.to_string().into()).await.unwrap().await.unwrap();
    eventually("the matcher has heard it", async || {
        sqlx::query_scalar::<_, bool>("select exists (select 1 from inbox where event_id = $1)")
            .bind(id)
            .fetch_one(site.platform.pool(Service::Matcher))
            .await
            .unwrap()
    })
    .await;
    let left = traces_in_tables(&every_row(site).await, person);
    assert!(left.is_empty(), "{left:?}");
    let query = ProposalsForOpening { opening_id, page: 0, per_page: 20 };
    let people: OpeningProposals = site.platform.ask(&manager(), &query).await.unwrap();
    assert!(people.people.is_empty() && people.visible == 0);
    assert_eq!(proposals(site, person).await.profile_version, None);
}
