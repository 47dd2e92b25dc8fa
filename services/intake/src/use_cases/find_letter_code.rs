//! Finds whose registration the code of a letter or message is, and counts misses.

use chassis::{Caller, Fault, Tx};
use proto::{Actor, Problem, Sealed, Status, intake::VisitorNetwork};
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
    network: Option<VisitorNetwork>,
) -> Result<Option<SeekerRow>, Fault> {
    let all = (Uuid::nil(), MOST_MISSES_OF_VISITORS);
    let counted = match &caller.actor {
        Actor::Seeker { seeker_id } => vec![(seeker_id.0, MOST_MISSES)],
        // Her own count first, so that one guesser does not hold up the others at the common one.
        Actor::Visitor | Actor::Account { .. } | Actor::Service { .. } => {
            network.map(|network| (network.0, MOST_MISSES)).into_iter().chain([all]).collect()
        }
    };
    let now = tx.now();
    let typed = letter_code::typed(&app.open(code)?);
    for (by, most) in &counted {
        if letter_codes::misses_since(tx.conn(), *by, now - MISSES_WINDOW).await? >= *most {
            return Err(Problem::new(Status::TooMany, "letter-codes-too-many").into());
        }
    }
    let person = match typed {
        Some(code) => {
            let hash = crypt::letter_code_hash(app.vault(), &code);
            letter_codes::person(tx.conn(), &hash, now).await?
        }
        None => None,
    };
    let Some(person) = person else {
        for (by, _) in counted {
            letter_codes::miss(tx.conn(), by, now).await?;
        }
        return Ok(None);
    };
    Ok(seekers::lock(tx.conn(), person).await?)
}
