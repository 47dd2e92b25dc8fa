//! Employers: each adds itself, then posts one opening after another and changes it, now and then from two desks at once.

use std::sync::Arc;

use proto::{
    OpeningId, Service,
    vacancies::{
        AddEmployer, ChangeOpening, CloseOpening, CloseReason, EmployerContact, Opening, OpeningDetails,
        OpeningState, PauseOpening, PostOpening, PublishOpening, SiteDetails, Terms,
    },
    work::Hours,
};

use super::{Owner, World, manager};
use crate::faults::{
    Dice, Outcome, Step,
    explain::OpeningStep,
    history::{Made, OpeningLife},
};
use crate::invented;

pub(super) async fn employ(world: Arc<World>) {
    while !world.is_over() {
        let number = world.number();
        let dice = Dice::new(world.seed, number);
        let command = AddEmployer {
            name: "De Linde".to_owned(),
            kvk_number: format!("{number:08}"),
            site: SiteDetails { name: String::new(), street: String::new(), postcode: "1316".to_owned() },
            contact: Some(world.portals[0].seal(
                Service::Vacancies,
                &EmployerContact {
                    name: "Rachid".to_owned(),
                    reach: "0612345678".to_owned(),
                    work: String::new(),
                },
            )),
        };
        let (outcome, reply) = world.ask(&dice, &manager(), &command).await;
        world.made(Made::Employer, &outcome, reply.map(|id| id.0));
        let Some(employer_id) = reply else { continue };
        for _ in 0..3 {
            if world.is_over() {
                return;
            }
            let number = world.number();
            let dice = Dice::new(world.seed, number);
            let mut desk = Desk {
                world: &world,
                has_line: dice.yes(50),
                dice,
                owner: Owner(employer_id),
                opening: OpeningLife { title: format!("Werk {number}"), ..OpeningLife::default() },
                places: 1,
                paused: false,
            };
            desk.run().await;
            let opening = desk.opening;
            world.history.with(|history| history.openings.push(opening));
        }
    }
}

struct Desk<'a> {
    world: &'a World,
    dice: Dice,
    owner: Owner,
    opening: OpeningLife,
    places: u16,
    paused: bool,
    /// Whether it is one of Open Hiring, with a line.
    has_line: bool,
}

/// An opening like any other.
pub(in crate::faults) fn opening_details(title: &str, places: u16) -> OpeningDetails {
    OpeningDetails {
        title: title.to_owned(),
        hours: Hours { min: 1, max: 40 },
        places,
        ..invented::opening()
    }
}

impl Desk<'_> {
    fn details(&self, places: u16) -> OpeningDetails {
        let details = opening_details(&self.opening.title, places);
        if self.has_line {
            OpeningDetails { terms: Terms::OpenHiring { starts: Vec::new() }, ..details }
        } else {
            details
        }
    }

    async fn run(&mut self) {
        let command =
            PostOpening { employer_id: self.owner.0, details: self.details(self.places), publish: true };
        let (outcome, reply) = self.world.ask(&self.dice, &manager(), &command).await;
        self.step(OpeningStep::Post(self.places), outcome);
        self.opening.life.id = reply.map(|id| id.0);
        let Some(opening_id) = reply else { return };
        if self.has_line {
            self.world.stand_in_line(&self.dice, opening_id).await;
        }
        for _ in 0..2 + self.dice.below(6) {
            if self.world.is_over() || self.opening.life.is_abandoned() {
                return;
            }
            self.world.breathe(&self.dice).await;
            match self.dice.below(5) {
                _ if self.paused => {
                    self.does(&PublishOpening { opening_id }, OpeningStep::Publish).await;
                    self.paused = false;
                }
                0 => {
                    self.does(&PauseOpening { opening_id }, OpeningStep::Pause).await;
                    self.paused = true;
                }
                1 => self.rivals(opening_id).await,
                _ => {
                    let Some(version) = self.version(opening_id).await else { return };
                    self.places += 1;
                    let command = self.change(opening_id, version, self.places);
                    self.does(&command, OpeningStep::Change(self.places)).await;
                }
            }
        }
        if self.dice.yes(50) && !self.opening.life.is_abandoned() {
            let command = CloseOpening { opening_id, reason: CloseReason::Filled };
            self.does(&command, OpeningStep::Close).await;
        }
    }

    fn step(&mut self, what: OpeningStep, outcome: Outcome) {
        self.opening.life.steps.push(Step { what, outcome });
    }

    async fn does<C: proto::Call>(&mut self, command: &C, what: OpeningStep) {
        let (outcome, _) = self.world.ask(&self.dice, &manager(), command).await;
        self.step(what, outcome);
    }

    fn change(&self, opening_id: OpeningId, version: i64, places: u16) -> ChangeOpening {
        ChangeOpening { opening_id, version, details: self.details(places), after_advice: None }
    }

    async fn version(&self, opening_id: OpeningId) -> Option<i64> {
        let view = self.world.look(&self.dice, &manager(), &Opening { opening_id }).await?;
        (view.state == OpeningState::Published).then_some(view.version)
    }

    /// Two who saw the same version change it at the same moment: one of them is told to look again.
    async fn rivals(&mut self, opening_id: OpeningId) {
        let Some(version) = self.version(opening_id).await else { return };
        let (one, other) = (self.places + 1, self.places + 2);
        self.places += 2;
        let commands = [one, other].map(|places| self.change(opening_id, version, places));
        let actor = manager();
        let (first, second) = tokio::join!(
            self.world.ask(&self.dice, &actor, &commands[0]),
            self.world.ask(&self.dice, &actor, &commands[1])
        );
        if first.0 == Outcome::Done && second.0 == Outcome::Done {
            let title = &self.opening.title;
            self.world.history.with(|history| {
                history.wrong.push(format!("{title}: two who saw version {version} both changed it"));
            });
        }
        // Of two that ended unknown either may have been first: the unknown one goes last, and a second one ends it.
        let mut steps = vec![(OpeningStep::Change(one), first.0), (OpeningStep::Change(other), second.0)];
        steps.sort_by_key(|(_, outcome)| *outcome == Outcome::Unknown);
        for (what, outcome) in steps {
            self.step(what, outcome);
        }
    }
}
