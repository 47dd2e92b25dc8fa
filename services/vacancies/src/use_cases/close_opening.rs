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
/// `opening-unknown`, `forbidden`; `reason-only-by-clock` for `expired` and `reason-only-by-undo` for
/// `undone`, which no person decides about one opening.
pub async fn close_opening(tx: &mut Tx, caller: &Caller, command: &CloseOpening) -> Result<(), Fault> {
    let (mut opening, _) = load_to_write(tx, caller, command.opening_id).await?;
    let refused = match command.reason {
        CloseReason::Expired => Some("reason-only-by-clock"),
        CloseReason::Undone => Some("reason-only-by-undo"),
        CloseReason::Filled | CloseReason::Withdrawn => None,
    };
    if let Some(code) = refused {
        return Err(Problem::fields(vec![FieldProblem::new("reason", code)]).into());
    }
    let effect = opening.close(command.reason);
    save(tx, opening, effect).await
}
