//! `migrate`: the database, its schemas and roles, and the streams, as this version needs them.

use std::time::Duration;

use async_nats::Client;
use chassis::{
    Config, Keys, keys::Administrator, migrate::migrate as migrate_schema, nats_config::administrator_inbox,
    streams,
};
use proto::permissions::Names;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, postgres::PgConnectOptions};

use crate::{Failure, services};

/// PostgreSQL's "this database does not exist".
const NO_SUCH_DATABASE: &str = "3D000";
/// PostgreSQL's "this database exists": somebody was faster.
const DUPLICATE_DATABASE: &str = "42P04";

/// Why the servers could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// `DATABASE_URL` is not an address.
    #[error("DATABASE_URL is not an address like postgres://user:password@host:5432/dichterbij")]
    Address(#[source] sqlx::Error),
    /// The server does not let us in, or not to that database.
    #[error("PostgreSQL at {host}:{port} does not let the administrator of DATABASE_URL in")]
    Postgres {
        /// Where.
        host: String,
        /// Where.
        port: u16,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// It could not be made.
    #[error("the database {database} does not exist and could not be made")]
    Create {
        /// Its name.
        database: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// NATS does not let the administrator in.
    #[error(
        "NATS at NATS_URL does not let the administrator in; does it have the block of `dichterbij nats-config`?"
    )]
    Nats(#[source] async_nats::ConnectError),
}

/// Does all of it. Safe to repeat, also by two at a time.
pub async fn migrate() -> Result<(), Failure> {
    let config = Config::from_env()?;
    let administrator = database_administrator(&config)?;
    make_database(&administrator).await?;
    let reference = services::reference(&config)?;
    for service in services::all(&reference) {
        let keys = Keys::load(&config.secrets, service.which)?;
        migrate_schema(&administrator, service.which, service.migrator, &keys).await?;
    }
    let nats = nats_administrator(&config).await?;
    streams::ensure(&nats, &Names::default(), config.replicas).await?;
    nats.drain().await?;
    Ok(())
}

/// How the administrator logs in.
pub fn database_administrator(config: &Config) -> Result<PgConnectOptions, MigrateError> {
    let options: PgConnectOptions = config.database_url.parse().map_err(MigrateError::Address)?;
    Ok(options.application_name("dichterbij-migrate"))
}

async fn make_database(administrator: &PgConnectOptions) -> Result<(), MigrateError> {
    let refused = |source| MigrateError::Postgres {
        host: administrator.get_host().to_owned(),
        port: administrator.get_port(),
        source,
    };
    let missing = match administrator.connect().await {
        Ok(connection) => return connection.close().await.map_err(refused),
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(NO_SUCH_DATABASE) => {
            administrator.get_database().unwrap_or("dichterbij").to_owned()
        }
        Err(error) => return Err(refused(error)),
    };
    let failed = |source| MigrateError::Create { database: missing.clone(), source };
    let mut connection = administrator.clone().database("postgres").connect().await.map_err(refused)?;
    let statement: String = sqlx::query_scalar("select format('create database %I', $1::text)")
        .bind(&missing)
        .fetch_one(&mut connection)
        .await
        .map_err(failed)?;
    match sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await {
        Ok(_) => {}
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some(DUPLICATE_DATABASE) => {}
        Err(error) => return Err(failed(error)),
    }
    connection.close().await.map_err(failed)
}

/// Connects as the identity that makes streams and consumers. A server without accounts lets it in too.
pub async fn nats_administrator(config: &Config) -> Result<Client, Failure> {
    let seed = Administrator::load(&config.secrets)?.nats_seed().to_owned();
    let client = async_nats::ConnectOptions::new()
        .name("dichterbij-administrator")
        .custom_inbox_prefix(administrator_inbox(&Names::default()))
        .request_timeout(Some(Duration::from_secs(10)))
        .nkey(seed)
        .connect(&config.nats_url)
        .await
        .map_err(MigrateError::Nats)?;
    Ok(client)
}
