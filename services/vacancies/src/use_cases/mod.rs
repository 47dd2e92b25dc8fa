//! What this service does, one sentence per file.

pub mod add_employer;
pub mod add_import_rows;
pub mod change_opening;
pub mod close_opening;
pub mod place_import_rows;
pub mod post_opening;
pub mod publish_opening;
pub mod run_import;
pub mod start_import;

use chassis::{Caller, Fault, Tx};
use proto::{OpeningId, Problem, Status};

use crate::{
    domain::opening::{Effect, Opening, StepRefused},
    events::publish::announce,
    may::{self, Deed, Owner},
    store::openings,
};

impl From<StepRefused> for Problem {
    fn from(refused: StepRefused) -> Self {
        match refused {
            StepRefused::ChangedMeanwhile { current } => {
                Self::new(Status::Conflict, "opening-changed-meanwhile").with("version", current)
            }
            StepRefused::Closed => Self::new(Status::Conflict, "opening-closed"),
        }
    }
}

/// Loads and locks an opening that the caller may write.
async fn load_to_write(tx: &mut Tx, caller: &Caller, id: OpeningId) -> Result<Opening, Fault> {
    let found = openings::lock(tx.conn(), id).await?;
    let (opening, region) = found.ok_or_else(|| Problem::not_found("opening"))?;
    let owner = Owner { employer_id: Some(opening.employer_id), region: &region };
    may::check(&caller.actor, Deed::Write, owner)?;
    Ok(opening)
}

/// Stores a changed opening and says what changed.
async fn save(tx: &mut Tx, opening: Opening, effect: Effect) -> Result<(), Fault> {
    if effect == Effect::Nothing {
        return Ok(());
    }
    let now = tx.now();
    openings::save(tx.conn(), std::slice::from_ref(&opening), now).await?;
    announce(tx, &[(opening, effect)]).await
}
