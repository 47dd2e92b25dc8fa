//! Where a postcode lies on the map.

use std::fmt;

use proto::work::Area;
use serde::Deserialize;

use crate::geo::{Cell, Point, distance_km};
use crate::postcode::Postcode;
use crate::regions::{MunicipalityCode, RegionCode, Regions};
use crate::table::{self, ReferenceError};
use crate::versions::TableVersion;

/// A coordinate further than this from the middle of its municipality is a mistake in the file. The longest real
/// distance is about 30 km.
pub(crate) const FURTHEST_KM: f64 = 32.0;

/// The place of one four-digit postcode. `Debug` prints the name only: whose place it is may be a secret.
#[derive(Clone, PartialEq)]
pub struct Place {
    /// The four digits.
    pub pc4: u16,
    /// The name of the town or village.
    pub name: String,
    /// The municipality it lies in.
    pub municipality: MunicipalityCode,
    /// The labour-market region it lies in.
    pub region: RegionCode,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

impl Place {
    /// Its point on the map.
    pub fn point(&self) -> Point {
        Point { lat: self.lat, lon: self.lon }
    }

    /// The square kilometre it lies in: what an event may carry.
    pub fn cell(&self) -> Cell {
        self.point().cell()
    }

    /// Square, municipality and region: a place as the bus knows it.
    pub fn area(&self) -> Area {
        Area {
            cell: self.cell(),
            municipality: self.municipality.to_string(),
            region: self.region.to_string(),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Place({}, {})", self.name, self.municipality)
    }
}

/// All postcodes with their place.
pub struct Places {
    /// In ascending order of postcode.
    places: Vec<Place>,
    version: TableVersion,
}

#[derive(Deserialize)]
struct PlaceRow {
    pc4: u16,
    place: String,
    #[serde(rename = "province")]
    _province: String,
    lat: f64,
    lon: f64,
}

impl Places {
    /// Every postcode in the middle of its municipality: for tests, and for a start without the file.
    pub fn small() -> Self {
        Self::in_the_middle(&Regions::built_in())
    }

    /// Every postcode in the middle of its municipality, as these regions have them.
    pub(crate) fn in_the_middle(regions: &Regions) -> Self {
        let places = middles(regions);
        let version = TableVersion { name: "postcodes", ..regions.versions().swap_remove(1) };
        Self { version: TableVersion { rows: places.len(), ..version }, places }
    }

    /// Reads a CSV with the columns `pc4,place,province,lat,lon`.
    ///
    /// The municipality comes from our own table, because the file's could be of another year. A postcode that is
    /// newer than our table gets the municipality of the nearest postcode; one that the file lacks, or whose point
    /// lies impossibly far away, stays in the middle of its municipality.
    pub(crate) fn parse(file: &str, text: &str, regions: &Regions) -> Result<Self, ReferenceError> {
        let mut places = middles(regions);
        let mut newer = Vec::new();
        for row in table::rows::<PlaceRow>(file, text)? {
            let wrong = |reason: &str| ReferenceError::row(file, row.line, reason);
            let PlaceRow { pc4, place: name, lat, lon, .. } = row.value;
            let point = Point { lat, lon };
            if Postcode::from_pc4(pc4).is_none() {
                return Err(wrong("pc4 must lie between 1000 and 9999"));
            }
            if !point.is_in_the_netherlands() {
                return Err(wrong("lat and lon lie outside the Netherlands; are they swapped?"));
            }
            if name.is_empty() {
                return Err(wrong("place is empty"));
            }
            match places.binary_search_by_key(&pc4, |place| place.pc4) {
                Ok(index) => {
                    let known = &mut places[index];
                    if distance_km(known.point(), point) <= FURTHEST_KM {
                        (known.name, known.lat, known.lon) = (name, lat, lon);
                    }
                }
                Err(_) => newer.push((pc4, name, point)),
            }
        }
        for (pc4, name, point) in newer {
            let nearest = nearest(&places, point);
            let Some((municipality, region)) = nearest.map(|place| (place.municipality, place.region)) else {
                continue;
            };
            // A second row of a new postcode changes nothing: the first place name stays.
            if let Err(at) = places.binary_search_by_key(&pc4, |place| place.pc4) {
                let place = Place { pc4, name, municipality, region, lat: point.lat, lon: point.lon };
                places.insert(at, place);
            }
        }
        let version = TableVersion::from_file("postcodes", text, places.len());
        Ok(Self { places, version })
    }

    /// The place of a postcode; `None` if we know no such postcode.
    pub fn locate(&self, postcode: &Postcode) -> Option<&Place> {
        self.locate_pc4(postcode.pc4())
    }

    /// The place of four digits; `None` if we know no such postcode.
    pub fn locate_pc4(&self, pc4: u16) -> Option<&Place> {
        self.places.binary_search_by_key(&pc4, |place| place.pc4).ok().map(|index| &self.places[index])
    }

    /// The place nearest to a point.
    pub fn nearest(&self, point: Point) -> Option<&Place> {
        nearest(&self.places, point)
    }

    /// All places, in ascending order of postcode.
    pub fn all(&self) -> &[Place] {
        &self.places
    }

    /// Whether there was no file, so that every postcode lies in the middle of its municipality.
    pub fn is_small(&self) -> bool {
        self.version.version.starts_with("built-in:")
    }

    /// Which edition of the postcodes this is.
    pub fn version(&self) -> &TableVersion {
        &self.version
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Places({}, {})", self.places.len(), self.version.version)
    }
}

/// Every postcode of our own table, in the middle of its municipality and named after it.
fn middles(regions: &Regions) -> Vec<Place> {
    let place = |(pc4, municipality): (u16, &crate::Municipality)| Place {
        pc4,
        name: municipality.name.clone(),
        municipality: municipality.code,
        region: municipality.region,
        lat: municipality.middle.lat,
        lon: municipality.middle.lon,
    };
    regions.postcodes().map(place).collect()
}

fn nearest(places: &[Place], point: Point) -> Option<&Place> {
    let distance = |place: &Place| distance_km(place.point(), point);
    places.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "pc4,place,province,lat,lon\n";

    fn parse(rows: &str) -> Result<Places, ReferenceError> {
        Places::parse("postcodes.csv", &format!("{HEADER}{rows}"), &Regions::built_in())
    }

    fn located(places: &Places, text: &str) -> Option<Place> {
        places.locate(&text.parse().unwrap()).cloned()
    }

    #[test]
    fn without_the_file_a_postcode_lies_in_the_middle_of_its_municipality() {
        let places = Places::small();
        let almere = located(&places, "1315 RC").unwrap();
        assert_eq!((almere.name.as_str(), almere.municipality.to_string().as_str()), ("Almere", "GM0034"));
        assert_eq!(almere.region.to_string(), "AM11");
        assert_eq!((almere.area().cell, almere.area().municipality.as_str()), (almere.cell(), "GM0034"));
        assert!(places.is_small());
        assert_eq!(places.all().len(), 4_086);
        assert_eq!(located(&places, "1310"), None);
    }

    #[test]
    fn the_file_moves_postcodes_to_their_own_place() {
        let places =
            parse("8251,Dronten,Flevoland,52.5306,5.7194\n8255,Swifterbant,Flevoland,52.5738,5.6431\n")
                .unwrap();
        let swifterbant = located(&places, "8255").unwrap();
        assert_eq!((swifterbant.name.as_str(), swifterbant.lat), ("Swifterbant", 52.5738));
        assert_eq!(swifterbant.municipality.to_string(), "GM0303");
        assert_eq!(located(&places, "1315").unwrap().name, "Almere");
        assert!(!places.is_small());
        assert_ne!(places.version().version, Places::small().version().version);
    }

    #[test]
    fn a_postcode_newer_than_our_table_gets_the_nearest_municipality() {
        let places = parse("1310,Almere,Flevoland,52.37,5.22\n1310,Elders,Flevoland,52.38,5.22\n").unwrap();
        let new = located(&places, "1310").unwrap();
        assert_eq!((new.name.as_str(), new.municipality.to_string().as_str()), ("Almere", "GM0034"));
        assert_eq!(places.all().len(), 4_087);
        assert!(places.all().is_sorted_by_key(|place| place.pc4));
    }

    #[test]
    fn an_impossible_point_does_not_move_a_postcode() {
        let places = parse("1315,Maastricht,Limburg,50.85,5.69\n").unwrap();
        assert_eq!(located(&places, "1315").unwrap().name, "Almere");
    }

    #[test]
    fn wrong_rows_are_refused_with_their_line() {
        let error = |rows: &str| parse(rows).unwrap_err().to_string();
        assert_eq!(
            error("315,A,B,52,5\n"),
            "reference file postcodes.csv, line 2: pc4 must lie between 1000 and 9999"
        );
        assert!(error("1315,A,B,52,5\n1316,A,B,5.2,52.3\n").contains("line 3: lat and lon lie outside"));
        assert!(error("1315,,B,52,5\n").contains("line 2: place is empty"));
        assert!(error("1315,A,B,x,5\n").contains("line 2: "));
        assert!(error("1315,A,B,NaN,5\n").contains("line 2: lat and lon lie outside"));
    }

    #[test]
    fn a_place_does_not_print_its_postcode() {
        let places = Places::small();
        let printed = format!("{:?} {places:?}", located(&places, "1315").unwrap());
        assert!(!printed.contains("1315"), "{printed}");
    }
}
