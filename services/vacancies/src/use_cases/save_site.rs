//! Someone who may write for an employer adds a site, or changes one.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, SiteId, vacancies::SaveSite};

use crate::{
    Vacancies,
    domain::employer,
    may::{self, Deed},
    store::employers,
};

/// Saves the site; the employer's regions follow. A site may lie anywhere.
///
/// # Errors
/// `employer-unknown`, `site-unknown`, `forbidden`, `fields-invalid`.
pub async fn save_site(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &SaveSite,
) -> Result<SiteId, Fault> {
    let employer = employers::lock(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    let site_id = match command.site_id {
        None => SiteId(tx.chance().uuid_v4()),
        Some(id) => match employers::site(tx.conn(), id).await? {
            Some((of, _)) if of == command.employer_id => id,
            _ => return Err(Problem::not_found("site").into()),
        },
    };
    let site = employer::check_site("details", site_id, &command.details, &app.reference)
        .map_err(Problem::fields)?;
    let now = tx.now();
    employers::keep(tx.conn(), &[command.employer_id], None).await?;
    employers::save_site(tx.conn(), command.employer_id, &site, now).await?;
    Ok(site_id)
}
