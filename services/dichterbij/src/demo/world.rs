//! Where the demo takes place: the postcodes of its regions, by inhabitants.

use reference::{Reference, RegionCode, demo::Demo};

use super::dice::Dice;

/// Everything the generator reads.
pub struct World<'a> {
    /// Tasks and regions.
    pub(super) reference: &'a Reference,
    /// Proportions and names.
    pub(super) material: &'a Demo,
    /// Which demo.
    pub(super) seed: u64,
    /// Two digits in numbers of people and employers, so that demos of two regions do not meet.
    pub(super) tag: u32,
    postcodes: Vec<(u16, u32)>,
}

impl<'a> World<'a> {
    /// The world of these regions; `None` if nobody lives there.
    pub fn of(
        reference: &'a Reference,
        material: &'a Demo,
        seed: u64,
        regions: &[RegionCode],
    ) -> Option<Self> {
        let lies_there = |pc4: u16| {
            // By the table of places, because the services look there too.
            reference.places.locate_pc4(pc4).is_some_and(|place| regions.contains(&place.region))
        };
        let postcodes: Vec<(u16, u32)> = material
            .inhabitants
            .iter()
            .copied()
            .filter(|(pc4, hundreds)| *hundreds > 0 && lies_there(*pc4))
            .collect();
        let numbers = regions.iter().filter_map(|region| region.to_string()[2..].parse::<u32>().ok());
        let tag = numbers.sum::<u32>() % 100;
        let seed = seed.wrapping_mul(100).wrapping_add(tag.into());
        (!postcodes.is_empty()).then_some(Self { reference, material, seed, tag, postcodes })
    }

    /// Where somebody lives.
    pub(super) fn home(&self, dice: &mut Dice) -> u16 {
        dice.weighted(&self.postcodes, |(_, hundreds)| f64::from(*hundreds)).0
    }

    /// Where work is: as a rule where people are, but also where few live.
    pub(super) fn site(&self, dice: &mut Dice) -> u16 {
        dice.weighted(&self.postcodes, |(_, hundreds)| f64::from(*hundreds).sqrt()).0
    }
}
