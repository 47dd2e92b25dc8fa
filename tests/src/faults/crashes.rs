//! Each service through the named crash points where it comes by (RELIABILITY T11).

use std::time::Duration;

use chassis::faults::CrashPoint;
use proto::Service;

use super::{Dice, Injected};
use crate::installation::{Installation, Replica};

/// How long a service may take to come by a point.
const COMES_BY_WITHIN: Duration = Duration::from_mins(2);

/// The points that a service comes by, in the order in which it is killed there. What makes others wait longest is first.
///
/// A point that is in no list is found by a test of its own.
pub fn crash_points(service: Service) -> Vec<CrashPoint> {
    use CrashPoint::{
        CommandAfterCommit, CommandBeforeCommit, ConsumerAfterAck, ConsumerAfterCommit, ConsumerBeforeCommit,
        DispatchAfterClaim, DispatchAfterHandOver, RelayAfterMark, RelayAfterPublish, RelayBeforePublish,
        ScheduleBeforePass,
    };
    let commands = [CommandBeforeCommit, CommandAfterCommit];
    let relay = [RelayBeforePublish, RelayAfterPublish, RelayAfterMark];
    let consumer = [ConsumerBeforeCommit, ConsumerAfterCommit, ConsumerAfterAck];
    let dispatch = [DispatchAfterClaim, DispatchAfterHandOver];
    match service {
        Service::Intake | Service::Portal => {
            [&dispatch[..], &commands, &relay, &consumer, &[ScheduleBeforePass]].concat()
        }
        // It hears nobody.
        Service::Vacancies => [&commands[..], &relay, &[ScheduleBeforePass]].concat(),
        Service::OpenHiring | Service::Matcher | Service::Notifier => {
            [&commands[..], &relay, &consumer, &[ScheduleBeforePass]].concat()
        }
    }
}

/// Kills one service at each of its points, each time in a new process that takes over from the one that died, and leaves
/// one that lives.
///
/// # Panics
/// When it never comes by a point: then the test would prove nothing.
pub async fn walk(installation: &Installation, service: Service, injected: &Injected, dice: Dice) -> Replica {
    for point in crash_points(service) {
        // Not always the first time: sometimes with work in hand.
        let after = format!("{}:{}", point.name(), 1 + dice.below(3));
        let mut replica = installation.run_with(&[service.name()], &[("DBJ_CRASH_AT", &after)]);
        let died = replica.process.ended_within(COMES_BY_WITHIN).await;
        assert!(died.is_some(), "{service} does not come by {after}:\n{}", replica.process.log());
        let log = replica.process.log();
        assert!(log.contains("crash point"), "{service} ended otherwise than at {after}:\n{log}");
        injected.count(format!("kill at {}", point.name()));
        injected.count("kill at a crash point");
    }
    let mut replica = installation.run(&[service.name()]);
    replica.ready().await;
    replica
}
