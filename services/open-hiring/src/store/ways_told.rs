//! The table of how people can be reached, as intake told it since they signed up.

use proto::{SeekerId, intake::WaysChanged, open_hiring::Ways};
use sqlx::PgConnection;
use uuid::Uuid;

use super::tickets::{bits, ways};

/// Keeps it, if it is newer; whether it was.
pub(crate) async fn keep(conn: &mut PgConnection, told: &WaysChanged) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into ways_told (seeker_id, version, ways) values ($1, $2, $3)
         on conflict (seeker_id) do update set version = excluded.version, ways = excluded.ways
         where ways_told.version < excluded.version",
    )
    .bind(told.seeker_id.0)
    .bind(told.version)
    .bind(bits(told.ways))
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What was told of these people.
pub(crate) async fn of(
    conn: &mut PgConnection,
    seekers: &[Uuid],
) -> Result<Vec<(SeekerId, Ways)>, sqlx::Error> {
    let rows: Vec<(Uuid, i16)> =
        sqlx::query_as("select seeker_id, ways from ways_told where seeker_id = any($1)")
            .bind(seekers)
            .fetch_all(conn)
            .await?;
    Ok(rows.into_iter().map(|(seeker_id, bits)| (SeekerId(seeker_id), ways(bits))).collect())
}

/// Forgets what was told of somebody.
pub(crate) async fn forget(conn: &mut PgConnection, seeker_id: SeekerId) -> Result<(), sqlx::Error> {
    sqlx::query("delete from ways_told where seeker_id = $1").bind(seeker_id.0).execute(conn).await?;
    Ok(())
}
