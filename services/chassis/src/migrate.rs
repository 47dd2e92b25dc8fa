//! Schemas, roles and rights, made by the operator's administrator login (RELIABILITY rule 16).

use proto::Service;
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, PgConnection, migrate::Migrator, postgres::PgConnectOptions,
};

use crate::keys::{Keys, KeysError};

/// The chassis's own tables, made in every schema before the service's.
static RULES_OF_THE_ROAD: Migrator = sqlx::migrate!("./migrations");

/// Why the database could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum MigrateFailed {
    /// The address or the login is not right, or a statement failed.
    #[error("preparing the schema of {service}")]
    Database {
        /// Whose schema.
        service: Service,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// A migration failed or was changed after it ran.
    #[error("migrating the schema of {service}")]
    Migration {
        /// Whose schema.
        service: Service,
        /// Why.
        #[source]
        source: sqlx::migrate::MigrateError,
    },
    /// The keys are not there.
    #[error("reading the keys")]
    Keys(#[from] KeysError),
}

/// Makes the role and schema of a service and runs its migrations. Safe to repeat.
///
/// The role can read and write the tables of its own schema and nothing else: it owns nothing, and
/// has no rights on other schemas or on `public`.
pub async fn migrate(
    administrator: &PgConnectOptions,
    service: Service,
    migrator: &Migrator,
    keys: &Keys,
) -> Result<(), MigrateFailed> {
    let failed = |source| MigrateFailed::Database { service, source };
    let migration = |source| MigrateFailed::Migration { service, source };
    let (schema, role) = (service.schema(), service.database_role());
    let mut conn = administrator.clone().connect().await.map_err(failed)?;

    // Two deployments at once take turns.
    execute(&mut conn, "select pg_advisory_lock(hashtext('dichterbij migrate'))").await.map_err(failed)?;
    execute(&mut conn, &format!("create schema if not exists {schema}")).await.map_err(failed)?;
    execute(&mut conn, "revoke all on schema public from public").await.map_err(failed)?;
    make_role(&mut conn, &role, keys.postgres_password()).await.map_err(failed)?;

    execute(&mut conn, &format!("set search_path = {schema}")).await.map_err(failed)?;
    run(&mut conn, &RULES_OF_THE_ROAD, "_rules_of_the_road").await.map_err(migration)?;
    run(&mut conn, migrator, "_migrations").await.map_err(migration)?;

    for statement in [
        // The function that makes partitions runs as its owner, in this schema only.
        format!("alter function keep_partitions set search_path = {schema}, pg_temp"),
        "revoke all on function keep_partitions from public".to_string(),
        format!("grant usage on schema {schema} to {role}"),
        format!("grant select, insert, update, delete on all tables in schema {schema} to {role}"),
        format!("revoke insert, update, delete on _rules_of_the_road, _migrations from {role}"),
        format!("grant usage, select on all sequences in schema {schema} to {role}"),
        format!("grant execute on all functions in schema {schema} to {role}"),
        "select keep_partitions(now())".to_string(),
    ] {
        execute(&mut conn, &statement).await.map_err(failed)?;
    }
    conn.close().await.map_err(failed)
}

async fn make_role(conn: &mut PgConnection, role: &str, password: &str) -> Result<(), sqlx::Error> {
    let exists: bool = sqlx::query_scalar("select exists (select 1 from pg_roles where rolname = $1)")
        .bind(role)
        .fetch_one(&mut *conn)
        .await?;
    let verb = if exists { "alter" } else { "create" };
    // A password cannot be a parameter of `create role`; let the server quote it.
    let statement: String =
        sqlx::query_scalar("select format('%s role %I login password %L', $1::text, $2::text, $3::text)")
            .bind(verb)
            .bind(role)
            .bind(password)
            .fetch_one(&mut *conn)
            .await?;
    match execute(conn, &statement).await {
        // Roles belong to the whole server; another database's deployment may have been faster.
        Err(sqlx::Error::Database(error))
            if matches!(error.code().as_deref(), Some("42710" | "23505" | "XX000")) =>
        {
            Ok(())
        }
        result => result,
    }
}

async fn run(
    conn: &mut PgConnection,
    migrator: &Migrator,
    table: &str,
) -> Result<(), sqlx::migrate::MigrateError> {
    let mut migrator = Migrator::with_migrations(migrator.iter().cloned().collect());
    migrator.dangerous_set_table_name(table.to_owned());
    // Locked above already, and for all schemas at once.
    migrator.set_locking(false);
    migrator.run(conn).await
}

async fn execute(conn: &mut PgConnection, statement: &str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(conn).await.map(|_| ())
}

/// The number of the newest of the chassis's own migrations.
pub(crate) fn newest_rules() -> i64 {
    RULES_OF_THE_ROAD.iter().map(|migration| migration.version).max().unwrap_or(0)
}

/// The fingerprint of the chassis's own migrations.
pub(crate) fn rules_checksum() -> Vec<u8> {
    RULES_OF_THE_ROAD.iter().flat_map(|migration| migration.checksum.to_vec()).collect()
}
