//! Someone who may write for an employer takes a site out of use.

use chassis::{Caller, Fault, Tx};
use proto::{Problem, Status, vacancies::EndSite};

use crate::{
    may::{self, Deed},
    store::{employers, openings},
};

/// Ends the site; the employer's regions follow.
///
/// # Errors
/// `site-unknown`, `forbidden`; `site-is-last`; `site-has-openings` while openings there are not closed.
pub async fn end_site(tx: &mut Tx, caller: &Caller, command: &EndSite) -> Result<(), Fault> {
    let unknown = || Problem::not_found("site");
    let (employer_id, _) = employers::site(tx.conn(), command.site_id).await?.ok_or_else(unknown)?;
    let employer = employers::lock(tx.conn(), employer_id).await?.ok_or_else(unknown)?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    // Again, now that nobody else can change them.
    let sites = employers::sites(tx.conn(), employer_id).await?;
    if !sites.iter().any(|site| site.site_id == command.site_id) {
        return Err(unknown().into());
    }
    if sites.len() == 1 {
        return Err(Problem::new(Status::Conflict, "site-is-last").into());
    }
    if openings::any_open_at(tx.conn(), command.site_id).await? {
        return Err(Problem::new(Status::Conflict, "site-has-openings").into());
    }
    let now = tx.now();
    employers::keep(tx.conn(), &[employer_id], None).await?;
    employers::end_site(tx.conn(), employer_id, command.site_id, now).await?;
    Ok(())
}
