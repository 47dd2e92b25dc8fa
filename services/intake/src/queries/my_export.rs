//! A copy of everything, for herself.

use chassis::{Caller, Fault};
use proto::{
    Problem, Sealed, SeekerId, Service,
    intake::{Export, MyExport},
};

use super::my_details::details;
use crate::{
    App,
    domain::may::{PersonAct, may_to_person},
    store::{consents, contacts, crypt, helpers, referrals, seekers},
};

/// What she told, every yes and no, and who looked; to be read by people and by programs.
pub async fn my_export(app: &App, caller: &Caller, query: &MyExport) -> Result<Sealed<Export>, Fault> {
    let mut tx = app.chassis.store.begin().await?;
    let now = tx.now();
    let standing = helpers::standing(tx.conn(), &caller.actor, query.seeker_id, now).await?;
    may_to_person(standing, PersonAct::Export)?;
    let seeker = seekers::find(tx.conn(), query.seeker_id.0)
        .await?
        .filter(|seeker| seeker.merged_into.is_none())
        .ok_or_else(|| Problem::not_found("seeker"))?;
    let id = seeker.seeker_id;
    let key = app.vault().owner(&seeker.data_key, id)?;
    let letter = seeker.letter.as_deref().map(|stored| key.decrypt(crypt::LETTER, stored)).transpose()?;
    let mut questions = Vec::new();
    for row in referrals::of_seeker(tx.conn(), SeekerId(id)).await? {
        // One of a record that was merged into hers stands under the key of that record.
        let question = if row.seeker_id == id {
            key.decrypt(crypt::QUESTION, &row.question)?
        } else {
            let Some(other) = seekers::find(tx.conn(), row.seeker_id).await? else { continue };
            let key = app.vault().owner(&other.data_key, other.seeker_id)?;
            key.decrypt(crypt::QUESTION, &row.question)?
        };
        questions.push(question);
    }
    let mut contact_looks = contacts::looks(tx.conn(), id).await?;
    contact_looks.reverse();
    let export = Export {
        details: details(app, &mut tx, &seeker).await?,
        consents: consents::all(tx.conn(), id).await?,
        contact_looks,
        letter: letter.map(|letter| format!("{}\n{} {}", letter.street, letter.postcode, letter.town)),
        questions,
        registered_at: seeker.created_at,
        last_heard_at: seeker.last_heard_at,
    };
    Ok(app.chassis.keys.seal(Service::Portal, &export))
}
