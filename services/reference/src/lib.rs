//! Facts that every service reads: regions, postcodes, tasks, occupations, holidays.
//!
//! Pure data. The small tables are part of the program and always there; the large ones (coordinates per postcode,
//! ESCO occupations) are files that set-up puts in one directory, and where a file is absent the small table answers.
//! Nothing here waits or asks the network: [`Reference::load`] reads a directory once, at start, and what it returns is
//! shared in an `Arc`. Only [`import`] writes there, when an operator takes a new edition into use.
//!
//! Two promises hold everywhere in this crate:
//! - a [`Postcode`] never prints itself, because a person's postcode is personal data;
//! - every table has a name and a version ([`Reference::versions`]), so that what was computed can say from what.
//!
//! Where the tables come from, under which licence, and how to renew them: `docs/reference-data.md`.

pub mod calendar;
pub mod demo;
pub mod desks;
pub mod geo;
pub mod import;
pub mod languages;
pub mod occupations;
pub mod places;
pub mod postcode;
pub mod regions;
pub mod skills;
pub mod tasks;

mod search;
mod table;
mod text;
mod typing;
mod versions;

use std::collections::HashSet;
use std::path::Path;

use uuid::Uuid;
use versions::Manifest;

pub use desks::{Desk, DeskKind};
pub use geo::{Cell, Point, distance_km, middle_of};
pub use occupations::{Occupation, Occupations};
pub use places::{Place, Places};
pub use postcode::{Postcode, PostcodeError};
pub use regions::{Municipality, MunicipalityCode, Region, RegionCode, Regions};
pub use search::Hit;
pub use skills::Skills;
pub use table::ReferenceError;
pub use tasks::{Group, Nearness, Task, Vocabulary};
pub use text::Lang;
pub use versions::{Source, TableVersion};

/// File name of the coordinates per postcode, in the directory given to [`Reference::load`].
pub const POSTCODES_FILE: &str = "postcodes.csv";
/// File name of the ESCO occupations, in the directory given to [`Reference::load`].
pub const OCCUPATIONS_FILE: &str = "occupations.csv";
/// File name of the Dutch names of ESCO skills, in the directory given to [`Reference::load`].
pub const SKILLS_FILE: &str = "skills.csv";
/// File name of newer names and regions of municipalities, in the directory given to [`Reference::load`].
pub const AREAS_FILE: &str = "areas.csv";
/// File name of what is known about the origin of the other files in that directory.
pub const MANIFEST_FILE: &str = "SOURCES.json";

/// All reference data of one process. Load once, share in an `Arc`.
#[derive(Debug)]
pub struct Reference {
    /// Labour-market regions, municipalities, and which postcode lies in which.
    pub regions: Regions,
    /// Where a postcode lies on the map.
    pub places: Places,
    /// The practical tasks people choose from.
    pub tasks: Vocabulary,
    /// ESCO occupations, for matching and for search.
    pub occupations: Occupations,
    /// Dutch names of ESCO skills, for search.
    pub skills: Skills,
    desks: desks::Desks,
    search: search::Search,
    manifest: Manifest,
}

impl Reference {
    /// Reads the files in `dir` and falls back on the built-in table for each file that is not there.
    ///
    /// `dir` is what the setting `DBJ_REFERENCE` names; `None` means built-in tables only.
    ///
    /// # Errors
    /// [`ReferenceError`] names the file and the line of the first thing that is wrong. A file that is absent is no
    /// error; a file that is there must be right as a whole.
    pub fn load(dir: Option<&Path>) -> Result<Self, ReferenceError> {
        let mut manifest = read_manifest(dir)?;
        let mut read = |name: &str| {
            let text = table::read_if_there(dir, name)?;
            // A file that was changed by hand has no known origin, whatever the manifest says.
            let holds = |source: &Source| {
                text.as_ref().is_some_and(|text| {
                    source.sha256.as_ref().is_none_or(|sha256| *sha256 == versions::sha256(text.as_bytes()))
                })
            };
            if manifest.get(name).is_some_and(|source| !holds(source)) {
                manifest.remove(name);
            }
            Ok(text)
        };
        let regions = match read(AREAS_FILE)? {
            Some(text) => Regions::with_areas(AREAS_FILE, &text)?,
            None => Regions::built_in(),
        };
        let places = match read(POSTCODES_FILE)? {
            Some(text) => Places::parse(POSTCODES_FILE, &text, &regions)?,
            None => Places::in_the_middle(&regions),
        };
        let occupations = match read(OCCUPATIONS_FILE)? {
            Some(text) => Occupations::parse(OCCUPATIONS_FILE, &text)?,
            None => Occupations::small(),
        };
        let tasks = Vocabulary::built_in();
        let skills = match read(SKILLS_FILE)? {
            Some(text) => {
                let named: HashSet<Uuid> =
                    tasks.tasks().iter().flat_map(|task| &task.skills).copied().collect();
                Skills::parse(SKILLS_FILE, &text, |id| named.contains(&id))?
            }
            None => Skills::default(),
        };
        Ok(Self::of(regions, places, tasks, occupations, skills, manifest))
    }

    /// The built-in tables alone: every postcode lies in the middle of its municipality, and only the occupations
    /// that our tasks refer to are known. Good enough for tests and for a start without any download.
    pub fn small() -> Self {
        let (tasks, skills) = (Vocabulary::built_in(), Skills::default());
        let (places, occupations) = (Places::small(), Occupations::small());
        Self::of(Regions::built_in(), places, tasks, occupations, skills, Manifest::new())
    }

    fn of(
        regions: Regions,
        places: Places,
        tasks: Vocabulary,
        occupations: Occupations,
        skills: Skills,
        manifest: Manifest,
    ) -> Self {
        let search = search::Search::of(&tasks, &occupations, &skills);
        let desks = desks::Desks::built_in(&regions);
        Self { regions, places, tasks, occupations, skills, desks, search, manifest }
    }

    /// The tasks that fit what someone is typing, best first, at most `limit`; empty when nothing that was typed is
    /// found anywhere.
    ///
    /// A word is found as a word of the label, of a synonym or of an occupation title; as the start of such a word;
    /// inside one (three letters or more, in titles only at the end); in the name of the group; or, five letters or more
    /// and nowhere found otherwise, with one typing error. Tasks in which the fewest typed words are missing are given, the rest is not.
    /// The weakest kind of hit decides their order, then how fully a title was typed and how near its occupation is,
    /// then whether the group is named, then the table. Words that say nothing here ("ik wil graag werken in de …") do
    /// not count. What is not found in the language asked for, or only with an error, is looked for in the other one.
    /// Same text, same answer.
    ///
    /// ```
    /// use reference::{Lang, Reference};
    ///
    /// let reference = Reference::small();
    /// let hits = reference.search("heftrukchauffeur", Lang::Nl, 5);
    /// assert_eq!(hits[0].task.code, "magazijn.heftruck");
    /// assert_eq!(hits[0].via, Some("heftruckchauffeur"));
    /// ```
    pub fn search(&self, text: &str, lang: Lang, limit: usize) -> Vec<Hit<'_>> {
        self.search.find(&self.tasks, &self.occupations, (text, lang, limit))
    }

    /// The desks of a region, in the order of [`DeskKind::ALL`]: what a new installation starts with.
    pub fn desks(&self, region: RegionCode) -> &[Desk] {
        self.desks.of(region)
    }

    /// Name, version, size and origin of every table in use, in a fixed order.
    pub fn versions(&self) -> Vec<TableVersion> {
        let mut all = self.regions.versions();
        all.push(self.places.version().clone());
        all.extend(self.tasks.versions());
        all.push(self.occupations.version().clone());
        all.extend(self.skills.version().cloned());
        all.push(self.desks.version());
        for table in &mut all {
            let file = match table.name {
                "municipalities" => AREAS_FILE,
                "postcodes" => POSTCODES_FILE,
                "occupations" => OCCUPATIONS_FILE,
                "skills" => SKILLS_FILE,
                _ => continue,
            };
            table.source = self.manifest.get(file).cloned();
        }
        all
    }
}

/// The manifest beside the files; empty where there is none.
fn read_manifest(dir: Option<&Path>) -> Result<Manifest, ReferenceError> {
    let Some(text) = table::read_if_there(dir, MANIFEST_FILE)? else { return Ok(Manifest::new()) };
    serde_json::from_str(&text)
        .map_err(|error| ReferenceError::row(MANIFEST_FILE, error.line() as u64, error.to_string()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::*;

    /// A directory of one test, removed at its end.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("dbj-reference-{}-{name}", std::process::id()));
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn with(self, file: &str, bytes: &[u8]) -> Self {
            fs::write(self.0.join(file), bytes).unwrap();
            self
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    fn version(reference: &Reference, name: &str) -> String {
        reference.versions().into_iter().find(|table| table.name == name).unwrap().version
    }

    #[test]
    fn without_a_directory_or_files_the_built_in_tables_answer() {
        let empty = Scratch::new("empty");
        for dir in [None, Some(empty.0.as_path()), Some(Path::new("/nowhere/at/all"))] {
            let reference = Reference::load(dir).unwrap();
            assert_eq!(reference.versions(), Reference::small().versions());
            assert!(reference.places.is_small() && reference.occupations.is_small());
        }
    }

    #[test]
    fn files_are_read_where_they_are_there() {
        let postcodes = b"pc4,place,province,lat,lon\n8255,Swifterbant,Flevoland,52.5738,5.6431\n";
        let dir = Scratch::new("files").with(POSTCODES_FILE, postcodes);
        let reference = Reference::load(Some(&dir.0)).unwrap();
        let place = reference.places.locate(&"8255 AB".parse().unwrap()).unwrap();
        assert_eq!((place.name.as_str(), place.region.to_string().as_str()), ("Swifterbant", "AM11"));
        assert!(version(&reference, "postcodes").starts_with("file:"));
        assert!(version(&reference, "occupations").starts_with("built-in:"));
    }

    #[test]
    fn a_file_that_is_wrong_stops_the_start_and_says_where() {
        let dir = Scratch::new("wrong").with(OCCUPATIONS_FILE, b"esco_id,isco08,label_en,alt_en\nx,1,a,\n");
        let error = Reference::load(Some(&dir.0)).unwrap_err().to_string();
        assert!(error.contains("occupations.csv, line 2"), "{error}");
        let dir = Scratch::new("encoding").with(POSTCODES_FILE, b"pc4,place\n1,a\n2,\xe9\n");
        let error = Reference::load(Some(&dir.0)).unwrap_err().to_string();
        assert!(error.contains("postcodes.csv, line 3: is not UTF-8"), "{error}");
        let dir = Scratch::new("folder");
        fs::create_dir_all(dir.0.join(POSTCODES_FILE)).unwrap();
        assert!(Reference::load(Some(&dir.0)).unwrap_err().to_string().contains("cannot be read"));
    }

    #[test]
    fn every_table_has_a_name_of_its_own() {
        let versions = Reference::small().versions();
        let names: Vec<&str> = versions.iter().map(|table| table.name).collect();
        assert_eq!(
            names,
            ["regions", "municipalities", "postcodes", "task_groups", "tasks", "occupations", "desks"]
        );
        assert!(versions.iter().all(|table| table.rows > 0));
    }

    #[test]
    fn newer_names_and_regions_of_municipalities_are_taken_over() {
        let areas = b"municipality,name,region\nGM0303,Dronten aan Zee,AM36\n";
        let dir = Scratch::new("areas").with(AREAS_FILE, areas);
        let reference = Reference::load(Some(&dir.0)).unwrap();
        let place = reference.places.locate_pc4(8251).unwrap();
        assert_eq!((place.name.as_str(), place.region.to_string().as_str()), ("Dronten aan Zee", "AM36"));
        assert!(version(&reference, "municipalities").starts_with("file:"));
        let dir =
            Scratch::new("areas-unknown").with(AREAS_FILE, b"municipality,name,region\nGM9999,X,AM11\n");
        let error = Reference::load(Some(&dir.0)).unwrap_err().to_string();
        assert!(error.contains("areas.csv, line 2: municipality GM9999 is not in our table"), "{error}");
    }

    #[test]
    fn dutch_names_of_skills_lead_to_tasks() {
        let tasks = Vocabulary::built_in();
        let till = tasks.task("winkel.kassa").unwrap();
        let rows =
            format!("esco_id,label_nl,alt_nl\n{},kasregister bedienen,geldlade tellen\n", till.skills[0]);
        let dir = Scratch::new("skills").with(SKILLS_FILE, rows.as_bytes());
        let reference = Reference::load(Some(&dir.0)).unwrap();
        assert_eq!(reference.search("geldlade", Lang::Nl, 3)[0].task.code, "winkel.kassa");
        assert!(version(&reference, "skills").starts_with("file:"));
    }

    #[test]
    fn the_origin_of_a_file_is_told_only_of_the_file_it_was_written_about() {
        let postcodes = b"pc4,place,province,lat,lon\n8255,Swifterbant,Flevoland,52.5738,5.6431\n";
        let entry = |sha256: &str| {
            format!(
                r#"{{"postcodes.csv": {{"what": "w", "origin": "GeoNames", "licence": "l", "rows": 1, "sha256": "{sha256}"}}}}"#
            )
        };
        let of = |dir: &Scratch| {
            let reference = Reference::load(Some(&dir.0)).unwrap();
            reference.versions()[2].source.as_ref().map(|source| source.origin.clone())
        };
        let manifest = entry(&versions::sha256(postcodes));
        let dir =
            Scratch::new("origin").with(POSTCODES_FILE, postcodes).with(MANIFEST_FILE, manifest.as_bytes());
        assert_eq!(of(&dir).as_deref(), Some("GeoNames"));
        let dir = dir.with(MANIFEST_FILE, entry("0000").as_bytes());
        assert_eq!(of(&dir), None);
        let dir = dir.with(MANIFEST_FILE, b"{");
        let error = Reference::load(Some(&dir.0)).unwrap_err().to_string();
        assert!(error.contains("SOURCES.json, line 1"), "{error}");
    }

    #[test]
    fn reference_data_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Reference>();
    }
}
