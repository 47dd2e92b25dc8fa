//! The append-only table of every yes and no.

use chrono::{DateTime, Utc};
use proto::intake::{Consent, Purpose};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::domain::{consent::ConsentChannel, person::Said};

/// One yes or no to write down.
#[derive(Debug, Clone)]
pub struct NewConsent<'a> {
    /// Whose.
    pub seeker_id: Uuid,
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Which text she saw or heard.
    pub text_version: &'a str,
    /// How it was given.
    pub how: How<'a>,
}

/// How a yes or no was given, as stored.
#[derive(Debug, Clone)]
pub struct How<'a> {
    /// By which channel.
    pub channel: ConsentChannel,
    /// Encrypted under her key; `None` exactly when she said it herself.
    pub evidence: Option<Vec<u8>>,
    /// The organisation that helped, if one did.
    pub with_help_of: Option<&'a str>,
}

impl How<'_> {
    /// By herself, without help.
    pub const HERSELF: How<'static> =
        How { channel: ConsentChannel::Herself, evidence: None, with_help_of: None };
}

/// Writes down what was said, in this order.
pub async fn append(
    conn: &mut PgConnection,
    said: &[NewConsent<'_>],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into consents (seeker_id, purpose, given, text_version, channel, evidence, with_help_of, at)
         select seeker_id, purpose, given, text_version, channel, evidence, with_help_of, $8
         from unnest($1::uuid[], $2::text[], $3::boolean[], $4::text[], $5::text[], $6::bytea[], $7::text[])
              with ordinality as t (seeker_id, purpose, given, text_version, channel, evidence, with_help_of, n)
         order by n",
    )
    .bind(said.iter().map(|one| one.seeker_id).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.purpose.name().to_owned()).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.given).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.text_version.to_owned()).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.how.channel.name().to_owned()).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.how.evidence.clone()).collect::<Vec<_>>())
    .bind(said.iter().map(|one| one.how.with_help_of.map(str::to_owned)).collect::<Vec<_>>())
    .bind(now)
    .execute(conn)
    .await?;
    Ok(())
}

/// A row as read.
type Row = (String, bool, DateTime<Utc>, String, String, Option<String>);

fn consent((purpose, given, at, text_version, how, with_help_of): Row) -> Consent {
    let purpose = Purpose::from_name(&purpose).expect("the table checks purposes");
    Consent { purpose, given, at, text_version, how, with_help_of }
}

/// What someone last said per purpose, in the order of the form.
pub async fn latest(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Vec<Consent>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select distinct on (purpose) purpose, given, at, text_version, channel, with_help_of
         from consents where seeker_id = $1 order by purpose, consent_id desc",
    )
    .bind(seeker_id)
    .fetch_all(conn)
    .await?;
    let mut consents: Vec<_> = rows.into_iter().map(consent).collect();
    consents.sort_by_key(|consent| consent.purpose);
    Ok(consents)
}

/// Everything someone ever said, oldest first.
pub async fn all(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Vec<Consent>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select purpose, given, at, text_version, channel, with_help_of
         from consents where seeker_id = $1 order by consent_id",
    )
    .bind(seeker_id)
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(consent).collect())
}

/// Yes or no alone.
pub fn said(consents: &[Consent]) -> Said {
    consents.iter().map(|consent| (consent.purpose, consent.given)).collect()
}

/// Yes or no per purpose, as last said.
pub async fn said_by(conn: &mut PgConnection, seeker_id: Uuid) -> Result<Said, sqlx::Error> {
    Ok(said(&latest(conn, seeker_id).await?))
}
