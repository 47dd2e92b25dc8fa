use chrono::{Days, TimeDelta};
use proto::{
    Actor, OpeningId,
    vacancies::{CloseOpening, CloseReason, OpeningDetails, OpeningsNear},
    work::{Cell, Route},
};

use crate::support::{REFERENCE, add_linde, fields, flevoland, kitchen, post, start, terms};

#[tokio::test]
async fn openings_near_a_place_stand_nearest_first_and_are_counted() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let postcodes = ["1315", "8224", "8251", "3811", "1012", "9711", "6211", "1315", "1411", "8224"];
    let mut all: Vec<(OpeningId, Cell, Route)> = Vec::new();
    for (index, postcode) in postcodes.into_iter().enumerate() {
        let cell = REFERENCE.places.locate(&postcode.parse().unwrap()).unwrap().cell();
        let route = if index % 3 == 0 { Route::OpenHiring } else { Route::Regular };
        let details = OpeningDetails { postcode: postcode.into(), terms: terms(route), ..kitchen() };
        let id = post(&test, employer, details, true).await;
        all.push((id, Cell { x: cell.x, y: cell.y }, route));
    }
    post(&test, employer, kitchen(), false).await;
    let gone = post(&test, employer, kitchen(), true).await;
    test.ask(&flevoland(), &CloseOpening { opening_id: gone, reason: CloseReason::Withdrawn }).await.unwrap();

    let middle = all[0].1;
    for km in [1, 25, 60, 100, 300] {
        for route in [None, Some(Route::OpenHiring)] {
            let mut brute: Vec<(f64, OpeningId)> = all
                .iter()
                .filter(|(_, _, its)| route.is_none_or(|route| route == *its))
                .map(|(id, cell, _)| (middle.distance_km(*cell), *id))
                .filter(|(distance, _)| *distance <= f64::from(km))
                .collect();
            brute.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let mut found = Vec::new();
            for page in 0..4 {
                let query = OpeningsNear { cell: middle, km, route, page, per_page: 3 };
                let page = test.ask(&Actor::Visitor, &query).await.unwrap();
                assert_eq!(page.total, brute.len() as u64, "{km} km");
                found.extend(page.rows.into_iter().map(|near| (near.km, near.opening.opening_id)));
            }
            assert_eq!(
                found.iter().map(|near| near.1).collect::<Vec<_>>(),
                brute.iter().map(|near| near.1).collect::<Vec<_>>()
            );
            assert!(found.iter().zip(&brute).all(|(a, b)| (a.0 - b.0).abs() < 1e-9));
        }
    }
    test.stop().await;
}

#[tokio::test]
async fn odd_questions_get_an_answer_or_a_reason() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let today = chassis::clock::day(test.clock.machine_now());
    let details = OpeningDetails { closes_on: today.checked_add_days(Days::new(1)), ..kitchen() };
    post(&test, employer, details, true).await;
    let query = OpeningsNear { cell: Cell { x: 150, y: 480 }, km: 300, route: None, page: 0, per_page: 10 };
    let far = OpeningsNear { cell: Cell { x: i16::MIN, y: i16::MAX }, ..query.clone() };
    assert_eq!(test.ask(&Actor::Visitor, &far).await.unwrap().total, 0);
    for km in [0, 301] {
        let wrong = OpeningsNear { km, ..query.clone() };
        assert_eq!(fields(test.ask(&Actor::Visitor, &wrong).await), ["km km-out-of-range"]);
    }
    assert_eq!(test.ask(&Actor::Visitor, &query).await.unwrap().total, 1);
    test.clock.advance(TimeDelta::days(2));
    assert_eq!(test.ask(&Actor::Visitor, &query).await.unwrap().total, 0, "its last day has passed");
    test.stop().await;
}
