//! A stage: open-hiring on real servers, and words for what people, employers and other services do.

use chassis::{Chance as _, chance::OsChance, harness::TestPlatform};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use proto::{
    AccountId, Actor, CloudEvent, EmployerId, EventId, Fact, OpeningId, Problem, Role, SeekerId,
    Service as Name, TicketId,
    open_hiring::{
        Answer, AnswerHours, AnswerOffer, Arrival, CallTask, CallTasks, ChangeQueue, ChangeTicket,
        ChooseDays, FirstDay, LineOf, LineTicket, OpenQueue, QueueChange, QueueOf, QueueView, SignUp,
        SignedUp, TicketOf, TicketState, TicketView, TicketWish, Ways,
    },
    vacancies::OpeningPublished,
    work::{Area, Cell, Daypart, Dayparts, Hours, Route},
};
use uuid::Uuid;

pub(crate) const SHOP: EmployerId = EmployerId(Uuid::from_u128(77));

pub(crate) async fn start() -> TestPlatform {
    TestPlatform::start(vec![open_hiring::service()]).await
}

/// A stage with an opening of which the employer opened the queue, with so many places next month.
pub(crate) async fn stage(places: u16) -> TestPlatform {
    let test = start().await;
    queue_for(&test, 500, places).await;
    test
}

/// Publishes an opening and opens its queue.
pub(crate) async fn queue_for(test: &TestPlatform, number: u128, places: u16) -> QueueView {
    tell(test, opening(number)).await;
    let first_days = vec![FirstDay { on: in_a_month(test), places }];
    chassis::harness::eventually("the opening is known", async || {
        test.ask(&shop(), &open_queue(test, number, first_days.clone())).await.is_ok()
    })
    .await;
    queue(test, number).await
}

pub(crate) fn in_a_month(test: &TestPlatform) -> NaiveDate {
    chassis::clock::day(test.clock.machine_now()) + Days::new(30)
}

pub(crate) fn open_queue(test: &TestPlatform, number: u128, first_days: Vec<FirstDay>) -> OpenQueue {
    OpenQueue {
        opening_id: OpeningId(Uuid::from_u128(number)),
        opens_at: test.clock.machine_now() - TimeDelta::minutes(1),
        answer_hours: AnswerHours { hours: 24, from: 0, until: 24 },
        is_standing: true,
        first_days,
    }
}

pub(crate) fn opening(number: u128) -> OpeningPublished {
    OpeningPublished {
        opening_id: OpeningId(Uuid::from_u128(number)),
        version: 1,
        employer_id: SHOP,
        route: Route::OpenHiring,
        tasks: vec!["schoonmaken.ramen".into()],
        area: Area {
            cell: Cell { x: 147, y: 491 },
            municipality: "GM0034".to_owned(),
            region: "AM11".to_owned(),
        },
        hours: Hours { min: 20, max: 32 },
        dayparts: [Daypart::Morning].into_iter().collect::<Dayparts>(),
        starts_on: None,
        places: 2,
        requirements: Vec::new(),
        support: Vec::new(),
    }
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

pub(crate) const fn person(number: u128) -> SeekerId {
    SeekerId(Uuid::from_u128(number))
}

pub(crate) const fn seeker(number: u128) -> Actor {
    Actor::Seeker { seeker_id: person(number) }
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

/// The employer whose openings these are.
pub(crate) fn shop() -> Actor {
    account(Role::Employer, Some(SHOP))
}

pub(crate) const fn portal() -> Actor {
    Actor::Service { service: Name::Portal }
}

/// Somebody with a telephone, whose number is known to be hers, for the line of the first opening.
pub(crate) const fn arrival(number: u128) -> Arrival {
    Arrival {
        opening_id: OpeningId(Uuid::from_u128(500)),
        seeker_id: person(number),
        is_confirmed: true,
        ways: Ways { message: true, call: true, second_number: false, adviser: false },
        with_help_of: None,
        first_days: Vec::new(),
    }
}

pub(crate) async fn arrive(
    test: &TestPlatform,
    opening: u128,
    people: Vec<Arrival>,
) -> Result<Vec<SignedUp>, Problem> {
    let opening_id = OpeningId(Uuid::from_u128(opening));
    let people = people.into_iter().map(|arrival| Arrival { opening_id, ..arrival }).collect();
    test.ask(&portal(), &SignUp { people }).await
}

/// These people sign up, in this order; their tickets.
pub(crate) async fn sign_up(test: &TestPlatform, numbers: impl IntoIterator<Item = u128>) -> Vec<TicketId> {
    sign_up_for(test, 500, numbers).await
}

pub(crate) async fn sign_up_for(
    test: &TestPlatform,
    opening: u128,
    numbers: impl IntoIterator<Item = u128>,
) -> Vec<TicketId> {
    let people = numbers.into_iter().map(arrival).collect();
    let answers = arrive(test, opening, people).await.expect("the queue is open");
    answers.into_iter().map(ticket_of).collect()
}

pub(crate) fn ticket_of(answer: SignedUp) -> TicketId {
    match answer {
        SignedUp::InLine { ticket_id, .. } => ticket_id,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn ticket(test: &TestPlatform, number: u128, ticket_id: TicketId) -> TicketView {
    test.ask(&seeker(number), &TicketOf { ticket_id }).await.expect("it is hers")
}

pub(crate) async fn queue(test: &TestPlatform, opening: u128) -> QueueView {
    let query = QueueOf { opening_id: OpeningId(Uuid::from_u128(opening)) };
    test.ask(&Actor::Visitor, &query).await.unwrap().expect("the queue is there")
}

/// What she says to the offer that she has.
pub(crate) async fn answer(
    test: &TestPlatform,
    number: u128,
    ticket_id: TicketId,
    answer: Answer,
) -> Result<TicketView, Problem> {
    let place_id = ticket(test, number, ticket_id).await.place.expect("a place is offered").place_id;
    test.ask(&seeker(number), &AnswerOffer { ticket_id, place_id, answer }).await
}

pub(crate) const YES: Answer = Answer::Yes { leave_others: false };

pub(crate) async fn wish(
    test: &TestPlatform,
    number: u128,
    ticket_id: TicketId,
    wish: TicketWish,
) -> Result<TicketView, Problem> {
    test.ask(&seeker(number), &ChangeTicket { ticket_id, wish }).await
}

/// She says on which first days she wants to begin.
pub(crate) async fn choose(
    test: &TestPlatform,
    number: u128,
    ticket_id: TicketId,
    first_days: &[NaiveDate],
) -> Result<TicketView, Problem> {
    test.ask(&seeker(number), &ChooseDays { ticket_id, first_days: first_days.to_vec() }).await
}

pub(crate) async fn change(
    test: &TestPlatform,
    actor: &Actor,
    change: QueueChange,
) -> Result<QueueView, Problem> {
    test.ask(actor, &ChangeQueue { opening_id: OpeningId(Uuid::from_u128(500)), change }).await
}

/// Calls to make.
pub(crate) async fn calls(test: &TestPlatform) -> Vec<CallTask> {
    test.ask(&account_manager(), &CallTasks {}).await.expect("it is in her region")
}

/// The whole line, as whoever looks after it sees it.
pub(crate) async fn line(test: &TestPlatform) -> Vec<LineTicket> {
    let query = LineOf { opening_id: OpeningId(Uuid::from_u128(500)), after: 0, limit: 200 };
    test.ask(&shop(), &query).await.expect("it is the shop's").tickets
}

/// The states of the line, in order of number.
pub(crate) async fn states(test: &TestPlatform) -> Vec<TicketState> {
    line(test).await.into_iter().map(|ticket| ticket.state).collect()
}

/// Until when somebody answers.
pub(crate) async fn deadline(test: &TestPlatform, number: u128, ticket_id: TicketId) -> DateTime<Utc> {
    ticket(test, number, ticket_id).await.place.expect("a place is offered").until.expect("it is offered")
}

/// Moves the clock to this moment and a second.
pub(crate) fn pass(test: &TestPlatform, moment: DateTime<Utc>) {
    test.clock.advance(moment - test.clock.machine_now() + TimeDelta::seconds(1));
}

/// The facts of one kind in the outbox, in their order.
pub(crate) async fn said<T: Fact>(test: &TestPlatform) -> Vec<T> {
    let bodies: Vec<String> =
        sqlx::query_scalar("select body from outbox where type = $1 and body <> '' order by seq")
            .bind(T::DUTCH_TYPE)
            .fetch_all(test.pool(Name::OpenHiring))
            .await
            .expect("the outbox can be read");
    let read = |body: String| serde_json::from_str::<CloudEvent<T>>(&body).expect("we wrote it").data;
    bodies.into_iter().map(read).collect()
}
