//! The append-only table of every yes and no.

use chrono::{DateTime, Utc};
use proto::intake::{Consent, Purpose};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::person::Said;

/// One yes or no to write down.
#[derive(Debug, Clone, Copy)]
pub struct NewConsent<'a> {
    /// Whose.
    pub seeker_id: Uuid,
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Which text she saw.
    pub text_version: &'a str,
}

/// Writes down what was said, in this order, by the person herself.
pub async fn append(
    conn: &mut PgConnection,
    said: &[NewConsent<'_>],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into consents (seeker_id, purpose, given, text_version, channel, at)
         select seeker_id, purpose, given, text_version, 'self', $5
         from unnest($1::uuid[], $2::text[], $3::boolean[], $4::text[])
              with ordinality as t (seeker_id, purpose, given, text_version, n)
         order by n",
    )
    .bind(said.iter().map(|one| one.seeker_id).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.purpose.name().to_owned()).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.given).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.text_version.to_owned()).collect::<Vec<_>>())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// What someone last said per purpose, in the order of the form.
pub async fn latest(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Vec<Consent>, sqlx::Error> {
    let rows: Vec<(String, bool, DateTime<Utc>, String)> = sqlx::query_as(
        "select distinct on (purpose) purpose, given, at, text_version
         from consents where seeker_id = $1 order by purpose, consent_id desc",
    )
    .bind(seeker_id)
    .fetch_all(conn)
    .await?;
    let mut consents: Vec<_> = rows
        .into_iter()
        .map(|(purpose, given, at, text_version)| {
            let purpose = Purpose::from_name(&purpose).expect("the table checks purposes");
            Consent { purpose, given, at, text_version }
        })
        .collect();
    consents.sort_by_key(|consent| consent.purpose);
    Ok(consents)
}

/// Yes or no alone.
pub fn said(consents: &[Consent]) -> Said {
    consents.iter().map(|consent| (consent.purpose, consent.given)).collect()
}
