//! A stage: intake, a stand-in for the notifier, and words for what people do.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, LazyLock, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use chassis::{
    Caller, Chassis, Config, Fault, Handles, Service, Tx,
    harness::{TestPlatform, eventually},
};
use proto::{
    AccountId, Actor, ChallengeId, CloudEvent, Fact, MessageId, Problem, Role, Sealed, SeekerId,
    Service as Name, Stream,
    intake::{
        Cannot, CodeOutcome, ConfirmCode, Details, MyDetails, ProfilePublished, Purpose, Register,
        Registration, ReleaseContact, Released, RequestCode, Wishes,
    },
    notifier::{Accepted, Mailbox, Notice, NoticeContent, SendNotice},
    work::{
        Channel, Daypart, Hours, Language, LanguageLevel, Licence, Means, Spoken, Support, TaskCode, Travel,
    },
};
use reference::Reference;
use sqlx::migrate::Migrator;
use uuid::Uuid;

pub(crate) const VISITOR: Actor = Actor::Visitor;

/// What the stand-in got.
#[derive(Default)]
pub(crate) struct Inbox {
    got: Mutex<BTreeMap<Uuid, Vec<Notice>>>,
    /// Whether it says "not now" to everything.
    pub(crate) away: AtomicBool,
    /// How often its handler ran.
    pub(crate) runs: AtomicU32,
}

impl Inbox {
    pub(crate) fn messages_for(&self, challenge: ChallengeId) -> Vec<Notice> {
        self.got.lock().unwrap().get(&challenge.0).cloned().unwrap_or_default()
    }

    pub(crate) fn all(&self) -> Vec<Notice> {
        self.got.lock().unwrap().values().flatten().cloned().collect()
    }
}

struct StandIn {
    chassis: Chassis,
    inbox: Arc<Inbox>,
}

impl Handles for StandIn {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

async fn send(app: &StandIn, tx: &mut Tx, caller: &Caller, command: &SendNotice) -> Result<Accepted, Fault> {
    assert_eq!(caller.actor, Actor::Service { service: Name::Intake });
    if app.inbox.away.load(Ordering::SeqCst) {
        return Err(Problem::unavailable().into());
    }
    app.inbox.runs.fetch_add(1, Ordering::SeqCst);
    let notice = app.chassis.keys.open(&command.notice).expect("sealed for the notifier");
    app.inbox.got.lock().unwrap().entry(command.cause).or_default().push(notice);
    Ok(Accepted { message_id: MessageId(tx.chance().uuid_v4()) })
}

fn stand_in(inbox: Arc<Inbox>) -> Service {
    Service::new(
        Name::Notifier,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        move |chassis| Box::pin(async move { Ok(StandIn { chassis, inbox }) }),
        |wiring| {
            wiring
                .stands_in()
                .command::<SendNotice>(|app, tx, caller, command| Box::pin(send(app, tx, caller, command)))
                .query::<Mailbox>(|_, _, _| Box::pin(async { Err(Problem::forbidden().into()) }))
        },
    )
}

pub(crate) struct Stage {
    pub(crate) test: TestPlatform,
    pub(crate) inbox: Arc<Inbox>,
}

pub(crate) fn intake() -> Service {
    intake::service(Arc::new(Reference::small()))
}

impl Stage {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open_beside(Vec::new(), change).await
    }

    /// With stand-ins for other services.
    pub(crate) async fn open_beside(others: Vec<Service>, change: impl FnOnce(&mut Config)) -> Self {
        let inbox = Arc::new(Inbox::default());
        let mut services = vec![stand_in(inbox.clone()), intake()];
        services.extend(others);
        let test = TestPlatform::start_with(services, change).await;
        Self { test, inbox }
    }

    pub(crate) async fn close(self) {
        self.test.stop().await;
    }

    /// Moves the clock to ten past the next hour, so that no hour ends by itself during the test.
    pub(crate) fn at_ten_past(&self) {
        let now = self.test.clock.machine_now();
        let into_the_hour = chrono::TimeDelta::seconds(now.timestamp().rem_euclid(3_600));
        self.test.clock.advance(chrono::TimeDelta::minutes(70) - into_the_hour);
    }

    /// Moves the clock to an hour in the Netherlands, so many days from today.
    pub(crate) fn at_hour(&self, days: u64, hour: u32) {
        let now = self.test.clock.machine_now();
        let date = chassis::clock::day(now) + chrono::Days::new(days);
        let local = date.and_hms_opt(hour, 0, 0).unwrap().and_local_timezone(chassis::clock::ZONE);
        self.test.clock.advance(local.unwrap().with_timezone(&chrono::Utc) - now);
    }

    pub(crate) fn sealed<T: serde::Serialize>(&self, value: &T) -> Sealed<T> {
        self.test.keys(Name::Portal).seal(Name::Intake, value)
    }

    pub(crate) fn register_call(&self, registration: &Registration) -> Register {
        Register { registration: self.sealed(registration) }
    }

    pub(crate) async fn register(&self, registration: &Registration) -> ChallengeId {
        self.test.ask(&VISITOR, &self.register_call(registration)).await.expect("it is sound").challenge_id
    }

    pub(crate) async fn request_code(&self, contact: &str) -> ChallengeId {
        let call = RequestCode { contact: self.sealed(&contact.to_owned()), language: Language::Nl };
        self.test.ask(&VISITOR, &call).await.expect("it is a contact").challenge_id
    }

    pub(crate) fn confirm_call(&self, challenge_id: ChallengeId, code: &str) -> ConfirmCode {
        ConfirmCode { challenge_id, code: self.sealed(&code.to_owned()) }
    }

    pub(crate) async fn confirm(&self, challenge_id: ChallengeId, code: &str) -> CodeOutcome {
        self.test.ask(&VISITOR, &self.confirm_call(challenge_id, code)).await.expect("an outcome")
    }

    /// The messages of one kind that were sent, once there are so many.
    pub(crate) async fn notices(&self, template: proto::notifier::Template, count: usize) -> Vec<Notice> {
        let of_kind = || {
            let all = self.inbox.all().into_iter();
            all.filter(|notice| notice.content.template() == template).collect::<Vec<_>>()
        };
        eventually(template.name(), async || of_kind().len() >= count).await;
        assert_eq!(of_kind().len(), count, "{template:?}");
        of_kind()
    }

    /// The code that was sent for this request, once it is there.
    pub(crate) async fn code(&self, challenge_id: ChallengeId) -> String {
        eventually("the code is sent", async || !self.inbox.messages_for(challenge_id).is_empty()).await;
        match self.inbox.messages_for(challenge_id)[0].content.clone() {
            NoticeContent::Code { code } | NoticeContent::HelpedCode { code, .. } => code,
            other => panic!("a code was asked for, not {other:?}"),
        }
    }

    /// Registers and brings the code back.
    pub(crate) async fn join(&self, registration: &Registration) -> SeekerId {
        let challenge = self.register(registration).await;
        let code = self.code(challenge).await;
        match self.confirm(challenge, &code).await {
            CodeOutcome::Confirmed { seeker_id, .. } => seeker_id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn details(&self, seeker_id: SeekerId) -> Details {
        self.details_for(&Actor::Seeker { seeker_id }, seeker_id).await.unwrap()
    }

    /// Shows that her contact is still hers, so that she may give another one.
    pub(crate) async fn release(&self, seeker_id: SeekerId) {
        let me = Actor::Seeker { seeker_id };
        match self.test.ask(&me, &ReleaseContact { seeker_id }).await.expect("it is she") {
            Released::CodeSent { challenge_id } => {
                let code = self.code(challenge_id).await;
                let outcome = self.test.ask(&me, &self.confirm_call(challenge_id, &code)).await;
                assert_eq!(outcome, Ok(CodeOutcome::Confirmed { seeker_id, new: false }));
            }
            Released::NotNeeded => {}
        }
    }

    /// What she told that she wants; she told it.
    pub(crate) async fn wishes_of(&self, seeker_id: SeekerId) -> Wishes {
        self.details(seeker_id).await.wishes.expect("she told what she wants")
    }

    pub(crate) async fn details_for(&self, actor: &Actor, seeker_id: SeekerId) -> Result<Details, Problem> {
        let sealed = self.test.ask(actor, &MyDetails { seeker_id }).await?;
        Ok(self.opened(&sealed))
    }

    /// Opens what was sealed for the portal.
    pub(crate) fn opened<T: serde::de::DeserializeOwned>(&self, sealed: &Sealed<T>) -> T {
        self.test.keys(Name::Portal).open(sealed).unwrap()
    }

    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.test.pool(Name::Intake)).await.unwrap()
    }

    /// The versions of a kind of fact about a person, as they went out.
    pub(crate) async fn versions<T: Fact>(&self, seeker_id: SeekerId) -> Vec<i64> {
        let facts = self.stream(Stream::Facts).await;
        let of_kind = facts.iter().filter_map(|message| {
            let (_, body) = message.split_once(' ').unwrap();
            let event = serde_json::from_str::<serde_json::Value>(body).unwrap();
            let is_hers = event["type"] == T::DUTCH_TYPE && event["subject"] == seeker_id.0.to_string();
            is_hers.then(|| event["data"]["version"].as_i64().unwrap())
        });
        of_kind.collect()
    }

    /// Waits until the outbox is empty and reads a whole stream.
    pub(crate) async fn stream(&self, stream: Stream) -> Vec<String> {
        eventually("everything is published", async || {
            self.number("select count(*) from outbox where published_at is null").await == 0
        })
        .await;
        let context = async_nats::jetstream::new(self.test.nats());
        let mut stream = context.get_stream(self.test.names().stream(stream)).await.unwrap();
        let last = stream.info().await.unwrap().state.last_sequence;
        let mut messages = Vec::new();
        for sequence in 1..=last {
            // What is erased is purged.
            let Ok(message) = stream.get_raw_message(sequence).await else { continue };
            messages.push(format!("{} {}", message.subject, String::from_utf8_lossy(&message.payload)));
        }
        messages
    }

    pub(crate) async fn profiles(&self) -> Vec<ProfilePublished> {
        self.stream(Stream::Facts)
            .await
            .iter()
            .filter(|message| message.contains(ProfilePublished::NAME))
            .map(|message| {
                let body = message.split_once(' ').unwrap().1;
                serde_json::from_str::<CloudEvent<ProfilePublished>>(body).unwrap().data
            })
            .collect()
    }
}

/// A member of staff, who works for these regions.
pub(crate) fn account(number: u128, role: Role, regions: &[&str]) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(number)),
        roles: vec![role],
        employer_id: None,
        regions: regions.iter().map(|region| (*region).to_owned()).collect(),
    }
}

/// A code that is not this one.
pub(crate) fn not(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

/// A task that exists. Read once: the tables take a while in a debug build.
static A_TASK: LazyLock<TaskCode> =
    LazyLock::new(|| Reference::small().tasks.tasks()[0].code.as_str().into());

pub(crate) fn wishes() -> Wishes {
    Wishes {
        postcode: "1315rc".to_owned(),
        tasks: vec![A_TASK.clone()],
        any_task: false,
        dayparts: [Daypart::Morning, Daypart::Weekend].into_iter().collect(),
        hours: Some(Hours { min: 12, max: 24 }),
        travel: Some(Travel { means: Means::Bicycle, max_km: 8 }),
        days: [1, 6].into_iter().collect(),
        available_from: None,
        languages: vec![Spoken { language: "ara".to_owned(), level: LanguageLevel::Fluent }],
        licences: vec![Licence::B],
        cannot: vec![Cannot::Cold],
        shown_support: vec![Support::Transport],
        remark: String::new(),
    }
}

pub(crate) fn samira() -> Registration {
    Registration {
        wishes: wishes(),
        name: "Samira".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        channel: Channel::Sms,
        consents: vec![Purpose::OpenFile],
        consent_text_version: "2026-11".to_owned(),
        entry_point: None,
        language: Language::Nl,
    }
}
