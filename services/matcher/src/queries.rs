//! What others may ask. Who fits where is answered from the index of this process, what was said and
//! shown from the tables; looks at people and at proposals are written down before the answer goes out
//! (STANDARDS section 8).

use std::collections::HashMap;

use chassis::{Caller, Fault, Handles};
use chrono::{DateTime, Utc};
use proto::{
    Call, FieldProblem, OpeningId, Problem, Role, SeekerId,
    intake::ProfilePublished,
    matcher::{
        Count, CountOpenings, CountPeople, Interest, InterestIn, MyMark, MyMarks, MyTrail, NewCount,
        NewProposals, OpeningProposals, PairWeight, PairWeights, PeopleNear, PersonNear, PersonProposal,
        ProposalsForOpening, ProposalsForSeeker, SeekerProposals, Trail,
    },
    vacancies::{OpeningPublished, Page},
    work::{Hours, TaskCode},
};

use crate::{
    Matcher,
    domain::{
        pair::{Wishes, Work},
        reasons::reasons,
        rules::{RULES_VERSION, judge},
        said,
        words::Words,
    },
    may,
    store::{
        looks::{self, Look},
        marks::{self, Wanted, Yes},
        openings, profiles, proposals,
    },
};

/// The most proposals in one answer.
const MOST_PROPOSALS: usize = 100;
/// The most people, and the most openings, in one question about pairs.
const MOST_OF_A_SIDE: usize = 500;
/// How far anyone may say to travel, in km.
const MOST_KM: u8 = 100;
/// The most looks in a trail.
const MOST_LOOKS: i64 = 200;
/// The most marks of one person in an answer.
const MOST_MARKS: i64 = 500;
/// The most proposals in a trail: with all their reasons they stay well below the megabyte that the bus
/// carries.
const MOST_SHOWN: i64 = 300;

/// Openings for a person, best first, but for those she does not want.
pub(crate) async fn proposals_for_seeker(
    app: &Matcher,
    caller: &Caller,
    query: &ProposalsForSeeker,
) -> Result<SeekerProposals, Fault> {
    may::see_openings_for(&caller.actor, query.seeker_id)?;
    refuse(at_most("limit", query.limit.into(), MOST_PROPOSALS))?;
    let unwanted = marks::unwanted(app.chassis().store.pool(), query.seeker_id).await?;
    let (found, made_with) = app.look(|level| {
        let found = level.index.openings_for(query.seeker_id, &unwanted, query.limit.into());
        (found, app.made_with(level.change))
    })?;
    let seen = Seen { people: vec![(query.seeker_id, None)], ..Seen::at(made_with.change) };
    write_down(app, caller, ProposalsForSeeker::VERB, &seen).await?;
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
    // Who may not ask is refused before anything is read.
    app.look(|level| may::see_people_for(&caller.actor, level.index.employer_of(opening_id)))??;
    let said = marks::of_opening(app.chassis().store.pool(), opening_id).await?;
    let page = page_of(query.page, query.per_page);
    let (found, role, made_with) = app.look(|level| {
        let index = &level.index;
        let (visible, role) = may::see_people_for(&caller.actor, index.employer_of(opening_id))?;
        let found = index.people_for(opening_id, visible, &said, page);
        Ok::<_, Problem>((found, role, app.made_with(level.change)))
    })??;
    let shown = found.iter().flat_map(|found| &found.seeker_ids);
    let seen = Seen {
        role: Some(role),
        people: shown.map(|seeker_id| (*seeker_id, Some(opening_id))).collect(),
        opening_id: Some(opening_id),
        ..Seen::at(made_with.change)
    };
    write_down(app, caller, ProposalsForOpening::VERB, &seen).await?;
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
    let role = may::plan_meetings(&caller.actor)?;
    refuse(at_most("seeker_ids", query.seeker_ids.len(), MOST_OF_A_SIDE).chain(at_most(
        "opening_ids",
        query.opening_ids.len(),
        MOST_OF_A_SIDE,
    )))?;
    let (pairs, change) =
        app.look(|level| (level.index.pair_weights(&query.seeker_ids, &query.opening_ids), level.change))?;
    let people = query.seeker_ids.iter().map(|seeker_id| (*seeker_id, None)).collect();
    let seen = Seen { role: Some(role), people, ..Seen::at(change) };
    write_down(app, caller, PairWeights::VERB, &seen).await?;
    Ok(pairs)
}

/// The open file: people around a place who agreed to be seen, nearest first.
///
/// The index says who is near; what is shown is read from the tables, so that a consent which was
/// withdrawn a moment ago already holds.
pub(crate) async fn people_near(
    app: &Matcher,
    caller: &Caller,
    query: &PeopleNear,
) -> Result<Page<PersonNear>, Fault> {
    let role = may::see_the_open_file(&caller.actor)?;
    let km = u8::try_from(query.km).ok().filter(|km| (1..=MOST_KM).contains(km));
    refuse(
        at_most("per_page", query.per_page as usize, MOST_PROPOSALS)
            .chain(unknown_tasks(app.words(), &query.tasks))
            .chain(km.is_none().then(|| FieldProblem::new("km", "distance-invalid").with("most", MOST_KM))),
    )?;
    let page = page_of(query.page, query.per_page);
    let tasks = app.words().set(&query.tasks);
    let (near, change) = app.look(|level| {
        (level.index.people_near(query.cell, km.unwrap_or(MOST_KM), tasks, page), level.change)
    })?;
    let ids: Vec<SeekerId> = near.people.iter().map(|(seeker_id, _)| *seeker_id).collect();
    let told = profiles_of(app, &ids).await?;
    let mut seen = Seen { role: Some(role), ..Seen::at(change) };
    let mut rows = Vec::with_capacity(near.people.len());
    for (seeker_id, km) in near.people {
        let profile = told.get(&seeker_id).filter(|profile| profile.open_file && !profile.paused);
        if let Some(profile) = profile {
            seen.people.push((seeker_id, None));
            rows.push(person_near(profile, km, app.words()));
        }
    }
    write_down(app, caller, PeopleNear::VERB, &seen).await?;
    Ok(Page { rows, total: near.total })
}

fn person_near(profile: &ProfilePublished, km: u16, words: &Words) -> PersonNear {
    PersonNear {
        open_file_id: profile.open_file_id,
        km,
        municipality: profile.area.municipality.clone(),
        tasks: words.codes(words.set(&profile.tasks)),
        any_task: profile.any_task,
        dayparts: profile.dayparts,
        hours: profile.hours,
        available_from: profile.available_from,
        languages: profile.languages.clone(),
        licences: profile.licences.clone(),
        shown_support: profile.shown_support.clone(),
    }
}

/// People who want an opening: who waits longest for an answer first.
pub(crate) async fn interest(
    app: &Matcher,
    caller: &Caller,
    query: &InterestIn,
) -> Result<Page<Interest>, Fault> {
    let scope = may::answer_in(&caller.actor)?;
    refuse(at_most("per_page", query.per_page as usize, MOST_PROPOSALS))?;
    let wanted = Wanted {
        opening_id: query.opening_id,
        // An employer gets its own, whatever it asks.
        employer_id: query.employer_id.filter(|_| scope.role == Role::AccountManager),
        only_open: query.only_open,
        scope: &scope,
    };
    let offset = i64::from(query.page).saturating_mul(query.per_page.into());
    let pool = app.chassis().store.pool();
    let (yeses, total) = marks::wanted(pool, &wanted, offset, query.per_page.into()).await?;
    let people = profiles_of(app, &yeses.iter().map(|yes| yes.seeker_id).collect::<Vec<_>>()).await?;
    let ids: Vec<OpeningId> = yeses.iter().map(|yes| yes.opening_id).collect();
    let openings = openings::find(&mut *pool.acquire().await?, &ids).await?;
    let openings: HashMap<OpeningId, OpeningPublished> =
        openings.into_iter().map(|opening| (opening.opening_id, opening)).collect();

    let now = app.chassis().clock.machine_now();
    let change = app.change().ok_or_else(Problem::unavailable)?;
    let mut seen = Seen { role: Some(scope.role), opening_id: query.opening_id, ..Seen::at(change) };
    let mut rows = Vec::with_capacity(yeses.len());
    for yes in yeses {
        // Who began to pause between the two readings is not shown.
        if let Some(profile) = people.get(&yes.seeker_id).filter(|profile| !profile.paused) {
            seen.people.push((yes.seeker_id, Some(yes.opening_id)));
            rows.extend(interest_of(&yes, profile, openings.get(&yes.opening_id), app.words(), now));
        }
    }
    write_down(app, caller, InterestIn::VERB, &seen).await?;
    Ok(Page { rows, total: u64::try_from(total).unwrap_or_default() })
}

/// What the employer sees of a yes: her profile as it now is, and why the opening was proposed to her,
/// by what both now say. When they no longer fit, or the opening is gone, that is what she was shown
/// when she said yes.
fn interest_of(
    yes: &Yes,
    profile: &ProfilePublished,
    opening: Option<&OpeningPublished>,
    words: &Words,
    now: DateTime<Utc>,
) -> Option<Interest> {
    let wishes = Wishes::of_profile(profile, words);
    let fits_now = opening.and_then(|opening| {
        let work = Work::of_opening(opening, words);
        let fit = judge(&wishes, &work)?;
        Some((fit.distance.km(), reasons(&wishes, &work, &fit, words)))
    });
    let (km, reasons) = fits_now.unwrap_or_else(|| (yes.km, yes.reasons.clone()));
    let answer_by = yes.said.answer_by?;
    Some(Interest {
        proposal_id: yes.proposal_id,
        opening_id: yes.opening_id,
        employer_id: yes.employer_id,
        person: PersonProposal {
            open_file_id: profile.open_file_id,
            km,
            municipality: profile.area.municipality.clone(),
            tasks: words.codes(wishes.tasks),
            any_task: profile.any_task,
            dayparts: profile.dayparts,
            hours: profile.hours,
            shown_support: profile.shown_support.clone(),
            reasons,
        },
        at: yes.said.at,
        answer_by,
        overdue: said::is_overdue(answer_by, yes.said.answer.is_some(), now),
        answer: yes.said.answer,
    })
}

async fn profiles_of(
    app: &Matcher,
    ids: &[SeekerId],
) -> Result<HashMap<SeekerId, ProfilePublished>, sqlx::Error> {
    let mut conn = app.chassis().store.pool().acquire().await?;
    let found = profiles::find(&mut conn, ids).await?;
    Ok(found.into_iter().map(|profile| (profile.seeker_id, profile)).collect())
}

/// What a person said to openings, and what employers answered.
pub(crate) async fn my_marks(app: &Matcher, caller: &Caller, query: &MyMarks) -> Result<Vec<MyMark>, Fault> {
    may::see_trail_of(&caller.actor, query.seeker_id)?;
    Ok(marks::of_seeker(app.chassis().store.pool(), query.seeker_id, MOST_MARKS).await?)
}

/// Who looked at a person, what she was shown and what she said.
pub(crate) async fn my_trail(app: &Matcher, caller: &Caller, query: &MyTrail) -> Result<Trail, Fault> {
    let seeker_id = query.seeker_id;
    may::see_trail_of(&caller.actor, seeker_id)?;
    let pool = app.chassis().store.pool();
    Ok(Trail {
        looks: looks::of_others(pool, seeker_id, MOST_LOOKS).await?,
        shown: proposals::of_seeker(pool, seeker_id, MOST_SHOWN).await?,
        marks: marks::of_seeker(pool, seeker_id, MOST_MARKS).await?,
    })
}

/// How many openings that fit a person became public since a moment and were not shown to her. A number
/// for her own digest shows her to nobody, so nothing is written down.
pub(crate) async fn new_proposals(
    app: &Matcher,
    caller: &Caller,
    query: &NewProposals,
) -> Result<NewCount, Fault> {
    may::count_new(&caller.actor)?;
    let fitting = app.look(|level| level.index.all_openings_for(query.seeker_id))?;
    let pool = app.chassis().store.pool();
    let openings = openings::count_new(pool, query.seeker_id, query.since, &fitting).await?;
    Ok(NewCount { openings: u32::try_from(openings).unwrap_or(u32::MAX) })
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

/// Who was seen, in which role, and with how much heard.
struct Seen {
    role: Option<Role>,
    people: Vec<(SeekerId, Option<OpeningId>)>,
    opening_id: Option<OpeningId>,
    change: i64,
}

impl Seen {
    fn at(change: i64) -> Self {
        Self { role: None, people: Vec::new(), opening_id: None, change }
    }
}

async fn write_down(app: &Matcher, caller: &Caller, verb: &'static str, seen: &Seen) -> Result<(), Fault> {
    let chassis = app.chassis();
    let look = Look {
        actor: &caller.actor,
        role: seen.role,
        verb,
        concerned: &seen.people,
        opening_id: seen.opening_id,
        change: seen.change,
    };
    looks::append(chassis.store.pool(), chassis.clock.machine_now(), RULES_VERSION, &look).await?;
    Ok(())
}

fn page_of(page: u32, per_page: u32) -> std::ops::Range<usize> {
    let from = (page as usize).saturating_mul(per_page as usize);
    from..from.saturating_add(per_page as usize)
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
