//! People: one life after another, from a registration at a library to whatever comes.

use std::sync::Arc;

use proto::{
    Actor, Role, SeekerId, Service,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ChangeWishes, ConsentGiven, EraseMe,
        HelperIntroduction, Pause, Purpose, RegisterAssisted, RequestCode, SetConsent, StillLooking, Wishes,
    },
    matcher::{AnswerInterest, InterestIn, Mark, MarkProposal, NotForMe, ProposalsForSeeker, RecordShown},
    work::{Channel, Hours, Language},
};

use super::{ANSWERS, Speaking, World, account, manager};
use crate::faults::{
    Dice, Outcome, Step,
    explain::{PairStep, PersonStep},
    history::{Life, Made, PairLife},
};
use crate::invented;

const TEXT_VERSION: &str = "2026-11";

pub(super) async fn live(world: Arc<World>) {
    while !world.is_over() {
        let number = world.number();
        let dice = Dice::new(world.seed, number);
        let mut person = Person { world: &world, dice, number, life: Life::default(), step: 0 };
        person.live().await;
        let life = person.life;
        world.history.with(|history| history.people.push(life));
    }
}

struct Person<'a> {
    world: &'a World,
    dice: Dice,
    number: u64,
    life: Life<PersonStep>,
    step: u64,
}

/// Hours that she did not have before: the number of the step, as two ends.
fn hours(step: u64) -> Hours {
    Hours { min: 1 + (step % 16) as u8, max: 17 + (step / 16 % 24) as u8 }
}

fn wishes(hours: Hours) -> Wishes {
    Wishes { tasks: Vec::new(), any_task: true, hours: Some(hours), ..invented::wishes() }
}

impl Person<'_> {
    async fn live(&mut self) {
        let Some(seeker_id) = self.register().await else { return };
        let actor = Actor::Seeker { seeker_id };
        let (mut open_file, mut adviser, mut paused) = (false, false, false);
        for _ in 0..2 + self.dice.below(5) {
            if self.world.is_over() {
                return;
            }
            self.world.breathe(&self.dice).await;
            self.step += 1;
            match self.dice.below(6) {
                0 | 1 => {
                    let hours = hours(self.step);
                    let sealed = self.world.portals[0].seal(Service::Intake, &wishes(hours));
                    let command = ChangeWishes { seeker_id, wishes: sealed };
                    self.does(&actor, &command, PersonStep::Wishes(hours)).await;
                }
                2 => {
                    open_file = !open_file;
                    self.agrees(seeker_id, Purpose::OpenFile, open_file, PersonStep::OpenFile(open_file))
                        .await;
                }
                3 => {
                    adviser = !adviser;
                    self.agrees(seeker_id, Purpose::Adviser, adviser, PersonStep::Adviser(adviser)).await;
                }
                4 if paused => {
                    paused = false;
                    self.does(&actor, &StillLooking { seeker_id }, PersonStep::Resume).await;
                }
                4 => {
                    paused = true;
                    self.does(&actor, &Pause { seeker_id, until: None }, PersonStep::Pause).await;
                }
                _ => self.asks_for_a_code(&actor).await,
            }
            if self.life.is_abandoned() {
                return;
            }
        }
        if !paused {
            self.talks(seeker_id).await;
        }
        if self.dice.yes(self.world.amount.erase) && !self.world.is_over() {
            self.does(&actor, &EraseMe { seeker_id }, PersonStep::Erase).await;
            if !self.life.is_abandoned() {
                // Whoever is gone changes nothing any more.
                self.does(&actor, &Pause { seeker_id, until: None }, PersonStep::Pause).await;
            }
        }
    }

    /// A telephone number that nobody else has.
    fn contact(&self) -> String {
        format!("06{:08}", 10_000_000 + self.number)
    }

    async fn register(&mut self) -> Option<SeekerId> {
        let hours = hours(0);
        let registration = AssistedRegistration {
            wishes: wishes(hours),
            name: "Samira".to_owned(),
            reach: AssistedReach::Contact { contact: self.contact(), channel: Channel::Sms, shared: false },
            consents: Vec::new(),
            consent_text_version: TEXT_VERSION.to_owned(),
            how: ConsentGiven::Herself,
            entry_point: None,
            language: Language::Nl,
            helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "Bibliotheek".to_owned() },
        };
        let sealed = self.world.portals[0].seal(Service::Intake, &registration);
        let command = RegisterAssisted { registration: sealed };
        let (outcome, reply) = self.world.ask(&self.dice, &account(50, Role::Helper), &command).await;
        self.life.steps.push(Step { what: PersonStep::Register(hours), outcome });
        let seeker_id = match reply {
            Some(AssistedOutcome::Registered { seeker_id, .. }) => Some(seeker_id),
            _ => None,
        };
        self.life.id = seeker_id.map(|id| id.0);
        seeker_id
    }

    async fn does<C: proto::Call>(&mut self, actor: &Actor, command: &C, what: PersonStep) {
        let (outcome, _) = self.world.ask(&self.dice, actor, command).await;
        self.life.steps.push(Step { what, outcome });
    }

    async fn agrees(&mut self, seeker_id: SeekerId, purpose: Purpose, given: bool, what: PersonStep) {
        let command = SetConsent {
            seeker_id,
            purpose,
            given,
            text_version: TEXT_VERSION.to_owned(),
            how: ConsentGiven::Herself,
        };
        self.does(&Actor::Seeker { seeker_id }, &command, what).await;
    }

    async fn asks_for_a_code(&self, actor: &Actor) {
        let command = RequestCode {
            contact: self.world.portals[0].seal(Service::Intake, &self.contact()),
            language: Language::Nl,
        };
        let (outcome, reply) = self.world.ask(&self.dice, actor, &command).await;
        self.world.made(Made::Challenge, &outcome, reply.map(|sent| sent.challenge_id.0));
    }

    /// She is shown an opening, says something, and is answered.
    async fn talks(&self, seeker_id: SeekerId) {
        let actor = Actor::Seeker { seeker_id };
        let query = ProposalsForSeeker { seeker_id, limit: 5 };
        let Some(seen) = self.world.look(&self.dice, &actor, &query).await else { return };
        let (Some(profile_version), false) = (seen.profile_version, seen.proposals.is_empty()) else {
            return;
        };
        let opening_id = self.dice.one(&seen.proposals).opening_id;
        let shown =
            RecordShown { seeker_id, proposals: seen.proposals, profile_version, made_with: seen.made_with };
        if self.world.ask(&self.dice, &actor, &shown).await.0 != Outcome::Done {
            return;
        }
        let mut pair = PairLife { seeker_id: seeker_id.0, opening_id: opening_id.0, life: Life::default() };
        let mut speaking = Speaking { seeker_id, opening_id, proposal_id: None };
        for _ in 0..=self.dice.below(4) {
            if self.world.is_over() || pair.life.is_abandoned() {
                break;
            }
            let step = self.speaks(&actor, &mut speaking).await;
            pair.life.steps.push(step);
            if self.dice.yes(60)
                && let Some(step) = self.is_answered(&mut speaking).await
            {
                pair.life.steps.push(step);
            }
        }
        self.world.history.with(|history| history.pairs.push(pair));
    }

    async fn speaks(&self, actor: &Actor, about: &mut Speaking) -> Step<PairStep> {
        let mark = match self.dice.below(4) {
            0 => Mark::NotForMe { reason: Some(NotForMe::TooFar) },
            1 => Mark::TakenBack,
            _ => Mark::Wanted,
        };
        let command = MarkProposal { seeker_id: about.seeker_id, opening_id: about.opening_id, mark };
        let (outcome, _) = self.world.ask(&self.dice, actor, &command).await;
        Step { what: PairStep::Mark(mark), outcome }
    }

    async fn is_answered(&self, about: &mut Speaking) -> Option<Step<PairStep>> {
        if about.proposal_id.is_none() {
            let query = InterestIn {
                opening_id: Some(about.opening_id),
                employer_id: None,
                only_open: true,
                page: 0,
                per_page: 100,
            };
            let interest = self.world.look(&self.dice, &manager(), &query).await?;
            // Nobody but her says anything about this pair while she waits, so the newest is hers.
            let hers = interest.rows.iter().max_by_key(|one| one.at)?;
            about.proposal_id = self.is_hers(about, hers.proposal_id).await.then_some(hers.proposal_id);
        }
        let proposal_id = about.proposal_id?;
        let answer = *self.dice.one(ANSWERS);
        let command = AnswerInterest { proposal_id, answer };
        let (outcome, _) = self.world.ask(&self.dice, &manager(), &command).await;
        Some(Step { what: PairStep::Answer(answer), outcome })
    }

    /// Whether this proposal is about her: she sees her own marks.
    async fn is_hers(&self, about: &Speaking, proposal_id: proto::ProposalId) -> bool {
        let actor = Actor::Seeker { seeker_id: about.seeker_id };
        let query = proto::matcher::MyMarks { seeker_id: about.seeker_id };
        let marks = self.world.look(&self.dice, &actor, &query).await.unwrap_or_default();
        marks.iter().any(|mark| mark.proposal_id == proposal_id)
    }
}
