//! `NL.txt` of `GeoNames`: twelve columns with tabs between them and no header.
//!
//! `GeoNames` lists a code once per place it serves; we take the row it is surest of, and of equally sure ones the one
//! nearest to the codes with the same three digits. Codes that it guessed (accuracy 0) sometimes lie in another
//! province: those take the middle of their neighbours. Set-up does the same (`infra/local/reference_data.py`).

use std::collections::BTreeMap;

use super::{ImportError, Read, Refused, line_of};
use crate::geo::{Point, distance_km};
use crate::places::FURTHEST_KM;
use crate::{POSTCODES_FILE, Postcode, Reference};

const COLUMNS: usize = 12;
/// A guessed point this far from its neighbours is not believed.
const FURTHEST_GUESS_KM: f64 = 15.0;

/// One usable row.
#[derive(Debug, Clone)]
struct Candidate {
    line: u64,
    place: String,
    province: String,
    point: Point,
    /// 0 is a guess; larger is surer.
    accuracy: u8,
}

pub(super) fn read(text: &str, in_force: &Reference) -> Result<Read, ImportError> {
    let (mut refused, mut by_pc4) = (Vec::new(), BTreeMap::<u16, Vec<Candidate>>::new());
    let mut elsewhere = BTreeMap::<String, usize>::new();
    for (line, row) in (1..).zip(text.lines()).filter(|(_, row)| !row.trim().is_empty()) {
        let cells: Vec<&str> = row.split('\t').map(str::trim).collect();
        if cells.len() != COLUMNS && line == 1 {
            let there = row.chars().take(60).collect();
            return Err(ImportError::Columns {
                missing: "separated by tabs, twelve of them".to_owned(),
                there,
            });
        }
        if cells.len() != COLUMNS {
            let reason = format!("has {} columns where there should be {COLUMNS}", cells.len());
            return Err(ImportError::Broken { line, reason });
        }
        match candidate(line, &cells) {
            Ok((pc4, candidate)) => {
                if let Some(code) = unknown_municipality(cells[6], in_force) {
                    *elsewhere.entry(format!("{code} {}", cells[5])).or_default() += 1;
                }
                by_pc4.entry(pc4).or_default().push(candidate);
            }
            Err(reason) => refused.push(Refused { line, reason }),
        }
    }
    let middles = middles(&by_pc4);
    let mut rows = BTreeMap::new();
    for (pc4, candidates) in &by_pc4 {
        match choose(*pc4, candidates, middles[&(pc4 / 10)], in_force) {
            Ok(Candidate { place, province, point, .. }) => {
                let (lat, lon) = (format!("{:.4}", point.lat), format!("{:.4}", point.lon));
                let cells = [&pc4.to_string(), &place, &province, &lat, &lon];
                rows.insert(pc4.to_string(), line_of(cells.map(String::as_str)));
            }
            Err(reason) => refused.push(Refused { line: candidates[0].line, reason }),
        }
    }
    refused.sort_by_key(|refused| refused.line);
    let remarks = elsewhere.into_iter().map(|(municipality, count)| {
        format!(
            "{count} rows lie in municipality {municipality}, which our table does not have; ours is used"
        )
    });
    Ok(Read {
        file: POSTCODES_FILE,
        header: "pc4,place,province,lat,lon",
        rows,
        refused,
        remarks: remarks.collect(),
        // 4,086 in 2026; a few dozen come and go in a decade.
        expected: 3_900..=4_300,
        what: "Dutch four-digit postcodes with place, province and coordinates",
        origin: "GeoNames postal codes",
        licence: "CC BY 4.0",
        before: BTreeMap::new(),
    })
}

fn candidate(line: u64, cells: &[&str]) -> Result<(u16, Candidate), String> {
    if cells[0] != "NL" {
        return Err(format!("country {} is not NL", cells[0]));
    }
    // The short file has four digits, the full one has letters after them.
    let digits = cells[1].get(..4).unwrap_or_default();
    let pc4 = digits.parse().ok().filter(|pc4| Postcode::from_pc4(*pc4).is_some());
    let pc4 = pc4.ok_or_else(|| "the second column is no Dutch postcode".to_owned())?;
    if cells[2].is_empty() {
        return Err("the place has no name".to_owned());
    }
    let (Ok(lat), Ok(lon)) = (cells[9].parse(), cells[10].parse()) else {
        return Err("latitude and longitude are not numbers".to_owned());
    };
    let point = Point { lat, lon };
    if !point.is_in_the_netherlands() {
        return Err(format!("{lat}, {lon} lies outside the Netherlands"));
    }
    let accuracy = cells[11].parse().unwrap_or(0);
    let (place, province) = (cells[2].to_owned(), cells[3].to_owned());
    Ok((pc4, Candidate { line, place, province, point, accuracy }))
}

/// The code of a municipality that the row names and we do not know.
fn unknown_municipality(cell: &str, in_force: &Reference) -> Option<String> {
    let number: u16 = cell.parse().ok()?;
    let code = format!("GM{number:04}");
    in_force.regions.municipality(code.parse().ok()?).is_none().then_some(code)
}

/// The middle point of the codes with the same first three digits; of the sure ones if there are any.
fn middles(by_pc4: &BTreeMap<u16, Vec<Candidate>>) -> BTreeMap<u16, Point> {
    let mut near: BTreeMap<u16, Vec<&Candidate>> = BTreeMap::new();
    for (pc4, candidates) in by_pc4 {
        near.entry(pc4 / 10).or_default().extend(candidates);
    }
    let middle = |candidates: Vec<&Candidate>| {
        let sure: Vec<&Candidate> = candidates.iter().copied().filter(|one| one.accuracy > 0).collect();
        let used = if sure.is_empty() { candidates } else { sure };
        Point {
            lat: median(used.iter().map(|one| one.point.lat)),
            lon: median(used.iter().map(|one| one.point.lon)),
        }
    };
    near.into_iter().map(|(prefix, candidates)| (prefix, middle(candidates))).collect()
}

/// The middle one of some numbers, the lower of two; there is always one.
fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers[(numbers.len() - 1) / 2]
}

/// The row to believe, unless it lies where this postcode cannot be.
fn choose(pc4: u16, all: &[Candidate], middle: Point, in_force: &Reference) -> Result<Candidate, String> {
    let far = |one: &Candidate| distance_km(one.point, middle);
    let surest = |a: &&Candidate, b: &&Candidate| {
        b.accuracy.cmp(&a.accuracy).then(far(a).total_cmp(&far(b))).then(a.place.cmp(&b.place))
    };
    let mut best = all.iter().min_by(surest).expect("a code has a row").clone();
    if best.accuracy == 0 && far(&best) > FURTHEST_GUESS_KM {
        best.point = middle;
    }
    if let Some(municipality) = in_force.regions.of_pc4(pc4) {
        let km = distance_km(best.point, municipality.middle);
        if km > FURTHEST_KM {
            return Err(format!(
                "the point of {pc4} lies {km:.0} km from the middle of {}; it stays in that middle",
                municipality.name
            ));
        }
    }
    Ok(best)
}
