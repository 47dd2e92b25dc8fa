//! Every world that can be reached, by two replicas that may crash, with every deed at every moment.
//!
//! A replica reads under the queue's lock, decides, commits, answers. Between two transactions anything can happen; while
//! one is under way the other waits, so that what a transaction read is what it changes. A crash before the commit leaves
//! the world as it was; a crash after it is a lost answer, and what follows is a repeat: any deed may come again in any
//! world. Time is read once per transaction, so it passes between them. Without the lock ([`Planted::NoLock`]) two
//! replicas read the same world, and the second writes what it decided on a world that is gone.

use std::collections::{HashSet, VecDeque};

use super::world::{Deed, Planted, World};

/// Who says on which days she cannot begin before she is asked: whoever is the first in line.
const CHOOSES: u8 = 0;

/// What an exploration found.
#[derive(Debug, Default)]
struct Found {
    worlds: usize,
    /// A replica in the middle of a deed that has an effect.
    in_hand: usize,
    /// Deeds that were refused or changed nothing.
    refused: usize,
    wrong: Option<String>,
}

fn explore(planted: Option<Planted>) -> Found {
    // Anybody refuses a day when she is asked about it. One of them also says it beforehand, and takes it back: if all did,
    // there would be ten times as many worlds, and nothing that happens in them would be new.
    let says_it_beforehand = |deed: &Deed| !matches!(deed, Deed::RefuseDays(person, _) if *person != CHOOSES);
    let deeds: Vec<Deed> = World::deeds().into_iter().filter(says_it_beforehand).collect();
    let passing = World::passing();
    let mut found = Found::default();
    let mut seen = HashSet::from([World::new()]);
    let mut next = VecDeque::from([World::new()]);
    while let Some(world) = next.pop_front() {
        found.worlds += 1;
        let mut reach = |after: World| {
            if seen.insert(after) {
                next.push_back(after);
            }
        };
        passing.iter().filter_map(|passes| world.after(*passes)).for_each(&mut reach);
        let mut effects: Vec<(Deed, World)> = Vec::new();
        for deed in &deeds {
            match world.with(*deed, planted) {
                Some(after) => effects.push((*deed, after)),
                None => found.refused += 1,
            }
        }
        for (deed, after) in &effects {
            // Each of two replicas may have it in hand; a crash of either leaves the world as it was.
            found.in_hand += 2;
            if let Err(wrong) = after.holds().and_then(|()| after.follows(&world, *deed)) {
                found.wrong = Some(format!("{wrong}\nby {deed:?} in {world:?}"));
                return found;
            }
            reach(*after);
            if planted == Some(Planted::NoLock) {
                for (other, stale) in &effects {
                    let both = written_over(*after, &world, stale);
                    if let Err(wrong) = both.holds().and_then(|()| both.follows(after, *other)) {
                        found.wrong = Some(format!("{wrong}\nby {deed:?} and {other:?} in {world:?}"));
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// What a transaction writes that read `read` and decided on `decided`, over a world that went on meanwhile.
fn written_over(mut world: World, read: &World, decided: &World) -> World {
    for (index, one) in decided.people.iter().enumerate().filter(|(index, one)| **one != read.people[*index])
    {
        world.people[index] = *one;
    }
    for (index, place) in
        decided.places.iter().enumerate().filter(|(index, place)| **place != read.places[*index])
    {
        world.places[index] = *place;
    }
    for (index, leaves) in
        decided.leaves.iter().enumerate().filter(|(index, leaves)| **leaves != read.leaves[*index])
    {
        world.leaves[index] = *leaves;
    }
    if decided.stopped != read.stopped {
        world.stopped = decided.stopped;
    }
    world
}

#[test]
fn nothing_goes_wrong_in_any_world_that_can_be_reached() {
    let found = explore(None);
    println!(
        "{} worlds, {} with a deed in the hands of a replica, {} refusals",
        found.worlds, found.in_hand, found.refused
    );
    assert_eq!(found.wrong, None);
    assert!(found.worlds > 100_000 && found.in_hand > 1_000_000, "{found:?}");
}

#[test]
fn each_planted_mistake_is_found() {
    for planted in Planted::ALL {
        let found = explore(Some(planted));
        let wrong = found.wrong.unwrap_or_else(|| panic!("{planted:?} was not found"));
        println!("{planted:?} after {} worlds: {wrong}\n", found.worlds);
    }
}
