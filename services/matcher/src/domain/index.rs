//! Every profile and every open opening in memory, answering by the rules. The national index
//! replaces what is inside; its functions stay.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    hash::Hash,
    ops::Range,
    sync::Arc,
};

use proto::{
    EmployerId, OpenFileId, OpeningId, SeekerId,
    intake::ProfilePublished,
    matcher::{OpeningProposal, PairWeight, PersonProposal},
    vacancies::OpeningPublished,
    work::{Cell, Support},
};

use crate::domain::{
    pair::{Wishes, Work},
    reasons::reasons,
    rules::{Fit, judge},
    travel::{Distance, reach_km},
    words::{TaskSet, Words},
};

/// Things in a dense array, found by id. What leaves is overwritten by the last one: nothing of it stays.
#[derive(Debug)]
struct Shelf<K, T> {
    things: Vec<T>,
    ids: Vec<K>,
    slots: HashMap<K, u32>,
}

impl<K: Copy + Eq + Hash, T> Shelf<K, T> {
    fn new() -> Self {
        Self { things: Vec::new(), ids: Vec::new(), slots: HashMap::new() }
    }

    fn find(&self, id: K) -> Option<&T> {
        self.slots.get(&id).map(|slot| self.at(*slot))
    }

    fn at(&self, slot: u32) -> &T {
        &self.things[slot as usize]
    }

    fn add(&mut self, id: K, thing: T) -> u32 {
        let slot = u32::try_from(self.things.len()).expect("far fewer than four billion people");
        self.things.push(thing);
        self.ids.push(id);
        self.slots.insert(id, slot);
        slot
    }

    /// Takes it out: what it was, its slot, and the slot of the one that moved there.
    fn take(&mut self, id: K) -> Option<(T, u32, u32)> {
        let slot = self.slots.remove(&id)?;
        let thing = self.things.swap_remove(slot as usize);
        self.ids.swap_remove(slot as usize);
        let last = self.things.len() as u32;
        if let Some(moved) = self.ids.get(slot as usize) {
            self.slots.insert(*moved, slot);
        }
        Some((thing, slot, last))
    }
}

/// Slots by place: squares of some kilometres, each with a list.
#[derive(Debug, Default)]
struct Grid {
    blocks: HashMap<(i16, i16), Vec<u32>>,
}

/// Kilometres along the side of a block: about nine blocks across the usual reach.
const BLOCK_KM: i16 = 4;

impl Grid {
    fn block(cell: Cell) -> (i16, i16) {
        (cell.x.div_euclid(BLOCK_KM), cell.y.div_euclid(BLOCK_KM))
    }

    fn add(&mut self, cell: Cell, slot: u32) {
        self.blocks.entry(Self::block(cell)).or_default().push(slot);
    }

    fn remove(&mut self, cell: Cell, slot: u32) {
        let block = Self::block(cell);
        if let Some(slots) = self.blocks.get_mut(&block) {
            slots.retain(|other| *other != slot);
            if slots.is_empty() {
                self.blocks.remove(&block);
            }
        }
    }

    fn rename(&mut self, cell: Cell, from: u32, to: u32) {
        let slots = self.blocks.get_mut(&Self::block(cell)).into_iter().flatten();
        for slot in slots.filter(|slot| **slot == from) {
            *slot = to;
        }
    }

    /// Visits everything in the blocks that a circle touches, and a little more: the rules decide.
    fn around(&self, middle: Cell, km: u8, mut visit: impl FnMut(u32)) {
        let reach = i16::from(km) / BLOCK_KM + 1;
        let (x, y) = Self::block(middle);
        let xs = x.saturating_sub(reach)..=x.saturating_add(reach);
        let ys = y.saturating_sub(reach)..=y.saturating_add(reach);
        // Whichever is less: the blocks of the circle, or the blocks where there is anything.
        if xs.len() * ys.len() < self.blocks.len() {
            for block in xs.flat_map(|x| ys.clone().map(move |y| (x, y))) {
                self.blocks.get(&block).into_iter().flatten().for_each(|slot| visit(*slot));
            }
        } else {
            let near = self.blocks.iter().filter(|((x, y), _)| xs.contains(x) && ys.contains(y));
            near.flat_map(|(_, slots)| slots).for_each(|slot| visit(*slot));
        }
    }
}

#[derive(Debug)]
struct Person {
    wishes: Wishes,
    version: i64,
    open_file_id: OpenFileId,
    municipality: u16,
    /// She said "alles mag"; to the rules, naming no task is as good.
    any_task: bool,
    open_file: bool,
    adviser: bool,
    /// Who pauses is in no grid: only her own questions find her.
    paused: bool,
    shown_support: Kinds,
}

impl Person {
    fn is_in_the_open_file(&self) -> bool {
        self.open_file && !self.paused
    }
}

/// Kinds of support, one bit each. No rule reads them.
#[derive(Debug, Clone, Copy)]
struct Kinds(u16);

impl Kinds {
    fn of(kinds: &[Support]) -> Self {
        Self(kinds.iter().fold(0, |bits, kind| bits | 1 << *kind as u16))
    }

    fn list(self) -> Vec<Support> {
        Support::ALL.iter().copied().filter(|kind| self.0 & (1 << *kind as u16) != 0).collect()
    }
}

#[derive(Debug)]
struct Opening {
    work: Work,
    version: i64,
    employer_id: EmployerId,
}

/// People by how far they go, so that an opening looks far only for those who travel far.
const REACHES_KM: [u8; 7] = [5, 10, 15, 25, 40, 100, u8::MAX];

fn class_of(wishes: &Wishes) -> usize {
    let reach = reach_km(wishes.travel);
    REACHES_KM.iter().position(|km| reach <= *km).expect("the last one holds every number")
}

/// What people said to one opening.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// "Niets voor mij": they are left out.
    pub not_for_me: HashSet<SeekerId>,
    /// "Ik wil dit": the employer may see them for this opening, in the open file or not.
    pub wanted: HashSet<SeekerId>,
}

/// Which people an answer may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visible {
    /// Those who agreed that an adviser thinks along.
    ToAdvisers,
    /// Those who agreed to stand in the open file.
    ToEmployers,
}

impl Visible {
    fn shows(self, person: &Person, wants_it: bool) -> bool {
        match self {
            Self::ToAdvisers => person.adviser,
            Self::ToEmployers => person.open_file || wants_it,
        }
    }
}

/// Openings for one person.
#[derive(Debug, PartialEq)]
pub struct ForSeeker {
    /// Best first: weight, then distance, then id.
    pub proposals: Vec<OpeningProposal>,
    /// How many pass in all.
    pub total: u32,
    /// The version of her profile.
    pub profile_version: i64,
}

/// People for one opening.
#[derive(Debug, PartialEq)]
pub struct ForOpening {
    /// Those on this page: nearest first, then by their id in the open file.
    pub people: Vec<PersonProposal>,
    /// Who they are inside the platform, in the same order: for the record of looks.
    pub seeker_ids: Vec<SeekerId>,
    /// How many of the visible pass.
    pub visible: u32,
    /// How many pass in all. Never shown as it is.
    pub all: usize,
    /// The version of the opening.
    pub opening_version: i64,
}

/// People of the open file around a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Near {
    /// Those on this page with their distance in whole kilometres, at least 1: nearest first, then by
    /// their id in the open file.
    pub people: Vec<(SeekerId, u16)>,
    /// How many there are in all.
    pub total: u64,
}

/// The index.
#[derive(Debug)]
pub struct Index {
    words: Arc<Words>,
    people: Shelf<SeekerId, Person>,
    people_by_reach: [Grid; REACHES_KM.len()],
    open_file_by_place: Grid,
    openings: Shelf<OpeningId, Opening>,
    openings_by_place: Grid,
    municipalities: Vec<String>,
    municipality_numbers: HashMap<String, u16>,
}

impl Index {
    /// Knows nobody yet.
    pub fn new(words: Arc<Words>) -> Self {
        Self {
            words,
            people: Shelf::new(),
            people_by_reach: Default::default(),
            open_file_by_place: Grid::default(),
            openings: Shelf::new(),
            openings_by_place: Grid::default(),
            municipalities: Vec::new(),
            municipality_numbers: HashMap::new(),
        }
    }

    /// Takes in a profile as it now is.
    pub fn put_person(&mut self, profile: &ProfilePublished) {
        self.remove_person(profile.seeker_id);
        let person = Person {
            wishes: Wishes::of_profile(profile, &self.words),
            version: profile.version,
            open_file_id: profile.open_file_id,
            municipality: self.number_of(&profile.area.municipality),
            any_task: profile.any_task,
            open_file: profile.open_file,
            adviser: profile.adviser,
            paused: profile.paused,
            shown_support: Kinds::of(&profile.shown_support),
        };
        let (cell, class) = (person.wishes.cell, class_of(&person.wishes));
        let (paused, in_the_open_file) = (person.paused, person.is_in_the_open_file());
        let slot = self.people.add(profile.seeker_id, person);
        if !paused {
            self.people_by_reach[class].add(cell, slot);
        }
        if in_the_open_file {
            self.open_file_by_place.add(cell, slot);
        }
    }

    /// Forgets a person.
    pub fn remove_person(&mut self, seeker_id: SeekerId) {
        let Some((gone, slot, last)) = self.people.take(seeker_id) else { return };
        // Removing who is not there does nothing; so does renaming.
        self.people_by_reach[class_of(&gone.wishes)].remove(gone.wishes.cell, slot);
        self.open_file_by_place.remove(gone.wishes.cell, slot);
        if slot != last {
            let moved = self.people.at(slot).wishes;
            self.people_by_reach[class_of(&moved)].rename(moved.cell, last, slot);
            self.open_file_by_place.rename(moved.cell, last, slot);
        }
    }

    /// Takes in an opening as it now is.
    pub fn put_opening(&mut self, opening: &OpeningPublished) {
        self.remove_opening(opening.opening_id);
        let work = Work::of_opening(opening, &self.words);
        let kept = Opening { work, version: opening.version, employer_id: opening.employer_id };
        let slot = self.openings.add(opening.opening_id, kept);
        self.openings_by_place.add(work.cell, slot);
    }

    /// Forgets an opening.
    pub fn remove_opening(&mut self, opening_id: OpeningId) {
        let Some((gone, slot, last)) = self.openings.take(opening_id) else { return };
        self.openings_by_place.remove(gone.work.cell, slot);
        if slot != last {
            let moved = self.openings.at(slot).work.cell;
            self.openings_by_place.rename(moved, last, slot);
        }
    }

    /// Openings for a person, but for these that she does not want; `None` while nobody told us of her.
    pub fn openings_for(
        &self,
        seeker_id: SeekerId,
        unwanted: &HashSet<OpeningId>,
        limit: usize,
    ) -> Option<ForSeeker> {
        let person = self.people.find(seeker_id)?;
        let wishes = &person.wishes;
        let mut found = Vec::new();
        self.each_fitting_opening(wishes, |slot, fit| {
            let id = self.openings.ids[slot as usize];
            if !unwanted.contains(&id) {
                found.push((Reverse(fit.weight()), fit.distance, id, slot, fit));
            }
        });
        let total = found.len() as u32;
        let key = |(weight, distance, id, ..): &(_, _, _, _, _)| (*weight, *distance, *id);
        keep_sorted(&mut found, 0..limit, key);
        let proposals = found.into_iter().map(|(Reverse(weight), distance, opening_id, slot, fit)| {
            let work = &self.openings.at(slot).work;
            let reasons = reasons(wishes, work, &fit, &self.words);
            OpeningProposal { opening_id, km: distance.km(), weight, reasons }
        });
        Some(ForSeeker { proposals: proposals.collect(), total, profile_version: person.version })
    }

    /// Every opening that passes for a person, in no order; none for who is unknown or pauses.
    pub fn all_openings_for(&self, seeker_id: SeekerId) -> Vec<OpeningId> {
        let mut found = Vec::new();
        if let Some(person) = self.people.find(seeker_id).filter(|person| !person.paused) {
            self.each_fitting_opening(&person.wishes, |slot, _| found.push(self.openings.ids[slot as usize]));
        }
        found
    }

    /// People for an opening; `None` while nobody told us of it, or it is not public now.
    pub fn people_for(
        &self,
        opening_id: OpeningId,
        visible: Visible,
        marks: &Marks,
        page: Range<usize>,
    ) -> Option<ForOpening> {
        let opening = self.openings.find(opening_id)?;
        let mut all = 0;
        let mut found: Vec<(Distance, OpenFileId, u32, Fit)> = Vec::new();
        self.each_fitting_person(&opening.work, |slot, fit| {
            let id = &self.people.ids[slot as usize];
            if marks.not_for_me.contains(id) {
                return;
            }
            all += 1;
            let person = self.people.at(slot);
            if visible.shows(person, marks.wanted.contains(id)) {
                found.push((fit.distance, person.open_file_id, slot, fit));
            }
        });
        let count = found.len() as u32;
        keep_sorted(&mut found, page, |(distance, id, ..)| (*distance, *id));
        let seeker_ids = found.iter().map(|(_, _, slot, _)| self.people.ids[*slot as usize]).collect();
        let people = found.into_iter().map(|(distance, open_file_id, slot, fit)| {
            let person = self.people.at(slot);
            let wishes = &person.wishes;
            PersonProposal {
                open_file_id,
                km: distance.km(),
                municipality: self.municipalities[usize::from(person.municipality)].clone(),
                tasks: self.words.codes(wishes.tasks),
                any_task: person.any_task,
                dayparts: wishes.dayparts,
                hours: wishes.hours,
                shown_support: person.shown_support.list(),
                reasons: reasons(wishes, &opening.work, &fit, &self.words),
            }
        });
        Some(ForOpening {
            people: people.collect(),
            seeker_ids,
            visible: count,
            all,
            opening_version: opening.version,
        })
    }

    /// People of the open file around a place who like one of these tasks, or anything; all of them when
    /// no task is named.
    pub fn people_near(&self, middle: Cell, km: u8, tasks: TaskSet, page: Range<usize>) -> Near {
        let mut found: Vec<(u16, OpenFileId, u32)> = Vec::new();
        self.open_file_by_place.around(middle, km, |slot| {
            let person = self.people.at(slot);
            let wishes = &person.wishes;
            let distance = Distance::between(middle, wishes.cell);
            let likes = tasks.is_empty() || wishes.any_task || !wishes.tasks.shared(tasks).is_empty();
            if likes && distance.within(km) {
                found.push((distance.whole_km(), person.open_file_id, slot));
            }
        });
        let total = found.len() as u64;
        keep_sorted(&mut found, page, |(km, id, _)| (*km, *id));
        let people = found.into_iter().map(|(km, _, slot)| (self.people.ids[slot as usize], km)).collect();
        Near { people, total }
    }

    /// Whose opening it is.
    pub fn employer_of(&self, opening_id: OpeningId) -> Option<EmployerId> {
        self.openings.find(opening_id).map(|opening| opening.employer_id)
    }

    /// The pairs that pass, in the order of the question. Who pauses is in no pair.
    pub fn pair_weights(&self, seeker_ids: &[SeekerId], opening_ids: &[OpeningId]) -> Vec<PairWeight> {
        let openings: Vec<(OpeningId, &Work)> = opening_ids
            .iter()
            .filter_map(|id| self.openings.find(*id).map(|opening| (*id, &opening.work)))
            .collect();
        let people = seeker_ids.iter().filter_map(|id| {
            self.people.find(*id).filter(|person| !person.paused).map(|person| (*id, person))
        });
        people
            .flat_map(|(seeker_id, person)| {
                openings.iter().filter_map(move |(opening_id, work)| {
                    let weight = judge(&person.wishes, work)?.weight();
                    Some(PairWeight { seeker_id, opening_id: *opening_id, weight })
                })
            })
            .collect()
    }

    /// How many openings pass for these wishes.
    pub fn count_openings(&self, wishes: &Wishes) -> usize {
        let mut count = 0;
        self.each_fitting_opening(wishes, |_, _| count += 1);
        count
    }

    /// How many people pass for this work. Never shown as it is.
    pub fn count_people(&self, work: &Work) -> usize {
        let mut count = 0;
        self.each_fitting_person(work, |_, _| count += 1);
        count
    }

    fn each_fitting_opening(&self, wishes: &Wishes, mut visit: impl FnMut(u32, Fit)) {
        self.openings_by_place.around(wishes.cell, reach_km(wishes.travel), |slot| {
            if let Some(fit) = judge(wishes, &self.openings.at(slot).work) {
                visit(slot, fit);
            }
        });
    }

    fn each_fitting_person(&self, work: &Work, mut visit: impl FnMut(u32, Fit)) {
        for (people, km) in self.people_by_reach.iter().zip(REACHES_KM) {
            people.around(work.cell, km, |slot| {
                if let Some(fit) = judge(&self.people.at(slot).wishes, work) {
                    visit(slot, fit);
                }
            });
        }
    }

    fn number_of(&mut self, municipality: &str) -> u16 {
        if let Some(number) = self.municipality_numbers.get(municipality) {
            return *number;
        }
        let number = u16::try_from(self.municipalities.len()).expect("there are 342 municipalities");
        self.municipalities.push(municipality.to_owned());
        self.municipality_numbers.insert(municipality.to_owned(), number);
        number
    }
}

/// Keeps what would stand at these places if all were sorted, sorted.
fn keep_sorted<T, K: Ord>(all: &mut Vec<T>, places: Range<usize>, key: impl Fn(&T) -> K) {
    if places.start >= all.len() {
        all.clear();
        return;
    }
    // Sorting some thousands for twenty is what most of the time would go to.
    if places.end < all.len() {
        all.select_nth_unstable_by_key(places.end, &key);
        all.truncate(places.end);
    }
    all.sort_unstable_by_key(&key);
    all.drain(..places.start);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1.2 million people and 450,000 openings share 4 GB with everything else (DESIGN section 6): the
    /// entries themselves must stay a small part of that.
    #[test]
    fn a_person_and_an_opening_stay_small() {
        assert!(size_of::<Person>() <= 128, "{}", size_of::<Person>());
        assert!(size_of::<Opening>() <= 128, "{}", size_of::<Opening>());
    }
}
