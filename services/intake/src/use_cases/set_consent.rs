//! Writes down a yes or no to one purpose, with effect at once.

use chassis::{Caller, Fault, Tx};
use proto::{
    Problem,
    intake::{Purpose, SetConsent},
};

use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
        person::Home,
    },
    events::publish,
    store::{
        consents::{self, NewConsent},
        crypt, seekers,
    },
};

/// Saying the same about the same text again changes nothing.
pub async fn set_consent(app: &App, tx: &mut Tx, caller: &Caller, command: &SetConsent) -> Result<(), Fault> {
    may(&caller.actor, Act::SetConsent(command.seeker_id), app.chassis.config.profile)?;
    let SetConsent { purpose, given, .. } = *command;
    if let Some(problem) = fields::text_version("text_version", &command.text_version) {
        return Err(Problem::fields(vec![problem]).into());
    }
    let now = tx.now();
    let seeker =
        seekers::lock(tx.conn(), command.seeker_id.0).await?.ok_or_else(|| Problem::not_found("seeker"))?;
    let before = consents::latest(tx.conn(), seeker.seeker_id).await?;
    let same = before.iter().any(|consent| {
        consent.purpose == purpose && consent.given == given && consent.text_version == command.text_version
    });
    if same {
        return Ok(());
    }
    let consent =
        NewConsent { seeker_id: seeker.seeker_id, purpose, given, text_version: &command.text_version };
    consents::append(tx.conn(), &[consent], now).await?;
    if purpose == Purpose::Figures && !given {
        // It was kept for this purpose only, so it goes; told or not told yet.
        seekers::save_entry_point(tx.conn(), seeker.seeker_id, None).await?;
    }
    let mut said = consents::said(&before);
    said.say(purpose, given);
    let version = seeker.version + 1;
    seekers::save_version(tx.conn(), seeker.seeker_id, version, now).await?;
    let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
    let home: Home = key.decrypt(crypt::WISHES, &seeker.wishes)?;
    let ids = publish::ids(seeker.seeker_id, seeker.open_file_id, seeker.background_id);
    tx.publish(publish::profile(ids, version, &home, &said)).await?;
    Ok(())
}
