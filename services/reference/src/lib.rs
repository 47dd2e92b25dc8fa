//! Facts that every service reads: regions, postcodes, tasks, occupations, holidays.
//!
//! Pure data. The small tables are part of the program and always there; the large ones (coordinates per postcode,
//! ESCO occupations) are files that set-up puts in one directory, and where a file is absent the small table answers.
//! Nothing here writes, waits or asks the network: [`Reference::load`] reads a directory once, at start, and what it
//! returns is shared in an `Arc`.
//!
//! Two promises hold everywhere in this crate:
//! - a [`Postcode`] never prints itself, because a person's postcode is personal data;
//! - every table has a name and a version ([`Reference::versions`]), so that what was computed can say from what.
//!
//! Where the tables come from, under which licence, and how to renew them: `docs/reference-data.md`.

pub mod calendar;
pub mod demo;
pub mod geo;
pub mod occupations;
pub mod places;
pub mod postcode;
pub mod regions;
pub mod tasks;

mod table;
mod text;
mod versions;

use std::path::Path;

pub use geo::{Cell, Point, distance_km, middle_of};
pub use occupations::{Occupation, Occupations};
pub use places::{Place, Places};
pub use postcode::{Postcode, PostcodeError};
pub use regions::{Municipality, MunicipalityCode, Region, RegionCode, Regions};
pub use table::ReferenceError;
pub use tasks::{Group, Nearness, Task, Vocabulary};
pub use text::Lang;
pub use versions::TableVersion;

/// File name of the coordinates per postcode, in the directory given to [`Reference::load`].
pub const POSTCODES_FILE: &str = "postcodes.csv";
/// File name of the ESCO occupations, in the directory given to [`Reference::load`].
pub const OCCUPATIONS_FILE: &str = "occupations.csv";

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
        let regions = Regions::built_in();
        let places = match table::read_if_there(dir, POSTCODES_FILE)? {
            Some(text) => Places::parse(POSTCODES_FILE, &text, &regions)?,
            None => Places::small(),
        };
        let occupations = match table::read_if_there(dir, OCCUPATIONS_FILE)? {
            Some(text) => Occupations::parse(OCCUPATIONS_FILE, &text)?,
            None => Occupations::small(),
        };
        Ok(Self { regions, places, tasks: Vocabulary::built_in(), occupations })
    }

    /// The built-in tables alone: every postcode lies in the middle of its municipality, and only the occupations
    /// that our tasks refer to are known. Good enough for tests and for a start without any download.
    pub fn small() -> Self {
        Self {
            regions: Regions::built_in(),
            places: Places::small(),
            tasks: Vocabulary::built_in(),
            occupations: Occupations::small(),
        }
    }

    /// Name, version and size of every table in use, in a fixed order.
    pub fn versions(&self) -> Vec<TableVersion> {
        let mut all = self.regions.versions();
        all.push(self.places.version().clone());
        all.extend(self.tasks.versions());
        all.push(self.occupations.version().clone());
        all
    }
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
        assert_eq!(names, ["regions", "municipalities", "postcodes", "task_groups", "tasks", "occupations"]);
        assert!(versions.iter().all(|table| table.rows > 0));
    }

    #[test]
    fn reference_data_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Reference>();
    }
}
