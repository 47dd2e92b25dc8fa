//! "Is dit ook u?": two records that may be one person. She decides.

use axum::response::Response;
use chassis::clock;
use proto::{
    DuplicateId,
    intake::{DecideDuplicate, Duplicate, DuplicateDecision, DuplicateSide, DuplicateState, Duplicates},
};

use super::mine::{layout, told};
use crate::{
    pages::{
        failures::Happened,
        rights::{DuplicateLine, DuplicatesPage, SideLine},
    },
    web::{
        fields::Fields,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// Whether there is something to decide; her page goes on when nobody can say.
pub(super) async fn waiting(visit: &Visit) -> bool {
    match suggestions(visit, false).await {
        Ok(all) => all.iter().any(|one| one.state == DuplicateState::Open),
        Err(stop) => {
            tracing::warn!(happened = ?stop.happened, "a page goes without suggestions");
            false
        }
    }
}

async fn suggestions(visit: &Visit, decided: bool) -> Result<Vec<Duplicate>, Stop> {
    let sealed = visit.ask(&Duplicates { decided }).await?;
    visit.open(&sealed)
}

fn side(side: DuplicateSide) -> SideLine {
    SideLine { name: side.name, since: clock::day(side.since), with_help_of: side.with_help_of }
}

/// `/mijn/dubbel`
pub(super) async fn duplicates(visit: Visit) -> Result<Response, Stop> {
    let (details, all) = tokio::join!(told(&visit), suggestions(&visit, true));
    let (details, all) = (details?, all?);
    let lines = all.into_iter().filter_map(|one| {
        let merged_until = match one.state {
            DuplicateState::Open => None,
            DuplicateState::Merged { undo_until } if undo_until > visit.now => Some(clock::day(undo_until)),
            DuplicateState::Merged { .. } | DuplicateState::Different => return None,
        };
        Some(DuplicateLine {
            id: one.duplicate_id.to_string(),
            keep: side(one.keep),
            other: side(one.other),
            merged_until,
        })
    });
    page(&DuplicatesPage { lines: lines.collect(), l: layout(&visit, &details) })
}

/// Decides, or undoes.
pub(super) async fn decide(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let duplicate_id: DuplicateId = form.get("id").parse().map_err(|_| Happened::NotUnderstood)?;
    let (decision, told) = match form.get("wat") {
        "ja" => (DuplicateDecision::Merge, "notice-merged"),
        "nee" => (DuplicateDecision::Different, "notice-different"),
        "terug" => (DuplicateDecision::Undo, "notice-merge-undone"),
        _ => return Err(Happened::NotUnderstood.into()),
    };
    visit.ask(&DecideDuplicate { duplicate_id, decision }).await?;
    Ok(go_to("/mijn/dubbel", [notice(told)]))
}
