//! A table of areas of CBS: "Gebieden in Nederland" as its table service gives it out, or a list derived from it. Commas,
//! semicolons or tabs; the columns are found by their names.
//!
//! It renews names and regions of municipalities that we know. Which postcodes a merged municipality has does not stand
//! in such a table, so that a new code is reported and left out until `data/municipalities.csv` has it.

use std::collections::{BTreeMap, BTreeSet};

use super::{ImportError, Read, Refused, columns, line_of};
use crate::{AREAS_FILE, MunicipalityCode, Reference, Region};

const CODE: &[&str] =
    &["gemeente_code", "gemeentecode", "gemcode", "regios", "codes en namen van gemeenten/code (code)"];
const NAME: &[&str] =
    &["gemeente", "gemeentenaam", "gemnaam", "naam_2", "codes en namen van gemeenten/naam (naam)"];
const REGION: &[&str] = &[
    "arbeidsmarktregio_code",
    "arbeidsmarktregiocode",
    "arbeidsmarktregio's/code (code)",
    "lokaliseringen van gemeenten/arbeidsmarktregio's/code (code)",
    "arbeidsmarktregio",
];

pub(super) fn read(text: &str, in_force: &Reference) -> Result<Read, ImportError> {
    let first = text.lines().next().unwrap_or_default();
    let separator =
        [b';', b'\t', b','].into_iter().max_by_key(|one| first.bytes().filter(|byte| byte == one).count());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator.unwrap_or(b',')).from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| broken(&error))?.clone();
    let at = columns(&headers, &[CODE, NAME])?;
    let region_at = columns(&headers, &[REGION]).ok().map(|at| at[0]);
    let (mut areas, mut refused) = (BTreeMap::<MunicipalityCode, (String, &Region)>::new(), Vec::new());
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        match area(cell(at[0]), cell(at[1]), region_at.map(cell), in_force) {
            // Tables of places repeat the municipality on every row.
            Ok((code, area)) => match areas.get(&code) {
                Some(known) if *known != area => {
                    let reason = format!("{code} stands in the file twice and says two things");
                    refused.push(Refused { line, reason });
                }
                _ => drop(areas.insert(code, area)),
            },
            Err(reason) => refused.push(Refused { line, reason }),
        }
    }
    let known = in_force.regions.municipalities();
    let missing: BTreeSet<&str> = known
        .iter()
        .filter(|municipality| !areas.contains_key(&municipality.code))
        .map(|municipality| municipality.name.as_str())
        .collect();
    let mut remarks: Vec<String> = Vec::new();
    if !missing.is_empty() {
        let names: Vec<&str> = missing.iter().take(10).copied().collect();
        remarks.push(format!(
            "{} municipalities are not in the file and stay as they are: {}",
            missing.len(),
            names.join(", ")
        ));
    }
    if region_at.is_none() {
        remarks.push("the file has no labour-market regions; every municipality keeps its own".to_owned());
    }
    let line = |code: &MunicipalityCode, name: &str, region: &Region| {
        line_of([&code.to_string(), name, &region.code.to_string()])
    };
    let now = known.iter().filter_map(|municipality| {
        let region = in_force.regions.get(municipality.region)?;
        Some((municipality.code.to_string(), line(&municipality.code, &municipality.name, region)))
    });
    Ok(Read {
        file: AREAS_FILE,
        header: "municipality,name,region",
        rows: areas
            .iter()
            .map(|(code, (name, region))| (code.to_string(), line(code, name, region)))
            .collect(),
        refused,
        remarks,
        expected: 300..=400,
        what: "Municipalities with their names and labour-market regions",
        origin: "CBS, classification of areas",
        licence: "CC BY 4.0, \"Bron: CBS\"",
        before: now.collect(),
    })
}

fn broken(error: &csv::Error) -> ImportError {
    let line = error.position().map_or(1, csv::Position::line);
    ImportError::Broken { line, reason: "cannot be read".to_owned() }
}

fn area<'a>(
    code: &str,
    name: &str,
    region: Option<&str>,
    in_force: &'a Reference,
) -> Result<(MunicipalityCode, (String, &'a Region)), String> {
    let code: MunicipalityCode =
        code.parse().map_err(|_| format!("{code:?} is no code of a municipality such as GM0034"))?;
    let regions = &in_force.regions;
    let known = regions.municipality(code).ok_or_else(|| {
        format!("{code} {name} is new; which postcodes it has must come into municipalities.csv first")
    })?;
    if name.is_empty() {
        return Err(format!("{code} has no name"));
    }
    let region = match region.filter(|region| !region.is_empty()) {
        None => regions.get(known.region),
        Some(text) => text.parse().ok().and_then(|code| regions.get(code)).or_else(|| regions.named(text)),
    };
    let region =
        region.ok_or_else(|| format!("{code} {name}: its labour-market region is not one of ours"))?;
    Ok((code, (name.to_owned(), region)))
}
