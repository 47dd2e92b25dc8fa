//! Tells where people came in, on the hour, for the figures.

use chassis::Fault;

use crate::{
    App,
    domain::person::Home,
    events::publish,
    store::{crypt, seekers},
};

/// People in one transaction.
const AT_ONCE: i64 = 500;

/// Takes those that are due. Runs by the clock, so the events carry no trace of a registration.
pub async fn tell_entry_points(app: &App) -> Result<(), Fault> {
    loop {
        let mut tx = app.chassis.store.begin().await?;
        let now = tx.now();
        let due = seekers::take_due_entry_points(tx.conn(), now, AT_ONCE).await?;
        if due.is_empty() {
            return Ok(());
        }
        let full = due.len() == AT_ONCE as usize;
        let mut facts = Vec::with_capacity(due.len());
        for seeker in due {
            let ids = publish::ids(seeker.seeker_id, seeker.open_file_id, seeker.background_id);
            let key = app.vault().owner(&seeker.data_key, seeker.seeker_id)?;
            let home: Home = key.decrypt(crypt::WISHES, &seeker.wishes)?;
            if let Some(stored) = &seeker.entry_point {
                let told: String = key.decrypt(crypt::ENTRY_POINT, stored)?;
                facts.push(publish::entry_point(ids.background, seeker.background_version, &home, told));
            }
        }
        tx.publish_all(facts).await?;
        tx.commit().await?;
        if !full {
            return Ok(());
        }
    }
}
