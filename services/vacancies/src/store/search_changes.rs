//! What employers changed in their search.

use chrono::{DateTime, Utc};
use proto::vacancies::RequirementKind;
use sqlx::PgConnection;

use crate::domain::{opening::Opening, search_change::SearchChange};

/// Writes down what a change of an opening's text changed in the search.
pub async fn insert(
    conn: &mut PgConnection,
    opening: &Opening,
    change: &SearchChange,
    after_advice: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let dropped: Vec<&str> = match change {
        SearchChange::RequirementDropped(kinds) => kinds.iter().copied().map(RequirementKind::name).collect(),
        SearchChange::HoursChanged { .. } | SearchChange::RouteChanged { .. } => Vec::new(),
    };
    sqlx::query(
        "insert into search_changes
             (opening_id, version, kind, employer_id, route, region, dropped, after_advice, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(opening.opening_id.0)
    .bind(opening.version)
    .bind(change.kind())
    .bind(opening.employer_id.0)
    .bind(opening.content.details().route().name())
    .bind(&opening.content.area().region)
    .bind(dropped)
    .bind(after_advice)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
