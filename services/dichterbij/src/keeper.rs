//! The keeper of the streams inside `run`.

use std::sync::Arc;

use chassis::{Chance, Config, fault::Chain, keeper::Keeper};
use proto::permissions::Names;

use crate::{Failure, migrate::nats_administrator};

/// Where it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// By name: it must run.
    Alone,
    /// Together with all services: it runs if the administrator's secrets are here.
    WithAll,
}

/// Begins to keep the streams; `None` when the secrets are elsewhere and nobody asked for it by name.
pub async fn start(
    config: &Config,
    asked: Asked,
    chance: &Arc<dyn Chance>,
) -> Result<Option<Keeper>, Failure> {
    match nats_administrator(config).await {
        Ok(client) => Ok(Some(Keeper::start(&client, &Names::default(), chance, config.replicas))),
        Err(error) if asked == Asked::WithAll => {
            tracing::warn!(
                error = %Chain(&*error),
                "nobody keeps the streams here: what is erased stays in them for 30 days unless `dichterbij \
                 run streams` runs where the administrator's secrets are"
            );
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
