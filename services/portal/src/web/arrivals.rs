//! People who come for a place in line, asked about together: a rush is collected where it arrives (docs/adr/0014).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use chassis::{
    Bus, Chance, Chassis, Keys,
    together::{Bounds, Together},
};
use proto::{
    Actor, OpeningId, Problem, Service,
    intake::{Newcomer, Recognise, Recognised},
    open_hiring::{Arrival, QueueOf, QueueView, SignUp, SignedUp},
};

/// As many as a command takes; and what eight of those may make wait.
pub(crate) const BOUNDS: Bounds = Bounds { together: 500, waiting: 4_000 };

/// Where people arrive: one lane for who they are, one for places in whichever line, and for each line that is looked at now
/// a lane of its own.
pub(crate) struct Arrivals {
    asker: Asker,
    recognise: Together<Newcomer, Recognised>,
    sign_up: Together<Arrival, SignedUp>,
    looks: Lanes<Together<(), Option<QueueView>>>,
}

impl Arrivals {
    /// Nobody came yet. So many are asked about together: [`BOUNDS`], but for a benchmark's baseline.
    pub(crate) fn new(chassis: &Chassis, bounds: Bounds) -> Self {
        let asker = Asker {
            bounds,
            bus: chassis.bus.hasty(),
            keys: chassis.keys.clone(),
            chance: chassis.chance.clone(),
        };
        Self { recognise: asker.recognising(), sign_up: asker.signing_up(), asker, looks: Lanes::default() }
    }

    /// Who this is; a code goes to her.
    pub(crate) async fn recognise(&self, newcomer: Newcomer) -> Result<Recognised, Problem> {
        self.recognise.ask(newcomer).await
    }

    /// How a line stands; nothing when the opening has none.
    pub(crate) async fn look(&self, opening_id: OpeningId) -> Result<Option<QueueView>, Problem> {
        self.looks.of(opening_id, || self.asker.looking(opening_id)).ask(()).await
    }

    /// Puts somebody in line. Answered only when it is stored.
    pub(crate) async fn sign_up(&self, arrival: Arrival) -> Result<SignedUp, Problem> {
        self.sign_up.ask(arrival).await
    }
}

/// Asks services as the portal itself: a batch is of many people.
#[derive(Clone)]
struct Asker {
    bounds: Bounds,
    bus: Bus,
    keys: Arc<Keys>,
    chance: Arc<dyn Chance>,
}

impl Asker {
    fn recognising(&self) -> Together<Newcomer, Recognised> {
        let asker = self.clone();
        Together::new(self.bounds, move |people| {
            let Asker { bus, keys, chance, .. } = asker.clone();
            Box::pin(async move {
                let people = keys.seal(Service::Intake, &people);
                bus.call_as_service(chance.uuid_v4(), &Recognise { people }).await
            })
        })
    }

    fn signing_up(&self) -> Together<Arrival, SignedUp> {
        let asker = self.clone();
        Together::new(self.bounds, move |people| {
            let Asker { bus, chance, .. } = asker.clone();
            Box::pin(async move { bus.call_as_service(chance.uuid_v4(), &SignUp { people }).await })
        })
    }

    /// Hundreds look at the moment that a line opens; one answer is for all who asked before it was asked for.
    fn looking(&self, opening_id: OpeningId) -> Together<(), Option<QueueView>> {
        let asker = self.clone();
        Together::new(self.bounds, move |askers: Vec<()>| {
            let bus = asker.bus.clone();
            Box::pin(async move {
                let queue = bus.call(&Actor::Visitor, &QueueOf { opening_id }).await?;
                Ok(vec![queue; askers.len()])
            })
        })
    }
}

/// One lane per opening, for as long as somebody asks there: so there are never more lanes than people who wait.
struct Lanes<T>(Mutex<HashMap<OpeningId, Weak<T>>>);

impl<T> Default for Lanes<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Lanes<T> {
    fn of(&self, opening_id: OpeningId, new: impl FnOnce() -> T) -> Arc<T> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.get(&opening_id).and_then(Weak::upgrade) {
            return lane;
        }
        lanes.retain(|_, lane| lane.strong_count() > 0);
        let lane = Arc::new(new());
        lanes.insert(opening_id, Arc::downgrade(&lane));
        lane
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_asks_about_one_opening_at_the_same_time_shares_its_lane() {
        let (lanes, [one, other]) = (Lanes::default(), [1, 2].map(|id| OpeningId(Uuid::from_u128(id))));
        let first = lanes.of(one, || "first");
        assert_eq!(*lanes.of(one, || "second"), "first");
        assert_eq!(*lanes.of(other, || "third"), "third");
        drop(first);
        assert_eq!(*lanes.of(one, || "fourth"), "fourth", "a lane that nobody asks at ends");
    }

    #[test]
    fn lanes_that_nobody_asks_at_are_forgotten() {
        let lanes = Lanes::default();
        for id in 0..1_000 {
            lanes.of(OpeningId(Uuid::from_u128(id)), || ());
        }
        assert_eq!(lanes.0.lock().unwrap().len(), 1);
    }
}
