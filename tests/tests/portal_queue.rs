//! From a first name and a number to the first day at work, on the pages: what the journeys of a browser cannot tell, because
//! the day must come. Told in stories on real servers.

use std::{fs, path::Path, process::Command};

use chassis::harness::eventually;
use chrono::TimeDelta;
use dichterbij_tests::{
    browser::{Answer, Browser},
    lines::{Stage, join, say_yes, staff, stand_in_line},
    reqwest::StatusCode,
};
use proto::{
    Role, TicketId,
    open_hiring::{TicketState, WhyNot},
};

const HER: (&str, &str, &str) = ("Samirabelle", "06 12 34 56 78", "+31612345678");
const NEXT: (&str, &str, &str) = ("Duizendblad", "06 98 76 54 32", "+31698765432");

/// Presses the button of the page that asks whether somebody came.
async fn tell(boss: &mut Browser, ticket_id: TicketId, what: &str) -> Answer {
    let path = format!("/begonnen/{ticket_id}/{what}");
    let key = boss.open(&path).await.key();
    boss.submit(&path, &[("key", &key)]).await
}

/// Two stand in line, the first says yes, and two weeks later it is her first day: her ticket, her browser, and that of her
/// employer.
async fn her_day_has_come(stage: &Stage) -> (TicketId, Browser, Browser) {
    let site = &stage.site;
    let (mut browser, mut next) = (site.browser(), site.browser());
    let (ticket_id, _) = join(site, &mut browser, stage.opening_id, HER).await;
    join(site, &mut next, stage.opening_id, NEXT).await;
    say_yes(&mut browser, ticket_id).await;
    stage.pass(TimeDelta::days(14));
    let boss = staff(site, stage.employer_id, Role::Employer).await;
    (ticket_id, browser, boss)
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
    let (ticket_id, _, mut boss) = her_day_has_come(&stage).await;
    let told = tell(&mut boss, ticket_id, "niet-gekomen").await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.words());
    let line = stage.until("her place is free", |line| line[0].state == TicketState::Ended).await;
    assert_ne!(line[1].state, TicketState::Ended, "the next stands in line");
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_auditor_reads_every_entry_and_checks_three_files_with_both_verifiers() {
    let stage = Stage::start(2).await;
    let site = &stage.site;
    let (ticket_id, _, mut boss) = her_day_has_come(&stage).await;
    tell(&mut boss, ticket_id, "gekomen").await;
    stage.until("she began", |line| line[0].state == TicketState::Started).await;

    let line = format!("/rij/{}", stage.opening_id);
    // Nobody but an auditor reads it, and no page leads anybody else there.
    for path in [format!("{line}/boek"), format!("{line}/boek/ledger.jsonl")] {
        assert_eq!(boss.open(&path).await.status, StatusCode::FORBIDDEN);
        let nobody = site.browser().get(&path).await;
        assert!(nobody.status != StatusCode::OK && !nobody.words().contains("Nummer 1"), "{path}");
    }
    assert!(!boss.open(&line).await.links("/rij/").contains(&format!("{line}/boek")));

    // The hour is over, so a head is published that has all of it.
    stage.pass(TimeDelta::hours(1));
    let mut auditor = staff(site, stage.employer_id, Role::Administrator).await;
    assert!(auditor.open(&line).await.links("/rij/").contains(&format!("{line}/boek")));
    let page = auditor.open(&format!("{line}/boek")).await;
    let entries = page.words();
    for words in
        ["Regel 1", "De rij is gemaakt", "Nummer 1: Kreeg een aanbod", "Nummer 1: Begonnen", "Ging vanzelf"]
    {
        assert!(entries.contains(words), "{words} is not in {entries}");
    }
    assert!(page.links("/beheer/accounts/").len() == 1, "who told of her first day: {entries}");
    assert!(!entries.contains(HER.0) && !entries.contains(NEXT.0), "no names");
    let ledger = auditor.get(&format!("{line}/boek/ledger.jsonl")).await;
    assert_eq!((ledger.status, ledger.kind.as_str()), (StatusCode::OK, "application/jsonl"));
    let count = ledger.html().lines().count() as u64 - 1;
    let mut heads = auditor.get(&format!("{line}/koppen.jsonl")).await;
    eventually("the last head", async || {
        heads = auditor.get(&format!("{line}/koppen.jsonl")).await;
        heads.html().lines().last().is_some_and(|last| last.contains(&format!("\"count\":{count},")))
    })
    .await;
    let keys = auditor.get(&format!("{line}/sleutels.jsonl")).await;
    let folder = std::env::temp_dir().join(format!("dbj-audit-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let files = [("keys", &keys), ("heads", &heads), ("ledger", &ledger)];
    for (name, answer) in files {
        fs::write(folder.join(format!("{name}.jsonl")), &answer.bytes).unwrap();
    }
    let ours = dichterbij_tests::installation::program();
    let python =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../services/open-hiring/verifier/verify_queue.py");
    for (program, first) in
        [(ours.as_path(), "verify-queue".as_ref()), ("python3".as_ref(), python.as_path())]
    {
        let check = || {
            let mut command = Command::new(program);
            command.arg(first);
            for (name, _) in files {
                command.arg(format!("--{name}")).arg(folder.join(format!("{name}.jsonl")));
            }
            command.output().unwrap()
        };
        let told = check();
        let said = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(
            told.status.success(),
            "{}: {said}{}",
            program.display(),
            String::from_utf8_lossy(&told.stderr)
        );
        assert!(said.contains(&count.to_string()), "{said}");
        // They do look: a ledger without its last entry is cut off.
        let text = ledger.html();
        let cut: Vec<_> = text.lines().take(count as usize).collect();
        fs::write(folder.join("ledger.jsonl"), cut.join("\n")).unwrap();
        assert!(!check().status.success(), "{} accepts what is cut off", program.display());
        fs::write(folder.join("ledger.jsonl"), &ledger.bytes).unwrap();
    }
    fs::remove_dir_all(&folder).unwrap();
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_confirms_who_waits_for_her_code_and_she_is_asked() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    stand_in_line(&mut site.browser(), stage.opening_id, HER.0, HER.1).await;
    let waits = stage.until("she waits", |line| line.len() == 1).await;
    assert_eq!(waits[0].why_not, WhyNot::NotConfirmed);
    let desk = format!("/rij/{}/balie/{}", stage.opening_id, waits[0].ticket_id);
    let ask = format!("{desk}/bevestigen");
    let mut manager = staff(site, stage.employer_id, Role::AccountManager).await;
    let line = manager.open(&format!("/rij/{}/beheer", stage.opening_id)).await;
    assert!(line.links("/rij/").contains(&ask), "{}", line.words());

    let mut helper = staff(site, stage.employer_id, Role::Helper).await;
    assert!(helper.open(&desk).await.links("/rij/").contains(&ask));
    let question = helper.open(&ask).await;
    assert!(question.says("Bevestigen wie nummer 1 is?"), "{}", question.words());
    let key = question.key();
    let done = helper.submit(&ask, &[("key", &key)]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.words());
    stage.until("she is asked", |line| line[0].state == TicketState::Offered).await;
    let page = helper.open(&desk).await;
    assert!(!page.links("/rij/").contains(&ask), "there is nothing to confirm any more");
    // Twice is once.
    assert_eq!(helper.submit(&ask, &[("key", &key)]).await.status, StatusCode::OK);
    stage.site.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_told_about_the_wrong_person_is_set_right_with_a_reason_that_she_reads() {
    let stage = Stage::start(1).await;
    let site = &stage.site;
    let (ticket_id, mut browser, mut boss) = her_day_has_come(&stage).await;
    tell(&mut boss, ticket_id, "niet-gekomen").await;
    stage.until("she is out of the line", |line| line[0].state == TicketState::Ended).await;

    let path = format!("/rij/{}/herstel/{ticket_id}", stage.opening_id);
    assert_eq!(boss.open(&path).await.status, StatusCode::FORBIDDEN, "an employer does not");
    let mut manager = staff(site, stage.employer_id, Role::AccountManager).await;
    let line = manager.open(&format!("/rij/{}/beheer", stage.opening_id)).await;
    assert!(line.links("/rij/").contains(&path), "{}", line.words());
    let question = manager.open(&path).await;
    assert!(question.says("Een fout herstellen bij nummer 1?"), "{}", question.words());
    let key = question.key();
    let without = manager.submit(&path, &[("key", &key)]).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST, "not without a reason");
    let done = manager.submit(&path, &[("key", &key), ("reden", "other_person")]).await;
    assert!(done.status == StatusCode::OK && done.says("Hersteld."), "{}", done.words());
    let line = stage.until("she waits again", |line| line[0].state == TicketState::Waiting).await;
    assert_eq!((line[0].number, line[0].ticket_id), (1, ticket_id), "her own number");
    eventually("she hears it", async || {
        let sent = site.mailbox(HER.2).await;
        sent.iter().any(|item| item.body.contains("U staat weer in de rij."))
    })
    .await;
    // Again there is nothing to set right; the page says how she stands.
    let again = manager.open(&path).await;
    assert!(!again.says("Een fout herstellen"), "{}", again.words());
    let page = browser.open(&format!("/mijn/rij/{ticket_id}")).await;
    let reason = "Wij hebben een fout hersteld. U staat weer in de rij. Het ging om iemand anders.";
    assert!(page.says(reason) || page.says("Inloggen"), "{}", page.words());
    stage.site.stop().await;
}
