//! How far is how far: distances between squares, in whole numbers where a rule decides.

use proto::work::{Cell, Means, Travel};

/// The distance we take when a person did not say how far she travels, in km.
pub const USUAL_KM: u8 = 15;
/// The means we reckon minutes by when she did not say how she travels.
pub const USUAL_MEANS: Means = Means::Bicycle;

/// A distance between two squares as the crow flies. Kept squared and whole, so that "within 15 km"
/// has one answer on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Distance {
    km_squared: u64,
}

impl Distance {
    /// Between the middles of two squares.
    pub fn between(a: Cell, b: Cell) -> Self {
        let side = |a: i16, b: i16| u64::from(a.abs_diff(b)).pow(2);
        Self { km_squared: side(a.x, b.x) + side(a.y, b.y) }
    }

    /// Whether it is at most so many kilometres; the end is included.
    pub fn within(self, km: u8) -> bool {
        self.km_squared <= u64::from(km).pow(2)
    }

    /// Whether it is at most so many fifths of this reach.
    pub fn within_fifths(self, fifths: u8, reach_km: u8) -> bool {
        self.km_squared * 25 <= (u64::from(fifths) * u64::from(reach_km)).pow(2)
    }

    /// Kilometres to one decimal, as shown.
    pub fn km(self) -> f64 {
        ((self.km_squared as f64).sqrt() * 10.0).round() / 10.0
    }

    /// Whole kilometres, at least 1: all that the open file shows.
    pub fn whole_km(self) -> u16 {
        ((self.km_squared as f64).sqrt().round() as u16).max(1)
    }
}

/// How far she goes: what she said, or the usual.
pub fn reach_km(travel: Option<Travel>) -> u8 {
    travel.map_or(USUAL_KM, |travel| travel.max_km)
}

/// By which means: what she said, or the usual.
pub fn means(travel: Option<Travel>) -> Means {
    travel.map_or(USUAL_MEANS, |travel| travel.means)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distance(x: i16, y: i16) -> Distance {
        Distance::between(Cell { x: 100, y: 400 }, Cell { x: 100 + x, y: 400 + y })
    }

    #[test]
    fn the_end_of_her_reach_is_within_reach() {
        assert!(distance(9, 12).within(15));
        assert!(!distance(10, 12).within(15));
        assert!(distance(0, 0).within(0));
    }

    #[test]
    fn kilometres_have_one_decimal() {
        for ((x, y), km) in [((0, 0), 0.0), ((1, 1), 1.4), ((3, 4), 5.0), ((-2, 5), 5.4)] {
            assert!((distance(x, y).km() - km).abs() < 1e-9, "{x} {y}");
        }
    }

    #[test]
    fn whole_kilometres_are_at_least_one() {
        for ((x, y), km) in [((0, 0), 1), ((1, 1), 1), ((1, 2), 2), ((3, 4), 5), ((-2, 5), 5)] {
            assert_eq!(distance(x, y).whole_km(), km, "{x} {y}");
        }
    }

    #[test]
    fn fifths_of_a_reach_include_their_ends() {
        assert!(distance(3, 0).within_fifths(1, 15));
        assert!(!distance(4, 0).within_fifths(1, 15));
        assert!(distance(15, 0).within_fifths(5, 15));
    }

    #[test]
    fn squares_at_the_ends_of_the_numbers_do_not_overflow() {
        let far = Distance::between(Cell { x: i16::MIN, y: i16::MIN }, Cell { x: i16::MAX, y: i16::MAX });
        assert!(!far.within(u8::MAX) && !far.within_fifths(5, u8::MAX));
        assert!((far.km() - 92_680.5).abs() < 1.0);
    }

    #[test]
    fn who_did_not_say_how_she_travels_gets_the_usual() {
        assert_eq!((reach_km(None), means(None)), (15, Means::Bicycle));
        let car = Travel { means: Means::Car, max_km: 40 };
        assert_eq!((reach_km(Some(car)), means(Some(car))), (40, Means::Car));
    }
}
