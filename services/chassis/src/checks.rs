//! Servers that cannot keep our promises are refused at the start (RELIABILITY rule 11).

use sqlx::PgPool;

/// A server on which data could be lost without anyone noticing.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// A setting of PostgreSQL.
    #[error("PostgreSQL has {setting} = {value}, and it must be {wanted}: acknowledged data could be lost")]
    Postgres {
        /// Which setting.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What it must be.
        wanted: &'static str,
    },
    /// PostgreSQL did not say.
    #[error("PostgreSQL did not say how it is set up")]
    Unknown(#[from] sqlx::Error),
    /// An old NATS server drops settings it does not know, without a word.
    #[error("nats-server is {version}; 2.14 or newer is needed")]
    Nats {
        /// What it is.
        version: String,
    },
}

const WANTED: [(&str, &str); 4] =
    [("data_checksums", "on"), ("fsync", "on"), ("full_page_writes", "on"), ("synchronous_commit", "on")];

/// Checks PostgreSQL's version and its settings for durability.
pub async fn postgres(pool: &PgPool) -> Result<(), Unsafe> {
    let version: i32 =
        sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(pool).await?;
    if version < 150_000 {
        let value = version.to_string();
        return Err(Unsafe::Postgres { setting: "server_version_num", value, wanted: "150000 or more" });
    }
    for (setting, wanted) in WANTED {
        let value: String =
            sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(pool).await?;
        if value != wanted {
            return Err(Unsafe::Postgres { setting, value, wanted });
        }
    }
    Ok(())
}

/// Checks the version of the NATS server.
pub fn nats(client: &async_nats::Client) -> Result<(), Unsafe> {
    let version = client.server_info().version;
    let mut numbers = version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < (2, 14) { Err(Unsafe::Nats { version }) } else { Ok(()) }
}
