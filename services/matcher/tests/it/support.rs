//! A stage: the matcher on real servers, and words for what intake, vacancies and people do.

use std::sync::Arc;

use chassis::{Bus, Chance as _, chance::OsChance, harness::TestPlatform};
use proto::{
    AccountId, Actor, CloudEvent, EmployerId, EventId, Fact, OpenFileId, OpeningId, Problem, ProposalId,
    Role, SeekerId, Service as Name,
    intake::ProfilePublished,
    matcher::{
        AnswerInterest, EmployerAnswer, Interest, InterestIn, Mark, MarkProposal, MyMark, MyMarks,
        OpeningProposals, PeopleNear, PersonNear, ProposalsForOpening, ProposalsForSeeker, RecordShown,
        SeekerProposals,
    },
    vacancies::{
        CloseReason, Firmness, OpeningClosed, OpeningPaused, OpeningPublished, Page, Requirement,
        RequirementKind,
    },
    work::{Area, Cell, Daypart, Dayparts, Hours, Means, Route, Travel},
};
use reference::Reference;
use uuid::Uuid;

pub(crate) fn matcher() -> chassis::Service {
    matcher::service(Arc::new(Reference::small()))
}

pub(crate) async fn start() -> TestPlatform {
    TestPlatform::start(vec![matcher()]).await
}

pub(crate) fn at(x: i16, y: i16) -> Area {
    Area { cell: Cell { x, y }, municipality: "GM0034".to_owned(), region: "AM11".to_owned() }
}

pub(crate) fn parts(parts: &[Daypart]) -> Dayparts {
    parts.iter().copied().collect()
}

/// Somebody in Almere who cleans, mornings and afternoons, some 20 hours, by bicycle.
pub(crate) fn person(number: u128) -> ProfilePublished {
    ProfilePublished {
        seeker_id: SeekerId(Uuid::from_u128(number)),
        version: 1,
        area: at(144, 487),
        tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.vloeren".into()],
        any_task: false,
        dayparts: parts(&[Daypart::Morning, Daypart::Afternoon]),
        hours: Some(Hours { min: 16, max: 24 }),
        travel: Some(Travel { means: Means::Bicycle, max_km: 10 }),
        open_file_id: OpenFileId(Uuid::from_u128(10_000 + number)),
        open_file: true,
        adviser: true,
        paused: false,
        available_from: None,
        languages: Vec::new(),
        licences: Vec::new(),
        shown_support: Vec::new(),
    }
}

pub(crate) const SHOP: EmployerId = EmployerId(Uuid::from_u128(77));

/// Washing windows five kilometres on, open hiring, mornings and evenings; a safety card is learned there.
pub(crate) fn opening(number: u128) -> OpeningPublished {
    OpeningPublished {
        opening_id: OpeningId(Uuid::from_u128(number)),
        version: 1,
        employer_id: SHOP,
        route: Route::OpenHiring,
        tasks: vec!["schoonmaken.ramen".into(), "schoonmaken.gevels".into()],
        area: at(147, 491),
        hours: Hours { min: 20, max: 32 },
        dayparts: parts(&[Daypart::Morning, Daypart::Evening]),
        starts_on: None,
        places: 2,
        requirements: vec![
            Requirement { kind: RequirementKind::SimpleDutch, firmness: Firmness::Needed, ground: None },
            Requirement { kind: RequirementKind::Diploma, firmness: Firmness::Learned, ground: None },
        ],
        support: Vec::new(),
    }
}

pub(crate) fn closed(number: u128, version: i64) -> OpeningClosed {
    OpeningClosed { opening_id: OpeningId(Uuid::from_u128(number)), version, reason: CloseReason::Filled }
}

/// Publishes a fact as its own service would.
pub(crate) async fn tell<T: Fact>(test: &TestPlatform, fact: T) {
    let now = test.clock.machine_now();
    let subject = test.names().subject(&fact.subject());
    let id = EventId(OsChance.uuid_v7(now));
    let event = CloudEvent::new(id, now, "urn:nld:oin:00000099000000001000", None, fact);
    let body = serde_json::to_vec(&event).expect("events are JSON");
    let context = async_nats::jetstream::new(test.nats());
    let sent = context.publish(subject, body.into()).await.expect("the stream is there");
    sent.await.expect("the stream keeps it");
}

pub(crate) fn seeker(number: u128) -> Actor {
    Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(number)) }
}

pub(crate) fn account(role: Role, employer_id: Option<EmployerId>) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(4711)),
        roles: vec![role],
        employer_id,
        regions: vec!["AM11".to_owned()],
    }
}

pub(crate) fn account_manager() -> Actor {
    account(Role::AccountManager, None)
}

pub(crate) async fn openings_for(test: &TestPlatform, number: u128) -> SeekerProposals {
    let query = ProposalsForSeeker { seeker_id: SeekerId(Uuid::from_u128(number)), limit: 100 };
    test.ask(&seeker(number), &query).await.expect("she may ask")
}

pub(crate) async fn people_for(test: &TestPlatform, actor: &Actor, number: u128) -> OpeningProposals {
    let query =
        ProposalsForOpening { opening_id: OpeningId(Uuid::from_u128(number)), page: 0, per_page: 100 };
    test.ask(actor, &query).await.expect("this actor may ask")
}

pub(crate) async fn number(test: &TestPlatform, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(test.pool(Name::Matcher)).await.expect("a number")
}

pub(crate) fn paused(number: u128, version: i64) -> OpeningPaused {
    OpeningPaused { opening_id: OpeningId(Uuid::from_u128(number)), version }
}

/// The employer whose openings these are.
pub(crate) fn shop() -> Actor {
    account(Role::Employer, Some(SHOP))
}

/// Shows a person what she is proposed, as her page does.
pub(crate) async fn show(test: &TestPlatform, number: u128) {
    let answer = openings_for(test, number).await;
    let shown = RecordShown {
        seeker_id: SeekerId(Uuid::from_u128(number)),
        proposals: answer.proposals,
        profile_version: answer.profile_version.expect("she is known"),
        made_with: answer.made_with,
    };
    test.ask(&seeker(number), &shown).await.expect("it is hers");
}

pub(crate) async fn mark(
    test: &TestPlatform,
    number: u128,
    opening: u128,
    mark: Mark,
) -> Result<(), Problem> {
    let command = MarkProposal {
        seeker_id: SeekerId(Uuid::from_u128(number)),
        opening_id: OpeningId(Uuid::from_u128(opening)),
        mark,
    };
    test.ask(&seeker(number), &command).await
}

pub(crate) async fn my_marks(test: &TestPlatform, number: u128) -> Vec<MyMark> {
    let query = MyMarks { seeker_id: SeekerId(Uuid::from_u128(number)) };
    test.ask(&seeker(number), &query).await.expect("they are hers")
}

/// All that an actor may see of who wants what.
pub(crate) const ALL_INTEREST: InterestIn =
    InterestIn { opening_id: None, employer_id: None, only_open: false, page: 0, per_page: 100 };

pub(crate) async fn interest(test: &TestPlatform, actor: &Actor, query: &InterestIn) -> Page<Interest> {
    test.ask(actor, query).await.expect("this actor may ask")
}

pub(crate) async fn answer(
    test: &TestPlatform,
    actor: &Actor,
    proposal_id: ProposalId,
    answer: EmployerAnswer,
) -> Result<(), Problem> {
    test.ask(actor, &AnswerInterest { proposal_id, answer }).await
}

/// Everybody of the open file within ten kilometres of where [`person`] lives.
pub(crate) fn near() -> PeopleNear {
    PeopleNear { cell: Cell { x: 144, y: 487 }, km: 10, tasks: Vec::new(), page: 0, per_page: 100 }
}

pub(crate) async fn people_near(test: &TestPlatform, actor: &Actor) -> Page<PersonNear> {
    test.ask(actor, &near()).await.expect("this actor may ask")
}

/// Asks as another service by itself.
pub(crate) async fn bus_of(test: &TestPlatform, service: Name) -> Bus {
    let chassis = test.chassis(Name::Matcher);
    let (keys, names, clock) = (test.keys(service), test.names().clone(), test.clock.clone());
    Bus::connect(&chassis.config.nats_url, keys, false, names, clock, Arc::new(OsChance))
        .await
        .expect("the test NATS answers")
}

/// The events of one kind in the outbox, in their order.
pub(crate) async fn said<T: Fact>(test: &TestPlatform) -> Vec<T> {
    let bodies: Vec<String> =
        sqlx::query_scalar("select body from outbox where type = $1 and body <> '' order by seq")
            .bind(T::DUTCH_TYPE)
            .fetch_all(test.pool(Name::Matcher))
            .await
            .expect("the outbox can be read");
    let read = |body: &String| serde_json::from_str::<CloudEvent<T>>(body).expect("an event of ours").data;
    bodies.iter().map(read).collect()
}
