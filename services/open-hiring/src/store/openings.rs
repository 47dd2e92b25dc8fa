//! The table of openings on this route, as vacancies last told.

use proto::{EmployerId, OpeningId};
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

/// What is known of an opening.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub(crate) struct Opening {
    #[sqlx(rename = "opening_id")]
    pub(crate) id: Uuid,
    pub(crate) version: i64,
    pub(crate) employer_id: Option<Uuid>,
    pub(crate) region: Option<String>,
    pub(crate) state: String,
    pub(crate) is_route: bool,
}

impl Opening {
    /// Whether the employer shows it to nobody for a while.
    pub(crate) fn is_paused(&self) -> bool {
        self.state == "paused"
    }

    /// Whose it is and in which region, if a queue can be opened for it.
    pub(crate) fn is_open_for(&self) -> Option<(EmployerId, &str)> {
        let is_open = self.is_route && self.state == "published";
        Some((EmployerId(self.employer_id?), self.region.as_deref()?)).filter(|_| is_open)
    }
}

/// Keeps what was told, if it is newer; says whether it was.
pub(crate) async fn keep(conn: &mut PgConnection, opening: &Opening) -> Result<bool, sqlx::Error> {
    let done = sqlx::query(
        "insert into openings (opening_id, version, employer_id, region, state, is_route)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (opening_id) do update
         set version = excluded.version, state = excluded.state,
             employer_id = coalesce(excluded.employer_id, openings.employer_id),
             region = coalesce(excluded.region, openings.region),
             is_route = case when excluded.state = 'published' then excluded.is_route else openings.is_route end
         where openings.version < excluded.version
            -- One and the same version may publish and end an opening; the end counts.
            or openings.version = excluded.version and openings.state = 'published' and excluded.state <> 'published'",
    )
    .bind(opening.id)
    .bind(opening.version)
    .bind(opening.employer_id)
    .bind(&opening.region)
    .bind(&opening.state)
    .bind(opening.is_route)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// What is known of an opening.
pub(crate) async fn find(
    conn: &mut PgConnection,
    opening_id: OpeningId,
) -> Result<Option<Opening>, sqlx::Error> {
    sqlx::query_as(
        "select opening_id, version, employer_id, region, state, is_route from openings where opening_id = $1",
    )
    .bind(opening_id.0)
    .fetch_optional(conn)
    .await
}
