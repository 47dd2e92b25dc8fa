//! An account manager adds an employer of her own region.

use chassis::{Caller, Fault, Tx};
use proto::{
    EmployerId, FieldProblem, Problem, Status,
    vacancies::{AddEmployer, EmployerContact},
};

use crate::{
    Vacancies,
    domain::employer,
    may::{self, Deed, Owner},
    store::employers,
};

/// The column of the contact, as its cipher text is bound to it.
pub(crate) const CONTACT_COLUMN: &str = "employer_contacts.contact";

/// Adds the employer and keeps its contact encrypted.
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
    let AddEmployer { name, kvk_number, postcode, contact } = command;
    // Whoever may add none at all need not hear what is wrong with this one.
    may::importer(&caller.actor)?;
    let employer_id = EmployerId(tx.chance().uuid_v4());
    let checked = employer::check(employer_id, kvk_number, name, postcode, &app.reference);
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
    let region = &employer.site.area.region;
    may::check(&caller.actor, Deed::AddEmployer, Owner { employer_id: None, region })?;

    let now = tx.now();
    if employers::insert_new(tx.conn(), std::slice::from_ref(&employer), now).await? == 0 {
        let mut problem = Problem::new(Status::Conflict, "employer-exists");
        let kvk_numbers = std::slice::from_ref(&employer.kvk_number);
        if let Some(known) = employers::by_kvk(tx.conn(), kvk_numbers).await?.get(&employer.kvk_number) {
            let owner = Owner { employer_id: Some(known.employer_id()), region: &known.region };
            if may::may(&caller.actor, Deed::Look, owner) {
                problem = problem.with("employer_id", known.employer_id());
            }
        }
        return Err(problem.into());
    }
    if let Some(contact) = contact {
        let vault = app.vault()?;
        let wrapped_key = vault.new_data_key(&*tx.chance(), employer_id.0);
        let key = vault
            .open_data_key(&wrapped_key, employer_id.0)
            .map_err(|error| Fault::broken("opening the key of a contact", error))?;
        let stored = key.encrypt_json(&*tx.chance(), CONTACT_COLUMN, &contact);
        employers::keep_contact(tx.conn(), employer_id, &wrapped_key, &stored).await?;
    }
    Ok(employer_id)
}
