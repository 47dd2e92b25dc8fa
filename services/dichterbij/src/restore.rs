//! `restore`: the tables of a backup into an empty database, and what was told since from the streams
//! (docs/adr/0010, docs/operations.md).
//!
//! The tables are filled in one transaction, so there is no half-filled database. What follows is safe to repeat:
//! every schema says in its table `restores` how far it is, the services refuse to start before it is done, and
//! the same command goes on where it was.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use chassis::{
    Chance as _, Clock, Config,
    chance::OsChance,
    restore::{self, Mark},
};
use clap::Args;
use proto::{CloudEvent, EventId, SeekerId, Service, intake::SeekerErased, permissions::Names};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, PgConnection};
use uuid::Uuid;

use crate::{
    Failure,
    backup::{self, Begin, End, Identity, Passing, Reader, Table, described, read_identity, verify},
    erasures::{self, Erased},
    migrate::{database_administrator, nats_administrator},
};

/// How long sessions of services that were just stopped may take to end.
const SESSIONS_END: Duration = Duration::from_secs(3);

/// From what.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The backup
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// The file with the secret key
    #[arg(long, value_name = "KEY")]
    identity: PathBuf,
    /// The ledger of `dichterbij erasures export`: needed when the streams are lost too
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

/// Why nothing is restored.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The schemas are not there.
    #[error("the schema of {0} is not there: run `dichterbij migrate` first")]
    NoSchema(Service),
    /// The schemas are of another version.
    #[error(
        "the backup was made by version {made_by}, and the schema of {schema} is another one here: restore with \
         that version of dichterbij, then run `migrate` with this one"
    )]
    OtherSchema {
        /// Who made the backup.
        made_by: String,
        /// Which schema.
        schema: String,
    },
    /// Rows are there.
    #[error(
        "{table} is not empty: a backup goes into a new database only (create one, and run `dichterbij migrate`)"
    )]
    NotEmpty {
        /// Where the first of them was seen.
        table: String,
    },
    /// Services are at work.
    #[error("services are connected to this database ({0}): stop them first")]
    Connected(String),
    /// Something else is under way.
    #[error("another `dichterbij migrate` or `restore` is at work on this database")]
    Busy,
    /// It holds another backup.
    #[error(
        "this database holds the backup {0}, whose restore is not finished: finish that one, or begin with a new \
         database"
    )]
    OtherBackup(Uuid),
    /// What was filled in is not what was read.
    #[error("{table}: {what}")]
    Differs {
        /// Which table.
        table: String,
        /// What differs.
        what: String,
    },
}

/// Where a database stands.
#[derive(Debug, PartialEq, Eq)]
enum Situation {
    /// Nothing of a restore is there, or only the mark of one that filled nothing.
    New,
    /// The tables of this backup are there.
    Loaded(Uuid),
    /// Only the services have to start.
    Known,
}

/// Does it.
///
/// # Errors
/// When the file, the database or the streams do not let it. Before the tables are filled nothing is changed.
pub async fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = Config::from_env()?;
    let identity = read_identity(&arguments.identity)?;
    // All of it is read before anything is touched.
    let (begin, end) = verify(&arguments.from, &identity)?;
    println!("{}", described(&begin, &end));
    let erased = match &arguments.erasures {
        Some(path) => erasures::read(path, &config)?,
        None => Vec::new(),
    };
    let nats = nats_administrator(&config).await?;
    let options = database_administrator(&config)?.application_name("dichterbij-restore");
    let mut conn = options.connect().await?;
    let alone: bool = sqlx::query_scalar("select pg_try_advisory_lock(hashtext('dichterbij migrate'))")
        .fetch_one(&mut conn)
        .await?;
    if !alone {
        return Err(RestoreError::Busy.into());
    }
    fits(&mut conn, &begin).await?;
    let restore_id = match situation(&mut conn, &begin).await? {
        Situation::Known => {
            println!("All of it is restored already. Start the services.");
            return Ok(());
        }
        Situation::Loaded(restore_id) => {
            println!("The tables are filled already; going on with what was told since.");
            restore_id
        }
        Situation::New => {
            let restore_id = OsChance.uuid_v4();
            fill(&mut conn, arguments, &identity, &begin, &end, restore_id).await?;
            println!("The tables are filled.");
            restore_id
        }
    };
    catch_up(&mut conn, &nats, &config, &erased, restore_id).await?;
    conn.close().await?;
    nats.drain().await?;
    Ok(())
}

async fn use_schema(conn: &mut PgConnection, service: Service) -> Result<(), sqlx::Error> {
    let statement = format!("set search_path = {}", service.schema());
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(conn).await?;
    Ok(())
}

/// Whether the schemas are there, and exactly those of the backup.
async fn fits(conn: &mut PgConnection, begin: &Begin) -> Result<(), Failure> {
    for service in Service::ALL {
        let there: bool = sqlx::query_scalar("select to_regclass($1 || '.restores') is not null")
            .bind(service.schema())
            .fetch_one(&mut *conn)
            .await?;
        if !there {
            return Err(RestoreError::NoSchema(service).into());
        }
    }
    let here = backup::migrations(conn).await?;
    let other = begin.migrations.iter().find(|(schema, made_of)| here.get(*schema) != Some(*made_of));
    let missing = here.keys().find(|schema| !begin.migrations.contains_key(*schema));
    if let Some(schema) = other.map(|(schema, _)| schema).or(missing) {
        let (made_by, schema) = (begin.program.clone(), schema.clone());
        return Err(RestoreError::OtherSchema { made_by, schema }.into());
    }
    let tables = backup::tables(conn).await?;
    if let Some(other) = tables.iter().find(|table| !begin.tables.contains(table)) {
        let (made_by, schema) = (begin.program.clone(), other.schema.clone());
        return Err(RestoreError::OtherSchema { made_by, schema }.into());
    }
    Ok(())
}

async fn situation(conn: &mut PgConnection, begin: &Begin) -> Result<Situation, Failure> {
    let mut open: Vec<Mark> = Vec::new();
    for service in Service::ALL {
        use_schema(conn, service).await?;
        open.extend(restore::latest(&mut *conn).await?.filter(|mark| mark.loaded_at.is_some()));
    }
    // One that is over is no concern of this one, which then finds that the tables are not empty.
    let Some(first) = open.iter().find(|mark| mark.opened_at.is_none()) else { return Ok(Situation::New) };
    if let Some(other) = open.iter().find(|mark| mark.backup_id != begin.backup_id) {
        return Err(RestoreError::OtherBackup(other.backup_id).into());
    }
    // All schemas are filled in one transaction; what follows is done one by one.
    let known = open.iter().all(|mark| mark.known_at.is_some());
    Ok(if known { Situation::Known } else { Situation::Loaded(first.restore_id) })
}

/// Marks, looks whether it may, fills. Whatever goes wrong, nothing is left but marks, and those are taken back
/// unless this process dies.
async fn fill(
    conn: &mut PgConnection,
    arguments: &Arguments,
    identity: &Identity,
    begin: &Begin,
    end: &End,
    restore_id: Uuid,
) -> Result<(), Failure> {
    is_empty(conn, &begin.tables).await?;
    let mut tx = conn.begin().await?;
    for service in Service::ALL {
        use_schema(&mut tx, service).await?;
        // Of a restore that died.
        restore::drop_unloaded(&mut tx).await?;
        restore::mark(&mut tx, restore_id, begin.backup_id, begin.taken_at).await?;
    }
    tx.commit().await?;
    // Who starts from here on sees the mark and refuses; who started before is seen.
    let filled = match nobody_is_connected(conn).await {
        Ok(()) => load(conn, &arguments.from, identity, begin, end, restore_id).await,
        Err(error) => Err(error),
    };
    if let Err(error) = filled {
        take_marks_back(conn).await?;
        return Err(error);
    }
    Ok(())
}

async fn take_marks_back(conn: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut tx = conn.begin().await?;
    for service in Service::ALL {
        use_schema(&mut tx, service).await?;
        restore::drop_unloaded(&mut tx).await?;
    }
    tx.commit().await
}

async fn is_empty(conn: &mut PgConnection, tables: &[Table]) -> Result<(), Failure> {
    for table in tables {
        let statement = format!("select exists (select 1 from {})", table.sql());
        let filled: bool = sqlx::query_scalar(AssertSqlSafe(statement)).fetch_one(&mut *conn).await?;
        if filled {
            return Err(RestoreError::NotEmpty { table: table.sql() }.into());
        }
    }
    Ok(())
}

async fn nobody_is_connected(conn: &mut PgConnection) -> Result<(), Failure> {
    let roles: Vec<String> = Service::ALL.map(Service::database_role).to_vec();
    let until = tokio::time::Instant::now() + SESSIONS_END;
    loop {
        let connected: Vec<String> = sqlx::query_scalar(
            "select distinct usename::text from pg_stat_activity
             where datname = current_database() and usename = any($1) order by 1",
        )
        .bind(&roles)
        .fetch_all(&mut *conn)
        .await?;
        if connected.is_empty() {
            return Ok(());
        }
        if tokio::time::Instant::now() > until {
            return Err(RestoreError::Connected(connected.join(", ")).into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Fills all tables in one transaction.
async fn load(
    conn: &mut PgConnection,
    from: &Path,
    identity: &Identity,
    begin: &Begin,
    end: &End,
    restore_id: Uuid,
) -> Result<(), Failure> {
    let mut tx = conn.begin().await?;
    sqlx::raw_sql("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0")
        .execute(&mut *tx)
        .await?;
    // Read a second time, and hashed again: another file may stand there now.
    let mut reader = Reader::open(from, identity)?;
    for (table, sum) in begin.tables.iter().zip(&end.tables) {
        let differs = |what: &str| RestoreError::Differs { table: table.sql(), what: what.to_owned() };
        let statement = format!("copy {} ({}) from stdin (format binary)", table.sql(), table.columns_sql());
        let mut copy = tx.copy_in_raw(&statement).await?;
        let mut passing = Passing::default();
        for number in 1.. {
            let Some(part) = reader.part(table, number)? else { break };
            passing.pass(&part).map_err(|what: String| differs(&what))?;
            copy.send(part).await?;
        }
        let rows = copy.finish().await?;
        if passing.finish(table).map_err(|what: String| differs(&what))? != *sum || rows != sum.rows {
            return Err(differs("the file was changed while it was read").into());
        }
    }
    if reader.end()? != *end {
        return Err("the backup was changed while it was read".into());
    }
    for sequence in &end.sequences {
        sqlx::query("select setval(format('%I.%I', $1, $2)::regclass, $3)")
            .bind(&sequence.schema)
            .bind(&sequence.name)
            .bind(sequence.last)
            .execute(&mut *tx)
            .await?;
    }
    for service in Service::ALL {
        use_schema(&mut tx, service).await?;
        restore::set_loaded(&mut tx, restore_id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// What was told after the backup, erasures that only the ledger knows, consumers from the beginning: in this order.
/// A service may start only when all of that is done, and a consumer that began anew before it would give its service
/// events that it has yet to take in by its hook.
async fn catch_up(
    conn: &mut PgConnection,
    nats: &async_nats::Client,
    config: &Config,
    erased: &[Erased],
    restore_id: Uuid,
) -> Result<(), Failure> {
    let names = Names::default();
    let report = restore::hear(nats, &names, conn).await?;
    println!("{} messages on the streams; told after the backup:", report.heard);
    for ((service, event), count) in &report.told {
        println!("  {count:>8} {event} of {service}");
    }
    if report.unreadable > 0 {
        println!("  {:>8} messages that are no event of ours", report.unreadable);
    }
    let mut only_there = 0;
    for Erased { seeker_id, version, .. } in erased {
        let now = Clock::default().machine_now();
        let seeker_id = SeekerId(*seeker_id);
        let fact = SeekerErased { seeker_id, version: *version };
        let id = EventId(OsChance.uuid_v7(now));
        let event = CloudEvent::new(id, now, &config.organisation, None, fact);
        only_there += u32::from(restore::say_erased(conn, &event).await?);
    }
    if !erased.is_empty() {
        println!("  {only_there:>8} erasures that only the ledger of {} knows", erased.len());
    }
    restore::start_consumers_anew(nats, &names, 1).await?;
    let mut tx = conn.begin().await?;
    for service in Service::ALL {
        use_schema(&mut tx, service).await?;
        restore::set_known(&mut tx, restore_id).await?;
    }
    tx.commit().await?;
    // Plans for queries on what was empty a moment ago would be bad ones.
    sqlx::raw_sql("reset search_path; analyze").execute(conn).await?;
    println!("Restored. Start the services: each first takes in what it told after the backup, then works.");
    Ok(())
}
