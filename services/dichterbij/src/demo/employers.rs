//! Invented employers, with a KVK number that cannot exist.

use std::collections::HashMap;

use proto::vacancies::EmployerContact;
use reference::demo::EmployerName;

use super::{dice::Dice, world::World};

/// An employer of the demo.
#[derive(Debug, Clone)]
pub struct Employer {
    /// Its name.
    pub name: String,
    /// Its KVK number; numbers below 01000000 are not given out.
    pub kvk_number: String,
    /// The section of the SBI it works in.
    pub section: char,
    /// Its first site.
    pub postcode: String,
    /// Whom to ask for.
    pub contact: EmployerContact,
    /// Its share in the openings of its section.
    pub size: f64,
}

/// So many employers, over the sections in proportion to their vacancies.
pub fn employers(world: &World<'_>, count: usize) -> Vec<Employer> {
    let mut dice = Dice::of(world.seed, "employers", 0);
    let material = world.material;
    let mut waiting: HashMap<char, Vec<&EmployerName>> = HashMap::new();
    for name in dice.shuffled(material.employers.iter().collect()) {
        waiting.entry(name.section).or_default().push(name);
    }
    let sections: Vec<(char, f64)> = material
        .vacancies
        .iter()
        .filter(|section| waiting.contains_key(&section.section))
        .map(|section| (section.section, section.share))
        .collect();
    let mut used: HashMap<&str, usize> = HashMap::new();
    (0..count)
        .map(|number| {
            // Names that were not used yet go first; after that they come again, with a place behind them.
            let open: Vec<_> =
                sections.iter().filter(|(section, _)| !waiting[section].is_empty()).copied().collect();
            let section =
                dice.weighted(if open.is_empty() { &sections } else { &open }, |section| section.1).0;
            let name = waiting.get_mut(&section).and_then(Vec::pop).unwrap_or_else(|| {
                let known: Vec<_> =
                    material.employers.iter().filter(|name| name.section == section).collect();
                *dice.one(&known)
            });
            employer(world, number, name, &mut used)
        })
        .collect()
}

fn employer<'a>(
    world: &World<'_>,
    number: usize,
    name: &'a EmployerName,
    used: &mut HashMap<&'a str, usize>,
) -> Employer {
    let mut dice = Dice::of(world.seed, "employer", number);
    let times = used.entry(&name.name).and_modify(|times| *times += 1).or_insert(1);
    Employer {
        name: if *times == 1 { name.name.clone() } else { format!("{} {times}", name.name) },
        kvk_number: format!("00{:02}{:04}", world.tag, number + 1),
        section: name.section,
        postcode: world.site(&mut dice).to_string(),
        contact: EmployerContact {
            name: dice.one(&world.material.first_names).clone(),
            reach: format!("werk.{number}.am{:02}@demo.example", world.tag),
            work: String::new(),
        },
        // Few have many openings, many have few.
        size: 1.0 / f64::from(dice.between(1, 12)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use reference::{Reference, demo::Demo};

    use super::*;

    #[test]
    fn employers_differ_in_name_and_number_and_repeat() {
        let (reference, material) = (Reference::small(), Demo::built_in());
        let world = World::of(&reference, &material, 7, &["AM11".parse().unwrap()]).unwrap();
        let all = employers(&world, 500);
        let names: HashSet<_> = all.iter().map(|employer| &employer.name).collect();
        let numbers: HashSet<_> = all.iter().map(|employer| &employer.kvk_number).collect();
        assert_eq!((all.len(), names.len(), numbers.len()), (500, 500, 500));
        assert!(all.iter().all(|employer| employer.kvk_number.len() == 8));
        let again: Vec<_> = employers(&world, 60).into_iter().map(|employer| employer.name).collect();
        assert!(again.iter().eq(all.iter().take(60).map(|employer| &employer.name)));
    }
}
