use chassis::harness::{TestPlatform, eventually};
use chrono::{Days, NaiveDate, TimeDelta};
use proto::{
    Actor, OpeningId, Status,
    vacancies::{
        ChangeOpening, CloseOpening, CloseReason, Firmness, KeepOpen, Opening, OpeningDetails, OpeningState,
        OpeningView, Openings, OpeningsById, PauseOpening, PostOpening, PublishOpening, Requirement,
        RequirementKind, Terms,
    },
    work::{Daypart, Hours, Route},
};

use crate::support::{
    add_linde, administrator, count, elsewhere, employer_account, facts, fields, flevoland, kitchen, post,
    refused, start, terms,
};

fn today(test: &TestPlatform) -> NaiveDate {
    chassis::clock::day(test.clock.machine_now())
}

async fn view(test: &TestPlatform, actor: &Actor, opening_id: OpeningId) -> OpeningView {
    test.ask(actor, &Opening { opening_id }).await.unwrap()
}

async fn asked(test: &TestPlatform) -> Vec<OpeningId> {
    let query = Openings { employer_id: None, state: None, asked: true, page: 0, per_page: 50 };
    test.ask(&flevoland(), &query).await.unwrap().rows.iter().map(|line| line.opening_id).collect()
}

/// Each route: draft, published, changed, paused, shown again, kept, closed.
#[tokio::test]
async fn each_route_goes_from_draft_to_closed() {
    let test = start().await;
    let employer = add_linde(&test).await;
    for route in Route::ALL {
        let details = OpeningDetails { terms: terms(route), ..kitchen() };
        let id = post(&test, employer, details.clone(), false).await;
        let step = async |answer: Result<(), proto::Problem>, state, version| {
            answer.unwrap();
            let view = view(&test, &flevoland(), id).await;
            assert_eq!((view.state, view.version), (state, version), "{route:?}");
        };
        let pause = PauseOpening { opening_id: id };
        let until = today(&test) + Days::new(90);
        let keep = KeepOpen { opening_id: id, until };
        let draft = (Status::Conflict, "opening-is-draft".to_owned());
        assert_eq!(refused(test.ask(&flevoland(), &pause).await), draft);
        assert_eq!(refused(test.ask(&flevoland(), &keep).await), draft);
        let publish = PublishOpening { opening_id: id };
        step(test.ask(&flevoland(), &publish).await, OpeningState::Published, 2).await;
        let titled = OpeningDetails { title: format!("Baan via {}", route.name()), ..details.clone() };
        let change = ChangeOpening { opening_id: id, version: 2, details: titled, after_advice: None };
        step(test.ask(&flevoland(), &change).await, OpeningState::Published, 3).await;
        step(test.ask(&flevoland(), &pause).await, OpeningState::Paused, 4).await;
        step(test.ask(&flevoland(), &pause).await, OpeningState::Paused, 4).await;
        // A paused one is known but not shown.
        assert_eq!(view(&test, &Actor::Visitor, id).await.state, OpeningState::Paused);
        assert_eq!(test.ask(&Actor::Visitor, &OpeningsById { opening_ids: vec![id] }).await.unwrap(), []);
        step(test.ask(&flevoland(), &publish).await, OpeningState::Published, 5).await;
        step(test.ask(&flevoland(), &keep).await, OpeningState::Published, 6).await;
        let seen = view(&test, &Actor::Visitor, id).await;
        assert_eq!(seen.details, OpeningDetails { closes_on: Some(until), ..change.details.clone() });
        let close = CloseOpening { opening_id: id, reason: CloseReason::Filled };
        step(test.ask(&flevoland(), &close).await, OpeningState::Closed, 7).await;
        assert_eq!(view(&test, &administrator(), id).await.close_reason, Some(CloseReason::Filled));
        for answer in [test.ask(&flevoland(), &pause).await, test.ask(&flevoland(), &keep).await] {
            assert_eq!(refused(answer), (Status::Conflict, "opening-closed".to_owned()));
        }
        eventually("its end is told", async || {
            facts(&test, "opening_closed").await.iter().any(|fact| fact["opening_id"] == id.0.to_string())
        })
        .await;
        let mut versions: Vec<(i64, &str)> = Vec::new();
        for name in ["opening_published", "opening_paused", "opening_closed"] {
            let told = facts(&test, name).await;
            let of_it = told.iter().filter(|fact| fact["opening_id"] == id.0.to_string());
            versions.extend(of_it.map(|fact| (fact["version"].as_i64().unwrap(), name)));
        }
        versions.sort_unstable();
        assert_eq!(
            versions,
            [
                (2, "opening_published"),
                (3, "opening_published"),
                (4, "opening_paused"),
                (5, "opening_published"),
                (6, "opening_published"),
                (7, "opening_closed"),
            ],
            "{route:?}"
        );
    }
    // Only routes with their own facts say when work begins through them.
    let told = facts(&test, "opening_published").await;
    let open: Vec<_> = told.iter().filter(|fact| fact["route"] == "open_hiring").collect();
    assert!(open.iter().all(|fact| fact["starts_on"] == "2099-01-05"));
    test.stop().await;
}

#[tokio::test]
async fn what_an_employer_changes_in_its_search_is_told_with_the_advice_it_followed() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let asks = |kind, firmness| Requirement { kind, firmness, ground: Some("Voor het werk nodig".into()) };
    let strict = OpeningDetails {
        requirements: vec![
            asks(RequirementKind::Diploma, Firmness::Needed),
            asks(RequirementKind::GoodDutch, Firmness::Needed),
            asks(RequirementKind::OwnCar, Firmness::Needed),
        ],
        ..kitchen()
    };
    let id = post(&test, employer, strict.clone(), true).await;
    let softer = OpeningDetails {
        requirements: vec![
            asks(RequirementKind::GoodDutch, Firmness::Learned),
            asks(RequirementKind::OwnCar, Firmness::Needed),
        ],
        hours: Hours { min: 8, max: 24 },
        dayparts: [Daypart::Evening].into_iter().collect(),
        terms: Terms::TrialPlacement { weeks: 8, contract_months: 6, goal: "Wennen aan het werk".into() },
        ..strict.clone()
    };
    let change = |version, details: &OpeningDetails, after_advice: Option<&str>| ChangeOpening {
        opening_id: id,
        version,
        details: details.clone(),
        after_advice: after_advice.map(str::to_owned),
    };
    let odd = change(1, &softer, Some("Bel Fatma: 06"));
    assert_eq!(fields(test.ask(&flevoland(), &odd).await), ["after_advice advice-unknown"]);
    test.ask(&flevoland(), &change(1, &softer, Some("doors-hours"))).await.unwrap();
    eventually("the route is told", async || facts(&test, "route_changed").await.len() == 1).await;
    let dropped = facts(&test, "requirement_dropped").await.remove(0);
    assert_eq!(dropped["dropped"], serde_json::json!(["good_dutch", "diploma"]));
    assert_eq!((&dropped["version"], &dropped["after_advice"]), (&2.into(), &"doors-hours".into()));
    let hours = facts(&test, "hours_changed").await.remove(0);
    assert_eq!((&hours["hours_before"]["min"], &hours["hours"]["min"]), (&16.into(), &8.into()));
    assert_eq!((&hours["dayparts_before"][0], &hours["dayparts"][0]), (&"morning".into(), &"evening".into()));
    let route = facts(&test, "route_changed").await.remove(0);
    assert_eq!((&route["route_before"], &route["route"]), (&"regular".into(), &"trial_placement".into()));
    assert_eq!(
        count(&test, "select count(*) from search_changes where after_advice = 'doors-hours'").await,
        3
    );
    assert_eq!(count(&test, "select count(*) from search_changes where region = 'AM11'").await, 3);

    // The same again, and asking more, are no change of the search; a paused one counts.
    test.ask(&flevoland(), &change(2, &softer, None)).await.unwrap();
    test.ask(&flevoland(), &PauseOpening { opening_id: id }).await.unwrap();
    let bare = OpeningDetails { requirements: vec![], ..softer.clone() };
    test.ask(&flevoland(), &change(3, &bare, None)).await.unwrap();
    let kinds = "select count(*) from search_changes where version = 4 and dropped = array['own_car']";
    assert_eq!(count(&test, kinds).await, 1);
    test.ask(&flevoland(), &change(4, &OpeningDetails { requirements: strict.requirements, ..bare }, None))
        .await
        .unwrap();
    assert_eq!(count(&test, "select count(*) from search_changes").await, 4);

    // Nobody knew the draft.
    let draft = post(&test, employer, kitchen(), false).await;
    let details = OpeningDetails { hours: Hours { min: 4, max: 4 }, ..kitchen() };
    let change = ChangeOpening { opening_id: draft, version: 1, details, after_advice: None };
    test.ask(&flevoland(), &change).await.unwrap();
    assert_eq!(count(&test, "select count(*) from search_changes").await, 4);
    test.stop().await;
}

#[tokio::test]
async fn an_opening_is_asked_whether_it_is_still_open_and_closes_without_an_answer() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let first = today(&test);
    let until = |days| OpeningDetails { closes_on: Some(first + Days::new(days)), ..kitchen() };
    let soon = post(&test, employer, until(20), true).await;
    let kept = post(&test, employer, until(21), true).await;
    let paused = post(&test, employer, until(20), true).await;
    test.ask(&flevoland(), &PauseOpening { opening_id: paused }).await.unwrap();
    let tomorrow = post(&test, employer, until(2), true).await;
    let draft = post(&test, employer, kitchen(), false).await;
    let endless = post(&test, employer, kitchen(), true).await;

    test.clock.advance(TimeDelta::days(16));
    eventually("three are asked", async || asked(&test).await.len() == 3).await;
    let order = asked(&test).await;
    assert_eq!(order[2], kept, "the soonest to close first");
    assert!(order.contains(&soon) && order.contains(&paused));
    let question = view(&test, &flevoland(), soon).await.question.unwrap();
    assert_eq!(question.closes_on, first + Days::new(20));
    assert_eq!(view(&test, &Actor::Visitor, soon).await.question, None, "not everyone's business");
    assert_eq!(view(&test, &administrator(), soon).await.question, None);
    assert_eq!(view(&test, &flevoland(), soon).await.version, 1, "asking is no change");
    let gone = test.ask(&Actor::Visitor, &Opening { opening_id: tomorrow }).await;
    assert_eq!(refused(gone).0, Status::Gone, "whoever named tomorrow was not asked");

    let keep = KeepOpen { opening_id: kept, until: first + Days::new(200) };
    assert_eq!(refused(test.ask(&elsewhere(), &keep).await).0, Status::Forbidden);
    for until in [first + Days::new(16), first + Days::new(500)] {
        let wrong = KeepOpen { until, ..keep.clone() };
        assert_eq!(fields(test.ask(&flevoland(), &wrong).await), ["until until-out-of-range"]);
    }
    test.ask(&employer_account(employer), &keep).await.unwrap();
    let seen = view(&test, &flevoland(), kept).await;
    assert_eq!((seen.question, seen.details.closes_on, seen.version), (None, Some(keep.until), 2));

    test.clock.advance(TimeDelta::days(5));
    eventually("both close", async || facts(&test, "opening_closed").await.len() == 3).await;
    let reasons = facts(&test, "opening_closed").await;
    assert!(reasons.iter().all(|fact| fact["reason"] == "expired"));
    for id in [soon, paused] {
        assert_eq!(view(&test, &flevoland(), id).await.close_reason, Some(CloseReason::Expired));
    }

    // Without a last day: asked after eight weeks, two weeks to answer.
    test.clock.advance(TimeDelta::days(36));
    eventually("it is asked", async || asked(&test).await == [endless]).await;
    let now = today(&test);
    assert_eq!(view(&test, &flevoland(), endless).await.question.unwrap().closes_on, now + Days::new(14));
    test.clock.advance(TimeDelta::days(14));
    assert_eq!(view(&test, &Actor::Visitor, endless).await.state, OpeningState::Published);
    test.clock.advance(TimeDelta::days(1));
    let answer = test.ask(&Actor::Visitor, &Opening { opening_id: endless }).await;
    assert_eq!(refused(answer).0, Status::Gone);
    eventually("nobody answered", async || facts(&test, "opening_closed").await.len() == 4).await;
    let late = KeepOpen { opening_id: endless, until: today(&test) + Days::new(9) };
    assert_eq!(refused(test.ask(&flevoland(), &late).await), (Status::Conflict, "opening-closed".to_owned()));
    assert_eq!(view(&test, &flevoland(), draft).await.state, OpeningState::Draft);
    assert_eq!(view(&test, &Actor::Visitor, kept).await.state, OpeningState::Published);
    test.stop().await;
}

#[tokio::test]
async fn two_replicas_ask_and_close_each_opening_once() {
    let test = start().await;
    let replica = test.replica(vec![vacancies::service(crate::support::REFERENCE.clone())]).await;
    let employer = add_linde(&test).await;
    for _ in 0..30 {
        let post = PostOpening { employer_id: employer, details: kitchen(), publish: true };
        test.ask(&flevoland(), &post).await.unwrap();
    }
    test.clock.advance(TimeDelta::days(57));
    eventually("all are asked", async || asked(&test).await.len() == 30).await;
    test.clock.advance(TimeDelta::days(15));
    eventually("all are closed", async || facts(&test, "opening_closed").await.len() >= 30).await;
    assert_eq!(facts(&test, "opening_closed").await.len(), 30);
    assert_eq!(
        count(&test, "select count(*) from openings where version = 2 and state = 'closed'").await,
        30
    );
    replica.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn a_paused_opening_comes_back_while_its_last_day_has_not_passed() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let first = today(&test);
    let details = OpeningDetails {
        starts_on: Some(first + Days::new(1)),
        closes_on: Some(first + Days::new(4)),
        ..kitchen()
    };
    let id = post(&test, employer, details, true).await;
    test.ask(&flevoland(), &PauseOpening { opening_id: id }).await.unwrap();
    let states = async |state| {
        let query =
            Openings { employer_id: Some(employer), state: Some(state), asked: false, page: 0, per_page: 5 };
        test.ask(&flevoland(), &query).await.unwrap().total
    };
    assert_eq!((states(OpeningState::Paused).await, states(OpeningState::Published).await), (1, 0));
    test.clock.advance(TimeDelta::days(3));
    test.ask(&flevoland(), &PublishOpening { opening_id: id }).await.unwrap();
    assert_eq!((states(OpeningState::Paused).await, states(OpeningState::Published).await), (0, 1));
    test.stop().await;
}
