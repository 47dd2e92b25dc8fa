//! The open file, and who is in it no more: by withdrawn consent or by a pause.

use chassis::harness::eventually;
use chrono::NaiveDate;
use proto::{
    Actor, Role, Service as Name, Status,
    intake::ProfilePublished,
    matcher::{Count, CountPeople, Mark, PairWeights, PeopleNear, PersonNear},
    work::{Dayparts, Hours, LanguageLevel, Licence, Route, Spoken, Support},
};

use crate::support::{
    ALL_INTEREST, account, account_manager, at, interest, mark, near, number, opening, openings_for,
    people_for, people_near, person, seeker, shop, show, start, tell,
};

#[tokio::test]
async fn the_open_file_shows_what_she_agreed_to_and_nothing_more() {
    let test = start().await;
    let told = ProfilePublished {
        available_from: NaiveDate::from_ymd_opt(2026, 12, 1),
        languages: vec![
            Spoken { language: "nld".to_owned(), level: LanguageLevel::Good },
            Spoken { language: "tur".to_owned(), level: LanguageLevel::Fluent },
        ],
        licences: vec![Licence::B, Licence::Vca],
        shown_support: vec![Support::Buddy, Support::Training],
        ..person(1)
    };
    tell(&test, told.clone()).await;
    tell(&test, ProfilePublished { area: at(150, 487), ..person(2) }).await;
    tell(&test, ProfilePublished { area: at(154, 487), any_task: true, tasks: vec![], ..person(3) }).await;
    tell(&test, ProfilePublished { area: at(155, 487), ..person(4) }).await;
    tell(&test, ProfilePublished { open_file: false, ..person(5) }).await;
    tell(&test, ProfilePublished { paused: true, ..person(6) }).await;
    eventually("all were heard", async || number(&test, "select count(*) from profiles").await == 6).await;
    eventually("three are near", async || people_near(&test, &shop()).await.total == 3).await;
    let page = people_near(&test, &shop()).await;
    assert_eq!(page.rows.iter().map(|one| one.km).collect::<Vec<_>>(), [1, 6, 10]);
    let expected = PersonNear {
        open_file_id: told.open_file_id,
        km: 1,
        municipality: "GM0034".to_owned(),
        tasks: vec!["schoonmaken.vloeren".into(), "schoonmaken.ramen".into()],
        any_task: false,
        dayparts: told.dayparts,
        hours: told.hours,
        available_from: told.available_from,
        languages: told.languages,
        licences: told.licences,
        shown_support: told.shown_support,
    };
    assert_eq!(page.rows[0], expected);
    let asked = async |query: &PeopleNear| {
        let page = test.ask(&shop(), query).await.unwrap();
        (page.total, page.rows.iter().map(|one| one.open_file_id).collect::<Vec<_>>())
    };
    let id = |number| person(number).open_file_id;
    let second = PeopleNear { page: 1, per_page: 2, ..near() };
    assert_eq!(asked(&second).await, (3, vec![id(3)]));
    let packing = PeopleNear { tasks: vec!["fabriek.verpakken".into()], ..near() };
    assert_eq!(asked(&packing).await, (1, vec![id(3)]));
    let wide = PeopleNear { km: 11, ..near() };
    assert_eq!(asked(&wide).await, (4, vec![id(1), id(2), id(3), id(4)]));
    test.stop().await;
}

#[tokio::test]
async fn only_employers_account_managers_and_helpers_look_in_and_each_look_is_written_down() {
    let test = start().await;
    tell(&test, person(1)).await;
    eventually("she is near", async || people_near(&test, &shop()).await.total == 1).await;
    for actor in [
        Actor::Visitor,
        seeker(1),
        account(Role::Employer, None),
        account(Role::Organiser, None),
        account(Role::Administrator, None),
    ] {
        assert_eq!(test.ask(&actor, &near()).await.unwrap_err().status, Status::Forbidden, "{actor:?}");
    }
    sqlx::query("delete from looks").execute(test.pool(Name::Matcher)).await.unwrap();
    for actor in [shop(), account_manager(), account(Role::Helper, None)] {
        assert_eq!(people_near(&test, &actor).await.total, 1);
    }
    let roles: Vec<(String, String)> =
        sqlx::query_as("select verb, role from looks where seeker_id is not null order by look")
            .fetch_all(test.pool(Name::Matcher))
            .await
            .unwrap();
    let row = |role: &str| ("people_near".to_owned(), role.to_owned());
    assert_eq!(roles, [row("employer"), row("account_manager"), row("helper")]);

    let nonsense = PeopleNear { km: 0, tasks: vec!["nooit.gehoord".into()], per_page: 101, ..near() };
    for km in [0, 101, 300] {
        let refused = test.ask(&shop(), &PeopleNear { km, ..nonsense.clone() }).await.unwrap_err();
        let fields: Vec<_> =
            refused.fields.iter().map(|one| format!("{}: {}", one.field, one.code)).collect();
        assert_eq!(fields, ["per_page: too-many", "tasks: task-unknown", "km: distance-invalid"]);
    }
    test.stop().await;
}

#[tokio::test]
async fn who_withdraws_her_consent_while_an_employer_looks_is_gone_at_the_next_answer() {
    let test = start().await;
    tell(&test, opening(500)).await;
    for number in 1..=3 {
        tell(&test, person(number)).await;
    }
    let employer = shop();
    eventually("all are near", async || people_near(&test, &employer).await.total == 3).await;
    eventually("all are seen", async || people_for(&test, &employer, 500).await.visible == 3).await;
    // Everything else about her stays as it was.
    tell(&test, ProfilePublished { version: 2, open_file: false, ..person(2) }).await;
    eventually("the withdrawal was heard", async || {
        number(&test, "select count(*) from profiles where not open_file").await == 1
    })
    .await;
    // The open file holds what the tables hold from this moment, whatever the index knows.
    let rows = people_near(&test, &employer).await.rows;
    let hers = person(2).open_file_id;
    assert!(rows.len() == 2 && rows.iter().all(|one| one.open_file_id != hers));
    eventually("she is in no list for the opening", async || {
        let people = people_for(&test, &employer, 500).await.people;
        people.iter().all(|one| one.open_file_id != hers)
    })
    .await;
    eventually("she is not counted", async || people_near(&test, &employer).await.total == 2).await;
    assert_eq!(people_for(&test, &employer, 500).await.visible, 2);
    assert_eq!(openings_for(&test, 2).await.total, 1, "she herself sees what she saw");
    test.stop().await;
}

#[tokio::test]
async fn who_pauses_is_matched_for_nobody_else_and_counted_nowhere() {
    let test = start().await;
    tell(&test, opening(500)).await;
    for number in 1..=10 {
        tell(&test, person(number)).await;
    }
    let (employer, manager) = (shop(), account_manager());
    eventually("all are seen", async || people_for(&test, &employer, 500).await.visible == 10).await;
    show(&test, 1).await;
    mark(&test, 1, 500, Mark::Wanted).await.unwrap();
    tell(&test, ProfilePublished { version: 2, paused: true, ..person(1) }).await;
    eventually("she pauses", async || people_for(&test, &employer, 500).await.visible == 9).await;

    for actor in [&employer, &manager] {
        let people = people_for(&test, actor, 500).await;
        assert_eq!((people.visible, people.all), (9, Count::FewerThanTen));
        assert_eq!(people_near(&test, actor).await.total, 9);
        assert_eq!(interest(&test, actor, &ALL_INTEREST).await.total, 0);
    }
    let idea = CountPeople {
        area: at(145, 488),
        route: Route::Regular,
        tasks: vec!["schoonmaken.stof".into()],
        dayparts: Dayparts::ALL,
        hours: Hours { min: 20, max: 20 },
    };
    assert_eq!(test.ask(&manager, &idea).await.unwrap(), Count::FewerThanTen);
    let pairs = PairWeights {
        seeker_ids: vec![person(1).seeker_id, person(2).seeker_id],
        opening_ids: vec![opening(500).opening_id],
    };
    let weights = test.ask(&manager, &pairs).await.unwrap();
    assert_eq!(weights.iter().map(|pair| pair.seeker_id).collect::<Vec<_>>(), [person(2).seeker_id]);

    assert_eq!(openings_for(&test, 1).await.total, 1, "she sees work the moment she takes part again");
    tell(&test, ProfilePublished { version: 3, ..person(1) }).await;
    eventually("she is back", async || people_for(&test, &employer, 500).await.visible == 10).await;
    assert_eq!(interest(&test, &employer, &ALL_INTEREST).await.total, 1);
    test.stop().await;
}
