//! Openings around a place: what is near, and in which order.

use proto::work::Cell;

/// The cells that can lie within a distance: a box that an index can search, and the exact rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Around here.
    pub middle: Cell,
    /// Smallest and greatest `x`.
    pub x: (i16, i16),
    /// Smallest and greatest `y`.
    pub y: (i16, i16),
    /// The square of the distance: cells are whole kilometres, so comparing squares is exact.
    pub km_squared: i32,
}

impl Reach {
    /// Everything within so many kilometres.
    pub fn new(middle: Cell, km: u16) -> Self {
        let km = i32::from(km);
        let span = |at: i16| {
            let bound = |to: i32| to.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
            (bound(i32::from(at) - km), bound(i32::from(at) + km))
        };
        Self { middle, x: span(middle.x), y: span(middle.y), km_squared: km * km }
    }

    /// The square of the distance to a cell in the box; `None` when it lies further away.
    pub fn squared_to(self, cell: Cell) -> Option<i32> {
        let in_box = (self.x.0..=self.x.1).contains(&cell.x) && (self.y.0..=self.y.1).contains(&cell.y);
        let (dx, dy) =
            (i32::from(cell.x) - i32::from(self.middle.x), i32::from(cell.y) - i32::from(self.middle.y));
        in_box.then(|| dx * dx + dy * dy).filter(|squared| *squared <= self.km_squared)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_box_and_the_squares_agree_with_the_distance(
            middle in (0..300_i16, 300..630_i16), other in (0..300_i16, 300..630_i16), km in 1..=300_u16,
        ) {
            let middle = Cell { x: middle.0, y: middle.1 };
            let other = Cell { x: other.0, y: other.1 };
            let reach = Reach::new(middle, km);
            let distance = middle.distance_km(other);
            prop_assert_eq!(reach.squared_to(other).is_some(), distance <= f64::from(km));
            if let Some(squared) = reach.squared_to(other) {
                prop_assert!((f64::from(squared).sqrt() - distance).abs() < 1e-9);
            }
        }

        #[test]
        fn the_order_by_squares_is_the_order_by_distance(
            cells in proptest::collection::vec((0..300_i16, 300..630_i16), 0..40), km in 1..=300_u16,
        ) {
            let middle = Cell { x: 150, y: 450 };
            let reach = Reach::new(middle, km);
            let cells: Vec<Cell> = cells.into_iter().map(|(x, y)| Cell { x, y }).collect();
            let mut ours: Vec<(i32, usize)> = cells
                .iter()
                .enumerate()
                .filter_map(|(id, cell)| Some((reach.squared_to(*cell)?, id)))
                .collect();
            ours.sort_unstable();
            let mut brute: Vec<(f64, usize)> = cells
                .iter()
                .enumerate()
                .map(|(id, cell)| (middle.distance_km(*cell), id))
                .filter(|(distance, _)| *distance <= f64::from(km))
                .collect();
            brute.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let ids = |found: Vec<usize>| found;
            prop_assert_eq!(
                ids(ours.into_iter().map(|(_, id)| id).collect()),
                ids(brute.into_iter().map(|(_, id)| id).collect())
            );
        }

        #[test]
        fn no_cell_however_odd_overflows(x: i16, y: i16, other_x: i16, other_y: i16, km in 1..=300_u16) {
            let _ = Reach::new(Cell { x, y }, km).squared_to(Cell { x: other_x, y: other_y });
        }
    }
}
