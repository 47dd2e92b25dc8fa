//! What people say to proposals, and what employers answer.

use std::collections::HashSet;

use chassis::{Fault, Tx};
use chrono::{DateTime, Utc};
use proto::{
    EmployerId, OpeningId, ProposalId, SeekerId,
    matcher::{EmployerAnswer, Mark, MyMark, NotForMe, Reason},
};
use sqlx::{FromRow, PgConnection, PgPool, types::Json};
use uuid::Uuid;

use crate::{
    domain::{index::Marks, said::Said},
    may::Scope,
    store::{named, proposals::Held},
};

const WANTED: &str = "wanted";
const NOT_FOR_ME: &str = "not_for_me";
const TAKEN_BACK: &str = "taken_back";

/// Whose opening it is, and in which region the work is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owner {
    /// The employer.
    pub employer_id: EmployerId,
    /// The labour-market region's code.
    pub region: String,
}

#[derive(Debug, FromRow)]
struct Row {
    proposal_id: Uuid,
    opening_id: Uuid,
    employer_id: Option<Uuid>,
    region: Option<String>,
    mark: String,
    reason: Option<String>,
    at: DateTime<Utc>,
    answer_by: Option<DateTime<Utc>>,
    answer: Option<String>,
    answered_at: Option<DateTime<Utc>>,
}

/// The columns of [`Row`].
macro_rules! columns {
    () => {
        "proposal_id, opening_id, employer_id, region, mark, reason, at, answer_by, answer, answered_at"
    };
}

impl Row {
    fn said(&self) -> Result<Said, sqlx::Error> {
        let mark = match self.mark.as_str() {
            WANTED => Mark::Wanted,
            NOT_FOR_ME => {
                let reason = self.reason.as_deref();
                let reason = reason.map(|reason| named("reason", reason, NotForMe::from_name)).transpose()?;
                Mark::NotForMe { reason }
            }
            _ => Mark::TakenBack,
        };
        let answer = self.answer.as_deref();
        let answer = answer.map(|answer| named("answer", answer, EmployerAnswer::from_name)).transpose()?;
        Ok(Said { mark, at: self.at, answer_by: self.answer_by, answer: answer.zip(self.answered_at) })
    }

    fn owner(&self) -> Option<Owner> {
        let (employer_id, region) = (self.employer_id?, self.region.clone()?);
        Some(Owner { employer_id: EmployerId(employer_id), region })
    }
}

/// What was said to a proposal that is held, and whose opening it was then.
pub(crate) async fn of_proposal(
    conn: &mut PgConnection,
    held: Held,
) -> Result<Option<(Said, Option<Owner>)>, sqlx::Error> {
    let row: Option<Row> =
        sqlx::query_as(concat!("select ", columns!(), " from marks where proposal_id = $1"))
            .bind(held.proposal_id.0)
            .fetch_optional(conn)
            .await?;
    row.map(|row| Ok((row.said()?, row.owner()))).transpose()
}

/// Keeps what is now said to a proposal that is held.
pub(crate) async fn keep(tx: &mut Tx, held: Held, said: &Said, owner: Option<&Owner>) -> Result<(), Fault> {
    let (mark, reason) = match said.mark {
        Mark::Wanted => (WANTED, None),
        Mark::NotForMe { reason } => (NOT_FOR_ME, reason),
        Mark::TakenBack => (TAKEN_BACK, None),
    };
    sqlx::query(
        "insert into marks (proposal_id, seeker_id, opening_id, employer_id, region, mark, reason, at,
             answer_by, answer, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (proposal_id) do update set
             employer_id = excluded.employer_id, region = excluded.region, mark = excluded.mark,
             reason = excluded.reason, at = excluded.at, answer_by = excluded.answer_by,
             answer = excluded.answer, answered_at = excluded.answered_at",
    )
    .bind(held.proposal_id.0)
    .bind(held.seeker_id.0)
    .bind(held.opening_id.0)
    .bind(owner.map(|owner| owner.employer_id.0))
    .bind(owner.map(|owner| owner.region.as_str()))
    .bind(mark)
    .bind(reason.map(NotForMe::name))
    .bind(said.at)
    .bind(said.answer_by)
    .bind(said.answer.map(|(answer, _)| answer.name()))
    .bind(said.answer.map(|(_, at)| at))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The openings a person does not want.
pub(crate) async fn unwanted(pool: &PgPool, seeker_id: SeekerId) -> Result<HashSet<OpeningId>, sqlx::Error> {
    let ids: Vec<Uuid> =
        sqlx::query_scalar("select opening_id from marks where seeker_id = $1 and mark = 'not_for_me'")
            .bind(seeker_id.0)
            .fetch_all(pool)
            .await?;
    Ok(ids.into_iter().map(OpeningId).collect())
}

/// What people say to an opening.
pub(crate) async fn of_opening(pool: &PgPool, opening_id: OpeningId) -> Result<Marks, sqlx::Error> {
    let rows: Vec<(Uuid, bool)> = sqlx::query_as(
        "select seeker_id, mark = 'wanted' from marks where opening_id = $1 and mark <> 'taken_back'",
    )
    .bind(opening_id.0)
    .fetch_all(pool)
    .await?;
    let mut marks = Marks::default();
    for (seeker_id, wanted) in rows {
        let people = if wanted { &mut marks.wanted } else { &mut marks.not_for_me };
        people.insert(SeekerId(seeker_id));
    }
    Ok(marks)
}

/// What a person said, newest first.
pub(crate) async fn of_seeker(
    pool: &PgPool,
    seeker_id: SeekerId,
    limit: i64,
) -> Result<Vec<MyMark>, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "select ",
        columns!(),
        " from marks where seeker_id = $1 order by at desc, proposal_id limit $2"
    ))
    .bind(seeker_id.0)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let marks = rows.into_iter().map(|row| {
        let Said { mark, at, answer_by, answer } = row.said()?;
        Ok(MyMark {
            proposal_id: ProposalId(row.proposal_id),
            opening_id: OpeningId(row.opening_id),
            mark,
            at,
            answer_by,
            answer,
        })
    });
    marks.collect()
}

/// A yes that may be seen, with what she was shown when she said it.
#[derive(Debug)]
pub(crate) struct Yes {
    /// The proposal.
    pub proposal_id: ProposalId,
    /// Who said it.
    pub seeker_id: SeekerId,
    /// To which opening.
    pub opening_id: OpeningId,
    /// Whose opening.
    pub employer_id: EmployerId,
    /// When, and what was answered.
    pub said: Said,
    /// How far it was when she was shown it.
    pub km: f64,
    /// Why it was shown to her.
    pub reasons: Vec<Reason>,
}

/// Which yeses are asked for.
#[derive(Debug)]
pub(crate) struct Wanted<'a> {
    /// Those that the actor may see.
    pub scope: &'a Scope,
    /// Only to this opening.
    pub opening_id: Option<OpeningId>,
    /// Only to openings of this employer.
    pub employer_id: Option<EmployerId>,
    /// Only those without an answer.
    pub only_open: bool,
}

#[derive(FromRow)]
struct YesRow {
    #[sqlx(flatten)]
    mark: Row,
    seeker_id: Uuid,
    km: f64,
    reasons: Json<Vec<Reason>>,
}

/// The rows that [`wanted`] is about.
macro_rules! that_are_wanted {
    () => {
        " from marks join proposals using (proposal_id, seeker_id, opening_id) join profiles using (seeker_id)
          where mark = 'wanted' and not paused
              and (employer_id = $1 or marks.region = any($2))
              and ($3::uuid is null or opening_id = $3)
              and ($4::uuid is null or employer_id = $4)
              and not ($5 and answer is not null)"
    };
}

/// The yeses of people who take part now: who waits longest for an answer first, then those that were
/// answered, newest answer first; and how many there are in all.
pub(crate) async fn wanted(
    pool: &PgPool,
    wanted: &Wanted<'_>,
    offset: i64,
    limit: i64,
) -> Result<(Vec<Yes>, i64), sqlx::Error> {
    let (own, regions) = (wanted.scope.employer_id.map(|id| id.0), &wanted.scope.regions);
    let (opening_id, employer_id) = (wanted.opening_id.map(|id| id.0), wanted.employer_id.map(|id| id.0));
    let total: i64 = sqlx::query_scalar(concat!("select count(*)", that_are_wanted!()))
        .bind(own)
        .bind(regions)
        .bind(opening_id)
        .bind(employer_id)
        .bind(wanted.only_open)
        .fetch_one(pool)
        .await?;
    let rows: Vec<YesRow> = sqlx::query_as(concat!(
        "select proposal_id, opening_id, employer_id, marks.region, mark, reason, at, answer_by, answer,
             answered_at, seeker_id, km, reasons",
        that_are_wanted!(),
        " order by answered_at is not null, case when answered_at is null then at end, answered_at desc,
             proposal_id
          offset $6 limit $7"
    ))
    .bind(own)
    .bind(regions)
    .bind(opening_id)
    .bind(employer_id)
    .bind(wanted.only_open)
    .bind(offset)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let yeses = rows.into_iter().map(|row| {
        let owner =
            row.mark.owner().ok_or_else(|| sqlx::Error::Decode("a yes to nobody's opening".into()))?;
        Ok(Yes {
            proposal_id: ProposalId(row.mark.proposal_id),
            seeker_id: SeekerId(row.seeker_id),
            opening_id: OpeningId(row.mark.opening_id),
            employer_id: owner.employer_id,
            said: row.mark.said()?,
            km: row.km,
            reasons: row.reasons.0,
        })
    });
    Ok((yeses.collect::<Result<_, sqlx::Error>>()?, total))
}
