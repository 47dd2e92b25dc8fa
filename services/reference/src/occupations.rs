//! ESCO occupations: the names under which work is known elsewhere.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::table::{self, ReferenceError};
use crate::text::Lang;
use crate::versions::TableVersion;

const TITLES: &str = include_str!("../data/occupation_titles.csv");

/// An ESCO occupation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// The ESCO id: the last part of `http://data.europa.eu/esco/occupation/…`.
    pub id: Uuid,
    /// The ISCO-08 unit group, four digits.
    pub isco08: String,
    /// The official Dutch title: for the occupations that our tasks refer to, and for all where the Dutch file of ESCO
    /// was imported.
    pub title_nl: Option<String>,
    /// Other Dutch titles, where the Dutch file was imported.
    pub also_nl: Vec<String>,
    /// The official English title; the Dutch one where no English file was at hand.
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

    /// All titles in one language, the official one first.
    pub fn titles(&self, lang: Lang) -> impl Iterator<Item = &str> {
        let (official, also) = match lang {
            Lang::Nl => (self.title_nl.as_deref(), &self.also_nl),
            Lang::En => (Some(self.title_en.as_str()), &self.also_en),
        };
        official.into_iter().chain(also.iter().map(String::as_str))
    }
}

/// The occupations we know.
#[derive(Debug)]
pub struct Occupations {
    /// In order of English title, then id.
    all: Vec<Occupation>,
    by_id: HashMap<Uuid, usize>,
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
    /// Absent in files that set-up makes: the package they come from is English.
    #[serde(default)]
    label_nl: String,
    #[serde(default)]
    alt_nl: String,
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

    /// Reads a CSV with the columns `esco_id,isco08,label_en,alt_en` and, if they are there, `label_nl,alt_nl`; other
    /// titles are separated by `|`. Our own Dutch titles fill what is missing. What the file lacks and our tasks refer to stays known.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self, ReferenceError> {
        let mut dutch: HashMap<Uuid, OccupationRow> =
            titles().into_iter().map(|row| (row.esco_id, row)).collect();
        let mut lines = HashMap::new();
        let mut all = Vec::new();
        for row in table::rows::<FileRow>(file, text)? {
            let wrong = |reason: &str| ReferenceError::row(file, row.line, reason);
            let FileRow { esco_id, isco08, label_en, alt_en, label_nl, alt_nl } = row.value;
            // Both the bare id and the full address of the concept occur in extracts.
            let bare = esco_id.rsplit('/').next().unwrap_or_default();
            let id = Uuid::parse_str(bare).map_err(|_| wrong("esco_id is no ESCO id"))?;
            if !(isco08.len() == 4 && isco08.bytes().all(|byte| byte.is_ascii_digit())) {
                return Err(wrong("isco08 must be four digits"));
            }
            if label_en.is_empty() && label_nl.is_empty() {
                return Err(wrong("label_en is empty, and there is no label_nl"));
            }
            if let Some(first) = lines.insert(id, row.line) {
                return Err(wrong(&format!("this esco_id stands on line {first} already")));
            }
            let ours = dutch.remove(&id).map(|row| row.title_nl);
            let title_en = if label_en.is_empty() { label_nl.clone() } else { label_en };
            let title_nl = Some(label_nl).filter(|label| !label.is_empty()).or(ours);
            let list = |cell: &str| table::parts(cell).map(str::to_owned).collect();
            let (also_nl, also_en) = (list(&alt_nl), list(&alt_en));
            all.push(Occupation { id, isco08, title_nl, also_nl, title_en, also_en });
        }
        all.extend(dutch.into_values().map(Occupation::from));
        let version = TableVersion::from_file("occupations", text, all.len());
        Ok(Self::of(all, version))
    }

    fn of(mut all: Vec<Occupation>, version: TableVersion) -> Self {
        all.sort_by(|a, b| a.title_en.cmp(&b.title_en).then(a.id.cmp(&b.id)));
        let by_id = all.iter().enumerate().map(|(index, occupation)| (occupation.id, index)).collect();
        Self { all, by_id, version }
    }

    /// All occupations, in order of English title.
    pub fn all(&self) -> &[Occupation] {
        &self.all
    }

    /// The occupation with this ESCO id.
    pub fn get(&self, id: Uuid) -> Option<&Occupation> {
        self.by_id.get(&id).map(|index| &self.all[*index])
    }

    /// The place of an occupation in [`Occupations::all`]. It holds within one process only.
    pub(crate) fn index_of(&self, id: Uuid) -> Option<usize> {
        self.by_id.get(&id).copied()
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
        let (also_nl, also_en) = (Vec::new(), Vec::new());
        Self { id: esco_id, isco08, title_nl: Some(title_nl), also_nl, title_en, also_en }
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

    fn cashier() -> Occupation {
        let small = Occupations::small();
        small.all().iter().find(|occupation| occupation.title_en == "cashier").unwrap().clone()
    }

    #[test]
    fn without_the_file_the_occupations_of_our_tasks_are_known() {
        let small = Occupations::small();
        assert!(small.is_small());
        assert!(small.all().len() > 250);
        assert!(small.all().iter().all(|occupation| occupation.title_nl.is_some()));
    }

    #[test]
    fn the_file_adds_occupations_and_keeps_our_dutch_titles() {
        let cashier = cashier();
        let rows = format!(
            "{SHELF_FILLER},9999,astronaut,space traveller|cosmonaut\n{},5230,cashier,till operator\n",
            cashier.id
        );
        let occupations = parse(&rows).unwrap();
        assert_eq!(occupations.all().len(), Occupations::small().all().len() + 1);
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
    fn dutch_titles_of_the_file_go_before_ours() {
        let cashier = cashier();
        let header = "esco_id,isco08,label_en,alt_en,label_nl,alt_nl\n";
        let row = format!("{},5230,cashier,,kassier,caissière|kassahulp\n", cashier.id);
        let dutch_only = format!("{SHELF_FILLER},9999,,,ruimtevaarder,astronaut\n");
        let read = Occupations::parse("occupations.csv", &format!("{header}{row}{dutch_only}")).unwrap();
        let titles: Vec<&str> = read.get(cashier.id).unwrap().titles(Lang::Nl).collect();
        assert_eq!(titles, ["kassier", "caissière", "kassahulp"]);
        let astronaut = read.get(SHELF_FILLER.parse().unwrap()).unwrap();
        assert_eq!(
            (astronaut.title(Lang::En), astronaut.title(Lang::Nl)),
            ("ruimtevaarder", "ruimtevaarder")
        );
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
