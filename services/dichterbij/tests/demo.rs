//! The demo fills real services, once.

use std::sync::Arc;

use chassis::{clock, harness::TestPlatform};
use dichterbij::demo::{
    fill::{Amounts, Filled, fill, manager},
    world::World,
};
use proto::{
    Service,
    vacancies::{Employers, OpeningState, Openings},
};
use reference::{Reference, RegionCode, demo::Demo};

const AMOUNTS: Amounts = Amounts { people: 450, employers: 30, openings: 120 };

#[tokio::test]
async fn a_region_is_filled_once_and_the_matcher_knows_all_of_it() {
    let reference = Arc::new(Reference::small());
    let test = TestPlatform::start(vec![
        notifier::service(),
        intake::service(reference.clone()),
        vacancies::service(reference.clone()),
        matcher::service(reference.clone()),
        open_hiring::service(),
    ])
    .await;
    let (material, regions) = (Demo::built_in(), ["AM11".parse::<RegionCode>().unwrap()]);
    let world = World::of(&reference, &material, 1, &regions).unwrap();
    let (bus, manager) = (test.portal(), manager(&regions));
    let today = clock::day(test.chassis(Service::Vacancies).store.begin().await.unwrap().now());

    let filled = fill(bus, &world, &manager, AMOUNTS, today).await.unwrap();
    assert!(filled.anew && filled.first_employer.is_some());
    let first = counts(&test).await;
    assert_eq!((first.people, first.profiles), (450, 450));
    assert!(first.lines > 10 && first.in_line > first.lines, "{} in {} lines", first.in_line, first.lines);
    assert!(first.asked > 0, "the first of them are asked");
    let all = test
        .ask(&manager, &Openings { employer_id: None, state: None, asked: false, page: 0, per_page: 100 })
        .await
        .unwrap();
    assert_eq!(all.total, 120);
    assert!(all.rows.iter().filter(|opening| opening.state == OpeningState::Published).count() > 80);
    let employers = Employers { search: String::new(), account_manager: None, page: 0, per_page: 100 };
    assert_eq!(test.ask(&manager, &employers).await.unwrap().total, 30);

    let again = fill(bus, &world, &manager, AMOUNTS, today).await.unwrap();
    assert_eq!(again, Filled { anew: false, ..filled });
    assert_eq!(counts(&test).await.in_line, first.in_line);
    // Somebody stopped it half-way: what is missing comes, what is there stays.
    let amounts = Amounts { people: 500, employers: 30, openings: 140 };
    assert!(fill(bus, &world, &manager, amounts, today).await.unwrap().anew);
    let all = test
        .ask(&manager, &Openings { employer_id: None, state: None, asked: false, page: 0, per_page: 1 })
        .await
        .unwrap();
    assert_eq!(all.total, 140);
    let more = counts(&test).await;
    assert_eq!(more.people, 500);
    assert!(more.lines > first.lines, "openings that came later have their lines");
    test.stop().await;
}

struct Counts {
    people: i64,
    profiles: i64,
    lines: i64,
    in_line: i64,
    asked: i64,
}

async fn counts(test: &TestPlatform) -> Counts {
    let count = async |service: Service, query: &'static str| {
        sqlx::query_scalar::<_, i64>(query).fetch_one(test.pool(service)).await.unwrap()
    };
    Counts {
        people: count(Service::Intake, "select count(*) from seekers").await,
        profiles: count(Service::Matcher, "select count(*) from profiles").await,
        lines: count(Service::OpenHiring, "select count(*) from queues").await,
        in_line: count(Service::OpenHiring, "select count(*) from tickets").await,
        asked: count(Service::OpenHiring, "select count(*) from tickets where state = 'offered'").await,
    }
}
