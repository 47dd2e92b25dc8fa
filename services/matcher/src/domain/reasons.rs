//! Why a pair: what fits, what weighs most first, then what to look at. Every point of the weight
//! has its reason here, and no reason that fits is left out.

use proto::{matcher::Reason, vacancies::Firmness, work::Dayparts};

use crate::domain::{
    pair::{Wishes, Work},
    rules::{DaypartsFit, Fit, TasksFit},
    travel,
    words::Words,
};

/// The reasons of a pair that passes.
pub fn reasons(wishes: &Wishes, work: &Work, fit: &Fit, words: &Words) -> Vec<Reason> {
    let km = fit.distance.km();
    let means = travel::means(wishes.travel);
    // Equal weights stand in this order.
    let mut speaks_for = vec![
        (fit.weight_of_tasks(), of_tasks(wishes, work, fit.tasks, words)),
        (fit.weight_of_distance(), vec![Reason::Near { km, means, minutes: means.minutes(km) }]),
    ];
    if fit.hours_told {
        speaks_for.push((fit.weight_of_hours(), vec![Reason::HoursFit { hours: work.hours }]));
    }
    if matches!(fit.dayparts, DaypartsFit::All | DaypartsFit::Some) {
        let dayparts = wishes.dayparts.shared(work.dayparts);
        speaks_for.push((fit.weight_of_dayparts(), vec![Reason::DaypartsFit { dayparts }]));
    }
    if fit.open_hiring {
        speaks_for.push((fit.weight_of_route(), vec![Reason::OpenHiring]));
    }
    let learned = work.asked.with(Firmness::Learned).map(|kind| Reason::LearnedHere { kind });
    speaks_for.push((fit.weight_of_learning(), learned.collect()));
    speaks_for.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));

    let mut all: Vec<Reason> = speaks_for.into_iter().flat_map(|(_, reasons)| reasons).collect();
    all.extend(to_look_at(wishes, work, fit));
    all
}

/// All tasks she likes; if there are none, the tasks of the work that come near, each with the
/// task she likes that brings it near.
fn of_tasks(wishes: &Wishes, work: &Work, fit: TasksFit, words: &Words) -> Vec<Reason> {
    let near = |is_near: &dyn Fn(u8, u8) -> bool| {
        let of_work = work.tasks.iter();
        let pairs = of_work.filter_map(|task| {
            wishes.tasks.iter().find(|liked| is_near(*liked, task)).map(|liked| Reason::TaskRelated {
                task: words.code(task).clone(),
                liked: words.code(liked).clone(),
            })
        });
        pairs.collect()
    };
    match fit {
        TasksFit::Wanted(_) => {
            let shared = wishes.tasks.shared(work.tasks).iter();
            shared.map(|task| Reason::TaskWanted { task: words.code(task).clone() }).collect()
        }
        TasksFit::SameGroup => near(&|liked, task| words.same_group(liked, task)),
        TasksFit::RelatedGroup => near(&|liked, task| words.related(liked, task)),
        TasksFit::Any => vec![Reason::AnyTask],
    }
}

/// What she should look at herself, because we did not ask her or she did not tell.
fn to_look_at(wishes: &Wishes, work: &Work, fit: &Fit) -> Vec<Reason> {
    let mut all = Vec::new();
    for firmness in [Firmness::Legal, Firmness::Needed] {
        all.extend(work.asked.with(firmness).map(|kind| Reason::Asked { kind, firmness }));
    }
    match fit.dayparts {
        DaypartsFit::Some => {
            let missing = missing(wishes.dayparts, work.dayparts);
            all.extend(missing.iter().map(|daypart| Reason::DaypartMissing { daypart }));
        }
        DaypartsFit::NotTold => all.push(Reason::DaypartsNotTold),
        DaypartsFit::All | DaypartsFit::NotAsked => {}
    }
    if !fit.hours_told {
        all.push(Reason::HoursNotTold { hours: work.hours });
    }
    if wishes.travel.is_none() {
        all.push(Reason::TravelNotTold { usual_km: travel::USUAL_KM });
    }
    all
}

fn missing(hers: Dayparts, of_work: Dayparts) -> Dayparts {
    of_work.iter().filter(|part| !hers.contains(*part)).collect()
}
