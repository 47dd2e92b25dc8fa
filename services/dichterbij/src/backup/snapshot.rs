//! Writes the tables of all services as they are at one moment.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use chassis::{Chance, restore};
use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use proto::Service;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{
    contents::{BEGIN, Begin, END, End, FORMAT, Migration, Passing, Sequence, Table, ToldUpTo},
    tar,
};

/// A part of a table; so much memory is needed.
const PART_BYTES: usize = 4 * 1024 * 1024;

/// Why no backup was made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SnapshotError {
    /// The database did not give it.
    #[error("reading the tables")]
    Store(#[from] sqlx::Error),
    /// The file did not take it.
    #[error("writing the backup")]
    Write(#[from] io::Error),
    /// Nothing to make one of.
    #[error("the schema of {0} is not there: is DATABASE_URL right, and was `dichterbij migrate` run?")]
    NoSchema(Service),
    /// What is there is not the whole truth.
    #[error("{0} was restored and has not taken in what it told since: start the services first")]
    GateClosed(Service),
    /// A mistake in a migration.
    #[error("tables refer to each other in a circle: {0}")]
    Circle(String),
    /// PostgreSQL gave what this program does not know.
    #[error("{table}: {what}")]
    NotACopy {
        /// Which table.
        table: String,
        /// Why.
        what: String,
    },
}

/// Writes all of it. The connection is the administrator's, fresh, and of nothing else.
///
/// # Errors
/// [`SnapshotError`]; then what was written is of no use.
pub(super) async fn write(
    conn: &mut PgConnection,
    out: &mut impl Write,
    chance: &dyn Chance,
) -> Result<(Begin, End), SnapshotError> {
    // One snapshot for every statement from here on, however long it takes.
    sqlx::raw_sql("begin isolation level repeatable read, read only").execute(&mut *conn).await?;
    sqlx::raw_sql("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0")
        .execute(&mut *conn)
        .await?;
    for service in Service::ALL {
        if table_names(conn, service.schema().as_str()).await?.is_empty() {
            return Err(SnapshotError::NoSchema(service));
        }
        let statement = format!("set local search_path = {}", service.schema());
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut *conn).await?;
        if restore::latest(&mut *conn).await?.is_some_and(|mark| mark.opened_at.is_none()) {
            return Err(SnapshotError::GateClosed(service));
        }
    }
    let taken_at: DateTime<Utc> = sqlx::query_scalar("select now()").fetch_one(&mut *conn).await?;
    let begin = Begin {
        format: FORMAT,
        backup_id: chance.uuid_v4(),
        taken_at,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        migrations: migrations(conn).await?,
        tables: tables(conn).await?,
    };
    tar::write_file(out, BEGIN, &json(&begin)?)?;
    let mut sums = Vec::with_capacity(begin.tables.len());
    for table in &begin.tables {
        sums.push(write_table(conn, out, table).await?);
    }
    // After the tables: numbers given meanwhile are skipped, and none is given twice.
    let end = End { tables: sums, sequences: sequences(conn).await?, told: told(conn).await? };
    tar::write_file(out, END, &json(&end)?)?;
    tar::write_end(out)?;
    sqlx::raw_sql("commit").execute(conn).await?;
    Ok((begin, end))
}

fn json(value: &impl serde::Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec_pretty(value).map_err(io::Error::other)
}

async fn write_table(
    conn: &mut PgConnection,
    out: &mut impl Write,
    table: &Table,
) -> Result<super::contents::Sum, SnapshotError> {
    let not_a_copy = |what| SnapshotError::NotACopy { table: table.sql(), what };
    let statement =
        format!("copy (select {} from {}) to stdout (format binary)", table.columns_sql(), table.sql());
    let mut copy = conn.copy_out_raw(&statement).await?;
    let (mut passing, mut part, mut number) = (Passing::default(), Vec::new(), 0);
    while let Some(bytes) = copy.try_next().await? {
        passing.pass(&bytes).map_err(not_a_copy)?;
        part.extend_from_slice(&bytes);
        if part.len() >= PART_BYTES {
            number += 1;
            tar::write_file(out, &table.part(number), &part)?;
            part.clear();
        }
    }
    if !part.is_empty() {
        tar::write_file(out, &table.part(number + 1), &part)?;
    }
    passing.finish(table).map_err(not_a_copy)
}

/// The tables of a schema, whole ones only: partitions are read with what they are part of.
async fn table_names(conn: &mut PgConnection, schema: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition order by c.relname",
    )
    .bind(schema)
    .fetch_all(conn)
    .await
}

/// What every schema is made of.
pub(crate) async fn migrations(
    conn: &mut PgConnection,
) -> Result<BTreeMap<String, Vec<Migration>>, sqlx::Error> {
    let mut all = BTreeMap::new();
    for service in Service::ALL {
        let schema = service.schema();
        let mut of_schema = Vec::new();
        for table in ["_rules_of_the_road", "_migrations"] {
            let statement = format!(
                "select version, encode(checksum, 'hex') from {schema}.{table} where success order by version"
            );
            let rows: Vec<(i64, String)> =
                sqlx::query_as(AssertSqlSafe(statement)).fetch_all(&mut *conn).await?;
            let table = table.to_owned();
            of_schema.extend(rows.into_iter().map(|(version, checksum)| Migration {
                table: table.clone(),
                version,
                checksum,
            }));
        }
        all.insert(schema, of_schema);
    }
    Ok(all)
}

/// Every table that a backup holds, in an order in which they can be filled.
pub(crate) async fn tables(conn: &mut PgConnection) -> Result<Vec<Table>, SnapshotError> {
    let mut tables = Vec::new();
    for service in Service::ALL {
        let schema = service.schema();
        let references: Vec<(String, String)> = sqlx::query_as(
            "select t.relname::text, r.relname::text from pg_constraint f
             join pg_class t on t.oid = f.conrelid join pg_class r on r.oid = f.confrelid
             join pg_namespace n on n.oid = t.relnamespace
             where f.contype = 'f' and n.nspname = $1 and t.oid <> r.oid",
        )
        .bind(&schema)
        .fetch_all(&mut *conn)
        .await?;
        let mut left: BTreeSet<String> = table_names(conn, &schema).await?.into_iter().collect();
        left.retain(|table| !restore::not_of_a_backup(table));
        while !left.is_empty() {
            let free: Vec<String> = left
                .iter()
                .filter(|table| !references.iter().any(|(from, to)| from == *table && left.contains(to)))
                .cloned()
                .collect();
            if free.is_empty() {
                return Err(SnapshotError::Circle(left.into_iter().collect::<Vec<_>>().join(", ")));
            }
            for name in free {
                left.remove(&name);
                let columns = columns(conn, &schema, &name).await?;
                tables.push(Table { schema: schema.clone(), name, columns });
            }
        }
    }
    Ok(tables)
}

async fn columns(conn: &mut PgConnection, schema: &str, table: &str) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(
        "select a.attname::text from pg_attribute a join pg_class c on c.oid = a.attrelid
         join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum",
    )
    .bind(schema)
    .bind(table)
    .fetch_all(conn)
    .await
}

async fn sequences(conn: &mut PgConnection) -> Result<Vec<Sequence>, sqlx::Error> {
    let schemas: Vec<String> = Service::ALL.map(Service::schema).to_vec();
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select schemaname::text, sequencename::text, last_value from pg_sequences
         where schemaname = any($1) and last_value is not null order by 1, 2",
    )
    .bind(&schemas)
    .fetch_all(conn)
    .await?;
    let sequence = |(schema, name, last)| Sequence { schema, name, last };
    let of_backup = rows.into_iter().map(sequence).filter(|sequence| !is_of_no_backup(&sequence.name));
    Ok(of_backup.collect())
}

/// The numbers of rows that stay out.
fn is_of_no_backup(sequence: &str) -> bool {
    sequence.starts_with("told_after_backup")
}

async fn told(conn: &mut PgConnection) -> Result<Vec<ToldUpTo>, sqlx::Error> {
    let mut told = Vec::new();
    for service in Service::ALL {
        let schema = service.schema();
        let statement = format!(
            "select split_part(subject, '.', 1), coalesce(max(stream_seq), 0),
                    count(*) filter (where published_at is null)
             from {schema}.outbox group by 1 order by 1"
        );
        let rows: Vec<(String, i64, i64)> =
            sqlx::query_as(AssertSqlSafe(statement)).fetch_all(&mut *conn).await?;
        told.extend(rows.into_iter().map(|(stream, stream_seq, waiting)| ToldUpTo {
            schema: schema.clone(),
            stream,
            stream_seq,
            waiting,
        }));
    }
    Ok(told)
}
