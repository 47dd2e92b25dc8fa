//! ESCO occupations: the names under which work is known elsewhere.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::table::{self, ReferenceError};
use crate::text::{Lang, fold};
use crate::versions::TableVersion;

const TITLES: &str = include_str!("../data/occupation_titles.csv");

/// An ESCO occupation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// The ESCO id: the last part of `http://data.europa.eu/esco/occupation/…`.
    pub id: Uuid,
    /// The ISCO-08 unit group, four digits.
    pub isco08: String,
    /// The official Dutch title, for the occupations that our tasks refer to.
    pub title_nl: Option<String>,
    /// The official English title.
    pub title_en: String,
    /// Other English titles.
    pub also_en: Vec<String>,
}

impl Occupation {
    /// The title in a language; in English where there is no Dutch one.
    pub fn title(&self, lang: Lang) -> &str {
        match (lang, &self.title_nl) {
            (Lang::Nl, Some(title)) => title,
            _ => &self.title_en,
        }
    }
}

/// The occupations we know.
#[derive(Debug)]
pub struct Occupations {
    /// In order of English title, then id.
    all: Vec<Occupation>,
    by_id: HashMap<Uuid, usize>,
    /// Per occupation its folded titles, Dutch and English first.
    folded: Vec<Vec<String>>,
    version: TableVersion,
}

/// A row of our own table of Dutch titles.
#[derive(Debug, Deserialize)]
pub(crate) struct OccupationRow {
    pub(crate) esco_id: Uuid,
    pub(crate) isco08: String,
    pub(crate) title_nl: String,
    pub(crate) title_en: String,
}

#[derive(Deserialize)]
struct FileRow {
    esco_id: String,
    isco08: String,
    label_en: String,
    alt_en: String,
}

/// Our own table: the occupations that the tasks refer to, with their Dutch titles.
pub(crate) fn titles() -> Vec<OccupationRow> {
    let rows =
        table::rows("occupation_titles.csv", TITLES).expect("the built-in tables are read by every test");
    rows.into_iter().map(|row| row.value).collect()
}

impl Occupations {
    /// The occupations that our tasks refer to, and no others.
    pub fn small() -> Self {
        let all: Vec<Occupation> = titles().into_iter().map(Occupation::from).collect();
        let version = TableVersion::built_in("occupations", TITLES, all.len());
        Self::of(all, version)
    }

    /// Reads a CSV with the columns `esco_id,isco08,label_en,alt_en`; other titles in `alt_en` are separated by `|`.
    /// Our own Dutch titles are added. What the file lacks and our tasks refer to stays known.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, ReferenceError> {
        let mut dutch: HashMap<Uuid, OccupationRow> =
            titles().into_iter().map(|row| (row.esco_id, row)).collect();
        let mut lines = HashMap::new();
        let mut all = Vec::new();
        for row in table::rows::<FileRow>(file, text)? {
            let wrong = |reason: &str| ReferenceError::row(file, row.line, reason);
            let FileRow { esco_id, isco08, label_en, alt_en } = row.value;
            // Both the bare id and the full address of the concept occur in extracts.
            let bare = esco_id.rsplit('/').next().unwrap_or_default();
            let id = Uuid::parse_str(bare).map_err(|_| wrong("esco_id is no ESCO id"))?;
            if !(isco08.len() == 4 && isco08.bytes().all(|byte| byte.is_ascii_digit())) {
                return Err(wrong("isco08 must be four digits"));
            }
            if label_en.is_empty() {
                return Err(wrong("label_en is empty"));
            }
            if let Some(first) = lines.insert(id, row.line) {
                return Err(wrong(&format!("this esco_id stands on line {first} already")));
            }
            let title_nl = dutch.remove(&id).map(|row| row.title_nl);
            let also_en = table::parts(&alt_en).map(str::to_owned).collect();
            all.push(Occupation { id, isco08, title_nl, title_en: label_en, also_en });
        }
        all.extend(dutch.into_values().map(Occupation::from));
        let version = TableVersion::from_file("occupations", text, all.len());
        Ok(Self::of(all, version))
    }

    fn of(mut all: Vec<Occupation>, version: TableVersion) -> Self {
        all.sort_by(|a, b| a.title_en.cmp(&b.title_en).then(a.id.cmp(&b.id)));
        let by_id = all.iter().enumerate().map(|(index, occupation)| (occupation.id, index)).collect();
        let folded = all
            .iter()
            .map(|occupation| {
                let titles =
                    occupation.title_nl.iter().chain([&occupation.title_en]).chain(&occupation.also_en);
                titles.map(|title| fold(title)).collect()
            })
            .collect();
        Self { all, by_id, folded, version }
    }

    /// All occupations, in order of English title.
    pub fn all(&self) -> &[Occupation] {
        &self.all
    }

    /// The occupation with this ESCO id.
    pub fn get(&self, id: Uuid) -> Option<&Occupation> {
        self.by_id.get(&id).map(|index| &self.all[*index])
    }

    /// At most `limit` occupations of which one title holds every typed word at the start of a word, best first.
    /// Same text, same answer.
    pub fn search(&self, text: &str, limit: usize) -> Vec<&Occupation> {
        let folded = fold(text);
        if folded.is_empty() {
            return Vec::new();
        }
        let words: Vec<&str> = folded.split(' ').take(8).collect();
        // An official title goes before other titles, the whole title before its beginning, a short one before a long.
        let rank = |title: &String, other: bool| {
            let found = words.iter().all(|word| title.split(' ').any(|part| part.starts_with(word)));
            found.then(|| (other, *title != folded, !title.starts_with(&folded), title.len()))
        };
        let best = |index: usize| {
            let official = 1 + usize::from(self.all[index].title_nl.is_some());
            let titles = self.folded[index].iter().enumerate();
            titles.filter_map(|(at, title)| rank(title, at >= official)).min()
        };
        let mut found: Vec<_> = (0..self.all.len()).filter_map(|index| Some((best(index)?, index))).collect();
        found.sort_unstable();
        found.into_iter().take(limit).map(|(_, index)| &self.all[index]).collect()
    }

    /// Whether there was no file, so that only the occupations of our own tasks are known.
    pub fn is_small(&self) -> bool {
        self.version.version.starts_with("built-in:")
    }

    /// Which edition of the occupations this is.
    pub fn version(&self) -> &TableVersion {
        &self.version
    }
}

impl From<OccupationRow> for Occupation {
    fn from(row: OccupationRow) -> Self {
        let OccupationRow { esco_id, isco08, title_nl, title_en } = row;
        Self { id: esco_id, isco08, title_nl: Some(title_nl), title_en, also_en: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "esco_id,isco08,label_en,alt_en\n";
    const SHELF_FILLER: &str = "7b5c1d66-0f6c-4d8a-9d6b-6a3a1f1f0001";

    fn parse(rows: &str) -> Result<Occupations, ReferenceError> {
        Occupations::parse("occupations.csv", &format!("{HEADER}{rows}"))
    }

    fn titles_of(found: &[&Occupation]) -> Vec<String> {
        found.iter().map(|occupation| occupation.title(Lang::En).to_owned()).collect()
    }

    #[test]
    fn without_the_file_the_occupations_of_our_tasks_are_known() {
        let small = Occupations::small();
        assert!(small.is_small());
        assert!(small.all().len() > 250);
        assert!(small.all().iter().all(|occupation| occupation.title_nl.is_some()));
        assert_eq!(titles_of(&small.search("vrachtwagenchauff", 5)), ["cargo vehicle driver"]);
        assert_eq!(titles_of(&small.search("Cashier", 5)), ["cashier"]);
        assert!(small.search("", 5).is_empty() && small.search("xyzzy", 5).is_empty());
        assert_eq!(small.search("medewerker", 3).len(), 3);
    }

    #[test]
    fn the_file_adds_occupations_and_keeps_our_dutch_titles() {
        let cashier = Occupations::small().search("cashier", 1)[0].clone();
        let rows = format!(
            "{SHELF_FILLER},9999,astronaut,space traveller|cosmonaut\n{},5230,cashier,till operator\n",
            cashier.id
        );
        let occupations = parse(&rows).unwrap();
        assert_eq!(occupations.all().len(), Occupations::small().all().len() + 1);
        assert_eq!(titles_of(&occupations.search("cosmo", 5)), ["astronaut"]);
        let astronaut = occupations.get(SHELF_FILLER.parse().unwrap()).unwrap();
        assert_eq!((astronaut.title(Lang::Nl), astronaut.isco08.as_str()), ("astronaut", "9999"));
        let known = occupations.get(cashier.id).unwrap();
        assert_eq!(
            (known.title_nl.clone(), known.also_en.as_slice()),
            (cashier.title_nl, &["till operator".to_owned()][..])
        );
        assert!(!occupations.is_small());
    }

    #[test]
    fn full_addresses_of_concepts_are_accepted() {
        let rows = format!("http://data.europa.eu/esco/occupation/{SHELF_FILLER},9999,astronaut,\n");
        assert!(parse(&rows).unwrap().get(SHELF_FILLER.parse().unwrap()).is_some());
    }

    #[test]
    fn wrong_rows_are_refused_with_their_line() {
        let error = |rows: String| parse(&rows).unwrap_err().to_string();
        assert!(error("x,9334,a,\n".to_owned()).contains("occupations.csv, line 2: esco_id is no ESCO id"));
        assert!(error(format!("{SHELF_FILLER},93,a,\n")).contains("isco08 must be four digits"));
        assert!(error(format!("{SHELF_FILLER},9334,,\n")).contains("label_en is empty"));
        let twice = format!("{SHELF_FILLER},9334,a,\n{SHELF_FILLER},9334,a,\n");
        assert!(error(twice).contains("line 3: this esco_id stands on line 2 already"));
    }
}
