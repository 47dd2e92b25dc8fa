use proto::{
    Actor, OpeningId, SiteId, Status,
    vacancies::{CheckOpening, OpeningDetails, PostOpening},
    work::Route,
};
use uuid::Uuid;

use crate::support::{
    add_linde, administrator, count, elsewhere, employer_account, fields, flevoland, kitchen, post, refused,
    start, terms,
};

#[tokio::test]
async fn the_check_tells_and_keeps_nothing() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let id = post(&test, employer, kitchen(), false).await;
    let check = |details, opening_id| CheckOpening { details, opening_id };
    for actor in [flevoland(), employer_account(employer), elsewhere()] {
        let found = test.ask(&actor, &check(kitchen(), None)).await.unwrap();
        assert_eq!((found.problems, found.advice), (vec![], vec![]));
        assert!(!found.suggested_title.is_empty());
    }
    for actor in [administrator(), Actor::Visitor] {
        let answer = test.ask(&actor, &check(kitchen(), None)).await;
        assert_eq!(refused(answer), (Status::Forbidden, "forbidden".to_owned()));
    }
    let theirs = test.ask(&elsewhere(), &check(kitchen(), Some(id))).await;
    assert_eq!(refused(theirs).0, Status::Forbidden);
    let nothing = test.ask(&flevoland(), &check(kitchen(), Some(OpeningId(Uuid::nil())))).await;
    assert_eq!(refused(nothing).0, Status::NotFound);
    let bad = OpeningDetails { places: 0, tasks: vec![], site_id: Some(SiteId(Uuid::nil())), ..kitchen() };
    let found = test.ask(&flevoland(), &check(bad, Some(id))).await.unwrap();
    let codes: Vec<_> = found.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(codes, ["tasks-empty", "places-out-of-range", "site-unknown"]);
    assert_eq!(found.suggested_title, "");
    assert_eq!(count(&test, "select count(*) from openings where version = 1").await, 1);
    test.stop().await;
}

#[tokio::test]
async fn wording_that_is_forbidden_stops_an_opening_and_the_rest_is_advice() {
    let test = start().await;
    let employer = add_linde(&test).await;
    let details = OpeningDetails {
        title: "Serveerster".into(),
        description: "Maximaal 30 jaar. Stuur je cv.".into(),
        ..kitchen()
    };
    let ask =
        async |details| test.ask(&flevoland(), &CheckOpening { details, opening_id: None }).await.unwrap();
    let found = ask(details.clone()).await;
    let problems: Vec<_> = found.problems.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(problems, ["wording-age"]);
    assert_eq!(found.problems[0].args["found"], "Maximaal 30 jaar");
    let advice: Vec<_> =
        found.advice.iter().map(|advice| (advice.field.as_str(), advice.code.as_str())).collect();
    assert_eq!(advice, [("title", "wording-sex"), ("description", "wording-cv")]);
    let open = OpeningDetails { terms: terms(Route::OpenHiring), ..details };
    let posted = PostOpening { employer_id: employer, details: open.clone(), publish: false };
    let stopped = fields(test.ask(&flevoland(), &posted).await);
    assert_eq!(stopped, ["description wording-age", "description open-hiring-asks-cv"]);
    let mended = OpeningDetails { description: "Geen cv nodig. Elke leeftijd.".into(), ..open };
    assert_eq!(ask(mended.clone()).await.problems, []);
    post(&test, employer, mended, true).await;
    test.stop().await;
}
