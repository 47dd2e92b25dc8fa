//! Proposals that were shown.

use chassis::{Fault, Tx};
use proto::{
    OpeningId, ProposalId, SeekerId,
    matcher::{MadeWith, Reason},
};
use sqlx::types::Json;
use uuid::Uuid;

/// A proposal as shown.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    /// Its id, if this is the first time.
    pub proposal_id: ProposalId,
    /// Which opening.
    pub opening_id: OpeningId,
    /// The version of the opening.
    pub opening_version: i64,
    /// The sum of the weights.
    pub weight: u16,
    /// How far.
    pub km: f64,
    /// Why.
    pub reasons: &'a [Reason],
}

/// Keeps those that were never shown to her before; answers which these are.
pub(crate) async fn keep(
    tx: &mut Tx,
    seeker_id: SeekerId,
    profile_version: i64,
    made_with: &MadeWith,
    shown: &[Shown<'_>],
) -> Result<Vec<ProposalId>, Fault> {
    let now = tx.now();
    let reasons = shown.iter().map(|shown| Json(shown.reasons)).collect::<Vec<_>>();
    let new: Vec<Uuid> = sqlx::query_scalar(
        "insert into proposals (proposal_id, seeker_id, opening_id, profile_version, opening_version, rules,
             vocabulary, change, weight, km, reasons, shown_at)
         select proposal_id, $1, opening_id, $2, opening_version, $3, $4, $5, weight, km, reasons, $6
         from unnest($7::uuid[], $8::uuid[], $9::bigint[], $10::smallint[], $11::double precision[], $12::jsonb[])
             as shown (proposal_id, opening_id, opening_version, weight, km, reasons)
         order by opening_id
         on conflict on constraint proposals_once_per_pair do nothing
         returning proposal_id",
    )
    .bind(seeker_id.0)
    .bind(profile_version)
    .bind(&made_with.rules)
    .bind(&made_with.vocabulary)
    .bind(made_with.change)
    .bind(now)
    .bind(shown.iter().map(|shown| shown.proposal_id.0).collect::<Vec<_>>())
    .bind(shown.iter().map(|shown| shown.opening_id.0).collect::<Vec<_>>())
    .bind(shown.iter().map(|shown| shown.opening_version).collect::<Vec<_>>())
    .bind(shown.iter().map(|shown| i16::try_from(shown.weight).unwrap_or(i16::MAX)).collect::<Vec<_>>())
    .bind(shown.iter().map(|shown| shown.km).collect::<Vec<_>>())
    .bind(reasons)
    .fetch_all(tx.conn())
    .await?;
    Ok(new.into_iter().map(ProposalId).collect())
}
