//! One command as it is sent: with one key, one to five times beside itself, some let go half-way, and again until it is
//! answered.

use std::time::Duration;

use chassis::{Chance as _, chance::OsChance};
use futures::future::join_all;
use proto::{Actor, Call, Problem, Status};
use tokio::time::Instant;
use uuid::Uuid;

use super::World;
use crate::faults::{Dice, Outcome};

/// How long someone presses the button again before she gives up.
const GIVES_UP_AFTER: Duration = Duration::from_mins(2);
/// Out of a hundred whose first try nobody answered, so many give up at once.
const IMPATIENT: u64 = 10;
/// Requests let go half-way, out of a hundred that are not the last.
const LET_GO: u64 = 20;

/// What became of one request.
enum Answer<R> {
    Yes(R),
    No(Problem),
    NotNow,
    /// Nobody waited for it.
    LetGo,
}

impl World {
    /// Sends a command and keeps what came of it.
    pub(super) async fn ask<C: Call>(
        &self,
        dice: &Dice,
        actor: &Actor,
        command: &C,
    ) -> (Outcome, Option<C::Reply>) {
        let key = OsChance.uuid_v4();
        self.history.with(|history| history.commands += 1);
        let began = Instant::now();
        let mut first = true;
        loop {
            // One alone, mostly; sometimes someone presses twice, or her browser does.
            let copies = if first && dice.yes(30) { 1 + dice.below(5) } else { 1 };
            let answers = join_all((0..copies).map(|copy| {
                let let_go = (copy > 0 && dice.yes(LET_GO)).then(|| dice.pause(Duration::from_millis(30)));
                self.send(self.portal(dice), actor, key, command, let_go)
            }))
            .await;
            if let Some(known) = self.judge::<C>(answers, copies) {
                return known;
            }
            if (first && dice.yes(IMPATIENT)) || began.elapsed() > GIVES_UP_AFTER {
                self.history.with(|history| history.unknown += 1);
                return (Outcome::Unknown, None);
            }
            first = false;
            self.history.with(|history| history.repeats += 1);
            tokio::time::sleep(dice.pause(Duration::from_millis(200))).await;
        }
    }

    async fn send<C: Call>(
        &self,
        portal: &chassis::Bus,
        actor: &Actor,
        key: Uuid,
        command: &C,
        let_go: Option<Duration>,
    ) -> Answer<C::Reply> {
        let began = Instant::now();
        let asking = portal.call_with_key(actor, key, command);
        let answer = match let_go {
            None => asking.await,
            Some(after) => match tokio::time::timeout(after, asking).await {
                Ok(answer) => answer,
                Err(_) => return Answer::LetGo,
            },
        };
        let waited = began.elapsed();
        self.history.with(|history| {
            history.longest = history.longest.max(waited);
            if answer.is_ok() {
                let last = history.last_yes.entry(C::TO).or_insert(began);
                *last = began.max(*last);
            }
        });
        match answer {
            Ok(reply) => Answer::Yes(reply),
            Err(problem) if problem.is_passing() => Answer::NotNow,
            Err(problem) if problem.code == "actor-not-proven" => {
                // She is told to sign in, and nothing was done: she asks again.
                self.history.with(|history| history.not_believed += 1);
                Answer::NotNow
            }
            Err(problem) => Answer::No(problem),
        }
    }

    /// What is known after these answers; `None` when nothing is. Two answers to one key must be the same.
    fn judge<C: Call>(
        &self,
        answers: Vec<Answer<C::Reply>>,
        copies: u64,
    ) -> Option<(Outcome, Option<C::Reply>)> {
        let (mut yes, mut no) = (Vec::new(), Vec::new());
        self.history.with(|history| {
            history.repeats += copies - 1;
            for answer in answers {
                match answer {
                    Answer::Yes(reply) => yes.push(reply),
                    Answer::No(problem) => no.push(problem),
                    Answer::NotNow => history.unavailable += 1,
                    Answer::LetGo => history.cancelled += 1,
                }
            }
            let texts: Vec<String> =
                yes.iter().map(|reply| serde_json::to_string(reply).unwrap_or_default()).collect();
            if texts.windows(2).any(|two| two[0] != two[1]) {
                history.wrong.push(format!("{}: one key, two answers: {texts:?}", C::VERB));
            }
            if !yes.is_empty() && !no.is_empty() {
                history.mixed += 1;
            }
            if let Some(internal) = no.iter().find(|problem| problem.status == Status::Internal) {
                history.wrong.push(format!("{}: somebody saw an error of ours: {internal}", C::VERB));
            }
        });
        match (yes.into_iter().next(), no.into_iter().next()) {
            (Some(reply), _) => Some((Outcome::Done, Some(reply))),
            (None, Some(problem)) => {
                let fields = problem.fields.iter().map(|field| format!(" {}: {}", field.field, field.code));
                Some((Outcome::Refused(problem.code.clone() + &fields.collect::<String>()), None))
            }
            (None, None) => None,
        }
    }

    /// Looks something up, again and again until it is answered or all is over.
    pub(super) async fn look<C: Call>(&self, dice: &Dice, actor: &Actor, query: &C) -> Option<C::Reply> {
        while !self.is_over() {
            match self.portal(dice).call(actor, query).await {
                Ok(reply) => return Some(reply),
                Err(problem) if problem.is_passing() => {
                    self.history.with(|history| history.unavailable += 1);
                }
                Err(problem) if problem.code == "actor-not-proven" => {
                    self.history.with(|history| history.not_believed += 1);
                }
                Err(_) => return None,
            }
            self.breathe(dice).await;
        }
        None
    }
}
