//! Finds whose registration the code of a letter or message is, and counts misses.

use chassis::{Caller, Fault, Tx};
use proto::{Actor, Problem, Sealed, Status};
use uuid::Uuid;

use crate::{
    App,
    domain::letter_code::{self, MISSES_WINDOW, MOST_MISSES, MOST_MISSES_OF_VISITORS},
    store::{
        crypt, letter_codes,
        seekers::{self, SeekerRow},
    },
};

/// The person, locked; `None` for a code that nobody has, which is counted.
///
/// # Errors
/// `letter-codes-too-many` after too many misses within an hour, also for the right code.
pub(super) async fn find_letter_code(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    code: &Sealed<String>,
) -> Result<Option<SeekerRow>, Fault> {
    let (by, most) = match &caller.actor {
        Actor::Seeker { seeker_id } => (seeker_id.0, MOST_MISSES),
        Actor::Visitor | Actor::Account { .. } | Actor::Service { .. } => {
            (Uuid::nil(), MOST_MISSES_OF_VISITORS)
        }
    };
    let now = tx.now();
    let typed = letter_code::typed(&app.open(code)?);
    if letter_codes::misses_since(tx.conn(), by, now - MISSES_WINDOW).await? >= most {
        return Err(Problem::new(Status::TooMany, "letter-codes-too-many").into());
    }
    let person = match typed {
        Some(code) => {
            let hash = crypt::letter_code_hash(app.vault(), &code);
            letter_codes::person(tx.conn(), &hash, now).await?
        }
        None => None,
    };
    let Some(person) = person else {
        letter_codes::miss(tx.conn(), by, now).await?;
        return Ok(None);
    };
    Ok(seekers::lock(tx.conn(), person).await?)
}
