//! Someone who may write for an employer adds a contact person, or changes one.

use chassis::{Caller, Fault, Tx, vault::Column};
use proto::{
    ContactId, EmployerId, FieldProblem, Problem, SiteId, Status,
    vacancies::{EmployerContact, SaveContact},
};

use crate::{
    Vacancies,
    domain::employer,
    may::{self, Deed},
    store::{contacts, employers},
};

/// Who a contact person is.
pub(crate) const CONTACT: Column<EmployerContact> = Column::new("employer_contacts.contact");
/// Contact persons that one employer can have.
const MOST_CONTACTS: i64 = 50;

/// Saves the contact person, encrypted under a key of her own.
///
/// # Errors
/// `employer-unknown`, `contact-unknown`, `forbidden`, `fields-invalid`; `contacts-too-many`.
pub async fn save_contact(
    app: &Vacancies,
    tx: &mut Tx,
    caller: &Caller,
    command: &SaveContact,
) -> Result<ContactId, Fault> {
    let employer = employers::lock(tx.conn(), command.employer_id).await?;
    let employer = employer.ok_or_else(|| Problem::not_found("employer"))?;
    may::check(&caller.actor, Deed::Write, employer.owner())?;
    let mut problems = Vec::new();
    if let Some(site_id) = command.site_id {
        let site = employers::site(tx.conn(), site_id).await?;
        if site.is_none_or(|(of, _)| of != command.employer_id) {
            problems.push(FieldProblem::new("site_id", "site-unknown"));
        }
    }
    let unreadable = |_| vec![FieldProblem::new("contact", "contact-unreadable")];
    let opened = app.chassis.keys.open(&command.contact).map_err(unreadable);
    let contact = opened.and_then(|contact| employer::contact(&contact));
    let contact = contact.map_err(|wrong| problems.extend(wrong)).ok();
    let Some(contact) = contact.filter(|_| problems.is_empty()) else {
        return Err(Problem::fields(problems).into());
    };
    let contact_id = match command.contact_id {
        Some(id) => match contacts::lock(tx.conn(), id).await? {
            Some(known) if known.employer_id == command.employer_id => id,
            _ => return Err(Problem::not_found("contact").into()),
        },
        None if contacts::count(tx.conn(), command.employer_id).await? >= MOST_CONTACTS => {
            let many = Problem::new(Status::Conflict, "contacts-too-many");
            return Err(many.with("max", MOST_CONTACTS).into());
        }
        None => ContactId(tx.chance().uuid_v4()),
    };
    employers::keep(tx.conn(), &[command.employer_id], None).await?;
    keep(app, tx, contact_id, command.employer_id, command.site_id, &contact).await?;
    Ok(contact_id)
}

/// Encrypts and stores a contact person; a change gets a fresh key.
pub(super) async fn keep(
    app: &Vacancies,
    tx: &mut Tx,
    contact_id: ContactId,
    employer_id: EmployerId,
    site_id: Option<SiteId>,
    contact: &EmployerContact,
) -> Result<(), Fault> {
    let chance = tx.chance();
    let (wrapped, key) = app.vault()?.new_owner(&*chance, contact_id.0);
    let contact = key.encrypt(&*chance, CONTACT, contact);
    let now = tx.now();
    let kept = contacts::Contact { contact_id, employer_id, site_id, key: wrapped, contact };
    contacts::save(tx.conn(), &kept, now).await?;
    Ok(())
}
