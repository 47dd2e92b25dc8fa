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

pub use geo::{Cell, Point, distance_km};
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
