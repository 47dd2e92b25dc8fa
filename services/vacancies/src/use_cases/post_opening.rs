//! Someone who may write for an employer posts an opening, as a draft or published at once.

use chassis::{Caller, Fault, Tx, clock};
use proto::{OpeningId, Problem, vacancies::PostOpening};

use crate::{
    Vacancies,
    domain::opening::{self, Opening},
    events::publish::announce,
    may::{self, Deed, Owner},
    store::{employers, openings},
};

/// Posts the opening.
///
/// # Errors
/// `employer-unknown`, `forbidden`, `fields-invalid`.
pub async fn post_opening(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &PostOpening,
) -> Result<OpeningId, Fault> {
    let employer = employers::find(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    let owner = Owner { employer_id: Some(command.employer_id), region: &employer.region };
    may::check(&caller.actor, Deed::Write, owner)?;
    let now = tx.now();
    let content = opening::check(command.details.clone(), None, clock::day(now), &app.reference)
        .map_err(Problem::fields)?;
    let opening_id = OpeningId(tx.chance().uuid_v4());
    let (opening, effect) = Opening::post(opening_id, command.employer_id, content, command.publish, now);
    openings::insert(tx.conn(), std::slice::from_ref(&opening), now).await?;
    announce(tx, &[(opening, effect)]).await?;
    Ok(opening_id)
}
