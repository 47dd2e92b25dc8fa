//! What employers changed in their search.

use chrono::{DateTime, Utc};
use proto::vacancies::RequirementKind;
use sqlx::PgConnection;

use crate::domain::{opening::Opening, search_change::SearchChange};

/// Writes down what changes of openings' texts changed in the search, in one statement.
pub async fn insert(
    conn: &mut PgConnection,
    changed: &[(Opening, Vec<SearchChange>)],
    after_advice: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let rows: Vec<(&Opening, &SearchChange)> = changed
        .iter()
        .flat_map(|(opening, changes)| changes.iter().map(move |change| (opening, change)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let dropped = |change: &SearchChange| match change {
        SearchChange::RequirementDropped(kinds) => {
            kinds.iter().copied().map(RequirementKind::name).collect::<Vec<_>>().join(" ")
        }
        SearchChange::HoursChanged { .. } | SearchChange::RouteChanged { .. } => String::new(),
    };
    sqlx::query(
        "insert into search_changes
             (opening_id, version, kind, employer_id, route, region, dropped, after_advice, changed_at)
         select opening_id, version, kind, employer_id, route, region, string_to_array(dropped, ' '), $8, $9
         from unnest($1::uuid[], $2::bigint[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
              as t (opening_id, version, kind, employer_id, route, region, dropped)",
    )
    .bind(rows.iter().map(|(opening, _)| opening.opening_id.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(opening, _)| opening.version).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, change)| change.kind()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(opening, _)| opening.employer_id.0).collect::<Vec<_>>())
    .bind(rows.iter().map(|(opening, _)| opening.content.details().route().name()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(opening, _)| opening.content.area().region.as_str()).collect::<Vec<_>>())
    .bind(rows.iter().map(|(_, change)| dropped(change)).collect::<Vec<_>>())
    .bind(after_advice)
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}
