//! Adds invented people as if each had confirmed her code, for the demo and for benchmarks.

use chassis::{Caller, Fault, Tx, clock};
use proto::{
    Problem, Status,
    intake::{LoadDemoPeople, Loaded},
};

use super::welcome::{prepare, welcome};
use crate::{
    App,
    domain::{
        fields,
        may::{Act, may},
    },
};

/// Most people in one call.
const MOST_PEOPLE: usize = 200;

/// All of them are sound, or none is added; one whose contact is known already is passed over.
pub async fn load_demo_people(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &LoadDemoPeople,
) -> Result<Loaded, Fault> {
    may(&caller.actor, Act::LoadDemoPeople, app.chassis.config.profile)?;
    let people = app.open(&command.people)?;
    if people.len() > MOST_PEOPLE {
        return Err(Problem::new(Status::Invalid, "people-too-many").with("most", MOST_PEOPLE).into());
    }
    let today = clock::day(tx.now());
    let (mut applicants, mut problems) = (Vec::with_capacity(people.len()), Vec::new());
    for (number, given) in people.iter().enumerate() {
        match fields::registration(given, &app.reference, today) {
            Ok(checked) => applicants.push(checked.applicant),
            Err(more) => problems.extend(more.into_iter().map(|mut problem| {
                problem.field = format!("people.{number}.{}", problem.field);
                problem
            })),
        }
    }
    if !problems.is_empty() {
        return Err(Problem::fields(problems).into());
    }
    let chance = tx.chance();
    let newcomers = applicants.iter().map(|applicant| prepare(app, &*chance, applicant, None)).collect();
    let added = welcome(tx, newcomers).await?;
    Ok(Loaded { added: u32::try_from(added.len()).expect("at most 200") })
}
