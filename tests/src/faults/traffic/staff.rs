//! The operator, who invites staff: commands to the portal itself.

use std::sync::Arc;

use proto::{
    Actor, Role, Service,
    portal::{Invite, Invitee},
};
use uuid::Uuid;

use super::World;
use crate::faults::{Dice, Outcome, history::Made};

pub(super) async fn work(world: Arc<World>) {
    while !world.is_over() {
        let number = world.number();
        let dice = Dice::new(world.seed, number);
        let invitee =
            Invitee { name: "Fatma de Vries".to_owned(), email: format!("fatma{number}@example.org") };
        let command = Invite {
            invitee: world.portals[0].seal(Service::Portal, &invitee),
            roles: vec![Role::AccountManager],
            employer_id: None,
            regions: vec!["AM11".to_owned()],
            organisation: "Werkgeversservicepunt".to_owned(),
        };
        let operator = Actor::Service { service: Service::Portal };
        let (outcome, reply) = world.ask(&dice, &operator, &command).await;
        world.made(Made::Invitation, &outcome, reply.map(|id| id.0));
        world.breathe(&dice).await;
    }
}

impl World {
    /// Keeps that a row was asked for.
    pub(super) fn made(&self, what: Made, outcome: &Outcome, id: Option<Uuid>) {
        self.history.with(|history| match outcome {
            Outcome::Done | Outcome::Unknown => history.made.entry(what).or_default().push(id),
            Outcome::Refused(code) => {
                history.wrong.push(format!("{what:?} was refused: {code}"));
            }
        });
    }
}
