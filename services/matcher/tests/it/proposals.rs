//! What intake and vacancies publish comes back as proposals, for those who may see them.

use std::{collections::BTreeMap, time::Duration};

use chassis::harness::eventually;
use proto::{
    Actor, CloudEvent, EmployerId, Fact, OpeningId, Problem, Role, SeekerId, Service as Name, Status,
    intake::ProfilePublished,
    matcher::{
        Count, CountOpenings, CountPeople, PairWeight, PairWeights, ProposalShown, ProposalsForOpening,
        ProposalsForSeeker, Reason, RecordShown, SeekerProposals,
    },
    vacancies::{Firmness, OpeningPublished, RequirementKind},
    work::{Cell, Daypart, Dayparts, Hours, Means, Route, TaskCode, Travel},
};
use uuid::Uuid;

use crate::support::{
    SHOP, account, account_manager, at, closed, matcher, number, opening, openings_for, parts, paused,
    people_for, person, seeker, start, tell,
};

#[tokio::test]
async fn what_is_published_stands_as_a_proposal_on_both_sides_with_its_reasons() {
    let test = start().await;
    assert_eq!(openings_for(&test, 1).await.profile_version, None);
    assert_eq!(people_for(&test, &account_manager(), 2).await.opening_version, None);
    tell(&test, person(1)).await;
    tell(&test, opening(2)).await;
    eventually("the opening is proposed to her", async || openings_for(&test, 1).await.total == 1).await;

    let hers = openings_for(&test, 1).await;
    let expected = vec![
        Reason::TaskWanted { task: "schoonmaken.ramen".into() },
        Reason::Near { km: 5.0, means: Means::Bicycle, minutes: 25 },
        Reason::HoursFit { hours: Hours { min: 20, max: 32 } },
        Reason::OpenHiring,
        Reason::DaypartsFit { dayparts: parts(&[Daypart::Morning]) },
        Reason::LearnedHere { kind: RequirementKind::Diploma },
        Reason::Asked { kind: RequirementKind::SimpleDutch, firmness: Firmness::Needed },
        Reason::DaypartMissing { daypart: Daypart::Evening },
    ];
    assert_eq!(hers.profile_version, Some(1));
    assert_eq!(hers.proposals[0].reasons, expected);
    assert_eq!((hers.proposals[0].km, hers.proposals[0].weight), (5.0, 30 + 15 + 15 + 10 + 8 + 5));
    assert_eq!(hers.made_with.rules, "2");
    assert!(hers.made_with.vocabulary.starts_with("tasks=built-in:"));
    assert!(hers.made_with.change >= 2);

    for actor in [account_manager(), account(Role::Employer, Some(SHOP))] {
        let theirs = people_for(&test, &actor, 2).await;
        assert_eq!((theirs.visible, theirs.all, theirs.opening_version), (1, Count::FewerThanTen, Some(1)));
        let she = &theirs.people[0];
        assert_eq!(she.open_file_id, person(1).open_file_id);
        assert_eq!((she.km, she.municipality.as_str()), (5.0, "GM0034"));
        assert_eq!(she.tasks, [TaskCode::from("schoonmaken.vloeren"), "schoonmaken.ramen".into()]);
        assert_eq!((&she.shown_support, &she.reasons), (&Vec::new(), &expected));
    }
    let pairs = PairWeights {
        seeker_ids: vec![person(1).seeker_id, SeekerId(Uuid::from_u128(404))],
        opening_ids: vec![opening(2).opening_id],
    };
    let pair = PairWeight { seeker_id: person(1).seeker_id, opening_id: opening(2).opening_id, weight: 83 };
    assert_eq!(test.ask(&account(Role::Organiser, None), &pairs).await.unwrap(), [pair]);
    test.stop().await;
}

#[tokio::test]
async fn a_change_of_her_wishes_changes_her_proposals_and_a_closed_opening_disappears() {
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, opening(2)).await;
    tell(&test, opening(3)).await;
    eventually("both are proposed", async || openings_for(&test, 1).await.total == 2).await;
    tell(&test, closed(2, 2)).await;
    eventually("one is left", async || openings_for(&test, 1).await.total == 1).await;
    assert_eq!(openings_for(&test, 1).await.proposals[0].opening_id, opening(3).opening_id);
    let people = people_for(&test, &account_manager(), 2).await;
    assert_eq!((people.opening_version, people.people.len()), (None, 0));

    tell(&test, ProfilePublished { version: 2, dayparts: parts(&[Daypart::Night]), ..person(1) }).await;
    eventually("nothing is at night", async || openings_for(&test, 1).await.total == 0).await;
    assert_eq!(openings_for(&test, 1).await.profile_version, Some(2));
    test.stop().await;
}

fn orders<T: Clone>(all: &[T]) -> Vec<Vec<T>> {
    if all.is_empty() {
        return vec![Vec::new()];
    }
    (0..all.len())
        .flat_map(|first| {
            let mut rest = all.to_vec();
            let first = rest.remove(first);
            orders(&rest).into_iter().map(move |mut order| {
                order.insert(0, first.clone());
                order
            })
        })
        .collect()
}

/// Every order of the same events, each event twice under ids of its own (as a replay tells it),
/// each order about another opening or person: all end in the same rows.
#[tokio::test]
async fn the_order_and_the_repetition_of_events_leave_no_trace_in_the_tables() {
    let test = start().await;
    let mut told = 0;
    // Positive versions publish; of the negative ones, even versions pause and odd ones close.
    let ends_closed = orders(&[1_i64, 2, -3]);
    let ends_open = orders(&[1_i64, -2, 3, 4]);
    for (number, order) in ends_closed.iter().chain(&ends_open).enumerate() {
        for version in order.iter().chain(order) {
            told += 1;
            if *version > 0 {
                let places = u16::try_from(*version).unwrap();
                tell(&test, OpeningPublished { version: *version, places, ..opening(number as u128) }).await;
            } else {
                match version % 2 {
                    0 => tell(&test, paused(number as u128, -version)).await,
                    _ => tell(&test, closed(number as u128, -version)).await,
                }
            }
        }
    }
    let of_a_person = orders(&[1_i64, 2, 3]);
    for (number, order) in of_a_person.iter().enumerate() {
        for version in order.iter().chain(order) {
            told += 1;
            let hours = Hours { min: 8, max: 8 + u8::try_from(*version).unwrap() };
            tell(&test, ProfilePublished { version: *version, hours: Some(hours), ..person(number as u128) })
                .await;
        }
    }
    eventually("all were heard", async || number(&test, "select count(*) from inbox").await == told).await;
    let rows: Vec<(Uuid, i64, i32)> =
        sqlx::query_as("select opening_id, version, places from openings order by opening_id")
            .fetch_all(test.pool(Name::Matcher))
            .await
            .unwrap();
    let open: Vec<_> = (ends_closed.len()..ends_closed.len() + ends_open.len())
        .map(|number| (Uuid::from_u128(number as u128), 4, 4))
        .collect();
    assert_eq!(rows, open);
    let rows: Vec<(Uuid, i64)> =
        sqlx::query_as("select opening_id, version from closed_openings order by opening_id")
            .fetch_all(test.pool(Name::Matcher))
            .await
            .unwrap();
    let gone: Vec<_> = (0..ends_closed.len()).map(|number| (Uuid::from_u128(number as u128), 3)).collect();
    assert_eq!(rows, gone);
    let rows: Vec<(i64, i16)> = sqlx::query_as("select version, hours_max from profiles")
        .fetch_all(test.pool(Name::Matcher))
        .await
        .unwrap();
    assert_eq!(rows, vec![(3, 11); of_a_person.len()]);

    // The change log holds effective changes only: what is told once more adds nothing.
    let before = number(&test, "select count(*) from changes").await;
    tell(&test, ProfilePublished { version: 3, ..person(0) }).await;
    tell(&test, closed(0, 3)).await;
    eventually("both were heard", async || number(&test, "select count(*) from inbox").await == told + 2)
        .await;
    assert_eq!(number(&test, "select count(*) from changes").await, before);
    test.stop().await;
}

#[tokio::test]
async fn a_replica_that_starts_later_reads_the_tables_and_answers_the_same() {
    let test = start().await;
    for number in 1..=30 {
        tell(&test, opening(1_000 + number)).await;
    }
    tell(&test, person(1)).await;
    eventually("all are proposed", async || openings_for(&test, 1).await.total == 30).await;
    // Whatever the first one heard is acknowledged; the second has only the tables.
    let replica = test.replica(vec![matcher()]).await;
    eventually("the replica is ready", async || replica.not_ready().await.is_empty()).await;
    let first = openings_for(&test, 1).await;
    for _ in 0..40 {
        assert_eq!(openings_for(&test, 1).await, first);
    }
    replica.stop().await;
    assert_eq!(openings_for(&test, 1).await, first);
    test.stop().await;
}

#[tokio::test]
async fn two_replicas_at_one_change_number_answer_the_same_while_events_pour_in() {
    let test = start().await;
    let replica = test.replica(vec![matcher()]).await;
    tell(&test, person(1)).await;
    let telling = async {
        for number in 1..=90 {
            tell(&test, opening(1_000 + number)).await;
            if number % 3 == 0 {
                tell(&test, closed(1_000 + number - 1, 2)).await;
            }
        }
    };
    let asking = async {
        let mut answers: BTreeMap<i64, SeekerProposals> = BTreeMap::new();
        let mut seen = 0;
        loop {
            let answer = openings_for(&test, 1).await;
            let total = answer.total;
            seen += usize::from(answers.contains_key(&answer.made_with.change));
            let first = answers.entry(answer.made_with.change).or_insert_with(|| answer.clone());
            assert_eq!(*first, answer);
            if total == 60 && seen > 50 {
                return;
            }
        }
    };
    let both = async { tokio::join!(telling, asking) };
    tokio::time::timeout(Duration::from_mins(1), both).await.expect("all is heard within a minute");
    replica.stop().await;
    test.stop().await;
}

#[tokio::test]
async fn an_index_that_fell_behind_a_trimmed_log_loads_everything() {
    let test = start().await;
    tell(&test, person(1)).await;
    eventually("she is known", async || openings_for(&test, 1).await.profile_version.is_some()).await;
    // An opening arrives whose change is trimmed before this index saw it.
    let mut tx = test.pool(Name::Matcher).begin().await.unwrap();
    for statement in [
        "insert into openings select gen_random_uuid(), 1, gen_random_uuid(), 'regular', tasks, x, y,
             municipality, region, 16, 24, dayparts, 1, '{}', '{}', '{}', null, '{}', now() from profiles",
        "insert into changes (kind, id, at) select 'opening', opening_id, now() from openings",
        "insert into changes (kind, id, at) select 'profile', seeker_id, now() from profiles",
        "delete from changes where change < (select max(change) from changes)",
    ] {
        sqlx::query(statement).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    eventually("it is proposed", async || openings_for(&test, 1).await.total == 1).await;
    test.stop().await;
}

#[tokio::test]
async fn who_takes_back_her_consent_is_seen_no_more_but_still_counts() {
    let test = start().await;
    tell(&test, opening(500)).await;
    for number in 1..=12 {
        tell(&test, person(number)).await;
    }
    let (manager, shop) = (account_manager(), account(Role::Employer, Some(SHOP)));
    eventually("all are seen", async || people_for(&test, &manager, 500).await.visible == 12).await;

    tell(&test, ProfilePublished { version: 2, adviser: false, ..person(3) }).await;
    eventually("she is gone", async || people_for(&test, &manager, 500).await.visible == 11).await;
    let answer = people_for(&test, &manager, 500).await;
    assert!(answer.people.iter().all(|one| one.open_file_id != person(3).open_file_id));
    assert_eq!(answer.all, Count::About(10));
    assert_eq!(people_for(&test, &shop, 500).await.visible, 12, "the open file is another yes");

    tell(&test, ProfilePublished { version: 3, adviser: false, open_file: false, ..person(3) }).await;
    eventually("gone there too", async || people_for(&test, &shop, 500).await.visible == 11).await;
    assert_eq!(people_for(&test, &shop, 500).await.all, Count::About(10));
    assert_eq!(openings_for(&test, 3).await.total, 1, "she herself sees what she saw");

    let page = ProposalsForOpening { opening_id: opening(500).opening_id, page: 1, per_page: 8 };
    let second = test.ask(&manager, &page).await.unwrap();
    assert_eq!((second.people.len(), second.visible), (3, 11));
    test.stop().await;
}

#[tokio::test]
async fn small_numbers_of_people_are_hidden_and_openings_are_counted_exactly() {
    let test = start().await;
    for number in 1..=9 {
        tell(&test, person(number)).await;
    }
    tell(&test, opening(500)).await;
    let idea = CountPeople {
        area: at(145, 488),
        route: Route::Regular,
        tasks: vec!["schoonmaken.stof".into()],
        dayparts: Dayparts::ALL,
        hours: Hours { min: 20, max: 20 },
    };
    let looking = CountOpenings {
        cell: Cell { x: 144, y: 487 },
        tasks: Vec::new(),
        any_task: false,
        dayparts: Dayparts::default(),
        hours: None,
        travel: None,
    };
    let (manager, visitor) = (account_manager(), Actor::Visitor);
    eventually("the opening counts", async || {
        test.ask(&visitor, &looking).await.unwrap() == Count::Exactly(1)
    })
    .await;
    eventually("all are heard", async || number(&test, "select count(*) from profiles").await == 9).await;
    assert_eq!(test.ask(&manager, &idea).await.unwrap(), Count::FewerThanTen);
    tell(&test, person(10)).await;
    eventually("ten show", async || test.ask(&manager, &idea).await.unwrap() == Count::About(10)).await;
    let far = CountOpenings { cell: Cell { x: 100, y: 487 }, ..looking };
    assert_eq!(test.ask(&visitor, &far).await.unwrap(), Count::Exactly(0));
    test.stop().await;
}

#[tokio::test]
async fn who_may_not_is_refused() {
    let test = start().await;
    tell(&test, opening(500)).await;
    tell(&test, person(1)).await;
    eventually("both are known", async || openings_for(&test, 1).await.total == 1).await;
    let refused = |result: Result<(), Problem>| result.unwrap_err().status == Status::Forbidden;

    let hers = ProposalsForSeeker { seeker_id: person(1).seeker_id, limit: 20 };
    for actor in [Actor::Visitor, seeker(2), account_manager(), account(Role::Administrator, None)] {
        assert!(refused(test.ask(&actor, &hers).await.map(drop)), "{actor:?}");
    }
    let people = ProposalsForOpening { opening_id: opening(500).opening_id, page: 0, per_page: 20 };
    let bakery = account(Role::Employer, Some(EmployerId(Uuid::from_u128(78))));
    let nobodys = account(Role::Employer, None);
    for actor in [Actor::Visitor, seeker(1), bakery, nobodys, account(Role::Organiser, None)] {
        assert!(refused(test.ask(&actor, &people).await.map(drop)), "{actor:?}");
    }
    let pairs = PairWeights { seeker_ids: Vec::new(), opening_ids: Vec::new() };
    for actor in [Actor::Visitor, seeker(1), account(Role::Employer, Some(SHOP))] {
        assert!(refused(test.ask(&actor, &pairs).await.map(drop)), "{actor:?}");
    }
    let idea = CountPeople {
        area: at(145, 488),
        route: Route::Regular,
        tasks: Vec::new(),
        dayparts: Dayparts::ALL,
        hours: Hours { min: 20, max: 20 },
    };
    for actor in [Actor::Visitor, seeker(1)] {
        assert!(refused(test.ask(&actor, &idea).await.map(drop)), "{actor:?}");
    }
    let shown = openings_for(&test, 1).await;
    let shown = RecordShown {
        seeker_id: person(1).seeker_id,
        proposals: shown.proposals,
        profile_version: 1,
        made_with: shown.made_with,
    };
    for actor in [Actor::Visitor, seeker(2), account_manager()] {
        assert!(refused(test.ask(&actor, &shown).await.map(drop)), "{actor:?}");
    }
    assert_eq!(number(&test, "select count(*) from proposals").await, 0);
    test.stop().await;
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_what_to_mend() {
    let test = start().await;
    let fields = |problem: Problem| {
        assert_eq!(problem.status, Status::Invalid);
        problem.fields.into_iter().map(|one| format!("{}: {}", one.field, one.code)).collect::<Vec<_>>()
    };
    let too_many = ProposalsForSeeker { seeker_id: person(1).seeker_id, limit: 101 };
    assert_eq!(fields(test.ask(&seeker(1), &too_many).await.unwrap_err()), ["limit: too-many"]);
    let pairs = PairWeights {
        seeker_ids: vec![person(1).seeker_id; 501],
        opening_ids: vec![opening(1).opening_id; 501],
    };
    assert_eq!(
        fields(test.ask(&account_manager(), &pairs).await.unwrap_err()),
        ["seeker_ids: too-many", "opening_ids: too-many"]
    );
    let nonsense = CountOpenings {
        cell: Cell { x: 144, y: 487 },
        tasks: vec!["nooit.gehoord".into()],
        any_task: false,
        dayparts: Dayparts::default(),
        hours: Some(Hours { min: 30, max: 20 }),
        travel: Some(Travel { means: Means::Foot, max_km: 0 }),
    };
    assert_eq!(
        fields(test.ask(&Actor::Visitor, &nonsense).await.unwrap_err()),
        ["tasks: task-unknown", "hours: hours-invalid", "travel: distance-invalid"]
    );
    let last = ProposalsForOpening { opening_id: opening(1).opening_id, page: u32::MAX, per_page: 100 };
    assert_eq!(test.ask(&account_manager(), &last).await.unwrap().people, []);
    test.stop().await;
}

#[tokio::test]
async fn a_proposal_becomes_a_row_and_an_event_the_first_time_it_is_shown() {
    type Row = (Uuid, i64, i64, String, i64, sqlx::types::Json<Vec<Reason>>);
    let test = start().await;
    tell(&test, person(1)).await;
    tell(&test, opening(2)).await;
    eventually("one is proposed", async || openings_for(&test, 1).await.total == 1).await;
    let first = openings_for(&test, 1).await;
    let shown = |answer: &SeekerProposals| RecordShown {
        seeker_id: person(1).seeker_id,
        proposals: answer.proposals.clone(),
        profile_version: answer.profile_version.unwrap(),
        made_with: answer.made_with.clone(),
    };
    // Twice at the same moment, as from two windows.
    let both = shown(&first);
    let owner = seeker(1);
    let (one, other) = tokio::join!(test.ask(&owner, &both), test.ask(&owner, &both));
    one.unwrap();
    other.unwrap();
    tell(&test, OpeningPublished { version: 2, places: 5, ..opening(2) }).await;
    tell(&test, opening(3)).await;
    eventually("two are proposed", async || openings_for(&test, 1).await.total == 2).await;
    let mut twice = shown(&openings_for(&test, 1).await);
    twice.proposals.extend(twice.proposals.clone());
    test.ask(&owner, &twice).await.unwrap();

    let rows: Vec<Row> = sqlx::query_as(
        "select opening_id, profile_version, opening_version, rules, change, reasons from proposals
         order by opening_id",
    )
    .fetch_all(test.pool(Name::Matcher))
    .await
    .unwrap();
    assert_eq!(rows.len(), 2);
    let (opening_id, profile_version, opening_version, rules, change, reasons) = &rows[0];
    assert_eq!(*opening_id, opening(2).opening_id.0);
    assert_eq!((*profile_version, *opening_version, rules.as_str()), (1, 1, "2"));
    assert_eq!((*change, &reasons.0), (first.made_with.change, &first.proposals[0].reasons));

    eventually("two events were sent", async || {
        number(&test, "select count(*) from outbox where published_at is not null").await == 2
    })
    .await;
    let bodies: Vec<String> = sqlx::query_scalar("select body from outbox order by seq")
        .fetch_all(test.pool(Name::Matcher))
        .await
        .unwrap();
    let event: CloudEvent<ProposalShown> = serde_json::from_str(&bodies[0]).unwrap();
    assert_eq!(event.kind, ProposalShown::DUTCH_TYPE);
    assert_eq!((event.data.seeker_id, event.data.opening_id), (person(1).seeker_id, opening(2).opening_id));
    assert_eq!((event.data.version, &event.data.reasons), (1, &first.proposals[0].reasons));

    let unknown = RecordShown {
        proposals: vec![proto::matcher::OpeningProposal {
            opening_id: OpeningId(Uuid::from_u128(404)),
            ..first.proposals[0].clone()
        }],
        ..shown(&first)
    };
    assert_eq!(test.ask(&owner, &unknown).await.unwrap_err().code, "opening-unknown");
    test.stop().await;
}

#[tokio::test]
async fn every_look_leaves_a_row_for_each_person_concerned() {
    type Row = (String, Option<Uuid>, String, Option<Uuid>, Option<Uuid>, String);
    let test = start().await;
    tell(&test, opening(500)).await;
    for number in 1..=3 {
        tell(&test, person(number)).await;
    }
    let manager = account_manager();
    eventually("all are seen", async || people_for(&test, &manager, 500).await.visible == 3).await;
    sqlx::query("delete from looks").execute(test.pool(Name::Matcher)).await.unwrap();
    people_for(&test, &manager, 500).await;
    openings_for(&test, 2).await;
    people_for(&test, &manager, 404).await;
    let rows: Vec<Row> = sqlx::query_as(
        "select actor_kind, actor_id, verb, seeker_id, opening_id, rules from looks order by look",
    )
    .fetch_all(test.pool(Name::Matcher))
    .await
    .unwrap();
    let row = |kind: &str, actor, verb: &str, seeker: Option<u128>, opening: Option<u128>| {
        (
            kind.to_owned(),
            actor,
            verb.to_owned(),
            seeker.map(Uuid::from_u128),
            opening.map(Uuid::from_u128),
            "2".to_owned(),
        )
    };
    let manager_id = Some(Uuid::from_u128(4711));
    let expected = [
        row("account", manager_id, "proposals_for_opening", Some(1), Some(500)),
        row("account", manager_id, "proposals_for_opening", Some(2), Some(500)),
        row("account", manager_id, "proposals_for_opening", Some(3), Some(500)),
        row("seeker", None, "proposals_for_seeker", Some(2), None),
        row("account", manager_id, "proposals_for_opening", None, Some(404)),
    ];
    assert_eq!(rows, expected);
    test.stop().await;
}
