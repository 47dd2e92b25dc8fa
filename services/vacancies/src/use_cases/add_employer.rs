//! An account manager adds an employer of her own region.

use chassis::{Caller, Fault, Tx};
use proto::{
    ContactId, EmployerId, FieldProblem, Problem, SiteId, Status,
    vacancies::{AddEmployer, EmployerContact},
};

use super::save_contact::keep;
use crate::{
    Vacancies,
    domain::employer,
    may::{self, Deed, Owner},
    store::employers,
};

/// Adds the employer with its first site, and keeps its contact encrypted.
///
/// # Errors
/// `fields-invalid`; `forbidden` when its first site lies in no region of hers; `employer-exists`
/// (with the id, if she may see it) when the KVK number is known.
pub async fn add_employer(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &AddEmployer,
) -> Result<EmployerId, Fault> {
    let AddEmployer { name, kvk_number, site, contact } = command;
    // Whoever may add none at all need not hear what is wrong with this one.
    may::importer(&caller.actor)?;
    let employer_id = EmployerId(tx.chance().uuid_v4());
    let site_id = SiteId(tx.chance().uuid_v4());
    let checked = employer::check(employer_id, kvk_number, name, site_id, site, &app.reference);
    let contact = match contact {
        None => Ok(None),
        Some(sealed) => match app.chassis.keys.open::<EmployerContact>(sealed) {
            Ok(contact) => employer::contact(&contact).map(Some),
            Err(_) => Err(vec![FieldProblem::new("contact", "contact-unreadable")]),
        },
    };
    let (employer, contact) = match (checked, contact) {
        (Ok(employer), Ok(contact)) => (employer, contact),
        (employer, contact) => {
            let mut problems = employer.err().unwrap_or_default();
            problems.extend(contact.err().unwrap_or_default());
            return Err(Problem::fields(problems).into());
        }
    };
    let regions = std::slice::from_ref(&employer.site.at.area.region);
    may::check(&caller.actor, Deed::AddEmployer, Owner { employer_id: None, regions })?;

    let now = tx.now();
    let added = employers::insert_new(tx.conn(), std::slice::from_ref(&employer), None, now).await?;
    let Some(employer_id) = added.get(&employer.kvk_number).copied() else {
        let mut problem = Problem::new(Status::Conflict, "employer-exists");
        let kvk_numbers = std::slice::from_ref(&employer.kvk_number);
        if let Some(known) = employers::by_kvk(tx.conn(), kvk_numbers).await?.get(&employer.kvk_number)
            && may::may(&caller.actor, Deed::Look, known.owner())
        {
            problem = problem.with("employer_id", known.employer_id());
        }
        return Err(problem.into());
    };
    if let Some(contact) = contact {
        let contact_id = ContactId(tx.chance().uuid_v4());
        keep(app, tx, contact_id, employer_id, None, &contact).await?;
    }
    Ok(employer_id)
}
