//! How long the index takes for a crowd, over real places in real proportions:
//! `cargo run --release -p matcher --example many_proposals -- [people] [openings] [folder of reference data]`.
//!
//! Not a benchmark with a baseline (that is `make bench`): a look at whether it is far from silly.

use std::{collections::HashSet, env, path::Path, sync::Arc, time::Instant};

use chassis::{Chance as _, chance::SeededChance};
use matcher::domain::{
    index::{Index, Marks, Visible},
    words::{TaskSet, Words},
};
use proto::{
    EmployerId, OpenFileId, OpeningId, SeekerId,
    intake::ProfilePublished,
    vacancies::OpeningPublished,
    work::{Area, Cell, Dayparts, Hours, Means, Route, TaskCode, Travel},
};
use reference::{Reference, demo::Demo};

struct Country {
    chance: SeededChance,
    /// Areas with the number of inhabitants up to and including each.
    areas: Vec<(u32, Area)>,
    tasks: Vec<TaskCode>,
}

impl Country {
    fn new(reference: &Reference) -> Self {
        let mut sum = 0;
        let areas = Demo::built_in().inhabitants.into_iter().filter_map(|(pc4, hundreds)| {
            let place = reference.places.locate_pc4(pc4)?;
            let cell = place.cell();
            sum += hundreds;
            let area = Area {
                cell: Cell { x: cell.x, y: cell.y },
                municipality: place.municipality.to_string(),
                region: place.region.to_string(),
            };
            Some((sum, area))
        });
        Self {
            chance: SeededChance::new(1),
            areas: areas.collect(),
            tasks: reference.tasks.tasks().iter().map(|task| TaskCode::from(task.code.as_str())).collect(),
        }
    }

    fn below(&self, end: u64) -> u64 {
        self.chance.jitter_ms(0..end)
    }

    fn area(&self) -> Area {
        let people = self.areas.last().map_or(1, |(sum, _)| *sum);
        let one = self.below(u64::from(people)) as u32;
        self.areas[self.areas.partition_point(|(sum, _)| *sum <= one)].1.clone()
    }

    fn tasks(&self, most: u64) -> Vec<TaskCode> {
        (0..=self.below(most))
            .map(|_| self.tasks[self.below(self.tasks.len() as u64) as usize].clone())
            .collect()
    }

    fn hours(&self) -> Hours {
        let min = 8 + self.below(25) as u8;
        Hours { min, max: min + self.below(12) as u8 }
    }

    fn person(&self) -> ProfilePublished {
        let max_km = [5, 10, 10, 15, 15, 25, 40][self.below(7) as usize];
        ProfilePublished {
            seeker_id: SeekerId(self.chance.uuid_v4()),
            version: 1,
            area: self.area(),
            tasks: self.tasks(4),
            any_task: self.below(5) == 0,
            dayparts: Dayparts::from_bits(self.below(32) as u8),
            hours: (self.below(4) > 0).then(|| self.hours()),
            travel: (self.below(5) > 0).then(|| Travel { means: Means::ALL[self.below(4) as usize], max_km }),
            open_file_id: OpenFileId(self.chance.uuid_v4()),
            open_file: self.below(2) == 0,
            adviser: self.below(4) > 0,
            paused: self.below(20) == 0,
            available_from: None,
            languages: Vec::new(),
            licences: Vec::new(),
            shown_support: Vec::new(),
        }
    }

    fn opening(&self) -> OpeningPublished {
        OpeningPublished {
            opening_id: OpeningId(self.chance.uuid_v4()),
            version: 1,
            employer_id: EmployerId(self.chance.uuid_v4()),
            route: Route::ALL[self.below(2) as usize],
            tasks: self.tasks(4),
            area: self.area(),
            hours: self.hours(),
            dayparts: Dayparts::from_bits(1 + self.below(31) as u8),
            starts_on: None,
            places: 1 + self.below(3) as u16,
            requirements: Vec::new(),
            support: Vec::new(),
        }
    }
}

fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    println!("{what}: {:.2} s", start.elapsed().as_secs_f64());
    result
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let number = |at: usize, usual: usize| arguments.get(at).map_or(Ok(usual), |text| text.parse());
    let (people, openings) = (number(0, 50_000)?, number(1, 20_000)?);
    let reference = Reference::load(arguments.get(2).map(Path::new))?;
    let country = Country::new(&reference);
    let people: Vec<ProfilePublished> = (0..people).map(|_| country.person()).collect();
    let openings: Vec<OpeningPublished> = (0..openings).map(|_| country.opening()).collect();

    let mut index = Index::new(Arc::new(Words::of(&reference)?));
    timed("filling the index", || {
        for profile in &people {
            index.put_person(profile);
        }
        for opening in &openings {
            index.put_opening(opening);
        }
    });
    let (mut passes, nothing) = (0_u64, HashSet::new());
    timed(
        &format!("20 proposals for each of {} people over {} openings", people.len(), openings.len()),
        || {
            for profile in &people {
                let found = index.openings_for(profile.seeker_id, &nothing, 20).expect("she is known");
                passes += u64::from(found.total);
            }
        },
    );
    println!("  {passes} pairs pass, {} for a person", passes / people.len().max(1) as u64);
    timed("20 people for each opening", || {
        for opening in &openings {
            index
                .people_for(opening.opening_id, Visible::ToAdvisers, &Marks::default(), 0..20)
                .expect("it is open");
        }
    });
    let mut seen = 0;
    timed("the first page of the open file within 25 km of each of 1,000 openings", || {
        for opening in openings.iter().take(1_000) {
            seen += index.people_near(opening.area.cell, 25, TaskSet::default(), 0..20).total;
        }
    });
    println!("  {} people around an opening", seen / openings.len().clamp(1, 1_000) as u64);
    timed("replacing every opening once", || {
        for opening in &openings {
            index.put_opening(opening);
        }
    });
    Ok(())
}
