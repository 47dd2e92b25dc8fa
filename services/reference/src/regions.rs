//! The 35 labour-market regions and 342 municipalities, and which postcode lies in which.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::geo::Point;
use crate::table::{self, ReferenceError};
use crate::text::fold;
use crate::versions::TableVersion;

const REGIONS: &str = include_str!("../data/regions.csv");
const MUNICIPALITIES: &str = include_str!("../data/municipalities.csv");

/// The text is no code of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a code such as {example}")]
pub struct CodeError {
    example: &'static str,
}

/// The CBS code of a labour-market region: `AM11`. The codes run to AM38 and skip three numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct RegionCode(u8);

/// The CBS code of a municipality: `GM0034`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct MunicipalityCode(u16);

impl FromStr for RegionCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let number = digits_after(text, "AM", 2).and_then(|digits| digits.parse().ok());
        number.map(Self).ok_or(CodeError { example: "AM11" })
    }
}

impl FromStr for MunicipalityCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let number = digits_after(text, "GM", 4).and_then(|digits| digits.parse().ok());
        number.map(Self).ok_or(CodeError { example: "GM0034" })
    }
}

/// The digits of a code, if it is the prefix and exactly so many ASCII digits.
fn digits_after<'a>(text: &'a str, prefix: &str, count: usize) -> Option<&'a str> {
    let digits = text.strip_prefix(prefix)?;
    (digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AM{:02}", self.0)
    }
}

impl fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GM{:04}", self.0)
    }
}

impl fmt::Debug for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Debug for MunicipalityCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<RegionCode> for String {
    fn from(code: RegionCode) -> Self {
        code.to_string()
    }
}

impl From<MunicipalityCode> for String {
    fn from(code: MunicipalityCode) -> Self {
        code.to_string()
    }
}

impl TryFrom<String> for RegionCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

impl TryFrom<String> for MunicipalityCode {
    type Error = CodeError;

    fn try_from(text: String) -> Result<Self, CodeError> {
        text.parse()
    }
}

/// A labour-market region (arbeidsmarktregio).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its CBS code.
    pub code: RegionCode,
    /// Its name of 2025.
    pub name: String,
    /// The municipality that organises the region.
    pub centre: MunicipalityCode,
    /// Older names that people and files still use.
    pub also: Vec<String>,
}

/// A municipality (gemeente).
#[derive(Debug, Clone, PartialEq)]
pub struct Municipality {
    /// Its CBS code.
    pub code: MunicipalityCode,
    /// Its official name, such as `'s-Gravenhage`.
    pub name: String,
    /// The labour-market region it belongs to.
    pub region: RegionCode,
    /// The province it lies in.
    pub province: String,
    /// The middle of where its people live, rounded to about a kilometre.
    pub middle: Point,
}

/// Consecutive four-digit postcodes of one municipality.
#[derive(Debug, Clone, Copy)]
struct Range {
    first: u16,
    last: u16,
    municipality: usize,
}

/// The regions, the municipalities and their postcodes.
#[derive(Debug)]
pub struct Regions {
    all: Vec<Region>,
    municipalities: Vec<Municipality>,
    ranges: Vec<Range>,
    municipalities_version: TableVersion,
}

#[derive(Deserialize)]
struct RegionRow {
    code: String,
    name: String,
    centre: String,
    also: String,
}

#[derive(Deserialize)]
struct MunicipalityRow {
    code: String,
    name: String,
    region: String,
    province: String,
    lat: f64,
    lon: f64,
    pc4: String,
}

#[derive(Deserialize)]
struct AreaRow {
    municipality: MunicipalityCode,
    name: String,
    region: RegionCode,
}

impl Regions {
    /// The tables that are part of the program.
    pub fn built_in() -> Self {
        Self::parse(REGIONS, MUNICIPALITIES).expect("the built-in tables are read by every test")
    }

    fn parse(regions: &str, municipalities: &str) -> Result<Self, ReferenceError> {
        let version = TableVersion::built_in("municipalities", municipalities, 0);
        let (all, found, ranges) = (Vec::new(), Vec::new(), Vec::new());
        let mut read = Self { all, municipalities: found, ranges, municipalities_version: version };
        for row in table::rows::<RegionRow>("regions.csv", regions)? {
            let wrong = |error: CodeError| ReferenceError::row("regions.csv", row.line, error.to_string());
            read.all.push(Region {
                code: row.value.code.parse().map_err(wrong)?,
                name: row.value.name,
                centre: row.value.centre.parse().map_err(wrong)?,
                also: table::parts(&row.value.also).map(str::to_owned).collect(),
            });
        }
        read.all.sort_by_key(|region| region.code);
        let mut rows = table::rows::<MunicipalityRow>("municipalities.csv", municipalities)?;
        rows.sort_by(|a, b| a.value.code.cmp(&b.value.code));
        for (index, row) in rows.into_iter().enumerate() {
            let wrong = |reason: String| ReferenceError::row("municipalities.csv", row.line, reason);
            let municipality = Municipality {
                code: row.value.code.parse().map_err(|error: CodeError| wrong(error.to_string()))?,
                name: row.value.name,
                region: row.value.region.parse().map_err(|error: CodeError| wrong(error.to_string()))?,
                province: row.value.province,
                middle: Point { lat: row.value.lat, lon: row.value.lon },
            };
            if read.get(municipality.region).is_none() {
                return Err(wrong(format!("region {} does not exist", municipality.region)));
            }
            read.municipalities.push(municipality);
            for range in row.value.pc4.split_ascii_whitespace() {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                let (Ok(first), Ok(last)) = (first.parse(), last.parse()) else {
                    return Err(wrong(format!("{range} is no range of postcodes")));
                };
                read.ranges.push(Range { first, last, municipality: index });
            }
        }
        read.ranges.sort_by_key(|range| range.first);
        if let Some(pair) = read.ranges.windows(2).find(|pair| pair[0].last >= pair[1].first) {
            let reason = format!("postcode {} lies in two municipalities", pair[1].first);
            return Err(ReferenceError::row("municipalities.csv", 1, reason));
        }
        read.municipalities_version.rows = read.municipalities.len();
        Ok(read)
    }

    /// The built-in tables with the names and regions of a newer CBS file: a CSV with the columns
    /// `municipality,name,region`. A municipality that is new since our table is an error here: which postcodes it has
    /// cannot be known from such a file.
    pub(crate) fn with_areas(file: &str, text: &str) -> Result<Self, ReferenceError> {
        let mut regions = Self::built_in();
        for row in table::rows::<AreaRow>(file, text)? {
            let wrong = |reason: String| ReferenceError::row(file, row.line, reason);
            let AreaRow { municipality: code, name, region } = row.value;
            if name.is_empty() {
                return Err(wrong("name is empty".to_owned()));
            }
            if regions.get(region).is_none() {
                return Err(wrong(format!("region {region} does not exist")));
            }
            let found = regions.municipalities.binary_search_by_key(&code, |municipality| municipality.code);
            let index = found.map_err(|_| wrong(format!("municipality {code} is not in our table")))?;
            let municipality = &mut regions.municipalities[index];
            (municipality.name, municipality.region) = (name, region);
        }
        let rows = regions.municipalities.len();
        // What was made from them depends on both texts.
        let both = format!("{MUNICIPALITIES}{text}");
        regions.municipalities_version = TableVersion::from_file("municipalities", &both, rows);
        Ok(regions)
    }

    /// All regions, in order of code.
    pub fn all(&self) -> &[Region] {
        &self.all
    }

    /// The region with this code.
    pub fn get(&self, code: RegionCode) -> Option<&Region> {
        self.all.binary_search_by_key(&code, |region| region.code).ok().map(|index| &self.all[index])
    }

    /// The region with this name, old names included; case, accents and punctuation do not count.
    pub fn named(&self, name: &str) -> Option<&Region> {
        let wanted = fold(name);
        let has = |region: &&Region| {
            fold(&region.name) == wanted || region.also.iter().any(|other| fold(other) == wanted)
        };
        self.all.iter().find(has)
    }

    /// All municipalities, in order of code.
    pub fn municipalities(&self) -> &[Municipality] {
        &self.municipalities
    }

    /// The municipality with this code.
    pub fn municipality(&self, code: MunicipalityCode) -> Option<&Municipality> {
        let found = self.municipalities.binary_search_by_key(&code, |municipality| municipality.code);
        found.ok().map(|index| &self.municipalities[index])
    }

    /// The municipalities of a region, in order of code.
    pub fn municipalities_of(&self, region: RegionCode) -> impl Iterator<Item = &Municipality> {
        self.municipalities.iter().filter(move |municipality| municipality.region == region)
    }

    /// The municipality in which a four-digit postcode lies; `None` if there is no such postcode.
    pub fn of_pc4(&self, pc4: u16) -> Option<&Municipality> {
        let after = self.ranges.partition_point(|range| range.first <= pc4);
        let range = self.ranges[..after].last().filter(|range| pc4 <= range.last)?;
        Some(&self.municipalities[range.municipality])
    }

    /// Every four-digit postcode that exists, in ascending order, with its municipality.
    pub fn postcodes(&self) -> impl Iterator<Item = (u16, &Municipality)> {
        self.ranges.iter().flat_map(|range| {
            (range.first..=range.last).map(|pc4| (pc4, &self.municipalities[range.municipality]))
        })
    }

    /// Versions of the tables of regions and municipalities.
    pub(crate) fn versions(&self) -> Vec<TableVersion> {
        vec![TableVersion::built_in("regions", REGIONS, self.all.len()), self.municipalities_version.clone()]
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static REGIONS_READ: LazyLock<Regions> = LazyLock::new(Regions::built_in);

    fn names(pc4: u16) -> Option<(String, String)> {
        let regions = Regions::built_in();
        let municipality = regions.of_pc4(pc4)?;
        Some((municipality.name.clone(), regions.get(municipality.region)?.name.clone()))
    }

    #[test]
    fn every_region_has_its_centre_within_it() {
        let regions = Regions::built_in();
        assert_eq!((regions.all().len(), regions.municipalities().len()), (35, 342));
        for region in regions.all() {
            let centre = regions.municipality(region.centre).expect("the centre is a municipality");
            assert_eq!(centre.region, region.code, "{}", region.name);
        }
    }

    #[test]
    fn there_are_4086_postcodes_in_twelve_provinces() {
        let regions = Regions::built_in();
        assert_eq!(regions.postcodes().count(), 4_086);
        assert!(regions.postcodes().is_sorted_by_key(|(pc4, _)| pc4));
        let provinces: std::collections::BTreeSet<_> =
            regions.municipalities().iter().map(|municipality| municipality.province.as_str()).collect();
        assert_eq!(provinces.len(), 12);
        assert!(
            regions.municipalities().iter().all(|municipality| municipality.middle.is_in_the_netherlands())
        );
    }

    #[test]
    fn postcodes_lie_in_their_municipality_and_region() {
        let pair = |a: &str, b: &str| Some((a.to_owned(), b.to_owned()));
        assert_eq!(names(1315), pair("Almere", "Flevoland"));
        assert_eq!(names(1011), pair("Amsterdam", "Groot Amsterdam"));
        assert_eq!(names(3891), pair("Zeewolde", "Veluwe Stedendriehoek"));
        assert_eq!(names(9999), pair("Het Hogeland", "Groningen"));
        assert_eq!(names(1310), None);
        assert_eq!(names(999), None);
        assert_eq!(names(u16::MAX), None);
    }

    #[test]
    fn regions_are_found_by_older_names_too() {
        let regions = Regions::built_in();
        for name in ["FoodValley", "food valley", "Ijsselvechtstreek", "regio zwolle"] {
            assert!(regions.named(name).is_some(), "{name}");
        }
        assert!(regions.named("Atlantis").is_none());
    }

    #[test]
    fn codes_read_and_print_the_same() {
        assert_eq!("AM07".parse::<RegionCode>().unwrap().to_string(), "AM07");
        assert_eq!("GM0034".parse::<MunicipalityCode>().unwrap().to_string(), "GM0034");
        for wrong in ["AM7", "am07", "AM+7", "AM007", "GM0034", ""] {
            assert!(wrong.parse::<RegionCode>().is_err(), "{wrong}");
        }
        for wrong in ["GM34", "GM00345", "0034", "GM-034"] {
            assert!(wrong.parse::<MunicipalityCode>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn wrong_tables_are_refused_with_file_and_line() {
        let regions = "code,name,centre,also\nAM01,Noord,GM0001,\n";
        let error = |rows: &str| {
            let text = format!("code,name,region,province,lat,lon,pc4\n{rows}");
            Regions::parse(regions, &text).unwrap_err().to_string()
        };
        assert!(
            error("GM0001,A,AM02,P,52,5,1000\n")
                .ends_with("municipalities.csv, line 2: region AM02 does not exist")
        );
        assert!(
            error("GM0001,A,AM01,P,52,5,1000\nGM0002,B,AM01,P,52,5,x\n").contains("line 3: x is no range")
        );
        assert!(
            error("GM0001,A,AM01,P,52,5,1000-1005\nGM0002,B,AM01,P,52,5,1005\n").contains("1005 lies in two")
        );
    }

    proptest! {
        #[test]
        fn a_postcode_is_found_exactly_if_it_is_listed(pc4 in 0..12_000_u16) {
            let regions = &*REGIONS_READ;
            let listed = regions.postcodes().find(|(listed, _)| *listed == pc4).map(|(_, municipality)| municipality.code);
            prop_assert_eq!(regions.of_pc4(pc4).map(|municipality| municipality.code), listed);
        }
    }
}
