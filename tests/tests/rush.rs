//! Ten thousand people sign up for one line while servers and replicas die, freeze and restart (issue 5, RELIABILITY T1 to T7).

use std::time::Duration;

use chrono::TimeDelta;
use dichterbij_tests::{
    faults::{Dice, Happening, History, Injected, Observer, Report, all_ready, level, lines, seed},
    installation::Installation,
    rush::Rush,
};
use proto::Service;

/// Who sign up.
const PEOPLE: usize = 10_000;
/// In so many waves, with something broken in each.
const WAVES: usize = 10;
/// Places of work.
const PLACES: u16 = 25;
/// Longer than a weekend, so that every offer that is out has run out.
const DAYS: TimeDelta = TimeDelta::days(4);

/// Every promise is kept once and in order, no place has two people, each is offered to whoever is first, and the ledger
/// proves it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_sign_up_while_everything_breaks_and_nobody_is_lost_or_overtaken() {
    let seed = seed();
    let dice = Dice::new(seed, 5_000_000);
    let mut installation = Installation::start().await;
    let observer = Observer::start(&installation).await;
    let injected = Injected::default();
    let mut replicas = vec![installation.run(&["all"]), installation.run(&["all"])];
    all_ready(&installation, &mut replicas).await;
    let portals = vec![installation.bus(Service::Portal).await, installation.bus(Service::Portal).await];
    let rush = Rush::open(portals, PLACES).await;
    let answering = tokio::spawn(rush.clone().answer(observer.pool.clone(), Dice::new(seed, 5_000_001)));

    let breaks: Vec<Happening> = [
        Happening::ReplicaKilled,
        Happening::PostgresKilled,
        Happening::NatsKilled,
        Happening::ReplicaRestarted,
        Happening::PostgresRestarted,
        Happening::SessionsEnded,
        Happening::NatsRestarted,
        Happening::ReplicaFrozen,
        Happening::PostgresFrozen,
        Happening::NatsFrozen,
    ]
    .to_vec();
    let history = History::default();
    for what in dice.shuffled(breaks).into_iter().cycle().take(WAVES) {
        let wave = rush.sign_up(PEOPLE / WAVES, &dice);
        let broken = async {
            tokio::time::sleep(dice.pause(Duration::from_millis(400))).await;
            what.happens(&mut installation, &mut replicas, &observer, &history, &dice).await;
        };
        tokio::join!(wave, broken);
        injected.count(what.name());
        // Whoever did not answer has run out of time, by a clock that is short.
        if dice.yes(50) {
            installation.clocks_jump(&replicas, DAYS);
        }
    }
    assert!(injected.total("") >= WAVES as u64);
    all_ready(&installation, &mut replicas).await;
    rush.over();
    answering.await.unwrap();
    level(&installation, &observer).await;

    let (wrong, repeats, answers) = rush.outcome();
    assert_eq!(wrong, Vec::<String>::new());
    let promised = rush.promised();
    assert_eq!(promised.len(), PEOPLE);
    let mut report = Report::default();
    lines(&mut report, &observer.pool, &promised).await;
    println!("{injected}\n{repeats} lists sent again, {answers} offers answered");
    assert!(repeats > 0 && answers > 0, "nothing was repeated or answered");
    report.holds();
    for (what, query) in [
        ("tickets are not one for each promise", "select count(*) - 10000 from open_hiring.tickets"),
        (
            "messages went to somebody twice",
            "select count(*) from (select 1 from notifier.messages group by cause, recipient, template having count(*) > 1) t",
        ),
    ] {
        let count: i64 = sqlx::query_scalar(query).fetch_one(&observer.pool).await.unwrap();
        assert_eq!(count, 0, "{what}");
    }
}
