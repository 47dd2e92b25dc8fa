//! From a first name and a number to the first day at work, on the pages: what the journeys of a browser cannot tell, because
//! the day must come. Told in stories on real servers.

use chrono::TimeDelta;
use dichterbij_tests::{
    browser::Browser,
    lines::{Stage, join, say_yes, staff},
    reqwest::StatusCode,
};
use proto::{Role, TicketId, open_hiring::TicketState};

const HER: (&str, &str, &str) = ("Samirabelle", "06 12 34 56 78", "+31612345678");
const NEXT: (&str, &str, &str) = ("Duizendblad", "06 98 76 54 32", "+31698765432");

/// Presses the button of the page that asks whether somebody came.
async fn tell(boss: &mut Browser, ticket_id: TicketId, what: &str) -> dichterbij_tests::browser::Answer {
    let path = format!("/begonnen/{ticket_id}/{what}");
    let key = boss.open(&path).await.key();
    boss.submit(&path, &[("key", &key)]).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_signed_up_and_said_yes_begins_on_the_day_that_her_employer_says_so() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let mut browser = site.browser();
    let (ticket_id, page) = join(site, &mut browser, stage.opening_id, HER).await;
    assert!(!page.says("nog niet bevestigd"), "her code made it hers: {}", page.words());
    let page = say_yes(&mut browser, ticket_id).await;
    assert!(page.says("Gelukt. U begint") && page.says("Kunt u toch niet?"), "{}", page.words());

    // Not before the day.
    let mut boss = staff(site, stage.employer_id, Role::Employer).await;
    assert!(!boss.open("/bedrijf/begonnen").await.says("Was deze persoon er?"));
    let early = tell(&mut boss, ticket_id, "gekomen").await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    assert!(early.says("Dat kan nu nog niet. Er is niets veranderd."), "{}", early.words());
    assert!(browser.open(&format!("/mijn/rij/{ticket_id}")).await.says("Gelukt. U begint"));

    // On the day; nobody stays signed in for two weeks.
    stage.pass(TimeDelta::days(14));
    let mut boss = staff(site, stage.employer_id, Role::Employer).await;
    assert!(boss.open("/bedrijf/begonnen").await.says("Was deze persoon er?"));
    let told = tell(&mut boss, ticket_id, "gekomen").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.words());
    let line = stage.until("she began", |line| line[0].state == TicketState::Started).await;
    assert_eq!(line.len(), 1);
    let page = browser.open(&format!("/mijn/rij/{ticket_id}")).await;
    assert!(page.says("U bent begonnen.") || page.says("Inloggen"), "{}", page.words());
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_did_not_come_leaves_her_place_to_the_next() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let (mut browser, mut next) = (site.browser(), site.browser());
    let (ticket_id, _) = join(site, &mut browser, stage.opening_id, HER).await;
    join(site, &mut next, stage.opening_id, NEXT).await;
    say_yes(&mut browser, ticket_id).await;
    stage.pass(TimeDelta::days(14));
    let mut boss = staff(site, stage.employer_id, Role::Employer).await;
    let told = tell(&mut boss, ticket_id, "niet-gekomen").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.words());
    let line = stage.until("her place is free", |line| line[0].state == TicketState::Ended).await;
    assert_ne!(line[1].state, TicketState::Ended, "the next stands in line");
    stage.site.stop().await;
}
