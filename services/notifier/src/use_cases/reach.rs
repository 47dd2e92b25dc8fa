//! Asks intake where messages to people go.

use chassis::Fault;
use proto::{
    SeekerId,
    intake::{Reach, ReachOf},
};
use uuid::Uuid;

use crate::App;

/// At the moment of sending, one for one; `None` for whom nothing is to be sent.
pub(super) async fn reach(
    app: &App,
    seekers: impl Iterator<Item = Uuid>,
    waits_for_it: bool,
) -> Result<Vec<Option<Reach>>, Fault> {
    let asked = ReachOf { seeker_ids: seekers.map(SeekerId).collect(), waits_for_it };
    let sealed = app.chassis.bus.call_as_service(app.chassis.chance.uuid_v4(), &asked).await?;
    let reaches = app.chassis.keys.open(&sealed);
    reaches.map_err(|error| Fault::broken("opening where people can be reached", error))
}
