//! Backup and restore (RELIABILITY T25 and T32): a backup in mid-traffic, more traffic, the database lost; afterwards
//! nothing answered before the backup is lost, nobody is messaged twice, who was erased stays erased, and everybody
//! knows the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use chassis::{Bus, Keys, harness::eventually};
use dichterbij_tests::{
    installation::{Installation, Replica},
    invented::{self, account, manager},
};
use proto::{
    Actor, Call, EmployerId, OpeningId, Problem, Role, SeekerId, Service, Stream,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ChangeWishes, ConsentGiven, EraseMe,
        HelperIntroduction, MyDetails, Purpose, RegisterAssisted, SetConsent, Wishes,
    },
    matcher::{
        AnswerInterest, EmployerAnswer, InterestIn, Mark, MarkProposal, MyMarks, ProposalsForSeeker,
        RecordShown, SeekerProposals,
    },
    vacancies::{CloseOpening, CloseReason, OpeningDetails, PostOpening},
    work::{Channel, Hours, Language},
};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgPool};
use tokio::sync::watch;
use uuid::Uuid;

const BESIDES_NOTIFIER: [&str; 6] = ["intake", "vacancies", "open-hiring", "matcher", "portal", "streams"];

/// Who asks the services, as the portal does.
#[derive(Clone)]
pub(crate) struct Desk {
    bus: Bus,
    keys: Arc<Keys>,
}

impl Desk {
    pub(crate) async fn open(installation: &Installation) -> Self {
        let bus = installation.bus(Service::Portal).await;
        Self { bus, keys: Arc::new(installation.keys(Service::Portal)) }
    }

    pub(crate) async fn ask<C: Call>(&self, actor: &Actor, call: &C) -> Result<C::Reply, Problem> {
        self.bus.call(actor, call).await
    }

    /// Registers somebody at a library; she gets a message that says so.
    async fn try_register(&self, number: u32) -> Result<SeekerId, Problem> {
        let registration = AssistedRegistration {
            wishes: wishes(16),
            name: format!("Persoon {number}"),
            reach: AssistedReach::Contact { contact: contact(number), channel: Channel::Sms, shared: false },
            consents: vec![Purpose::OpenFile, Purpose::Adviser],
            consent_text_version: "2026-11".to_owned(),
            how: ConsentGiven::ReadAloud { record: format!("gesprek {number}") },
            entry_point: None,
            language: Language::Nl,
            helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "Bibliotheek".to_owned() },
        };
        let command = RegisterAssisted { registration: self.keys.seal(Service::Intake, &registration) };
        match self.ask(&account(50, Role::Helper), &command).await? {
            AssistedOutcome::Registered { seeker_id, .. } => Ok(seeker_id),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn register(&self, number: u32) -> SeekerId {
        self.try_register(number).await.unwrap()
    }

    pub(crate) async fn employer(&self) -> EmployerId {
        self.ask(&manager(), &invented::employer("00000011")).await.unwrap()
    }

    async fn opening(&self, employer_id: EmployerId, title: &str) -> OpeningId {
        let details = OpeningDetails {
            title: title.to_owned(),
            hours: Hours { min: 16, max: 32 },
            ..invented::opening()
        };
        self.ask(&manager(), &PostOpening { employer_id, details, publish: true }).await.unwrap()
    }

    async fn change_wishes(&self, seeker_id: SeekerId, hours: u8) {
        let wishes = self.keys.seal(Service::Intake, &wishes(hours));
        self.ask(&Actor::Seeker { seeker_id }, &ChangeWishes { seeker_id, wishes }).await.unwrap();
    }

    pub(crate) async fn erase(&self, seeker_id: SeekerId) {
        self.ask(&Actor::Seeker { seeker_id }, &EraseMe { seeker_id }).await.unwrap();
    }

    async fn take_back_open_file(&self, seeker_id: SeekerId) {
        let no = SetConsent {
            seeker_id,
            purpose: Purpose::OpenFile,
            given: false,
            text_version: "2026-11".to_owned(),
            how: ConsentGiven::Herself,
        };
        self.ask(&Actor::Seeker { seeker_id }, &no).await.unwrap();
    }

    /// What the matcher proposes to her, once it knows these.
    async fn proposals(&self, seeker_id: SeekerId, openings: usize) -> SeekerProposals {
        let query = ProposalsForSeeker { seeker_id, limit: 20 };
        let mut found = None;
        eventually("openings are proposed", async || {
            found = self.ask(&Actor::Seeker { seeker_id }, &query).await.ok();
            found.as_ref().is_some_and(|found| found.proposals.len() == openings)
        })
        .await;
        found.unwrap()
    }

    async fn show(&self, seeker_id: SeekerId, seen: SeekerProposals) {
        let shown = RecordShown {
            seeker_id,
            proposals: seen.proposals,
            profile_version: seen.profile_version.unwrap(),
            made_with: seen.made_with,
        };
        self.ask(&Actor::Seeker { seeker_id }, &shown).await.unwrap();
    }

    /// She wants the opening, and the employer wants to meet.
    async fn want_and_meet(&self, seeker_id: SeekerId, opening_id: OpeningId) {
        let marked = MarkProposal { seeker_id, opening_id, mark: Mark::Wanted };
        self.ask(&Actor::Seeker { seeker_id }, &marked).await.unwrap();
        let query = InterestIn {
            opening_id: Some(opening_id),
            employer_id: None,
            only_open: true,
            page: 0,
            per_page: 20,
        };
        let interest = self.ask(&manager(), &query).await.unwrap();
        let proposal_id = interest.rows[0].proposal_id;
        let answer = AnswerInterest { proposal_id, answer: EmployerAnswer::Meet };
        self.ask(&manager(), &answer).await.unwrap();
    }

    /// What she said, and whether the employer wants to meet.
    async fn marks(&self, seeker_id: SeekerId) -> Vec<(OpeningId, Mark, bool)> {
        let marks = self.ask(&Actor::Seeker { seeker_id }, &MyMarks { seeker_id }).await.unwrap();
        let mark = |mark: proto::matcher::MyMark| {
            (
                mark.opening_id,
                mark.mark,
                mark.answer.is_some_and(|(answer, _)| answer == EmployerAnswer::Meet),
            )
        };
        marks.into_iter().map(mark).collect()
    }
}

fn contact(number: u32) -> String {
    format!("06{number:08}")
}

fn wishes(hours: u8) -> Wishes {
    Wishes { hours: Some(Hours { min: hours, max: 32 }), ..invented::wishes() }
}

/// Registers people one after the other until told to stop; who was answered, in order.
async fn traffic(desk: Desk, first: u32, stop: watch::Receiver<bool>) -> Vec<SeekerId> {
    let mut answered = Vec::new();
    while !*stop.borrow() {
        answered.push(desk.register(first + answered.len() as u32).await);
    }
    answered
}

/// Messages as a ledger knows them: sent, by cause and template.
async fn sent(notifier: &PgPool) -> BTreeSet<(Uuid, String)> {
    let rows: Vec<(Uuid, String)> =
        sqlx::query_as("select cause, template from messages where state = 'sent'")
            .fetch_all(notifier)
            .await
            .unwrap();
    rows.into_iter().collect()
}

async fn count(pool: &PgPool, from: &str) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from {from}"))).fetch_one(pool).await.unwrap()
}

async fn ids_and_versions(pool: &PgPool, select: &str) -> BTreeMap<Uuid, i64> {
    let rows: Vec<(Uuid, i64)> =
        sqlx::query_as(AssertSqlSafe(select.to_owned())).fetch_all(pool).await.unwrap();
    rows.into_iter().collect()
}

/// Nothing waits to be sent, and whoever hears has heard.
pub(crate) async fn at_rest(installation: &Installation) {
    let mut pools = Vec::new();
    for service in Service::ALL {
        pools.push(installation.tables(service).await);
    }
    let context = installation.administrator().await;
    eventually("everything was sent and heard", async || {
        for pool in &pools {
            if count(pool, "outbox where published_at is null").await > 0 {
                return false;
            }
        }
        let stream = context.get_stream("DICHTERBIJ").await.unwrap();
        for reading in proto::catalogue::READINGS {
            let mut consumer = stream
                .get_consumer::<async_nats::jetstream::consumer::pull::Config>(&reading.durable())
                .await
                .unwrap();
            let info = consumer.info().await.unwrap();
            if info.num_pending > 0 || info.num_ack_pending > 0 {
                return false;
            }
        }
        true
    })
    .await;
}

/// The event ids on the streams by the service in their subject, and those that were stored twice.
async fn on_streams(installation: &Installation) -> (BTreeMap<String, BTreeSet<Uuid>>, usize) {
    let (mut ids, mut twice): (BTreeMap<String, BTreeSet<Uuid>>, usize) = (BTreeMap::new(), 0);
    for stream in Stream::ALL {
        for message in installation.on_stream(stream).await {
            let service = message.subject.split('.').nth(2).unwrap().to_owned();
            twice += usize::from(!ids.entry(service).or_default().insert(message.event_id.unwrap()));
        }
    }
    (ids, twice)
}

struct Places {
    backup: PathBuf,
    key: PathBuf,
    ledger: PathBuf,
}

fn words<'a>(places: &'a Places, more: &[&'a str]) -> Vec<&'a str> {
    let (backup, key) = (places.backup.to_str().unwrap(), places.key.to_str().unwrap());
    [&["restore", "--from", backup, "--identity", key], more].concat()
}

/// Files that are no backup, keys that are none, databases that are not new: each is refused and changes nothing.
async fn refusals(installation: &Installation, places: &Places) {
    let folder = &installation.folder;
    let whole = fs::read(&places.backup).unwrap();
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0x10;
    let key = places.key.to_str().unwrap();
    for (name, bytes) in [("cut", &whole[..whole.len() / 2]), ("flipped", &flipped[..])] {
        let path = folder.join(name);
        fs::write(&path, bytes).unwrap();
        let path = path.to_str().unwrap();
        for line in [
            vec!["backup", "verify", path, "--identity", key],
            vec!["restore", "--from", path, "--identity", key],
        ] {
            let complaint = installation.try_verb(&line).await.unwrap_err();
            assert!(complaint.contains("changed or is not complete"), "{name}: {complaint}");
        }
    }
    let other = folder.join("other.key");
    installation.verb(&["backup", "keygen", "--to", other.to_str().unwrap()]).await;
    let line = ["restore", "--from", places.backup.to_str().unwrap(), "--identity", other.to_str().unwrap()];
    let complaint = installation.try_verb(&line).await.unwrap_err();
    assert!(complaint.contains("not made for this key"), "{complaint}");
    // A service that is still connected.
    let role = installation
        .postgres
        .options()
        .username(&Service::Matcher.database_role())
        .password(installation.keys(Service::Matcher).postgres_password());
    let connected = role.connect().await.unwrap();
    let complaint = installation.try_verb(&words(places, &[])).await.unwrap_err();
    assert!(complaint.contains("services are connected") && complaint.contains("matcher"), "{complaint}");
    connected.close().await.unwrap();
    for service in Service::ALL {
        let tables = installation.tables(service).await;
        assert_eq!(
            count(&tables, "restores").await + count(&tables, "outbox").await,
            0,
            "{service} is as it was"
        );
    }
}

/// A restore that dies half-way leaves a database in which nothing starts, and can be begun again.
async fn dies_half_way(installation: &Installation, places: &Places) {
    let intake = installation.tables(Service::Intake).await;
    let mut lock = intake.begin().await.unwrap();
    sqlx::raw_sql("lock table consents in share mode").execute(&mut *lock).await.unwrap();
    let mut restore = installation.begin_verb(&words(places, &[]));
    eventually("the restore waits for a table", async || {
        assert!(restore.is_running(), "{}", restore.log());
        count(
            &intake,
            "pg_stat_activity where application_name = 'dichterbij-restore' and wait_event_type = 'Lock'",
        )
        .await
            == 1
    })
    .await;
    restore.kill();
    lock.rollback().await.unwrap();
    eventually("its session ends", async || {
        count(&intake, "pg_stat_activity where application_name = 'dichterbij-restore'").await == 0
    })
    .await;
    assert_eq!(count(&intake, "seekers").await, 0);
    for service in ["intake", "matcher"] {
        let mut replica = installation.run(&[service]);
        let status = replica.process.ended_within(Duration::from_secs(20)).await.expect("it does not start");
        assert!(
            !status.success() && replica.process.log().contains("is not finished"),
            "{}",
            replica.process.log()
        );
    }
    intake.close().await;
}

async fn ready(replicas: &mut [Replica]) {
    for replica in replicas {
        replica.ready().await;
    }
}

#[tokio::test]
async fn what_was_told_after_the_backup_is_known_before_anything_goes_out() {
    let mut installation = Installation::start().await;
    let places = Places {
        backup: installation.folder.join("backup.age"),
        key: installation.folder.join("backup.key"),
        ledger: installation.folder.join("erasures.txt"),
    };
    let public = installation.verb(&["backup", "keygen", "--to", places.key.to_str().unwrap()]).await;
    let mut others = installation.run(&BESIDES_NOTIFIER);
    let mut notifier = installation.run(&["notifier"]);
    others.ready().await;
    notifier.ready().await;
    let desk = Desk::open(&installation).await;

    // Before the backup.
    let employer_id = desk.employer().await;
    let stays = desk.opening(employer_id, "Glazenwasser").await;
    let closes = desk.opening(employer_id, "Ramen lappen").await;
    let [wants, takes_back, changes, goes_early, goes_late] = [
        desk.register(1).await,
        desk.register(2).await,
        desk.register(3).await,
        desk.register(4).await,
        desk.register(5).await,
    ];
    desk.show(wants, desk.proposals(wants, 2).await).await;
    desk.erase(goes_early).await;
    at_rest(&installation).await;
    // Her message waits when the backup is made, and leaves after it.
    notifier.process.terminate();
    assert!(notifier.process.ended_within(Duration::from_secs(20)).await.is_some());
    let told_later = desk.register(6).await;

    // The backup, in mid-traffic.
    let (stop, stopped) = watch::channel(false);
    let (running, progress) =
        (tokio::spawn(traffic(desk.clone(), 1_000, stopped)), installation.tables(Service::Intake).await);
    eventually("traffic runs", async || count(&progress, "seekers").await > 10).await;
    let before: Vec<Uuid> =
        sqlx::query_scalar("select seeker_id from seekers").fetch_all(&progress).await.unwrap();
    let backup = ["backup", "--to", places.backup.to_str().unwrap(), "--for", public.trim()];
    installation.verb(&backup).await;
    assert!(installation.try_verb(&backup).await.unwrap_err().contains("never written over"));
    let verified =
        ["backup", "verify", places.backup.to_str().unwrap(), "--identity", places.key.to_str().unwrap()];
    assert!(installation.verb(&verified).await.contains("whole"));

    // After it.
    eventually("traffic goes on", async || count(&progress, "seekers").await > before.len() as i64 + 10)
        .await;
    stop.send_replace(true);
    let answered = running.await.unwrap();
    let mut notifier = installation.run(&["notifier"]);
    notifier.ready().await;
    desk.change_wishes(changes, 20).await;
    desk.change_wishes(changes, 24).await;
    desk.take_back_open_file(takes_back).await;
    desk.want_and_meet(wants, stays).await;
    desk.ask(&manager(), &CloseOpening { opening_id: closes, reason: CloseReason::Filled }).await.unwrap();
    let made_later = desk.opening(employer_id, "Te laat").await;
    desk.erase(goes_late).await;
    let lost = desk.register(7).await;
    let ledger = installation.tables(Service::Notifier).await;
    eventually("everybody has her messages", async || {
        let count = sent(&ledger).await;
        let templates: Vec<&str> = count.iter().map(|(_, template)| template.as_str()).collect();
        let of = |name: &str| templates.iter().filter(|template| **template == name).count();
        // Those to who is erased are gone from the ledger; her last one is to nobody.
        of("helped") == answered.len() + 5 && of("answered") == 1 && of("erased") == 2
    })
    .await;
    at_rest(&installation).await;
    let sent_before = on_stream_of(&installation, "message_sent").await;
    assert_eq!(sent_before, answered.len() + 7 + 1 + 2);
    installation.verb(&["erasures", "export", "--to", places.ledger.to_str().unwrap()]).await;
    assert!(installation.try_verb(&words(&places, &[])).await.unwrap_err().contains("is not empty"));

    // The database is lost.
    others.process.kill();
    notifier.process.kill();
    drop((progress, ledger));
    installation.lose_database().await;
    assert!(installation.try_verb(&words(&places, &[])).await.unwrap_err().contains("dichterbij migrate"));
    installation.verb(&["migrate"]).await;
    refusals(&installation, &places).await;
    dies_half_way(&installation, &places).await;
    let report = installation.verb(&words(&places, &[])).await;
    assert!(
        report.contains("message_sent of notifier") && report.contains("seeker_erased of intake"),
        "{report}"
    );
    // Once more changes nothing.
    assert!(installation.verb(&words(&places, &[])).await.contains("restored already"));

    // Two replicas of everything: one of them takes in what was told, the other waits.
    let mut replicas = [installation.run(&["all"]), installation.run(&["all"])];
    ready(&mut replicas).await;
    let desk = Desk::open(&installation).await;
    let erased_late = goes_late;
    let known =
        Known { stays, closes, made_later, wants, takes_back, lost, erased: vec![goes_early, erased_late] };
    at_rest(&installation).await;
    nothing_is_wrong(&installation, &desk, &known).await;

    // T3: whoever was there when the backup began, but for the one who was erased since.
    let intake = installation.tables(Service::Intake).await;
    let there: BTreeSet<Uuid> = sqlx::query_scalar("select seeker_id from seekers")
        .fetch_all(&intake)
        .await
        .unwrap()
        .into_iter()
        .collect();
    let missing: Vec<_> = before.iter().filter(|id| **id != goes_late.0 && !there.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(there.contains(&told_later.0));
    // Who came after it is unknown everywhere, and not only half.
    let lost_ones: Vec<SeekerId> =
        answered.iter().copied().filter(|id| !there.contains(&id.0)).chain([lost]).collect();
    assert!(lost_ones.len() > 5, "traffic went on after the backup");
    assert_eq!(count(&intake, "restores where lost > 0 and opened_at is not null").await, 1);

    // Nobody gets a message twice; hers that waited came once.
    let notifier = installation.tables(Service::Notifier).await;
    eventually("every message on its way has arrived", async || {
        count(&intake, "dispatches where notice is not null").await == 0
    })
    .await;
    let sent_in_all = on_stream_of(&installation, "message_sent").await;
    assert_eq!(sent_in_all, sent_before, "nothing is sent a second time, and there is nothing new");
    assert_eq!(count(&notifier, "messages where state in ('waiting', 'handing')").await, 0);
    // What she says next is heard: versions are above all that was told.
    desk.change_wishes(changes, 28).await;
    let matcher = installation.tables(Service::Matcher).await;
    eventually("her next change is heard", async || {
        let hours: Option<i16> = sqlx::query_scalar("select hours_min from profiles where seeker_id = $1")
            .bind(changes.0)
            .fetch_optional(&matcher)
            .await
            .unwrap();
        hours == Some(28)
    })
    .await;

    // The streams are lost, too: the ledger knows who was erased.
    for replica in &mut replicas {
        replica.process.kill();
    }
    drop((intake, notifier, matcher, desk));
    installation.nats.kill();
    fs::remove_dir_all(&installation.nats.store).unwrap();
    installation.nats.start_again().await;
    installation.lose_database().await;
    installation.verb(&["migrate"]).await;
    let ledger = places.ledger.to_str().unwrap();
    let report = installation.verb(&words(&places, &["--erasures", ledger])).await;
    assert!(report.contains("1 erasures that only the ledger of 2 knows"), "{report}");
    let mut replicas = [installation.run(&["all"])];
    ready(&mut replicas).await;
    at_rest(&installation).await;
    let desk = Desk::open(&installation).await;
    everybody_forgot(&installation, &desk, &[goes_early, goes_late]).await;
}

async fn on_stream_of(installation: &Installation, event: &str) -> usize {
    let messages = installation.on_stream(Stream::Facts).await;
    messages.iter().filter(|message| message.subject.contains(&format!(".{event}."))).count()
}

struct Known {
    stays: OpeningId,
    closes: OpeningId,
    made_later: OpeningId,
    wants: SeekerId,
    takes_back: SeekerId,
    lost: SeekerId,
    erased: Vec<SeekerId>,
}

async fn everybody_forgot(installation: &Installation, desk: &Desk, erased: &[SeekerId]) {
    let [intake, matcher, notifier] = [
        installation.tables(Service::Intake).await,
        installation.tables(Service::Matcher).await,
        installation.tables(Service::Notifier).await,
    ];
    for seeker_id in erased {
        let id = seeker_id.0;
        for (pool, from) in [
            (&intake, "seekers where seeker_id"),
            (&intake, "dispatches where recipient"),
            (&matcher, "profiles where seeker_id"),
            (&matcher, "proposals where seeker_id"),
            (&notifier, "messages where recipient"),
        ] {
            assert_eq!(count(pool, &format!("{from} = '{id}'")).await, 0, "{from}");
        }
        let problem =
            desk.ask(&Actor::Seeker { seeker_id: *seeker_id }, &MyDetails { seeker_id: *seeker_id }).await;
        assert!(problem.is_err());
    }
    eventually("everybody confirmed anew", async || {
        let ids: Vec<String> = erased.iter().map(|id| format!("'{}'", id.0)).collect();
        let from = format!("erasures where completed_at is not null and seeker_id in ({})", ids.join(", "));
        count(&intake, &from).await == erased.len() as i64
    })
    .await;
}

/// What must hold after a restore, whoever was in the middle of what.
async fn nothing_is_wrong(installation: &Installation, desk: &Desk, known: &Known) {
    everybody_forgot(installation, desk, &known.erased).await;
    let [intake, vacancies, matcher] = [
        installation.tables(Service::Intake).await,
        installation.tables(Service::Vacancies).await,
        installation.tables(Service::Matcher).await,
    ];
    // The matcher holds what the others hold, at the same versions.
    let people = ids_and_versions(&intake, "select seeker_id, version from seekers").await;
    assert_eq!(ids_and_versions(&matcher, "select seeker_id, version from profiles").await, people);
    assert!(!people.contains_key(&known.lost.0));
    let open =
        ids_and_versions(&vacancies, "select opening_id, version from openings where state = 'published'")
            .await;
    assert_eq!(ids_and_versions(&matcher, "select opening_id, version from openings").await, open);
    assert_eq!(
        open.into_keys().collect::<Vec<_>>(),
        [known.stays.0],
        "closed stays closed, and what is lost is gone"
    );
    let states: Vec<(Uuid, String)> =
        sqlx::query_as("select opening_id, state from openings").fetch_all(&vacancies).await.unwrap();
    assert!(states.contains(&(known.closes.0, "closed".to_owned())));
    assert!(states.iter().all(|(id, _)| *id != known.made_later.0));
    // A no that she said after the backup stands; a yes to a job, too.
    let shown: bool = sqlx::query_scalar("select open_file from profiles where seeker_id = $1")
        .bind(known.takes_back.0)
        .fetch_one(&matcher)
        .await
        .unwrap();
    assert!(!shown, "what she took back is not given again");
    assert_eq!(desk.marks(known.wants).await, [(known.stays, Mark::Wanted, true)]);
    // Streams and outboxes hold the same events: what one knows, the other knows; purged are those of the erased.
    let (on_streams, twice) = on_streams(installation).await;
    assert_eq!(twice, 0, "no event was stored twice");
    for service in Service::ALL {
        let pool = installation.tables(service).await;
        let outbox: BTreeSet<Uuid> = sqlx::query_scalar("select event_id from outbox")
            .fetch_all(&pool)
            .await
            .unwrap()
            .into_iter()
            .collect();
        let not_erased: BTreeSet<Uuid> = sqlx::query_scalar("select event_id from outbox where body <> ''")
            .fetch_all(&pool)
            .await
            .unwrap()
            .into_iter()
            .collect();
        let stream = on_streams.get(service.name()).cloned().unwrap_or_default();
        let unknown: Vec<_> = stream.difference(&outbox).collect();
        assert!(unknown.is_empty(), "{service} does not know what it told: {unknown:?}");
        let missing: Vec<_> = not_erased.difference(&stream).collect();
        assert!(missing.is_empty(), "{service} told what no stream holds: {missing:?}");
        assert_eq!(count(&pool, "told_after_backup").await, 0, "{service}");
        assert_eq!(count(&pool, "dead_letters").await, 0, "{service}");
    }
}
