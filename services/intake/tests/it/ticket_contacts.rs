//! Who may reach someone about her place in line: while an offer stands, and where she begins.

use chassis::{Chassis, Handles, Service, harness::eventually};
use chrono::{NaiveDate, TimeDelta};
use proto::{
    Actor, EmployerId, Fact, Problem, QueueId, Role, SeekerId, Service as Name, TicketId,
    intake::{
        ContactGround, ContactPurpose, EraseMe, MyLooks, OpenContact, Reach, SecondNumber, SetSecondNumber,
    },
    open_hiring::{TicketChanged, TicketErased, TicketState, TicketStep},
};
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::support::{Stage, account, samira};

/// Says things on the bus as open-hiring.
struct OpenHiring {
    chassis: Chassis,
}

impl Handles for OpenHiring {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

fn open_hiring() -> Service {
    Service::new(
        Name::OpenHiring,
        Box::leak(Box::new(Migrator::with_migrations(Vec::new()))),
        |chassis| Box::pin(async move { Ok(OpenHiring { chassis }) }),
        |wiring| wiring.stands_in().events(|_, _, _| Box::pin(async { Ok(()) })),
    )
}

const TICKET: TicketId = TicketId(Uuid::from_u128(0x71c));
const EMPLOYER: EmployerId = EmployerId(Uuid::from_u128(1));

fn employer(employer_id: EmployerId) -> Actor {
    Actor::Account {
        account_id: Uuid::from_u128(9).into(),
        roles: vec![Role::Employer],
        employer_id: Some(employer_id),
        regions: Vec::new(),
    }
}

struct Play {
    stage: Stage,
    her: SeekerId,
    first_day: NaiveDate,
}

impl Play {
    async fn open() -> Self {
        let stage = Stage::open_beside(vec![open_hiring()], |_| {}).await;
        stage.at_ten_past();
        let her = stage.join(&samira()).await;
        let first_day = chassis::clock::day(stage.test.clock.machine_now()) + chrono::Days::new(7);
        Self { stage, her, first_day }
    }

    fn ticket(&self, version: i64, state: TicketState, step: TicketStep) -> TicketChanged {
        let now = self.stage.test.clock.machine_now();
        TicketChanged {
            ticket_id: TICKET,
            version,
            seeker_id: self.her,
            queue_id: QueueId(Uuid::from_u128(3)),
            employer_id: EMPLOYER,
            ticket_number: 15,
            state,
            step,
            changed_at: now,
            is_confirmed: true,
            place: None,
            first_day: Some(self.first_day),
            answer_until: (state == TicketState::Offered).then(|| now + TimeDelta::hours(5)),
            remind_at: None,
        }
    }

    async fn say<T: Fact>(&self, fact: T) {
        let mut tx = self.stage.test.chassis(Name::OpenHiring).store.begin().await.unwrap();
        let event = tx.publish(fact).await.unwrap();
        tx.commit().await.unwrap();
        eventually("intake heard it", async || {
            sqlx::query_scalar::<_, bool>("select exists (select 1 from inbox where event_id = $1)")
                .bind(event.0)
                .fetch_one(self.stage.test.pool(Name::Intake))
                .await
                .unwrap()
        })
        .await;
    }

    async fn opens(&self, actor: &Actor, ground: ContactGround) -> Result<Reach, Problem> {
        let purpose = ContactPurpose::Offer;
        let call = OpenContact { ground, purpose, organisation: "WSP Flevoland".to_owned() };
        let opened = self.stage.test.ask(actor, &call).await;
        if let Err(problem) = &opened {
            assert_eq!(problem.code, "contact-closed");
        }
        Ok(self.stage.opened(&opened?))
    }

    async fn offer(&self, actor: &Actor) -> bool {
        self.opens(actor, ContactGround::Offer { ticket_id: TICKET }).await.is_ok()
    }

    async fn beginner(&self, actor: &Actor) -> bool {
        self.opens(actor, ContactGround::Beginner { ticket_id: TICKET }).await.is_ok()
    }
}

#[tokio::test]
async fn any_account_manager_opens_it_while_the_offer_stands_and_she_reads_that() {
    let play = Play::open().await;
    let manager = account(5, Role::AccountManager, &["AM30"]);
    assert!(!play.offer(&manager).await, "nothing was offered");
    play.say(play.ticket(3, TicketState::Offered, TicketStep::Offered)).await;
    let reach = play.opens(&manager, ContactGround::Offer { ticket_id: TICKET }).await.unwrap();
    assert_eq!((reach.contact.as_deref(), reach.remark.as_str()), (Some("+31612345678"), ""));
    assert!(!play.offer(&employer(EMPLOYER)).await && !play.beginner(&employer(EMPLOYER)).await);
    assert!(!play.beginner(&manager).await);
    let looks = play
        .stage
        .test
        .ask(&Actor::Seeker { seeker_id: play.her }, &MyLooks { seeker_id: play.her })
        .await
        .unwrap();
    assert_eq!(looks.len(), 1, "only what was opened");
    assert_eq!((looks[0].purpose, looks[0].role), (ContactPurpose::Offer, Role::AccountManager));
    play.stage.test.clock.advance(TimeDelta::hours(5));
    assert!(!play.offer(&manager).await, "the time to answer is over");
    play.stage.close().await;
}

#[tokio::test]
async fn whoever_calls_her_second_number_sees_it_and_she_sees_that() {
    let play = Play::open().await;
    let me = Actor::Seeker { seeker_id: play.her };
    let given = SecondNumber { number: "036 530 12 34".to_owned(), whose: "mijn zus".to_owned() };
    let give = SetSecondNumber { seeker_id: play.her, number: play.stage.sealed(&Some(given)) };
    play.stage.test.ask(&me, &give).await.unwrap();
    play.say(play.ticket(3, TicketState::Offered, TicketStep::Offered)).await;
    let manager = account(5, Role::AccountManager, &["AM30"]);
    let ground = ContactGround::Offer { ticket_id: TICKET };
    let first = play.opens(&manager, ground).await.unwrap();
    assert_eq!(first.second_number, None, "only who is to call it");
    let call = OpenContact {
        ground,
        purpose: ContactPurpose::SecondNumber,
        organisation: "WSP Flevoland".to_owned(),
    };
    let second = play.stage.opened(&play.stage.test.ask(&manager, &call).await.unwrap()).second_number;
    assert_eq!(second.map(|second| second.number).as_deref(), Some("+31365301234"));
    let looks = play.stage.test.ask(&me, &MyLooks { seeker_id: play.her }).await.unwrap();
    let purposes: Vec<_> = looks.iter().map(|look| look.purpose).collect();
    assert_eq!(purposes, [ContactPurpose::SecondNumber, ContactPurpose::Offer]);
    play.stage.close().await;
}

#[tokio::test]
async fn the_employer_where_she_begins_opens_it_until_28_days_after() {
    let play = Play::open().await;
    let theirs = employer(EMPLOYER);
    play.say(play.ticket(3, TicketState::Yes, TicketStep::SaidYes)).await;
    assert!(play.beginner(&theirs).await);
    assert!(!play.beginner(&employer(EmployerId(Uuid::from_u128(2)))).await, "another employer");
    play.stage.test.clock.advance(TimeDelta::days(34));
    assert!(play.beginner(&theirs).await);
    play.stage.test.clock.advance(TimeDelta::days(3));
    assert!(!play.beginner(&theirs).await);
    play.stage.close().await;
}

#[tokio::test]
async fn giving_it_back_closes_after_28_days_and_an_older_event_opens_nothing_again() {
    let play = Play::open().await;
    let theirs = employer(EMPLOYER);
    play.say(play.ticket(4, TicketState::Yes, TicketStep::SaidYes)).await;
    play.say(play.ticket(5, TicketState::Waiting, TicketStep::GaveBack)).await;
    play.say(play.ticket(3, TicketState::Offered, TicketStep::Offered)).await;
    assert!(!play.offer(&account(5, Role::AccountManager, &["AM11"])).await);
    play.stage.test.clock.advance(TimeDelta::days(27));
    assert!(play.beginner(&theirs).await);
    play.stage.test.clock.advance(TimeDelta::days(1));
    assert!(!play.beginner(&theirs).await);
    play.stage.close().await;
}

#[tokio::test]
async fn it_goes_with_the_ticket_and_with_her() {
    let play = Play::open().await;
    let count = "select count(*) from ticket_contacts";
    play.say(play.ticket(3, TicketState::Yes, TicketStep::SaidYes)).await;
    assert_eq!(play.stage.number(count).await, 1);
    play.say(TicketErased { ticket_id: TICKET, version: 9 }).await;
    assert_eq!(play.stage.number(count).await, 0);
    play.say(play.ticket(10, TicketState::Yes, TicketStep::SaidYes)).await;
    let me = Actor::Seeker { seeker_id: play.her };
    play.stage.test.ask(&me, &EraseMe { seeker_id: play.her }).await.unwrap();
    assert_eq!(play.stage.number(count).await, 0);
    play.say(play.ticket(11, TicketState::Yes, TicketStep::SaidYes)).await;
    assert_eq!(play.stage.number(count).await, 0, "a late event brings nothing back");
    assert!(!play.beginner(&employer(EMPLOYER)).await);
    play.stage.close().await;
}
