//! Effects in the domain to public events.

use chassis::{Fault, Tx};
use proto::{
    OpeningId,
    vacancies::{
        CloseReason, HoursChanged, OpeningClosed, OpeningPaused, OpeningPublished, RequirementDropped,
        RouteChanged, Terms,
    },
};

use crate::domain::{
    opening::{Effect, Opening},
    search_change::SearchChange,
};

/// Says what happened to openings, in this transaction.
pub async fn announce(tx: &mut Tx, changed: &[(Opening, Effect)]) -> Result<(), Fault> {
    let (mut published, mut paused, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for (opening, effect) in changed {
        match effect {
            // Drafts are nobody else's business.
            Effect::Nothing | Effect::Unheard => {}
            Effect::Published => published.push(opening_published(opening)),
            Effect::Paused => {
                paused.push(opening_paused(opening));
            }
            Effect::Closed(reason) => closed.push(opening_closed(opening, *reason)),
        }
    }
    if !published.is_empty() {
        tx.publish_all(published).await?;
    }
    if !paused.is_empty() {
        tx.publish_all(paused).await?;
    }
    if !closed.is_empty() {
        tx.publish_all(closed).await?;
    }
    Ok(())
}

/// Says what employers changed in their search, in this transaction.
pub async fn announce_search_changes(
    tx: &mut Tx,
    changed: &[(Opening, Vec<SearchChange>)],
    after_advice: Option<&str>,
) -> Result<(), Fault> {
    let (mut dropped_ones, mut hours_ones, mut routes) = (Vec::new(), Vec::new(), Vec::new());
    for (opening, changes) in changed {
        let (opening_id, version) = (opening.opening_id, opening.version);
        let details = opening.content.details();
        for change in changes {
            let after_advice = after_advice.map(str::to_owned);
            match change {
                SearchChange::RequirementDropped(dropped) => {
                    let dropped = dropped.clone();
                    dropped_ones.push(RequirementDropped { opening_id, version, dropped, after_advice });
                }
                SearchChange::HoursChanged { hours, dayparts } => hours_ones.push(HoursChanged {
                    opening_id,
                    version,
                    hours_before: *hours,
                    hours: details.hours,
                    dayparts_before: *dayparts,
                    dayparts: details.dayparts,
                    after_advice,
                }),
                SearchChange::RouteChanged { route } => routes.push(RouteChanged {
                    opening_id,
                    version,
                    route_before: *route,
                    route: details.route(),
                    after_advice,
                }),
            }
        }
    }
    if !dropped_ones.is_empty() {
        tx.publish_all(dropped_ones).await?;
    }
    if !hours_ones.is_empty() {
        tx.publish_all(hours_ones).await?;
    }
    if !routes.is_empty() {
        tx.publish_all(routes).await?;
    }
    Ok(())
}

/// Says that an opening is gone that is not in the tables any more.
pub async fn withdraw(tx: &mut Tx, opening_id: OpeningId, version: i64) -> Result<(), Fault> {
    tx.publish(OpeningClosed { opening_id, version, reason: CloseReason::Withdrawn }).await?;
    Ok(())
}

/// The public state of an opening.
pub(crate) fn opening_published(opening: &Opening) -> OpeningPublished {
    let details = opening.content.details();
    OpeningPublished {
        opening_id: opening.opening_id,
        version: opening.version,
        employer_id: opening.employer_id,
        route: details.route(),
        tasks: details.tasks.clone(),
        area: opening.content.area().clone(),
        hours: details.hours,
        dayparts: details.dayparts,
        starts_on: match &details.terms {
            Terms::OpenHiring { starts } => starts.iter().map(|start| start.on).min(),
            _ => details.starts_on,
        },
        places: details.places,
        requirements: details.requirements.clone(),
        support: details.support.clone(),
    }
}

/// That an opening is not shown for a while.
pub(crate) fn opening_paused(opening: &Opening) -> OpeningPaused {
    OpeningPaused { opening_id: opening.opening_id, version: opening.version }
}

/// The end of an opening for the public.
pub(crate) fn opening_closed(opening: &Opening, reason: CloseReason) -> OpeningClosed {
    OpeningClosed { opening_id: opening.opening_id, version: opening.version, reason }
}
