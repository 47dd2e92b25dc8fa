//! The people whom a helper may still help, and records that may be of one person.

use axum::response::Response;
use chassis::clock;
use proto::{
    DuplicateId,
    intake::{DecideDuplicate, DuplicateDecision, DuplicateSide, DuplicateState, Duplicates, MyPeople},
};

use crate::{
    pages::{
        failures::Happened,
        helper::{DuplicateCard, DuplicatePerson, HelperDuplicates, HelperPeople, PersonLine},
    },
    web::{
        fields::Fields,
        stop::Stop,
        visit::{Visit, go_to, notice, page},
    },
};

/// `/hulp/mensen`
pub(super) async fn list(visit: Visit) -> Result<Response, Stop> {
    let people = visit.open(&visit.ask(&MyPeople {}).await?)?;
    let lines = people.into_iter().map(|person| PersonLine {
        href: format!("/hulp/mens/{}", person.seeker_id),
        name: person.name,
        since: clock::day(person.since),
        until: clock::day(person.until),
        took_over: person.took_over,
    });
    let open = visit.open(&visit.ask(&Duplicates { decided: false }).await?)?;
    page(&HelperPeople { lines: lines.collect(), duplicates: open.len(), l: visit.layout() })
}

fn side(side: DuplicateSide) -> DuplicatePerson {
    DuplicatePerson { name: side.name, since: clock::day(side.since), with_help_of: side.with_help_of }
}

/// `/hulp/dubbel`
pub(super) async fn duplicates(visit: Visit) -> Result<Response, Stop> {
    let found = visit.open(&visit.ask(&Duplicates { decided: true }).await?)?;
    let cards = found.into_iter().filter(|duplicate| duplicate.state != DuplicateState::Different);
    let cards = cards.map(|duplicate| DuplicateCard {
        id: duplicate.duplicate_id.to_string(),
        keep: side(duplicate.keep),
        other: side(duplicate.other),
        undo_until: match duplicate.state {
            DuplicateState::Merged { undo_until } => Some(clock::day(undo_until)),
            DuplicateState::Open | DuplicateState::Different => None,
        },
    });
    page(&HelperDuplicates { cards: cards.collect(), l: visit.layout() })
}

/// Decides: one person, two people, or undo.
pub(super) async fn decide(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let duplicate_id: DuplicateId = form.get("dubbel").parse().map_err(|_| Happened::NotUnderstood)?;
    let (decision, told) = match form.get("besluit") {
        "een" => (DuplicateDecision::Merge, "notice-duplicate-merged"),
        "twee" => (DuplicateDecision::Different, "notice-duplicate-different"),
        "terug" => (DuplicateDecision::Undo, "notice-duplicate-undone"),
        _ => return Err(Happened::NotUnderstood.into()),
    };
    visit.ask_with_key(&form, &DecideDuplicate { duplicate_id, decision }).await?;
    Ok(go_to("/hulp/dubbel", [notice(told)]))
}
