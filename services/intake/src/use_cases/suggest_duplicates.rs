//! Suggests that a new record and an older one are one person: people decide.

use chassis::{Fault, Tx};
use proto::{AccountId, SeekerId};

use crate::store::{duplicates, seekers};

/// For someone who was just registered with a contact that others use too. The same first name with the
/// same contact is a reason to ask, and never enough to join them by itself.
pub(super) async fn suggest_duplicates(
    tx: &mut Tx,
    seeker_id: SeekerId,
    caused_by: AccountId,
) -> Result<(), Fault> {
    let now = tx.now();
    let Some(seeker) = seekers::find(tx.conn(), seeker_id.0).await? else { return Ok(()) };
    let contact = seeker.contact_index.as_ref().or(seeker.contact_hint_index.as_ref());
    let (Some(contact), Some(name)) = (contact, &seeker.name_index) else { return Ok(()) };
    let alike = duplicates::alike(tx.conn(), seeker_id, contact, name).await?;
    for older in alike {
        let duplicate_id = tx.chance().uuid_v4();
        duplicates::suggest(tx.conn(), duplicate_id, older, seeker_id.0, Some(caused_by), now).await?;
    }
    Ok(())
}
