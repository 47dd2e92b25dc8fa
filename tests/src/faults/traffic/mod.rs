//! People, employers and staff who go on with what they are doing whatever breaks, as the portal does it for them: over
//! the bus, each command with a key, sent again with the same key until it is answered.

mod ask;
mod lines;
mod openings;
mod people;
mod staff;

use std::{sync::Arc, time::Duration};

use chassis::Bus;
use proto::{EmployerId, OpeningId, ProposalId, SeekerId, Service, matcher::EmployerAnswer};
use tokio::{sync::watch, task::JoinSet, time::Instant};

pub(in crate::faults) use openings::opening_details;

use super::{Dice, History};
pub(in crate::faults) use crate::invented::manager;
use crate::{installation::Installation, invented::account};

/// In this time everything was done once, whatever was broken before.
const LEAST_OFTEN: Duration = Duration::from_secs(20);

/// How many act at a time.
#[derive(Debug, Clone, Copy)]
pub struct Amount {
    /// People, each with one life after another.
    pub people: u64,
    /// Employers.
    pub employers: u64,
    /// Staff.
    pub staff: u64,
    /// Out of a hundred people, so many erase everything in the end.
    pub erase: u64,
    /// How long everyone waits between two steps, at most.
    pub pause: Duration,
}

impl Default for Amount {
    fn default() -> Self {
        Self { people: 6, employers: 3, staff: 1, erase: 35, pause: Duration::from_millis(60) }
    }
}

/// What everyone who acts has in hand.
struct World {
    /// Connections of the portal: two, because it has replicas.
    portals: Vec<Bus>,
    history: Arc<History>,
    seed: u64,
    amount: Amount,
    stop: watch::Receiver<bool>,
}

impl World {
    /// A number that nobody else has.
    fn number(&self) -> u64 {
        self.history.with(|history| {
            history.numbers += 1;
            history.numbers
        })
    }

    fn is_over(&self) -> bool {
        *self.stop.borrow()
    }

    async fn breathe(&self, dice: &Dice) {
        tokio::time::sleep(dice.pause(self.amount.pause)).await;
    }

    fn portal(&self, dice: &Dice) -> &Bus {
        dice.one(&self.portals)
    }
}

/// Everyone who acts.
pub struct Traffic {
    stop: watch::Sender<bool>,
    actors: JoinSet<()>,
    /// What was asked and answered so far.
    pub history: Arc<History>,
}

impl Traffic {
    /// Everyone begins.
    pub async fn start(installation: &Installation, seed: u64, amount: Amount) -> Self {
        Self::go_on(installation, seed, amount, Arc::default()).await
    }

    /// Everyone begins anew, after what is in this history.
    pub async fn go_on(
        installation: &Installation,
        seed: u64,
        amount: Amount,
        history: Arc<History>,
    ) -> Self {
        let (stop, stopped) = watch::channel(false);
        let portals = vec![installation.bus(Service::Portal).await, installation.bus(Service::Portal).await];
        let world = Arc::new(World { portals, history: history.clone(), seed, amount, stop: stopped });
        let mut actors = JoinSet::new();
        for _ in 0..amount.people {
            actors.spawn(people::live(world.clone()));
        }
        for _ in 0..amount.employers {
            actors.spawn(openings::employ(world.clone()));
        }
        for _ in 0..amount.staff {
            actors.spawn(staff::work(world.clone()));
        }
        Self { stop, actors, history }
    }

    /// Everyone finishes the step that she is in and stops, once somebody was promised a place in line: that is done least
    /// often, and a short test could end before it.
    ///
    /// # Panics
    /// When someone gave up in a way that no fault excuses.
    pub async fn stop(mut self) -> Arc<History> {
        let end = Instant::now() + LEAST_OFTEN;
        while self.history.with(|history| history.lines.is_empty()) && Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let _ = self.stop.send(true);
        while let Some(ended) = self.actors.join_next().await {
            ended.expect("nobody panics");
        }
        self.history
    }
}

const ANSWERS: &[EmployerAnswer] = EmployerAnswer::ALL;

/// The ids of a pair that is spoken about.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "the names that the calls have for them")]
struct Speaking {
    seeker_id: SeekerId,
    opening_id: OpeningId,
    proposal_id: Option<ProposalId>,
}

/// Whose openings an employer has.
#[derive(Debug, Clone, Copy)]
struct Owner(EmployerId);
