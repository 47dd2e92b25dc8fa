//! Proposals that were shown.

use chassis::{
    Fault, Tx,
    faults::{Bug, planted},
};
use chrono::{DateTime, Utc};
use proto::{
    OpeningId, ProposalId, SeekerId,
    matcher::{MadeWith, ProposalShown, Reason, ShownProposal},
};
use sqlx::{FromRow, PgConnection, PgPool, types::Json};
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

/// What a proposal of before a restore was made of, as far as the event does not say it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Basis {
    /// The version of the profile that is known now.
    pub profile_version: i64,
    /// The version of the opening that is known now.
    pub opening_version: i64,
    /// How far.
    pub km: f64,
}

/// Keeps a proposal that was shown after the backup from which these tables are. Its weight is not told, and 0.
pub(crate) async fn keep_again(
    conn: &mut PgConnection,
    told: &ProposalShown,
    at: DateTime<Utc>,
    basis: Basis,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "insert into proposals (proposal_id, seeker_id, opening_id, profile_version, opening_version, rules,
             vocabulary, change, weight, km, reasons, shown_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11)",
    )
    .bind(told.proposal_id.0)
    .bind(told.seeker_id.0)
    .bind(told.opening_id.0)
    .bind(basis.profile_version)
    .bind(basis.opening_version)
    .bind(&told.made_with.rules)
    .bind(&told.made_with.vocabulary)
    .bind(told.made_with.change)
    .bind(basis.km)
    .bind(Json(&told.reasons))
    .bind(at)
    .execute(conn)
    .await?;
    Ok(())
}

/// The version of a proposal that is held.
pub(crate) async fn version(conn: &mut PgConnection, held: Held) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select version from proposals where proposal_id = $1")
        .bind(held.proposal_id.0)
        .fetch_one(conn)
        .await
}

/// Raises the version of a proposal that is held to what was told of it.
pub(crate) async fn raise_to(conn: &mut PgConnection, held: Held, version: i64) -> Result<(), sqlx::Error> {
    sqlx::query("update proposals set version = greatest(version, $2) where proposal_id = $1")
        .bind(held.proposal_id.0)
        .bind(version)
        .execute(conn)
        .await?;
    Ok(())
}

/// A proposal that this transaction holds, so that both sides speak one after the other.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "named as everywhere else")]
pub(crate) struct Held {
    /// Which.
    pub proposal_id: ProposalId,
    /// Who was shown it.
    pub seeker_id: SeekerId,
    /// Which opening it is about.
    pub opening_id: OpeningId,
}

impl From<(Uuid, Uuid, Uuid)> for Held {
    fn from((proposal_id, seeker_id, opening_id): (Uuid, Uuid, Uuid)) -> Self {
        Self {
            proposal_id: ProposalId(proposal_id),
            seeker_id: SeekerId(seeker_id),
            opening_id: OpeningId(opening_id),
        }
    }
}

/// Holds the proposal of a pair, if it was shown to her.
pub(crate) async fn hold_of_pair(
    conn: &mut PgConnection,
    seeker_id: SeekerId,
    opening_id: OpeningId,
) -> Result<Option<Held>, sqlx::Error> {
    let statement = if planted(Bug::LockAfterRead) {
        "select proposal_id, seeker_id, opening_id from proposals
         where seeker_id = $1 and opening_id = $2"
    } else {
        "select proposal_id, seeker_id, opening_id from proposals
         where seeker_id = $1 and opening_id = $2 for update"
    };
    let row: Option<(Uuid, Uuid, Uuid)> =
        sqlx::query_as(statement).bind(seeker_id.0).bind(opening_id.0).fetch_optional(conn).await?;
    Ok(row.map(Held::from))
}

/// Holds a proposal.
pub(crate) async fn hold(
    conn: &mut PgConnection,
    proposal_id: ProposalId,
) -> Result<Option<Held>, sqlx::Error> {
    let statement = if planted(Bug::LockAfterRead) {
        "select proposal_id, seeker_id, opening_id from proposals where proposal_id = $1"
    } else {
        "select proposal_id, seeker_id, opening_id from proposals where proposal_id = $1 for update"
    };
    let row: Option<(Uuid, Uuid, Uuid)> =
        sqlx::query_as(statement).bind(proposal_id.0).fetch_optional(conn).await?;
    Ok(row.map(Held::from))
}

/// Raises the version of a proposal that is held; answers it.
pub(crate) async fn raise(conn: &mut PgConnection, held: Held) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("update proposals set version = version + 1 where proposal_id = $1 returning version")
        .bind(held.proposal_id.0)
        .fetch_one(conn)
        .await
}

#[derive(FromRow)]
struct ShownRow {
    proposal_id: Uuid,
    opening_id: Uuid,
    shown_at: DateTime<Utc>,
    reasons: Json<Vec<Reason>>,
    rules: String,
    vocabulary: String,
    change: i64,
}

/// What a person was shown, newest first.
pub(crate) async fn of_seeker(
    pool: &PgPool,
    seeker_id: SeekerId,
    limit: i64,
) -> Result<Vec<ShownProposal>, sqlx::Error> {
    let rows: Vec<ShownRow> = sqlx::query_as(
        "select proposal_id, opening_id, shown_at, reasons, rules, vocabulary, change from proposals
         where seeker_id = $1 order by shown_at desc, proposal_id limit $2",
    )
    .bind(seeker_id.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let shown = rows.into_iter().map(|row| ShownProposal {
        proposal_id: ProposalId(row.proposal_id),
        opening_id: OpeningId(row.opening_id),
        at: row.shown_at,
        reasons: row.reasons.0,
        made_with: MadeWith { rules: row.rules, vocabulary: row.vocabulary, change: row.change },
    });
    Ok(shown.collect())
}

#[derive(FromRow)]
struct ProposalRow {
    proposal_id: Uuid,
    seeker_id: Uuid,
    opening_id: Uuid,
    reasons: Json<Vec<Reason>>,
    rules: String,
    vocabulary: String,
    change: i64,
}

/// Proposals as they were first shown, in the order of their ids, after one of them.
pub(crate) async fn page(
    conn: &mut PgConnection,
    after: Uuid,
    limit: i64,
) -> Result<Vec<ProposalShown>, sqlx::Error> {
    let rows: Vec<ProposalRow> = sqlx::query_as(
        "select proposal_id, seeker_id, opening_id, reasons, rules, vocabulary, change from proposals
         where proposal_id > $1 order by proposal_id limit $2",
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    let shown = rows.into_iter().map(|row| ProposalShown {
        proposal_id: ProposalId(row.proposal_id),
        version: 1,
        seeker_id: SeekerId(row.seeker_id),
        opening_id: OpeningId(row.opening_id),
        reasons: row.reasons.0,
        made_with: MadeWith { rules: row.rules, vocabulary: row.vocabulary, change: row.change },
    });
    Ok(shown.collect())
}
