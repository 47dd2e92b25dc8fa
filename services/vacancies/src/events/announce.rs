//! What vacancies announces anew when an operator asks: each opening that was ever public, as it now stands.

use chassis::{
    Fault, Tx,
    replay::{PAGE, Page},
};
use proto::vacancies::{OpeningClosed, OpeningPaused, OpeningPublished, OpeningState};
use uuid::Uuid;

use super::publish;
use crate::{Vacancies, domain::opening::Stage, store::openings};

/// Events that tell of a moment: what an employer changed in its search, and how far an import was. Nobody
/// rebuilds anything from them.
pub(crate) const MOMENTS: &[&str] =
    &["requirement_dropped", "hours_changed", "route_changed", "import_progressed"];

/// Openings that are public.
pub(crate) async fn published(
    _: &Vacancies,
    tx: &mut Tx,
    after: Uuid,
) -> Result<Page<OpeningPublished>, Fault> {
    let openings = openings::page_in_state(tx.conn(), OpeningState::Published, after, PAGE).await?;
    Ok(Page::of(openings.iter().map(publish::opening_published).collect()))
}

/// Openings that are not shown for a while.
pub(crate) async fn paused(_: &Vacancies, tx: &mut Tx, after: Uuid) -> Result<Page<OpeningPaused>, Fault> {
    let openings = openings::page_in_state(tx.conn(), OpeningState::Paused, after, PAGE).await?;
    Ok(Page::of(openings.iter().map(publish::opening_paused).collect()))
}

/// Openings that were public and are closed.
pub(crate) async fn closed(_: &Vacancies, tx: &mut Tx, after: Uuid) -> Result<Page<OpeningClosed>, Fault> {
    let openings = openings::page_in_state(tx.conn(), OpeningState::Closed, after, PAGE).await?;
    let facts = openings.iter().filter_map(|opening| match opening.stage {
        Stage::Closed { reason, .. } => Some(publish::opening_closed(opening, reason)),
        _ => None,
    });
    Ok(Page::up_to(openings.last().map(|last| last.opening_id.0), facts.collect()))
}
