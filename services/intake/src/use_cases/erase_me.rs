//! Erases everything about a person, because she asks for it.

use chassis::{Caller, Fault, Tx};
use proto::{Actor, Problem, intake::EraseMe};

use super::erase::erase_seeker;
use crate::{
    App,
    domain::may::{PersonAct, Standing, may_to_person},
    store::{erasures, seekers},
};

/// Only she herself may. Twice changes nothing.
pub async fn erase_me(app: &App, tx: &mut Tx, caller: &Caller, command: &EraseMe) -> Result<(), Fault> {
    let is_she = matches!(caller.actor, Actor::Seeker { seeker_id } if seeker_id == command.seeker_id);
    let standing = if is_she { Standing::Herself } else { Standing::Stranger };
    may_to_person(standing, PersonAct::Erase)?;
    match seekers::lock(tx.conn(), command.seeker_id.0).await? {
        Some(seeker) => erase_seeker(app, tx, &seeker).await,
        None if erasures::is_erased(tx.conn(), command.seeker_id.0).await? => Ok(()),
        None => Err(Problem::not_found("seeker").into()),
    }
}
