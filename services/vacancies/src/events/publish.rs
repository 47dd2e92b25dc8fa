//! Effects in the domain to public events.

use chassis::{Fault, Tx};
use proto::vacancies::{CloseReason, OpeningClosed, OpeningPublished};

use crate::domain::opening::{Effect, Opening};

/// Says what happened to openings, in this transaction.
pub async fn announce(tx: &mut Tx, changed: &[(Opening, Effect)]) -> Result<(), Fault> {
    let (mut published, mut closed) = (Vec::new(), Vec::new());
    for (opening, effect) in changed {
        match effect {
            // Drafts are nobody else's business.
            Effect::Nothing | Effect::Unheard => {}
            Effect::Published => published.push(opening_published(opening)),
            Effect::Closed(reason) => closed.push(opening_closed(opening, *reason)),
        }
    }
    if !published.is_empty() {
        tx.publish_all(published).await?;
    }
    if !closed.is_empty() {
        tx.publish_all(closed).await?;
    }
    Ok(())
}

fn opening_published(opening: &Opening) -> OpeningPublished {
    let details = opening.content.details();
    OpeningPublished {
        opening_id: opening.opening_id,
        version: opening.version,
        employer_id: opening.employer_id,
        route: details.route,
        tasks: details.tasks.clone(),
        area: opening.content.area().clone(),
        hours: details.hours,
        dayparts: details.dayparts,
        starts_on: details.starts_on,
        places: details.places,
        requirements: details.requirements.clone(),
    }
}

fn opening_closed(opening: &Opening, reason: CloseReason) -> OpeningClosed {
    OpeningClosed { opening_id: opening.opening_id, version: opening.version, reason }
}
