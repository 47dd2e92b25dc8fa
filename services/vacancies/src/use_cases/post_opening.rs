//! Someone who may write for an employer posts an opening, as a draft or published at once.

use chassis::{Caller, Fault, Tx, clock};
use proto::{OpeningId, Problem, vacancies::PostOpening};

use super::{checked, refuse_conflict};
use crate::{
    Vacancies,
    domain::opening::Opening,
    events::publish::announce,
    may::{self, Deed},
    store::{employers, openings},
};

/// Posts the opening.
///
/// # Errors
/// `employer-unknown`, `forbidden`, `fields-invalid`; `labour-conflict` when it would be published while
/// there is one.
pub async fn post_opening(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &PostOpening,
) -> Result<OpeningId, Fault> {
    let employer = employers::find(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    if command.publish {
        refuse_conflict(&employer)?;
    }
    let now = tx.now();
    let details = command.details.clone();
    let (content, problems) =
        checked(app, tx, Some(command.employer_id), details, None, clock::day(now)).await?;
    let content = content.ok_or_else(|| Problem::fields(problems))?;
    employers::keep(tx.conn(), &[command.employer_id], None).await?;
    let opening_id = OpeningId(tx.chance().uuid_v4());
    let (opening, effect) = Opening::post(opening_id, command.employer_id, content, command.publish, now);
    openings::insert(tx.conn(), std::slice::from_ref(&opening), now).await?;
    announce(tx, &[(opening, effect)]).await?;
    Ok(opening_id)
}
