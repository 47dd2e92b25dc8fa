//! Someone who may write for an employer closes an opening, or throws away a draft.

use chassis::{Caller, Fault, Tx};
use proto::{
    FieldProblem, Problem,
    vacancies::{CloseOpening, CloseReason},
};

use super::{load_to_write, save};

/// Closes the opening. Closing twice changes nothing.
///
/// # Errors
/// `opening-unknown`, `forbidden`; `reason-only-by-clock` for `expired`, which no person decides.
pub async fn close_opening(tx: &mut Tx, caller: &Caller, command: &CloseOpening) -> Result<(), Fault> {
    let mut opening = load_to_write(tx, caller, command.opening_id).await?;
    if command.reason == CloseReason::Expired {
        return Err(Problem::fields(vec![FieldProblem::new("reason", "reason-only-by-clock")]).into());
    }
    let effect = opening.close(command.reason);
    save(tx, opening, effect).await
}
