use chassis::harness::eventually;
use chrono::{Days, TimeDelta};
use proto::{
    Actor, OpeningId, SeekerId, Status,
    vacancies::{
        ChangeOpening, CloseOpening, CloseReason, Firmness, Opening, OpeningDetails, OpeningState, Openings,
        OpeningsById, PostOpening, PublishOpening, Requirement, RequirementKind, SelfCheck,
    },
    work::{Hours, Route},
};
use uuid::Uuid;

use crate::support::{
    add_linde, administrator, count, elsewhere, employer_account, facts, fields, flevoland, kitchen, post,
    refused, start, terms,
};

fn seeker() -> Actor {
    Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(7)) }
}

#[tokio::test]
async fn an_opening_of_each_route_is_posted_and_told() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let adult = Requirement {
        kind: RequirementKind::Adult,
        firmness: Firmness::Legal,
        ground: Some("Arbeidstijdenwet".into()),
    };
    for (index, route) in Route::ALL.into_iter().enumerate() {
        let details = OpeningDetails {
            terms: terms(route),
            requirements: vec![adult.clone()],
            self_checks: vec![SelfCheck::LiftKg(15), SelfCheck::Outside],
            ..kitchen()
        };
        let id = post(&test, employer, details.clone(), true).await;
        for actor in [Actor::Visitor, seeker(), flevoland(), elsewhere()] {
            let view = test.ask(&actor, &Opening { opening_id: id }).await.unwrap();
            assert_eq!((view.question, view.close_reason), (None, None));
            assert_eq!(
                (view.state, view.version, view.details),
                (OpeningState::Published, 1, details.clone())
            );
            assert_eq!((view.employer_name.as_str(), view.place.as_str()), ("De Linde", "Almere"));
            assert!(view.published_at.is_some());
        }
        eventually("it is told", async || facts(&test, "opening_published").await.len() == index + 1).await;
        let told = facts(&test, "opening_published").await.remove(index);
        assert_eq!(told["opening_id"], id.0.to_string());
        assert_eq!(told["route"], route.name());
        assert_eq!((&told["area"]["region"], &told["version"]), (&"AM11".into(), &1.into()));
        assert!(told.get("title").is_none() && told.get("description").is_none());
    }
    test.stop().await;
}

#[tokio::test]
async fn a_draft_is_seen_by_its_writers_only_and_told_when_published() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let id = post(&test, employer, kitchen(), false).await;
    for actor in [Actor::Visitor, seeker(), elsewhere()] {
        let answer = test.ask(&actor, &Opening { opening_id: id }).await;
        assert_eq!(refused(answer), (Status::NotFound, "opening-unknown".into()));
        let by_id = test.ask(&actor, &OpeningsById { opening_ids: vec![id] }).await.unwrap();
        assert_eq!(by_id, []);
    }
    for actor in [flevoland(), employer_account(employer), administrator()] {
        let view = test.ask(&actor, &Opening { opening_id: id }).await.unwrap();
        assert_eq!((view.state, view.published_at), (OpeningState::Draft, None));
    }
    let hours = Hours { min: 8, max: 8 };
    let details = OpeningDetails { hours, ..kitchen() };
    let change = ChangeOpening { opening_id: id, version: 1, details, after_advice: None };
    test.ask(&employer_account(employer), &change).await.unwrap();
    assert_eq!(count(&test, "select count(*) from outbox").await, 0, "nobody hears of drafts");
    for _ in 0..2 {
        test.ask(&flevoland(), &PublishOpening { opening_id: id }).await.unwrap();
    }
    let view = test.ask(&Actor::Visitor, &Opening { opening_id: id }).await.unwrap();
    assert_eq!((view.version, view.details.hours), (3, hours));
    assert_eq!(count(&test, "select count(*) from outbox").await, 1, "publishing twice is once");
    test.stop().await;
}

#[tokio::test]
async fn a_change_by_two_is_noticed_and_each_change_is_told() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let id = post(&test, employer, kitchen(), true).await;
    let titled = |title: &str, version| ChangeOpening {
        opening_id: id,
        version,
        details: OpeningDetails { title: title.into(), ..kitchen() },
        after_advice: None,
    };
    test.ask(&flevoland(), &titled("Kok", 1)).await.unwrap();
    let late = test.ask(&employer_account(employer), &titled("Afwasser", 1)).await.unwrap_err();
    assert_eq!((late.status, late.code.as_str()), (Status::Conflict, "opening-changed-meanwhile"));
    assert_eq!(late.args["version"], "2");
    // The same text again is no change, whatever was seen.
    test.ask(&flevoland(), &titled("Kok", 1)).await.unwrap();
    let bad = ChangeOpening { details: OpeningDetails { places: 0, ..kitchen() }, ..titled("", 2) };
    assert_eq!(fields(test.ask(&flevoland(), &bad).await), ["places places-out-of-range"]);

    let close = CloseOpening { opening_id: id, reason: CloseReason::Filled };
    test.ask(&flevoland(), &close).await.unwrap();
    test.ask(&flevoland(), &CloseOpening { reason: CloseReason::Withdrawn, ..close }).await.unwrap();
    let answer = test.ask(&flevoland(), &titled("Chef", 3)).await;
    assert_eq!(refused(answer), (Status::Conflict, "opening-closed".into()));
    let answer = test.ask(&flevoland(), &PublishOpening { opening_id: id }).await;
    assert_eq!(refused(answer), (Status::Conflict, "opening-closed".into()));

    for actor in [Actor::Visitor, seeker()] {
        let answer = test.ask(&actor, &Opening { opening_id: id }).await;
        assert_eq!(refused(answer), (Status::Gone, "opening-closed".into()));
    }
    let view = test.ask(&employer_account(employer), &Opening { opening_id: id }).await.unwrap();
    assert_eq!((view.state, view.version), (OpeningState::Closed, 3));
    eventually("the end is told", async || facts(&test, "opening_closed").await.len() == 1).await;
    let closed = facts(&test, "opening_closed").await.remove(0);
    assert_eq!((&closed["reason"], &closed["version"]), (&"filled".into(), &3.into()));
    let versions: Vec<_> = facts(&test, "opening_published")
        .await
        .iter()
        .map(|fact| fact["version"].as_i64().unwrap())
        .collect();
    assert_eq!(versions, [1, 2]);
    test.stop().await;
}

#[tokio::test]
async fn others_may_not_write() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let id = post(&test, employer, kitchen(), true).await;
    let other = proto::EmployerId(Uuid::from_u128(5));
    let before = count(&test, "select count(*) from outbox").await;
    for actor in [elsewhere(), employer_account(other), administrator(), seeker(), Actor::Visitor] {
        let forbidden = (Status::Forbidden, "forbidden".to_owned());
        let post = PostOpening { employer_id: employer, details: kitchen(), publish: true };
        assert_eq!(refused(test.ask(&actor, &post).await), forbidden, "{actor:?}");
        let change = ChangeOpening { opening_id: id, version: 1, details: kitchen(), after_advice: None };
        assert_eq!(refused(test.ask(&actor, &change).await), forbidden);
        assert_eq!(refused(test.ask(&actor, &PublishOpening { opening_id: id }).await), forbidden);
        let close = CloseOpening { opening_id: id, reason: CloseReason::Filled };
        assert_eq!(refused(test.ask(&actor, &close).await), forbidden);
    }
    assert_eq!(count(&test, "select count(*) from outbox").await, before);
    let nothing = OpeningId(Uuid::nil());
    let unknown = (Status::NotFound, "opening-unknown".to_owned());
    assert_eq!(refused(test.ask(&flevoland(), &PublishOpening { opening_id: nothing }).await), unknown);
    let post = PostOpening { employer_id: other, details: kitchen(), publish: true };
    assert_eq!(
        refused(test.ask(&flevoland(), &post).await),
        (Status::NotFound, "employer-unknown".to_owned())
    );
    for (reason, code) in [
        (CloseReason::Expired, "reason reason-only-by-clock"),
        (CloseReason::Undone, "reason reason-only-by-undo"),
    ] {
        let close = CloseOpening { opening_id: id, reason };
        assert_eq!(fields(test.ask(&flevoland(), &close).await), [code]);
    }
    test.stop().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_nothing_is_kept() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let details = OpeningDetails {
        title: "=cmd".into(),
        tasks: vec!["kop.staan".into()],
        description: "bsn 111222333\0".into(),
        postcode: "0123".into(),
        hours: Hours { min: 50, max: 60 },
        dayparts: [].into_iter().collect(),
        starts_on: "2020-01-01".parse().ok(),
        places: 1_000,
        pay_cents_per_hour: Some(u32::MAX),
        ..kitchen()
    };
    let post = PostOpening { employer_id: employer, details, publish: true };
    let expected = [
        "title title-formula-like",
        "description text-unreadable",
        "description looks-like-bsn",
        "tasks task-unknown",
        "postcode postcode-malformed",
        "hours hours-unsound",
        "dayparts dayparts-empty",
        "starts_on starts-in-past",
        "places places-out-of-range",
        "pay_cents_per_hour pay-out-of-range",
    ];
    assert_eq!(fields(test.ask(&flevoland(), &post).await), expected);
    assert_eq!(count(&test, "select count(*) from openings").await, 0);
    test.stop().await;
}

#[tokio::test]
async fn an_opening_closes_after_its_last_day() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let today = chassis::clock::day(test.clock.machine_now());
    let until = |days| OpeningDetails { closes_on: today.checked_add_days(Days::new(days)), ..kitchen() };
    let soon = post(&test, employer, until(1), true).await;
    let later = post(&test, employer, until(9), true).await;
    let draft = post(&test, employer, until(1), false).await;
    test.clock.advance(TimeDelta::days(2));
    let answer = test.ask(&Actor::Visitor, &Opening { opening_id: soon }).await;
    assert_eq!(refused(answer), (Status::Gone, "opening-closed".into()), "at once, before the clock's round");
    eventually("it is closed", async || facts(&test, "opening_closed").await.len() == 1).await;
    let closed = facts(&test, "opening_closed").await.remove(0);
    assert_eq!((&closed["opening_id"], &closed["reason"]), (&soon.0.to_string().into(), &"expired".into()));
    test.ask(&Actor::Visitor, &Opening { opening_id: later }).await.unwrap();
    let view = test.ask(&flevoland(), &Opening { opening_id: draft }).await.unwrap();
    assert_eq!(view.state, OpeningState::Draft);
    let answer = test.ask(&flevoland(), &PublishOpening { opening_id: draft }).await;
    assert_eq!(fields(answer), ["closes_on closes-in-past"]);
    test.stop().await;
}

#[tokio::test]
async fn staff_see_their_openings_newest_first() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let mut ids = Vec::new();
    for number in 0..5 {
        let details = OpeningDetails { title: format!("Baan {number}"), ..kitchen() };
        ids.push(post(&test, employer, details, number % 2 == 0).await);
    }
    let ask = async |actor: &Actor, page, per_page| {
        let query = Openings { employer_id: None, state: None, asked: false, page, per_page };
        let page = test.ask(actor, &query).await.unwrap();
        (page.rows.iter().map(|line| line.title.clone()).collect::<Vec<_>>(), page.total)
    };
    assert_eq!(ask(&flevoland(), 0, 2).await, (vec!["Baan 4".into(), "Baan 3".into()], 5));
    assert_eq!(ask(&employer_account(employer), 2, 2).await, (vec!["Baan 0".into()], 5));
    assert_eq!(ask(&elsewhere(), 0, 2).await, (vec![], 0));
    let employer_id = Some(proto::EmployerId(Uuid::nil()));
    let nobodys = Openings { employer_id, state: None, asked: false, page: 0, per_page: 9 };
    assert_eq!(test.ask(&administrator(), &nobodys).await.unwrap().total, 0);
    assert_eq!(refused(test.ask(&Actor::Visitor, &nobodys).await).0, Status::Forbidden);

    let asked = [ids[4], ids[1], OpeningId(Uuid::nil()), ids[0]];
    let by_id = test.ask(&Actor::Visitor, &OpeningsById { opening_ids: asked.into() }).await.unwrap();
    let found: Vec<_> = by_id.iter().map(|view| view.opening_id).collect();
    assert_eq!(found, [ids[4], ids[0]], "in the order asked, without drafts and unknown ones");
    let many = OpeningsById { opening_ids: vec![ids[0]; 101] };
    assert_eq!(fields(test.ask(&Actor::Visitor, &many).await), ["opening_ids ids-too-many"]);
    test.stop().await;
}
