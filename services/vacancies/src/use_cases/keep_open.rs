//! Someone who may write for an employer answers that an opening stays, until a day.

use chassis::{Caller, Fault, Tx, clock};
use proto::{FieldProblem, Problem, vacancies::KeepOpen};

use super::{load_to_write, save};
use crate::domain::{course, opening::StepRefused};

/// Keeps the opening until that day; also without being asked.
///
/// # Errors
/// `opening-unknown`, `forbidden`, `opening-is-draft`, `opening-closed`; `fields-invalid` for a day that
/// is not after today, or more than a year away.
pub async fn keep_open(tx: &mut Tx, caller: &Caller, command: &KeepOpen) -> Result<(), Fault> {
    let (mut opening, _) = load_to_write(tx, caller, command.opening_id).await?;
    let today = clock::day(tx.now());
    let effect = opening.keep_open(command.until, today).map_err(|refused| match refused {
        StepRefused::DayOutOfRange => {
            let wrong = FieldProblem::new("until", "until-out-of-range");
            Problem::fields(vec![wrong.with("max", course::furthest_day(today))])
        }
        refused => refused.into(),
    })?;
    save(tx, opening, effect).await
}
