//! What others may ask. Answers come from the index of this process; looks at people and at
//! proposals are written down before the answer goes out (STANDARDS section 8).

use chassis::{Caller, Fault, Handles};
use proto::{
    Call, FieldProblem, OpeningId, Problem, SeekerId,
    matcher::{
        Count, CountOpenings, CountPeople, OpeningProposals, PairWeight, PairWeights, ProposalsForOpening,
        ProposalsForSeeker, SeekerProposals,
    },
    work::{Hours, TaskCode},
};

use crate::{
    Matcher,
    domain::{
        pair::{Wishes, Work},
        rules::RULES_VERSION,
        words::Words,
    },
    may,
    store::looks::{self, Look},
};

/// The most proposals in one answer.
const MOST_PROPOSALS: usize = 100;
/// The most people, and the most openings, in one question about pairs.
const MOST_OF_A_SIDE: usize = 500;
/// How far anyone may say to travel, in km.
const MOST_KM: u8 = 100;

/// Openings for a person, best first.
pub(crate) async fn proposals_for_seeker(
    app: &Matcher,
    caller: &Caller,
    query: &ProposalsForSeeker,
) -> Result<SeekerProposals, Fault> {
    may::see_openings_for(&caller.actor, query.seeker_id)?;
    refuse(at_most("limit", query.limit.into(), MOST_PROPOSALS))?;
    let (found, made_with) = app.look(|level| {
        let found = level.index.openings_for(query.seeker_id, query.limit.into());
        (found, app.made_with(level.change))
    })?;
    let concerned = [query.seeker_id];
    write_down(app, caller, ProposalsForSeeker::VERB, &concerned, None, made_with.change).await?;
    Ok(match found {
        Some(found) => SeekerProposals {
            proposals: found.proposals,
            total: found.total,
            profile_version: Some(found.profile_version),
            made_with,
        },
        None => SeekerProposals { proposals: Vec::new(), total: 0, profile_version: None, made_with },
    })
}

/// People for an opening, nearest first.
pub(crate) async fn proposals_for_opening(
    app: &Matcher,
    caller: &Caller,
    query: &ProposalsForOpening,
) -> Result<OpeningProposals, Fault> {
    refuse(at_most("per_page", query.per_page as usize, MOST_PROPOSALS))?;
    let opening_id = query.opening_id;
    let from = (query.page as usize).saturating_mul(query.per_page as usize);
    let page = from..from.saturating_add(query.per_page as usize);
    let (found, made_with) = app.look(|level| {
        let visible = may::see_people_for(&caller.actor, level.index.employer_of(opening_id))?;
        Ok::<_, Problem>((level.index.people_for(opening_id, visible, page), app.made_with(level.change)))
    })??;
    let concerned = found.as_ref().map_or(&[][..], |found| &found.seeker_ids);
    write_down(app, caller, ProposalsForOpening::VERB, concerned, Some(opening_id), made_with.change).await?;
    Ok(match found {
        Some(found) => OpeningProposals {
            people: found.people,
            visible: found.visible,
            all: Count::of_people(found.all),
            opening_version: Some(found.opening_version),
            made_with,
        },
        None => OpeningProposals {
            people: Vec::new(),
            visible: 0,
            all: Count::of_people(0),
            opening_version: None,
            made_with,
        },
    })
}

/// The weights of all pairs that pass.
pub(crate) async fn pair_weights(
    app: &Matcher,
    caller: &Caller,
    query: &PairWeights,
) -> Result<Vec<PairWeight>, Fault> {
    may::plan_meetings(&caller.actor)?;
    refuse(at_most("seeker_ids", query.seeker_ids.len(), MOST_OF_A_SIDE).chain(at_most(
        "opening_ids",
        query.opening_ids.len(),
        MOST_OF_A_SIDE,
    )))?;
    let (pairs, change) =
        app.look(|level| (level.index.pair_weights(&query.seeker_ids, &query.opening_ids), level.change))?;
    write_down(app, caller, PairWeights::VERB, &query.seeker_ids, None, change).await?;
    Ok(pairs)
}

/// How many openings these wishes pass. Says nothing about people, so nothing is written down.
pub(crate) async fn count_openings(app: &Matcher, _: &Caller, query: &CountOpenings) -> Result<Count, Fault> {
    refuse(
        unknown_tasks(app.words(), &query.tasks)
            .chain(query.hours.into_iter().flat_map(unsound_hours))
            .chain(
                query
                    .travel
                    .filter(|travel| !(1..=MOST_KM).contains(&travel.max_km))
                    .map(|_| FieldProblem::new("travel", "distance-invalid").with("most", MOST_KM)),
            ),
    )?;
    let wishes = Wishes::of_visitor(query, app.words());
    Ok(Count::Exactly(app.look(|level| level.index.count_openings(&wishes))? as u32))
}

/// How many people could do this work, as it may be shown.
pub(crate) async fn count_people(
    app: &Matcher,
    caller: &Caller,
    query: &CountPeople,
) -> Result<Count, Fault> {
    may::count_people(&caller.actor)?;
    refuse(unknown_tasks(app.words(), &query.tasks).chain(unsound_hours(query.hours)))?;
    let work = Work::of_idea(query, app.words());
    Ok(Count::of_people(app.look(|level| level.index.count_people(&work))?))
}

async fn write_down(
    app: &Matcher,
    caller: &Caller,
    verb: &'static str,
    seeker_ids: &[SeekerId],
    opening_id: Option<OpeningId>,
    change: i64,
) -> Result<(), Fault> {
    let chassis = app.chassis();
    let look = Look { actor: &caller.actor, verb, seeker_ids, opening_id, change };
    looks::append(chassis.store.pool(), chassis.clock.machine_now(), RULES_VERSION, &look).await?;
    Ok(())
}

fn refuse(problems: impl Iterator<Item = FieldProblem>) -> Result<(), Problem> {
    let problems: Vec<FieldProblem> = problems.collect();
    if problems.is_empty() { Ok(()) } else { Err(Problem::fields(problems)) }
}

fn at_most(field: &str, number: usize, most: usize) -> impl Iterator<Item = FieldProblem> {
    (number > most).then(|| FieldProblem::new(field, "too-many").with("most", most)).into_iter()
}

fn unknown_tasks(words: &Words, tasks: &[TaskCode]) -> impl Iterator<Item = FieldProblem> {
    let unknown = tasks.iter().any(|task| !words.knows(task));
    unknown.then(|| FieldProblem::new("tasks", "task-unknown")).into_iter()
}

fn unsound_hours(hours: Hours) -> impl Iterator<Item = FieldProblem> {
    (!hours.is_sound()).then(|| FieldProblem::new("hours", "hours-invalid")).into_iter()
}
