//! The Dutch CSV files of ESCO, as its portal gives them out: `occupations_nl.csv` and `skills_nl.csv`.
//!
//! What the platform does with them: occupation titles in Dutch, so that search leads from them to tasks, and Dutch
//! names of the skills that our tasks refer to, as more words for those tasks.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{ImportError, Read, Refused, columns, line_of};
use crate::text::fold;
use crate::{OCCUPATIONS_FILE, Occupation, Reference, SKILLS_FILE};

const ORIGIN: &str = "ESCO classification of the European Commission";
const LICENCE: &str = "free reuse with this notice (Commission Decision 2011/833/EU)";
/// Of the titles that we know, so many must be the same for the file to be the Dutch one: wording changes slowly.
const SAME_TITLES: f64 = 0.6;

/// A concept of the file.
struct Concept {
    id: Uuid,
    isco08: String,
    label: String,
    also: String,
}

pub(super) fn read(text: &str, in_force: &Reference) -> Result<Read, ImportError> {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let headers = reader.headers().map_err(|error| broken(&error))?.clone();
    let wanted: [&[&str]; 4] = [&["conceptType"], &["conceptUri"], &["preferredLabel"], &["altLabels"]];
    let at = columns(&headers, &wanted)?;
    let isco = headers.iter().position(|header| header.eq_ignore_ascii_case("iscoGroup"));
    let (mut concepts, mut refused) = (BTreeMap::<Uuid, Concept>::new(), Vec::new());
    let mut of_skills = None;
    for record in reader.records() {
        let record = record.map_err(|error| broken(&error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let skills = match cell(at[0]) {
            "Occupation" => false,
            "KnowledgeSkillCompetence" => true,
            // Groups stand in some editions; they are no concepts of their own.
            _ => continue,
        };
        if *of_skills.get_or_insert(skills) != skills {
            return Err(ImportError::OtherFile(
                "the file mixes occupations and skills; give occupations_nl.csv or skills_nl.csv".to_owned(),
            ));
        }
        let isco08 = isco.map(cell).unwrap_or_default();
        match concept(cell(at[1]), isco08, cell(at[2]), cell(at[3]), skills) {
            Ok(concept) if concepts.contains_key(&concept.id) => {
                refused.push(Refused { line, reason: format!("{} stands in the file twice", concept.id) });
            }
            Ok(concept) => {
                concepts.insert(concept.id, concept);
            }
            Err(reason) => refused.push(Refused { line, reason }),
        }
    }
    match of_skills {
        Some(true) => Ok(skills(&concepts, refused, in_force)),
        Some(false) => occupations(&concepts, refused, in_force),
        None => Err(ImportError::OtherFile("the file has no occupations and no skills".to_owned())),
    }
}

fn broken(error: &csv::Error) -> ImportError {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("has {len} columns where the header has {expected_len}")
        }
        _ => "cannot be read".to_owned(),
    };
    ImportError::Broken { line, reason }
}

fn concept(uri: &str, isco08: &str, label: &str, also: &str, skill: bool) -> Result<Concept, String> {
    let id = uri.rsplit('/').next().and_then(|id| Uuid::parse_str(id).ok());
    let id = id.ok_or_else(|| "conceptUri does not end in an id".to_owned())?;
    let has_unit_group = isco08.len() == 4 && isco08.bytes().all(|byte| byte.is_ascii_digit());
    if !(skill || has_unit_group) {
        return Err("iscoGroup is not four digits".to_owned());
    }
    let plain = |text: &str| text.trim().replace('|', "/");
    let label = plain(label);
    if label.is_empty() {
        return Err("preferredLabel is empty".to_owned());
    }
    // Other titles stand one on a line; the official one is often among them.
    let mut others: Vec<String> = Vec::new();
    for other in also.lines().map(plain) {
        if !other.is_empty() && other != label && !others.contains(&other) {
            others.push(other);
        }
    }
    Ok(Concept { id, isco08: isco08.to_owned(), label, also: others.join("|") })
}

fn occupations(
    concepts: &BTreeMap<Uuid, Concept>,
    refused: Vec<Refused>,
    in_force: &Reference,
) -> Result<Read, ImportError> {
    let ours = crate::Occupations::small();
    check_language(concepts, ours.all())?;
    let mut remarks = missing(concepts, ours.all().iter().map(|occupation| occupation.id), "occupations");
    let mut without_english = 0;
    let mut rows = BTreeMap::new();
    for concept in concepts.values() {
        let known = in_force.occupations.get(concept.id);
        without_english += usize::from(known.is_none());
        let label_en = known.map_or("", |known| known.title_en.as_str());
        let alt_en = known.map_or_else(String::new, |known| known.also_en.join("|"));
        let id = concept.id.to_string();
        let cells = [&id, &concept.isco08, label_en, &alt_en, &concept.label, &concept.also];
        rows.insert(id.clone(), line_of(cells));
    }
    if without_english > 0 {
        remarks.push(format!("{without_english} occupations have no English title; the Dutch one is used"));
    }
    Ok(Read {
        file: OCCUPATIONS_FILE,
        header: "esco_id,isco08,label_en,alt_en,label_nl,alt_nl",
        rows,
        refused,
        remarks,
        expected: 2_800..=3_500,
        what: "ESCO occupations with Dutch and English titles and ISCO-08 unit groups",
        origin: ORIGIN,
        licence: LICENCE,
        before: BTreeMap::new(),
    })
}

fn skills(concepts: &BTreeMap<Uuid, Concept>, refused: Vec<Refused>, in_force: &Reference) -> Read {
    let named = in_force.tasks.tasks().iter().flat_map(|task| task.skills.iter().copied());
    let remarks = missing(concepts, named, "skills");
    let line = |concept: &Concept| {
        line_of([&concept.id.to_string(), &concept.label, &concept.also].map(String::as_str))
    };
    Read {
        file: SKILLS_FILE,
        header: "esco_id,label_nl,alt_nl",
        rows: concepts.values().map(|concept| (concept.id.to_string(), line(concept))).collect(),
        refused,
        remarks,
        expected: 12_500..=16_000,
        what: "ESCO skills with Dutch names",
        origin: ORIGIN,
        licence: LICENCE,
        before: BTreeMap::new(),
    }
}

/// What our tasks refer to and the file lacks.
fn missing(concepts: &BTreeMap<Uuid, Concept>, ids: impl Iterator<Item = Uuid>, what: &str) -> Vec<String> {
    let mut gone: Vec<Uuid> = ids.filter(|id| !concepts.contains_key(id)).collect();
    gone.sort_unstable();
    gone.dedup();
    gone.first()
        .map(|first| {
            format!("{} {what} that our tasks refer to are not in the file, such as {first}", gone.len())
        })
        .into_iter()
        .collect()
}

/// The files in other languages have the same columns and ids.
fn check_language(concepts: &BTreeMap<Uuid, Concept>, ours: &[Occupation]) -> Result<(), ImportError> {
    let known: Vec<(&Concept, &str)> =
        ours.iter().filter_map(|ours| Some((concepts.get(&ours.id)?, ours.title_nl.as_deref()?))).collect();
    let other = |(concept, title): &&(&Concept, &str)| fold(&concept.label) != fold(title);
    let others: Vec<_> = known.iter().filter(other).collect();
    match others.first() {
        Some((concept, title)) if others.len() as f64 > (1.0 - SAME_TITLES) * known.len() as f64 => {
            Err(ImportError::OtherFile(format!(
                "the titles are not the Dutch ones: {:?} where {title:?} is expected; give occupations_nl.csv",
                concept.label
            )))
        }
        _ => Ok(()),
    }
}
