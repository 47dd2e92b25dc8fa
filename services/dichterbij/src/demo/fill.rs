//! The way of invented things into the services: over the bus, with keys that make a repeat harmless.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use chassis::{Bus, Chance as _, chance::OsChance};
use chrono::NaiveDate;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use proto::{
    AccountId, Actor, EmployerId, OpeningId, Problem, Role, Service,
    intake::LoadDemoPeople,
    matcher::ProposalsForOpening,
    vacancies::{AddEmployer, Employers, Openings, PostOpening, SiteDetails},
};
use reference::RegionCode;
use tokio::time::Instant;
use uuid::Uuid;

use super::{
    dice::Dice,
    employers::{Employer, employers},
    lines::Line,
    openings::{Opening, openings},
    people::person,
    progress::Progress,
    world::World,
};
use crate::Failure;

/// People in one command.
const PEOPLE_AT_ONCE: usize = 200;
/// Commands under way at a time.
const AT_ONCE: usize = 4;
/// How long services get to hear of what others say.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// Who looks after everything here.
pub(super) const ACCOUNT: AccountId = AccountId(Uuid::from_u128(0xde70));

/// The demo could not be filled.
#[derive(Debug, thiserror::Error)]
pub enum FillError {
    /// A service said no.
    #[error("{doing} was refused{}", told(.problem))]
    Refused {
        /// What was being done.
        doing: &'static str,
        /// The answer.
        #[source]
        problem: Problem,
    },
    /// It takes too long.
    #[error("the matcher has not heard of everything within {} s; is it running?", PATIENCE.as_secs())]
    NotLevel,
}

/// The fields that were not right; invented values, so they may be shown.
fn told(problem: &Problem) -> String {
    let fields = problem.fields.iter().take(5).map(|field| format!(" [{}: {}]", field.field, field.code));
    fields.collect()
}

pub(super) fn refused(doing: &'static str) -> impl Fn(Problem) -> FillError {
    move |problem| FillError::Refused { doing, problem }
}

/// How much the demo should have.
#[derive(Debug, Clone, Copy)]
pub struct Amounts {
    /// Invented people.
    pub people: usize,
    /// Invented employers.
    pub employers: usize,
    /// Invented openings.
    pub openings: usize,
}

/// What the region has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Whether anything had to be added.
    pub anew: bool,
    /// The employer of the demo's employer account.
    pub first_employer: Option<EmployerId>,
}

/// An account manager of these regions, invented like everything else here.
pub fn manager(regions: &[RegionCode]) -> Actor {
    Actor::Account {
        account_id: ACCOUNT,
        roles: vec![Role::AccountManager],
        employer_id: None,
        regions: regions.iter().map(ToString::to_string).collect(),
    }
}

/// Adds what is not there yet and waits until the matcher knows it. `today` is the database's day.
pub async fn fill(
    bus: &Bus,
    world: &World<'_>,
    manager: &Actor,
    amounts: Amounts,
    today: NaiveDate,
) -> Result<Filled, Failure> {
    let wanted = employers(world, amounts.employers);
    let known = known_employers(bus, manager).await?;
    let ids: Option<Vec<EmployerId>> =
        wanted.iter().map(|employer| known.get(&employer.kvk_number).copied()).collect();
    if let Some(ids) = &ids
        && openings_of(bus, manager, None).await? >= amounts.openings as u64
    {
        return Ok(Filled { anew: false, first_employer: ids.first().copied() });
    }
    // People first and openings last: whoever finds all openings knows that nothing is missing.
    let added = add_people(bus, world, amounts.people).await?;
    let ids = ensure_employers(bus, world, manager, &wanted).await?;
    let openings = openings(world, &wanted, amounts.openings, today);
    let line = |number| Line::of(world, number, &openings[number], amounts.people, today);
    let posted = add_openings(bus, world, manager, &ids, &openings, line).await?;
    wait_until_level(bus, manager, &posted, added).await?;
    Ok(Filled { anew: true, first_employer: ids.first().copied() })
}

/// Adds people, each as if she had confirmed her code; those who are there already are passed over.
pub async fn add_people(bus: &Bus, world: &World<'_>, count: usize) -> Result<u32, Failure> {
    let progress = Progress::new("people", count);
    let chunks = (0..count).step_by(PEOPLE_AT_ONCE).map(|first| first..(first + PEOPLE_AT_ONCE).min(count));
    let added: u32 = stream::iter(chunks)
        .map(|numbers| {
            let progress = &progress;
            async move {
                let size = numbers.len();
                let people = numbers.map(|number| person(world, number)).collect();
                let call = LoadDemoPeople { people: bus.seal(Service::Intake, &people) };
                // A sealed box differs each time it is made, so the key may not repeat; contacts tell who is there.
                let key = OsChance.uuid_v4();
                let loaded = bus.call_as_service(key, &call).await;
                progress.add(size);
                loaded.map(|loaded| loaded.added)
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_fold(0, |sum, added| async move { Ok(sum + added) })
        .await
        .map_err(refused("adding people"))?;
    progress.done();
    Ok(added)
}

/// Every employer of the actor's regions, by KVK number.
async fn known_employers(bus: &Bus, manager: &Actor) -> Result<HashMap<String, EmployerId>, FillError> {
    let mut known = HashMap::new();
    for page in 0.. {
        let query = Employers { search: String::new(), account_manager: None, page, per_page: 100 };
        let answer = bus.call(manager, &query).await.map_err(refused("listing employers"))?;
        let is_last = answer.rows.is_empty();
        known.extend(answer.rows.into_iter().map(|line| (line.kvk_number, line.employer_id)));
        if is_last || known.len() as u64 >= answer.total {
            break;
        }
    }
    Ok(known)
}

/// The ids of these employers, in their order; those that are not there yet are added.
async fn ensure_employers(
    bus: &Bus,
    world: &World<'_>,
    manager: &Actor,
    wanted: &[Employer],
) -> Result<Vec<EmployerId>, FillError> {
    let progress = Progress::new("employers", wanted.len());
    let known = known_employers(bus, manager).await?;
    let mut ids = Vec::with_capacity(wanted.len());
    for (number, employer) in wanted.iter().enumerate() {
        let id = if let Some(id) = known.get(&employer.kvk_number) {
            *id
        } else {
            let call = AddEmployer {
                name: employer.name.clone(),
                kvk_number: employer.kvk_number.clone(),
                site: SiteDetails {
                    name: String::new(),
                    street: String::new(),
                    postcode: employer.postcode.clone(),
                },
                contact: Some(bus.seal(Service::Vacancies, &employer.contact)),
            };
            let key = Dice::of(world.seed, "key of employer", number).key();
            bus.call_with_key(manager, key, &call).await.map_err(refused("adding an employer"))?
        };
        ids.push(id);
        progress.add(1);
    }
    progress.done();
    Ok(ids)
}

async fn openings_of(bus: &Bus, manager: &Actor, employer_id: Option<EmployerId>) -> Result<u64, FillError> {
    let query = Openings { employer_id, state: None, asked: false, page: 0, per_page: 1 };
    bus.call(manager, &query).await.map(|page| page.total).map_err(refused("counting openings"))
}

/// Posts the openings of every employer that does not have all of its own yet, each with its line; those that are for
/// everyone come back.
async fn add_openings(
    bus: &Bus,
    world: &World<'_>,
    manager: &Actor,
    employers: &[EmployerId],
    openings: &[Opening],
    line: impl Fn(usize) -> Option<Line>,
) -> Result<Vec<OpeningId>, FillError> {
    let progress = Progress::new("openings", openings.len());
    let mut complete = BTreeSet::new();
    let mut wanted: BTreeMap<usize, u64> = BTreeMap::new();
    for opening in openings {
        *wanted.entry(opening.employer).or_default() += 1;
    }
    for (employer, count) in wanted {
        if openings_of(bus, manager, Some(employers[employer])).await? >= count {
            complete.insert(employer);
        }
    }
    let missing = openings.iter().enumerate().filter(|(_, opening)| !complete.contains(&opening.employer));
    let posted: Vec<Option<OpeningId>> = stream::iter(missing)
        .map(|(number, opening)| {
            let (progress, line) = (&progress, &line);
            async move {
                let call = PostOpening {
                    employer_id: employers[opening.employer],
                    details: opening.details.clone(),
                    publish: opening.publish,
                };
                let key = Dice::of(world.seed, "key of opening", number).key();
                let posted = match bus.call_with_key(manager, key, &call).await {
                    Ok(id) => opening.publish.then_some(id),
                    // Posted on an earlier day, when its dates were other ones.
                    Err(problem) if problem.code == "key-reused" => None,
                    Err(problem) => return Err(refused("posting an opening")(problem)),
                };
                if let (Some(id), Some(line)) = (posted, line(number)) {
                    line.open(bus, world, manager, id).await?;
                }
                progress.add(1);
                Ok(posted)
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    progress.done();
    Ok(posted.into_iter().flatten().collect())
}

/// The matcher's change number, which says how much it has heard, once it knows the opening.
async fn heard(bus: &Bus, manager: &Actor, opening_id: OpeningId) -> Result<Option<i64>, FillError> {
    let query = ProposalsForOpening { opening_id, page: 0, per_page: 1 };
    let answer = bus.call(manager, &query).await.map_err(refused("asking the matcher"))?;
    Ok(answer.opening_version.map(|_| answer.made_with.change))
}

/// Waits until every opening is known to the matcher, and as many changes as there were people.
async fn wait_until_level(
    bus: &Bus,
    manager: &Actor,
    posted: &[OpeningId],
    people: u32,
) -> Result<(), FillError> {
    let progress = Progress::new("heard by the matcher", posted.len());
    let until = Instant::now() + PATIENCE;
    for opening in posted {
        loop {
            // Everything it heard is in the log of changes, people too.
            if heard(bus, manager, *opening).await?.is_some_and(|change| change >= i64::from(people)) {
                break;
            }
            if Instant::now() > until {
                return Err(FillError::NotLevel);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        progress.add(1);
    }
    progress.done();
    Ok(())
}
