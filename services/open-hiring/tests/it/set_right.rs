//! What was written down wrongly is set right: by a new entry with a reason, at her own number, and by nobody but the account
//! manager.

use chassis::{
    clock,
    harness::{TestPlatform, eventually},
};
use chrono::{Days, NaiveDate, TimeDelta};
use proto::{
    Actor, OpeningId, Problem, Role, TicketId,
    open_hiring::{
        ChangeReason, FirstDay, LedgerOf, LedgerTold, LedgerWhat, PlaceState, QueueChange, SetRight,
        TellFirstDay, TicketChanged, TicketState, TicketStep, TicketWish, WentWrong,
    },
};
use uuid::Uuid;

use super::{
    proof::verifies,
    support::{
        YES, account, account_manager, answer, change, in_a_month, line, pass, queue, said, seeker, shop,
        sign_up, stage, states, ticket, wish,
    },
};

async fn set_right(
    test: &TestPlatform,
    actor: &Actor,
    ticket_id: TicketId,
    reason: WentWrong,
) -> Result<(), Problem> {
    test.ask(actor, &SetRight { ticket_id, reason }).await
}

/// The first of two in line said yes, her first day came, and it was told whether she did.
async fn told(came: bool) -> (TestPlatform, Vec<TicketId>, NaiveDate) {
    let test = stage(1).await;
    let first_day = in_a_month(&test);
    let tickets = sign_up(&test, 1..=2).await;
    answer(&test, 1, tickets[0], YES).await.unwrap();
    pass(&test, clock::at_hour(first_day, 8));
    test.ask(&shop(), &TellFirstDay { ticket_id: tickets[0], came }).await.unwrap();
    (test, tickets, first_day)
}

/// What auditors read about setting right, entry by entry.
async fn audited(test: &TestPlatform) -> Vec<LedgerTold> {
    let opening_id = OpeningId(Uuid::from_u128(500));
    let asked = LedgerOf { opening_id, after: 0, limit: 500 };
    let page = test.ask(&account(Role::Administrator, None), &asked).await.unwrap();
    let is_set_right =
        |told: &LedgerTold| matches!(told.what, LedgerWhat::Ticket { step: TicketStep::SetRight, .. });
    page.entries.into_iter().filter_map(|entry| entry.told).filter(is_set_right).collect()
}

#[tokio::test]
async fn who_was_there_after_all_is_asked_first_again_at_her_own_number() {
    let (test, tickets, first_day) = told(false).await;
    assert_eq!(states(&test).await, [TicketState::Ended, TicketState::Waiting]);
    set_right(&test, &account_manager(), tickets[0], WentWrong::FirstDay).await.unwrap();

    let view = ticket(&test, 1, tickets[0]).await;
    assert_eq!((view.number, view.state, view.before_her), (1, TicketState::Waiting, 0));
    let last = view.history.last().unwrap();
    assert_eq!((last.step, last.went_wrong), (TicketStep::SetRight, Some(WentWrong::FirstDay)));
    assert!(view.history.iter().any(|entry| entry.step == TicketStep::NoShow), "nothing is taken away");
    let facts = said::<TicketChanged>(&test).await;
    assert!(facts.iter().any(|fact| (fact.ticket_id, fact.step) == (tickets[0], TicketStep::SetRight)));
    let entries = audited(&test).await;
    assert_eq!(entries.len(), 1);
    assert_eq!(entries[0].what, LedgerWhat::Ticket { step: TicketStep::SetRight, number: Some(1) });
    let Actor::Account { account_id, .. } = account_manager() else { panic!("an account") };
    assert_eq!((entries[0].went_wrong, entries[0].by), (Some(WentWrong::FirstDay), Some(account_id)));

    let later = FirstDay { on: first_day + Days::new(14), places: 1 };
    change(&test, &shop(), QueueChange::AddPlaces { first_days: vec![later] }).await.unwrap();
    assert_eq!(states(&test).await, [TicketState::Offered, TicketState::Waiting], "hers is the lower number");
    // Again there is nothing to set right.
    let again = set_right(&test, &account_manager(), tickets[0], WentWrong::FirstDay).await.unwrap_err();
    assert_eq!(again.code, "nothing-to-set-right");
    verifies(&test, 500).await;
    test.stop().await;
}

#[tokio::test]
async fn a_place_at_which_the_wrong_person_began_is_free_again() {
    let (test, tickets, _) = told(true).await;
    assert_eq!(queue(&test, 500).await.places[0].state, PlaceState::Started);
    assert!(line(&test).await[0].can_be_set_right);
    set_right(&test, &account_manager(), tickets[0], WentWrong::OtherPerson).await.unwrap();
    assert_eq!(queue(&test, 500).await.places[0].state, PlaceState::Free);
    // Her first day has come, so nobody is asked about it; both wait at their own numbers.
    assert_eq!(states(&test).await, [TicketState::Waiting, TicketState::Waiting]);
    assert!(!line(&test).await[0].can_be_set_right);
    eventually("both wait", async || queue(&test, 500).await.waiting == 2).await;
    verifies(&test, 500).await;
    test.stop().await;
}

#[tokio::test]
async fn nobody_but_the_account_manager_of_the_region_sets_right() {
    let (test, tickets, _) = told(false).await;
    let elsewhere = match account_manager() {
        Actor::Account { account_id, roles, employer_id, .. } => {
            Actor::Account { account_id, roles, employer_id, regions: vec!["AM12".to_owned()] }
        }
        other => other,
    };
    let helper = account(Role::Helper, None);
    let auditor = account(Role::Administrator, None);
    for actor in [shop(), helper, auditor, elsewhere, seeker(1), Actor::Visitor] {
        let refused = set_right(&test, &actor, tickets[0], WentWrong::FirstDay).await.unwrap_err();
        assert_eq!(refused.code, "forbidden", "{actor:?}");
    }
    let waits = set_right(&test, &account_manager(), tickets[1], WentWrong::Answer).await.unwrap_err();
    assert_eq!(waits.code, "nothing-to-set-right", "who waits needs nothing");
    let nobody = TicketId(Uuid::from_u128(12345));
    let unknown = set_right(&test, &account_manager(), nobody, WentWrong::Answer).await.unwrap_err();
    assert_eq!(unknown.code, "ticket-unknown");
    assert_eq!(audited(&test).await, []);
    test.stop().await;
}

#[tokio::test]
async fn who_stands_in_line_anew_has_one_place_and_a_closed_line_stays_closed() {
    let test = stage(1).await;
    let tickets = sign_up(&test, 1..=3).await;
    for person in [2, 3] {
        wish(&test, person, tickets[person as usize - 1], TicketWish::StepDown).await.unwrap();
    }
    test.clock.advance(TimeDelta::hours(25));
    let anew = sign_up(&test, [2]).await[0];
    assert_ne!(anew, tickets[1]);
    let twice = set_right(&test, &account_manager(), tickets[1], WentWrong::LeftByMistake).await.unwrap_err();
    assert_eq!((twice.code.as_str(), twice.args["number"].as_str()), ("stands-anew", "4"));
    let close = QueueChange::Close { reason: ChangeReason::LessWork };
    change(&test, &shop(), close).await.unwrap();
    let closed =
        set_right(&test, &account_manager(), tickets[2], WentWrong::LeftByMistake).await.unwrap_err();
    assert_eq!(closed.code, "queue-closed");
    assert!(line(&test).await.iter().all(|ticket| !ticket.can_be_set_right));
    verifies(&test, 500).await;
    test.stop().await;
}
