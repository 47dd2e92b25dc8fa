//! Check the checkers (RELIABILITY T10): each planted bug is found by the simulator within its budget, and by the
//! checker of the fault tests in real processes; a checker that finds nothing wrong in a wrong program proves nothing
//! about the right one.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use chassis::{
    faults::{Bug, CrashPoint},
    harness::eventually,
};
use dichterbij_tests::{
    faults::{Amount, History, Observer, Traffic, at_rest_but, check, planted, seed, unequal},
    installation::{Installation, Replica},
    simulator::{play_all, tell},
};
use proto::Service;

/// Seeds within which a planted bug is found.
const BUDGET: u64 = 3_000;

#[test]
fn each_planted_bug_is_caught() {
    let mut missed = Vec::new();
    for bug in Bug::ALL {
        let runs = play_all(0..BUDGET, Some(bug));
        match runs.failed {
            Some((seed, violation)) => {
                println!(
                    "{}: caught after {} schedules, by seed {seed}: {violation:?}",
                    bug.name(),
                    runs.schedules
                );
            }
            None => missed.push(bug.name()),
        }
    }
    assert!(missed.is_empty(), "nobody finds {missed:?} in {BUDGET} schedules");
}

#[test]
fn without_a_planted_bug_nothing_is_found() {
    let runs = play_all(0..BUDGET, None);
    if let Some((seed, violation)) = runs.failed {
        panic!("seed {seed}: {violation:?}\n{}", tell(seed, None));
    }
}

/// Looks at everything until every planted bug must have shown itself.
const LOOKS: u32 = 6;

/// What the checker says that nothing but this bug explains here.
const fn sign(bug: Bug) -> &'static str {
    match bug {
        Bug::NaivePoll => "events that were never sent: intake",
        Bug::AckBeforeCommit => "events that a reader never took in: notifier",
        Bug::NoInbox => "portal took her erasure in 2 times",
        Bug::NoLock => "one key, two answers",
        Bug::LockAfterRead => "somebody saw an error of ours",
        Bug::TwoRelays => "after a later one",
        Bug::ExpiryIgnoresVersion => "ended as run out before their last day",
        Bug::DedupBySequence => "openings of the matcher: ",
    }
}

/// One process that makes these mistakes, and dies or stands still at a point.
fn mistaken(
    installation: &Installation,
    service: &str,
    bugs: &[Bug],
    at: Option<(&str, CrashPoint)>,
) -> Replica {
    let names: Vec<&str> = bugs.iter().map(|bug| bug.name()).collect();
    let names = names.join(",");
    let mut settings = vec![("DBJ_PLANTED", &*names)];
    settings.extend(at.map(|(how, point)| (how, point.name())));
    installation.run_with(&[service], &settings)
}

/// Every planted bug at once, each in a process of its own or beside one whose signs are others.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_planted_bug_is_caught_in_real_processes() {
    use Bug::{
        AckBeforeCommit, DedupBySequence, ExpiryIgnoresVersion, LockAfterRead, NaivePoll, NoInbox, NoLock,
        TwoRelays,
    };
    let seed = seed();
    let installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let _open_hiring = installation.run(&["open-hiring"]);
    let _intake = mistaken(&installation, "intake", &[NaivePoll], None);
    let _matcher = mistaken(&installation, "matcher", &[DedupBySequence], None);
    let _vacancies = mistaken(&installation, "vacancies", &[TwoRelays, NoLock, ExpiryIgnoresVersion], None);

    let (history, mut found, mut wrong) = (Arc::new(History::default()), BTreeSet::new(), Vec::new());
    let amount =
        Amount { people: 8, employers: 6, erase: 60, pause: Duration::from_millis(20), ..Amount::default() };
    for look in 0..LOOKS {
        let traffic = Traffic::go_on(&installation, seed, amount, history.clone()).await;
        // It says that it took an event in, and dies before it did.
        let crash = Some(("DBJ_CRASH_AT", CrashPoint::ConsumerBeforeCommit));
        let mut notifier = mistaken(&installation, "notifier", &[AckBeforeCommit], crash);
        // It took an event in, dies before it says so, and takes it in again.
        let crash = Some(("DBJ_CRASH_AT", CrashPoint::ConsumerAfterCommit));
        let mut portal = mistaken(&installation, "portal", &[NoInbox], crash);
        for (replica, bug) in [(&mut notifier, AckBeforeCommit), (&mut portal, NoInbox)] {
            let died = replica.process.ended_within(Duration::from_mins(1)).await;
            assert!(died.is_some(), "{} has nothing to die at:\n{}", bug.name(), replica.process.log());
        }
        notifier = mistaken(&installation, "notifier", &[AckBeforeCommit], None);
        portal = mistaken(&installation, "portal", &[NoInbox], None);
        // It stands still with events in hand, while another relay sends what came after them.
        let freeze = Some(("DBJ_FREEZE_AT", CrashPoint::RelayBeforePublish));
        let both = [TwoRelays, LockAfterRead, ExpiryIgnoresVersion];
        let mut beside = mistaken(&installation, "vacancies", &both, freeze);
        eventually("a relay stands still", async || beside.process.is_frozen()).await;
        while !planted::is_overtaken(&installation, &observer).await {
            beside = mistaken(&installation, "vacancies", &both, freeze);
            eventually("a relay stands still", async || beside.process.is_frozen()).await;
        }
        beside.process.thaw();
        for _ in 0..8 {
            planted::changes_meet(&observer).await;
            history.goes_on(10).await;
        }
        let held_up = planted::MatcherHeldUp::begin(&observer).await;
        history.goes_on(15).await;
        traffic.stop().await;
        held_up.until_one_failed(&observer).await;
        planted::last_day_is_moved(&installation, &observer, look).await;
        at_rest_but(Service::Intake, &installation, &observer).await;
        wrong = check(&installation, &observer, &history.read(), true).await.wrong;
        wrong.extend(unequal(&observer).await);
        for bug in Bug::ALL {
            if wrong.iter().any(|wrong| wrong.contains(sign(bug))) && found.insert(bug.name()) {
                println!("{}: caught by look {look}: {}", bug.name(), sign(bug));
            }
        }
        if found.len() == Bug::ALL.len() {
            return;
        }
        drop((notifier, portal));
    }
    let missed: Vec<_> = Bug::ALL.into_iter().map(Bug::name).filter(|name| !found.contains(name)).collect();
    panic!("nobody finds {missed:?}; found was:\n{}", wrong.join("\n"));
}
