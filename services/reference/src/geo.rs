//! Points, great-circle distance, and the kilometre grid that events about people use.

pub use proto::work::Cell;

/// Mean radius of the earth in kilometres (IUGG). Over the Netherlands the sphere is off by at most 0.3 %.
pub const EARTH_RADIUS_KM: f64 = 6371.0088;

/// A point on the map: degrees north and east (WGS 84).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Point {
    /// Whether the point lies in the box around the European Netherlands.
    pub fn is_in_the_netherlands(self) -> bool {
        (50.6..=53.7).contains(&self.lat) && (3.2..=7.3).contains(&self.lon)
    }

    /// The square kilometre the point lies in: a square of the Dutch national grid (RD, EPSG:28992), in which CBS
    /// publishes figures too. `x` and `y` are the kilometres east and north of the grid's origin at the square's
    /// south-west corner: 10 to 280 and 305 to 620 in the Netherlands.
    ///
    /// Know what a cell hides: the letters of a postcode. It does not hide the four digits from someone with a map,
    /// because the middles of nearly all postcodes lie in different squares; it is meant for computing distances,
    /// not for making people anonymous.
    ///
    /// Accuracy: the conversion (the polynomial of Schreutelkamp and Strang van Hees) is within a metre, distances in
    /// the grid are within 0.02 % of distances on the ground, and each end lies at most 0.71 km from the middle of
    /// its square. So [`Cell::distance_km`] is at most 1.42 km off.
    pub fn cell(self) -> Cell {
        let (x, y) = rd_metres(self);
        Cell { x: (x / 1000.0).floor() as i16, y: (y / 1000.0).floor() as i16 }
    }
}

/// Distance in kilometres as the crow flies: the great circle by the haversine formula on a sphere of
/// [`EARTH_RADIUS_KM`].
pub fn distance_km(a: Point, b: Point) -> f64 {
    let half_lat = ((b.lat - a.lat).to_radians() / 2.0).sin();
    let half_lon = ((b.lon - a.lon).to_radians() / 2.0).sin();
    let chord = half_lat.powi(2) + a.lat.to_radians().cos() * b.lat.to_radians().cos() * half_lon.powi(2);
    2.0 * EARTH_RADIUS_KM * chord.sqrt().min(1.0).asin()
}

/// The middle of a cell on the map.
pub fn middle_of(cell: Cell) -> Point {
    wgs_degrees(f64::from(cell.x) * 1000.0 + 500.0, f64::from(cell.y) * 1000.0 + 500.0)
}

/// The centre of the national grid: the tower of Our Lady in Amersfoort.
const AMERSFOORT: Point = Point { lat: 52.155_174_40, lon: 5.387_206_21 };
const AMERSFOORT_X: f64 = 155_000.0;
const AMERSFOORT_Y: f64 = 463_000.0;

/// Degrees to metres in the national grid.
fn rd_metres(point: Point) -> (f64, f64) {
    const EAST: [(i32, i32, f64); 9] = [
        (0, 1, 190_094.945),
        (1, 1, -11_832.228),
        (2, 1, -114.221),
        (0, 3, -32.391),
        (1, 0, -0.705),
        (3, 1, -2.340),
        (1, 3, -0.608),
        (0, 2, -0.008),
        (2, 3, 0.148),
    ];
    const NORTH: [(i32, i32, f64); 10] = [
        (1, 0, 309_056.544),
        (0, 2, 3_638.893),
        (2, 0, 73.077),
        (1, 2, -157.984),
        (3, 0, 59.788),
        (0, 1, 0.433),
        (2, 2, -6.439),
        (1, 1, -0.032),
        (0, 4, 0.092),
        (1, 4, -0.054),
    ];
    let lat = 0.36 * (point.lat - AMERSFOORT.lat);
    let lon = 0.36 * (point.lon - AMERSFOORT.lon);
    (AMERSFOORT_X + series(&EAST, lat, lon), AMERSFOORT_Y + series(&NORTH, lat, lon))
}

/// Metres in the national grid to degrees.
fn wgs_degrees(x: f64, y: f64) -> Point {
    const LAT: [(i32, i32, f64); 11] = [
        (0, 1, 3_235.653_89),
        (2, 0, -32.582_97),
        (0, 2, -0.247_50),
        (2, 1, -0.849_78),
        (0, 3, -0.065_50),
        (2, 2, -0.017_09),
        (1, 0, -0.007_38),
        (4, 0, 0.005_30),
        (2, 3, -0.000_39),
        (4, 1, 0.000_33),
        (1, 1, -0.000_12),
    ];
    const LON: [(i32, i32, f64); 12] = [
        (1, 0, 5_260.529_16),
        (1, 1, 105.946_84),
        (1, 2, 2.456_56),
        (3, 0, -0.818_85),
        (1, 3, 0.055_94),
        (3, 1, -0.056_07),
        (0, 1, 0.011_99),
        (3, 2, -0.002_56),
        (1, 4, 0.001_28),
        (0, 2, 0.000_22),
        (2, 0, -0.000_22),
        (5, 0, 0.000_26),
    ];
    let east = (x - AMERSFOORT_X) / 100_000.0;
    let north = (y - AMERSFOORT_Y) / 100_000.0;
    Point {
        lat: AMERSFOORT.lat + series(&LAT, east, north) / 3600.0,
        lon: AMERSFOORT.lon + series(&LON, east, north) / 3600.0,
    }
}

/// The sum of `factor · a^p · b^q` over the terms `(p, q, factor)`.
fn series(terms: &[(i32, i32, f64)], a: f64, b: f64) -> f64 {
    terms.iter().map(|(p, q, factor)| factor * a.powi(*p) * b.powi(*q)).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAM: Point = Point { lat: 52.3731, lon: 4.8926 };
    const DOM: Point = Point { lat: 52.0907, lon: 5.1214 };

    #[test]
    fn amsterdam_lies_35_km_from_utrecht() {
        assert!((distance_km(DAM, DOM) - 35.1).abs() < 0.2);
        assert!(distance_km(DAM, DAM).abs() < 1e-9);
    }

    #[test]
    fn one_degree_of_latitude_is_111_km() {
        let south = Point { lat: 52.0, lon: 5.0 };
        let north = Point { lat: 53.0, lon: 5.0 };
        assert!((distance_km(south, north) - 111.195).abs() < 0.01);
    }

    #[test]
    fn the_grid_agrees_with_two_known_towers() {
        assert_eq!(rd_metres(AMERSFOORT), (155_000.0, 463_000.0));
        // Westertoren, Amsterdam, from the published description of the conversion.
        let (x, y) = rd_metres(Point { lat: 52.374_532_53, lon: 4.883_525_59 });
        assert!((x - 120_700.723).abs() < 1.0, "{x}");
        assert!((y - 487_525.501).abs() < 1.0, "{y}");
        assert_eq!(Point { lat: 52.374_532_53, lon: 4.883_525_59 }.cell(), Cell { x: 120, y: 487 });
    }

    proptest! {
        #[test]
        fn a_cell_distance_is_at_most_one_and_a_half_km_off(
            lat_a in 50.75..53.5_f64, lon_a in 3.4..7.2_f64, lat_b in 50.75..53.5_f64, lon_b in 3.4..7.2_f64,
        ) {
            let (a, b) = (Point { lat: lat_a, lon: lon_a }, Point { lat: lat_b, lon: lon_b });
            let exact = distance_km(a, b);
            // 1.42 km for the squares, 0.3 % for the sphere against the ellipsoid under the grid.
            let allowed = 1.42 + 0.003 * exact;
            prop_assert!((a.cell().distance_km(b.cell()) - exact).abs() <= allowed);
            prop_assert!((a.cell().distance_km(b.cell()) - b.cell().distance_km(a.cell())).abs() < 1e-9);
        }

        #[test]
        fn the_middle_of_a_cell_lies_in_that_cell(x in 10..280_i16, y in 305..620_i16) {
            let cell = Cell { x, y };
            prop_assert_eq!(middle_of(cell).cell(), cell);
        }
    }
}
