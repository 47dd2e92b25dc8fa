//! Who is reached by the number from which a text message came.

use chassis::{Caller, Fault};
use proto::{
    SeekerId,
    intake::{Texter, WhoTexts},
    work::Language,
};

use crate::{
    App,
    domain::{
        contact::{Contact, Kind},
        may::{Act, may},
    },
    store::{crypt, seekers},
};

/// Everybody whom the number reaches: whose own it is, who shares it, and who is one person with one of these. A number
/// that only waits for its code is nobody's yet. No look is written down: nobody sees anything.
pub async fn who_texts(app: &App, caller: &Caller, query: &WhoTexts) -> Result<Vec<Texter>, Fault> {
    may(&caller.actor, Act::AskWhoTexts, app.chassis.config.profile)?;
    let given = app.open(&query.number)?;
    let Some(number) = Contact::parse(&given).ok().filter(|contact| contact.kind() == Kind::Phone) else {
        return Ok(Vec::new());
    };
    let index = crypt::contact_index(app.vault(), number.normalised());
    let mut conn = app.chassis.store.pool().acquire().await?;
    let reached = seekers::reached_by(&mut conn, &index).await?;
    Ok(reached
        .into_iter()
        .map(|(seeker_id, language)| Texter {
            seeker_id: SeekerId(seeker_id),
            language: Language::from_tag(&language).unwrap_or_default(),
        })
        .collect())
}
