//! Lines of Open Hiring after a restore (docs/not-guaranteed.md, "What a restore loses"): what people were told stands, nobody is
//! asked before somebody has looked, and a line that told nothing since the backup goes on as if nothing had been.

use std::collections::BTreeSet;

use chassis::{Chance as _, chance::OsChance, harness::eventually};
use chrono::{DateTime, NaiveDate, TimeDelta};
use dichterbij_tests::{
    faults::{Observer, Report, history::InLine, lines},
    installation::Installation,
    invented::{self, manager},
};
use proto::{
    Actor, EmployerId, OpeningId, SeekerId, Service, Stream, TicketId,
    open_hiring::{
        Answer, AnswerHours, AnswerOffer, Arrival, ChangeQueue, ChangeReason, ChangeTicket, FirstDay,
        OpenQueue, QueueChange, QueueOf, QueueStage, QueueView, SignUp, SignedUp, TicketOf, TicketState,
        TicketView, TicketWish, Ways,
    },
    vacancies::{OpeningDetails, PostOpening, Terms},
};
use uuid::Uuid;

use super::restore::{Desk, at_rest};

/// A first day that no clock reaches.
const FAR_AWAY: NaiveDate = NaiveDate::from_ymd_opt(2100, 1, 4).unwrap();
const YES: Answer = Answer::Yes { leave_others: false };

/// Somebody in a line.
#[derive(Debug, Clone, Copy)]
struct Person {
    seeker_id: SeekerId,
    ticket_id: TicketId,
    number: u32,
}

fn somebody() -> SeekerId {
    SeekerId(OsChance.uuid_v4())
}

/// An opening with a line of so many places.
async fn open(desk: &Desk, employer_id: EmployerId, places: u16) -> OpeningId {
    let details =
        OpeningDetails { terms: Terms::OpenHiring { starts: Vec::new() }, places, ..invented::opening() };
    let opening_id =
        desk.ask(&manager(), &PostOpening { employer_id, details, publish: true }).await.unwrap();
    let open = OpenQueue {
        opening_id,
        opens_at: DateTime::UNIX_EPOCH,
        answer_hours: AnswerHours { hours: 48, from: 0, until: 24 },
        is_standing: true,
        first_days: vec![FirstDay { on: FAR_AWAY, places }],
    };
    eventually("the line is open", async || desk.ask(&manager(), &open).await.is_ok()).await;
    opening_id
}

async fn stand(desk: &Desk, opening_id: OpeningId, seeker_id: SeekerId, is_confirmed: bool) -> Person {
    let ways = Ways { message: true, call: false, second_number: false, adviser: false };
    let first_days = Vec::new();
    let people = vec![Arrival { opening_id, seeker_id, is_confirmed, ways, with_help_of: None, first_days }];
    let portal = Actor::Service { service: Service::Portal };
    match desk.ask(&portal, &SignUp { people }).await.unwrap()[..] {
        [SignedUp::InLine { ticket_id, number, already: false }] => Person { seeker_id, ticket_id, number },
        ref other => panic!("{other:?}"),
    }
}

async fn ticket(desk: &Desk, person: Person) -> TicketView {
    let she = Actor::Seeker { seeker_id: person.seeker_id };
    desk.ask(&she, &TicketOf { ticket_id: person.ticket_id }).await.unwrap()
}

async fn state(desk: &Desk, person: Person) -> TicketState {
    ticket(desk, person).await.state
}

async fn answer(desk: &Desk, person: Person, answer: Answer) {
    let place_id = ticket(desk, person).await.place.unwrap().place_id;
    let she = Actor::Seeker { seeker_id: person.seeker_id };
    desk.ask(&she, &AnswerOffer { ticket_id: person.ticket_id, place_id, answer }).await.unwrap();
}

async fn wants(desk: &Desk, person: Person, wish: TicketWish) {
    let she = Actor::Seeker { seeker_id: person.seeker_id };
    desk.ask(&she, &ChangeTicket { ticket_id: person.ticket_id, wish }).await.unwrap();
}

async fn queue(desk: &Desk, opening_id: OpeningId) -> Option<QueueView> {
    desk.ask(&Actor::Visitor, &QueueOf { opening_id }).await.unwrap()
}

/// Everybody in these lines as the table has her: whose ticket, its number, its state and place, and whether she is confirmed.
type Told = BTreeSet<(Uuid, Uuid, i32, String, Option<Uuid>, bool)>;

async fn told(observer: &Observer, lines: &[OpeningId]) -> Told {
    let ids: Vec<Uuid> = lines.iter().map(|opening_id| opening_id.0).collect();
    let rows = sqlx::query_as(
        "select ticket_id, seeker_id, number, state, place_id, is_confirmed from open_hiring.tickets where queue_id = any($1)",
    );
    rows.bind(ids).fetch_all(&observer.pool).await.unwrap().into_iter().collect()
}

#[tokio::test]
async fn a_line_stands_as_people_were_told_and_asks_nobody_before_somebody_has_looked() {
    let installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let path = |name: &str| installation.folder.join(name).to_str().unwrap().to_owned();
    let (backup, key) = (path("backup.age"), path("backup.key"));
    let public = installation.verb(&["backup", "keygen", "--to", &key]).await;
    let mut replica = installation.run(&["all"]);
    replica.ready().await;
    let desk = Desk::open(&installation).await;

    // Before the backup: two lines.
    let employer_id = desk.employer().await;
    let (moves, rests) = (open(&desk, employer_id, 2).await, open(&desk, employer_id, 1).await);
    let first = stand(&desk, moves, somebody(), true).await;
    let second = stand(&desk, moves, somebody(), true).await;
    let third = stand(&desk, moves, somebody(), true).await;
    let goes = stand(&desk, moves, desk.register(1).await, true).await;
    let rests_first = stand(&desk, rests, somebody(), true).await;
    let rests_second = stand(&desk, rests, somebody(), true).await;
    // Whatever happened until now is under a published head, so that the line that rests has nothing more to tell.
    installation.clocks_jump(std::slice::from_ref(&replica), TimeDelta::hours(1));
    let unpublished = "select count(*) from open_hiring.queues where published < entries";
    eventually("heads are published", async || {
        sqlx::query_scalar::<_, i64>(unpublished).fetch_one(&observer.pool).await.unwrap() == 0
    })
    .await;
    at_rest(&installation).await;
    installation.verb(&["backup", "--to", &backup, "--for", public.trim()]).await;

    // After it one of them moves, somebody in it is erased, and another line is opened.
    answer(&desk, first, YES).await;
    answer(&desk, second, Answer::No).await;
    let fifth = stand(&desk, moves, somebody(), true).await;
    let sixth = stand(&desk, moves, somebody(), false).await;
    desk.erase(goes.seeker_id).await;
    let new = open(&desk, employer_id, 1).await;
    let later = stand(&desk, new, somebody(), true).await;
    at_rest(&installation).await;
    let before = told(&observer, &[moves, rests]).await;
    assert_eq!(before.len(), 7, "{before:?}");
    let states = [first, second, third, fifth, sixth];
    assert_eq!(state(&desk, third).await, TicketState::Offered, "she was asked after the backup");

    // The database is lost, and comes back.
    replica.process.kill();
    observer.pool.close().await;
    drop(desk);
    installation.lose_database().await;
    installation.verb(&["migrate"]).await;
    installation.verb(&["restore", "--from", &backup, "--identity", &key]).await;
    let observer = Observer::start(&installation).await;
    let mut replicas = [installation.run(&["all"]), installation.run(&["all"])];
    for replica in &mut replicas {
        replica.ready().await;
    }
    let desk = Desk::open(&installation).await;
    at_rest(&installation).await;

    // Everybody stands as she was told; who was erased, and the line that was opened later, are gone.
    assert_eq!(told(&observer, &[moves, rests]).await, before);
    assert!(queue(&desk, new).await.is_none() && told(&observer, &[new]).await.is_empty());
    let on_stream = installation.on_stream(Stream::Facts).await;
    let gone = |person: Person| {
        let end = format!(".ticket_erased.v1.{}", person.ticket_id.0);
        on_stream.iter().any(|message| message.subject.ends_with(&end))
    };
    assert!(gone(goes) && gone(later) && !gone(first), "everybody else hears whose places in line are gone");
    let line = |opening_id, person: Person| InLine {
        opening_id,
        ticket_id: person.ticket_id,
        seeker_id: person.seeker_id,
        number: person.number,
    };
    let promised: Vec<InLine> = states
        .into_iter()
        .map(|person| line(moves, person))
        .chain([rests_first, rests_second].map(|person| line(rests, person)))
        .collect();
    let mut report = Report::default();
    lines(&mut report, &observer.pool, &promised).await;
    report.holds();

    // In the line that moved nobody is asked, though a place is free, until somebody says that it goes on.
    let stopped = queue(&desk, moves).await.unwrap();
    assert_eq!((stopped.stage, stopped.reason), (QueueStage::Stopped, Some(ChangeReason::Restored)));
    wants(&desk, first, TicketWish::GiveBack).await;
    let seventh = stand(&desk, moves, somebody(), true).await;
    assert_eq!(seventh.number, 7, "no number is given a second time");
    installation.clocks_jump(&replicas, TimeDelta::hours(1));
    assert_eq!(state(&desk, fifth).await, TicketState::Waiting);
    let go_on = ChangeQueue { opening_id: moves, change: QueueChange::GoOn {} };
    desk.ask(&manager(), &go_on).await.unwrap();
    assert_eq!(state(&desk, fifth).await, TicketState::Offered, "whoever is first");
    assert_eq!(state(&desk, third).await, TicketState::Offered, "what she was told still stands");
    assert_eq!(state(&desk, seventh).await, TicketState::Waiting);

    // The one that told nothing since the backup goes on by itself.
    let runs = queue(&desk, rests).await.unwrap();
    assert_eq!((runs.stage, runs.reason), (QueueStage::Running, None));
    answer(&desk, rests_first, Answer::Later).await;
    assert_eq!(state(&desk, rests_second).await, TicketState::Offered);
}
