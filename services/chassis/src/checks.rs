//! Servers and settings that cannot keep our promises are refused at the start, each with what to do about it
//! (RELIABILITY rules 10, 11, 16, 18, 32).
//!
//! Durability of PostgreSQL, the rights of a service, its schema and the clock are checked in every profile; what
//! only an operator can set up (a guarded NATS with TLS and a monitor) in production, where a refusal is safer than
//! a promise that does not hold.

use std::{net::IpAddr, time::Duration};

use async_nats::{ConnectOptions, ServerAddr};
use chrono::{DateTime, Utc};
use proto::Service;
use serde::Deserialize;
use sqlx::{PgConnection, PgExecutor, migrate::Migrator};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    clock::Clock,
    config::{Config, Profile},
    migrate::newest_rules,
    store::BOUNDS,
};

/// Seconds between the clocks of two machines from which on an operator is warned.
pub const CLOCK_WARNING: f64 = 2.0;
/// Seconds from which on nothing starts: signatures and deadlines of calls would not hold.
const CLOCK_REFUSED: f64 = 60.0;
/// Bytes that a message may have at least: the limit that ours keep below.
const PAYLOAD: u64 = 1_000_000;
/// Connections that people and tools need beside the services.
const FOR_PEOPLE: i64 = 5;
/// Connections of a service beside its pool: the relay's own.
const BESIDE_POOL: u32 = 1;
/// How long the monitor of NATS may take.
const ANSWER: Duration = Duration::from_secs(5);

/// A server or a setting with which data could be lost without anyone noticing.
#[derive(Debug, thiserror::Error)]
pub enum Unsafe {
    /// A setting of PostgreSQL.
    #[error("PostgreSQL has {setting} = {value}, and it must be {wanted}: {advice}")]
    Postgres {
        /// Which setting.
        setting: &'static str,
        /// What it is.
        value: String,
        /// What it must be.
        wanted: &'static str,
        /// What to do.
        advice: &'static str,
    },
    /// A setting that a service asks for at log-in did not arrive.
    #[error(
        "{service} asked PostgreSQL for {setting} = {wanted} and has {value}: a pooler in between drops what is asked \
         at log-in; connect without it, or let it pass `options`"
    )]
    NotInForce {
        /// Which service.
        service: Service,
        /// Which setting.
        setting: &'static str,
        /// What was asked.
        wanted: String,
        /// What it is.
        value: String,
    },
    /// The role of a service may more than its own schema.
    #[error(
        "the role {role} {what}; run `dichterbij migrate`, and take from it by hand what it has beyond that"
    )]
    Role {
        /// Which role.
        role: String,
        /// What it may.
        what: String,
    },
    /// The schema is not the one that this program was made for.
    #[error("the schema of {service} is at {has} and this program needs {needs}: {advice}")]
    Schema {
        /// Whose.
        service: Service,
        /// Where it is: number of the chassis's own migrations, then of the service's.
        has: String,
        /// Where it must be.
        needs: String,
        /// What to do.
        advice: &'static str,
    },
    /// Not enough connections for everybody.
    #[error(
        "{services} services with {each} connections each, {processes} times, make {needed}, and PostgreSQL has \
         {there} for them: raise max_connections, or lower DBJ_POOL or DBJ_PROCESSES"
    )]
    Connections {
        /// How many services the platform has.
        services: usize,
        /// Connections of one.
        each: u32,
        /// Replicas of each.
        processes: u32,
        /// How many that makes.
        needed: i64,
        /// How many there are.
        there: i64,
    },
    /// The clocks do not agree.
    #[error(
        "this machine's clock is {seconds:.0} s away from that of PostgreSQL: set both by NTP, then start again"
    )]
    Clocks {
        /// By how much, positive when this machine is ahead.
        seconds: f64,
    },
    /// PostgreSQL did not say.
    #[error("PostgreSQL did not say how it is set up")]
    Unknown(#[from] sqlx::Error),
    /// The NATS server is not as it must be.
    #[error("NATS {what}: {advice}")]
    Nats {
        /// What is so.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// Its monitor did not say.
    #[error("the monitor of NATS at {address} (DBJ_NATS_MONITOR) {what}")]
    Monitor {
        /// Where.
        address: String,
        /// What is so.
        what: String,
    },
}

fn nats_is(what: impl Into<String>, advice: &'static str) -> Unsafe {
    Unsafe::Nats { what: what.into(), advice }
}

const LOSES: &str = "acknowledged data could be lost";

/// Setting, what it may be, what to do.
const WANTED: [(&str, &[&str], &str); 6] = [
    (
        "data_checksums",
        &["on"],
        "damaged pages would be read as if they were right; stop it and run `pg_checksums --enable`",
    ),
    ("fsync", &["on"], LOSES),
    ("full_page_writes", &["on"], LOSES),
    ("synchronous_commit", &["on", "remote_apply"], LOSES),
    (
        "default_transaction_isolation",
        &["read committed"],
        "the locks of the services are made for it; take it out of the configuration",
    ),
    ("zero_damaged_pages", &["off"], "damaged pages would be emptied without a word"),
];

/// Checks PostgreSQL's version and its settings for durability.
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn postgres(conn: &mut PgConnection) -> Result<(), Unsafe> {
    let version: i32 =
        sqlx::query_scalar("select current_setting('server_version_num')::int").fetch_one(&mut *conn).await?;
    if version < 150_000 {
        return Err(Unsafe::Postgres {
            setting: "server_version_num",
            value: version.to_string(),
            wanted: "150000 or more",
            advice: "use PostgreSQL 15 or newer",
        });
    }
    for (setting, wanted, advice) in WANTED {
        let value: String =
            sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&mut *conn).await?;
        if !wanted.contains(&value.as_str()) {
            return Err(Unsafe::Postgres { setting, value, wanted: wanted[0], advice });
        }
    }
    let is_copy: bool = sqlx::query_scalar("select pg_is_in_recovery()").fetch_one(&mut *conn).await?;
    if is_copy {
        return Err(Unsafe::Postgres {
            setting: "pg_is_in_recovery",
            value: "true".to_owned(),
            wanted: "false",
            advice: "this is a copy that cannot be written; name the primary in DATABASE_URL",
        });
    }
    Ok(())
}

/// Checks what a service is inside PostgreSQL: its bounds are in force, and it may nothing but its own schema.
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn role(conn: &mut PgConnection, service: Service) -> Result<(), Unsafe> {
    for (setting, wanted) in BOUNDS {
        let value: String =
            sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&mut *conn).await?;
        if value != wanted {
            return Err(Unsafe::NotInForce { service, setting, wanted: wanted.to_owned(), value });
        }
    }
    let role = service.database_role();
    let (is_super, bypasses, makes_roles, makes_databases): (bool, bool, bool, bool) = sqlx::query_as(
        "select rolsuper, rolbypassrls or rolreplication, rolcreaterole, rolcreatedb
         from pg_roles where rolname = current_user",
    )
    .fetch_one(&mut *conn)
    .await?;
    let may = [
        (is_super, "is a superuser"),
        (bypasses, "may pass over row security or replicate"),
        (makes_roles, "may make roles"),
        (makes_databases, "may make databases"),
    ];
    if let Some((_, what)) = may.into_iter().find(|(may, _)| *may) {
        return Err(Unsafe::Role { role, what: what.to_owned() });
    }
    let others: Option<String> = sqlx::query_scalar(
        "select string_agg(nspname, ', ' order by nspname) from pg_namespace
         where nspname !~ '^pg_' and nspname not in ('information_schema', current_schema())
           and has_schema_privilege(oid, 'usage')",
    )
    .fetch_one(&mut *conn)
    .await?;
    if let Some(others) = others {
        return Err(Unsafe::Role { role, what: format!("may look into the schemas {others}") });
    }
    let makes: bool = sqlx::query_scalar("select has_schema_privilege(current_schema(), 'create')")
        .fetch_one(&mut *conn)
        .await?;
    if makes {
        return Err(Unsafe::Role { role, what: "may make tables in its schema".to_owned() });
    }
    Ok(())
}

/// Checks that a schema is exactly the one that this program was made for.
///
/// # Errors
/// [`Unsafe::Schema`] when it is older, newer or half made.
pub async fn schema(conn: &mut PgConnection, service: Service, migrator: &Migrator) -> Result<(), Unsafe> {
    let (rules, own, half): (i64, i64, bool) = sqlx::query_as(
        "select (select coalesce(max(version), 0) from _rules_of_the_road),
                (select coalesce(max(version), 0) from _migrations),
                exists (select 1 from _rules_of_the_road where not success
                        union all select 1 from _migrations where not success)",
    )
    .fetch_one(&mut *conn)
    .await?;
    let newest = migrator.iter().map(|migration| migration.version).max().unwrap_or(0);
    let (has, needs) = ((rules, own), (newest_rules(), newest));
    let advice = if half {
        "a migration broke off; mend what its log says and run `dichterbij migrate`"
    } else if has == needs {
        return Ok(());
    } else if has.0 > needs.0 || has.1 > needs.1 {
        "it was made by a newer version; start that version, or restore the backup made before the migration"
    } else {
        "run `dichterbij migrate` of this version"
    };
    let words = |(rules, own): (i64, i64)| format!("{rules}/{own}");
    Err(Unsafe::Schema { service, has: words(has), needs: words(needs), advice })
}

/// Adds up the connections of the whole platform against what PostgreSQL has (rule 18).
///
/// # Errors
/// [`Unsafe::Connections`] when somebody would be refused one day.
pub async fn connections(conn: &mut PgConnection, config: &Config) -> Result<(), Unsafe> {
    let there: i64 = sqlx::query_scalar(
        "select coalesce(sum(case name when 'max_connections' then setting::int else -setting::int end), 0)::bigint
         from pg_settings
         where name in ('max_connections', 'superuser_reserved_connections', 'reserved_connections')",
    )
    .fetch_one(&mut *conn)
    .await?;
    let (services, each, processes) = (Service::ALL.len(), config.pool + BESIDE_POOL, config.processes);
    let needed = services as i64 * i64::from(each) * i64::from(processes);
    let there = there - FOR_PEOPLE;
    if needed > there {
        return Err(Unsafe::Connections { services, each, processes, needed, there });
    }
    Ok(())
}

/// Seconds that this machine's clock is ahead of PostgreSQL's.
///
/// # Errors
/// When PostgreSQL does not answer.
pub async fn clock_difference(asked: impl PgExecutor<'_>, clock: &Clock) -> Result<f64, sqlx::Error> {
    let before = clock.machine_now();
    let there: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(asked).await?;
    let after = clock.machine_now();
    // The answer was made somewhere between the two; the middle is off by half the round trip at most.
    let middle = before + (after - before) / 2;
    Ok((middle - clock.read(there)).num_milliseconds() as f64 / 1_000.0)
}

/// Judges the difference of the clocks.
///
/// # Errors
/// [`Unsafe::Clocks`] beyond a minute.
pub fn clocks(seconds: f64) -> Result<(), Unsafe> {
    if seconds.abs() > CLOCK_REFUSED {
        return Err(Unsafe::Clocks { seconds });
    }
    if seconds.abs() > CLOCK_WARNING {
        tracing::warn!(seconds, "this machine's clock and that of PostgreSQL differ: set both by NTP");
    }
    Ok(())
}

/// Checks what the NATS server says of itself when a client connects.
///
/// # Errors
/// The first thing that is not as it must be.
pub fn nats(client: &async_nats::Client) -> Result<(), Unsafe> {
    let info = client.server_info();
    // An old server drops settings it does not know, without a word.
    let mut numbers = info.version.split(['.', '-']).map_while(|part| part.parse::<u32>().ok());
    let (major, minor) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if (major, minor) < (2, 14) {
        let what = format!("is version {}", info.version);
        return Err(nats_is(what, "use nats-server 2.14 or newer"));
    }
    if !info.jetstream {
        return Err(nats_is(
            "has no JetStream",
            "give it `jetstream { store_dir: …, sync_interval: always }`",
        ));
    }
    if (info.max_payload as u64) < PAYLOAD {
        let what = format!("takes messages of {} bytes at most", info.max_payload);
        return Err(nats_is(what, "set `max_payload: 1MB`"));
    }
    Ok(())
}

/// What the monitor says at `/varz`, as far as we ask.
#[derive(Deserialize)]
struct Varz {
    server_id: String,
    #[serde(default)]
    cluster: Cluster,
    ping_interval: u64,
    ping_max: u32,
    #[serde(default)]
    jetstream: JetStream,
}

#[derive(Default, Deserialize)]
struct Cluster {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
struct JetStream {
    config: Option<JetStreamConfig>,
}

#[derive(Deserialize)]
struct JetStreamConfig {
    #[serde(default)]
    sync_always: bool,
}

/// The longest that a call to a frozen replica stays unnoticed: `ping_interval: 2s`, `ping_max: 2`.
const PING_NANOSECONDS: u64 = 2_000_000_000;
const PINGS: u32 = 2;

/// Checks what only the monitor of the server tells: whether it syncs what it acknowledges (rule 10), and how soon
/// it notices a frozen client (DESIGN rule 6).
///
/// # Errors
/// The first thing that is not as it must be; [`Unsafe::Monitor`] when it does not say.
pub async fn nats_monitor(address: &str, client: &async_nats::Client) -> Result<(), Unsafe> {
    let failed = |what: String| Unsafe::Monitor { address: address.to_owned(), what };
    let body = tokio::time::timeout(ANSWER, get(address, "/varz"))
        .await
        .map_err(|_| failed(format!("does not answer within {} s", ANSWER.as_secs())))?
        .map_err(|error| failed(format!("does not answer: {error}")))?;
    let varz: Varz =
        serde_json::from_str(&body).map_err(|error| failed(format!("says what no NATS says: {error}")))?;
    let info = client.server_info();
    let same_cluster = info.cluster.is_some() && info.cluster == varz.cluster.name;
    if varz.server_id != info.server_id && !same_cluster {
        return Err(failed("belongs to another server than NATS_URL: name the right one".to_owned()));
    }
    match varz.jetstream.config {
        Some(JetStreamConfig { sync_always: true }) => {}
        _ => {
            return Err(nats_is(
                "acknowledges before it has synced to disk",
                "set `sync_interval: always` in its `jetstream` block, or a power cut loses what was acknowledged",
            ));
        }
    }
    if varz.ping_interval > PING_NANOSECONDS || varz.ping_max > PINGS {
        let what =
            format!("asks every {} s up to {} times", varz.ping_interval / 1_000_000_000, varz.ping_max);
        return Err(nats_is(
            what,
            "set `ping_interval: \"2s\"` and `ping_max: 2`, or a frozen replica swallows calls for minutes",
        ));
    }
    Ok(())
}

/// Checks that the server lets nobody in without a key, and that nobody listens on the way (rule 32).
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn nats_guarded(config: &Config, client: &async_nats::Client) -> Result<(), Unsafe> {
    let address: ServerAddr = config
        .nats_url
        .parse()
        .map_err(|_| nats_is("has an address that cannot be read", "write NATS_URL as tls://host:4222"))?;
    if address.username().is_some() || address.password().is_some() {
        return Err(nats_is(
            "is reached with a password",
            "take it out of NATS_URL: services log in with the keys of `dichterbij keys`",
        ));
    }
    let is_here = address.host() == "localhost"
        || address.host().trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !is_here && !address.tls_required() && !client.server_info().tls_required {
        return Err(nats_is(
            "is reached over a network without TLS",
            "give it a `tls` block, and write NATS_URL as tls://host:4222 (SSL_CERT_FILE names a CA of your own)",
        ));
    }
    // The client logs the refusal as an error; this line says that it is wanted.
    tracing::info!("knocking at NATS without a key: it must refuse");
    let nobody = ConnectOptions::new()
        .name("dichterbij-check: must be refused")
        .connection_timeout(ANSWER)
        .connect(format!("{}://{}:{}", address.scheme(), address.host(), address.port()))
        .await;
    if let Ok(let_in) = nobody {
        let _ = let_in.drain().await;
        return Err(nats_is(
            "lets in who has no key",
            "give it the block of `dichterbij nats-config`, and no `no_auth_user`",
        ));
    }
    Ok(())
}

/// All of NATS: once for a process, over the connection of one of its services.
///
/// # Errors
/// The first thing that is not as it must be.
pub async fn nats_server(config: &Config, client: &async_nats::Client) -> Result<(), Unsafe> {
    nats(client)?;
    match &config.nats_monitor {
        Some(address) => nats_monitor(address, client).await?,
        None if config.profile == Profile::Production => {
            return Err(Unsafe::Monitor {
                address: "nowhere".to_owned(),
                what: "is needed to see whether NATS syncs what it acknowledges: set it to the `http` address of \
                       nats-server, like http://127.0.0.1:8222"
                    .to_owned(),
            });
        }
        None => {}
    }
    if config.profile == Profile::Production {
        nats_guarded(config, client).await?;
    }
    Ok(())
}

/// What was not checked, in words, for the readiness output.
pub fn not_checked(config: &Config) -> Option<&'static str> {
    config.nats_monitor.is_none().then_some(
        "DBJ_NATS_MONITOR is not set: whether NATS syncs what it acknowledges was not checked (development only)",
    )
}

/// One page of a server in the same network. A request of three lines needs no HTTP library.
async fn get(address: &str, path: &str) -> Result<String, std::io::Error> {
    /// More than any server tells.
    const MOST: u64 = 1 << 20;
    let host = address.trim_start_matches("http://").trim_end_matches('/');
    let mut connection = TcpStream::connect(host).await?;
    let request = format!("GET {path} HTTP/1.0\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.take(MOST).read_to_string(&mut answer).await?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.split_whitespace().nth(1) == Some("200") => Ok(body.to_owned()),
        _ => {
            let first = answer.lines().next().unwrap_or_default();
            Err(std::io::Error::other(format!("{first:?}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_a_minute_apart_are_refused_either_way() {
        assert!(clocks(0.3).is_ok() && clocks(-59.0).is_ok());
        for seconds in [61.0, -61.0] {
            assert!(clocks(seconds).unwrap_err().to_string().contains("61 s away"), "{seconds}");
        }
    }
}
