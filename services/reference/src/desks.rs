//! The desks of each labour-market region: where employers and job-seekers are helped.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::regions::{RegionCode, Regions};
use crate::table::{self, ReferenceError};
use crate::versions::TableVersion;

const DESKS: &str = include_str!("../data/desks.csv");

/// What a desk is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeskKind {
    /// Werkgeversservicepunt: helps employers to find people.
    Wsp,
    /// Regionaal mobiliteitsteam: helps people from work to work.
    Rmt,
    /// Leerwerkloket: tells about learning and working.
    Lwl,
}

impl DeskKind {
    /// All kinds, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Wsp, Self::Rmt, Self::Lwl];
}

/// One desk as it starts out; operators maintain it in the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// The region it serves.
    pub region: RegionCode,
    /// What it is for.
    pub kind: DeskKind,
    /// Its name in Dutch, by a fixed pattern: the desk itself may use another.
    pub name: String,
    /// The centre municipality of the region.
    pub town: String,
    /// Its telephone number, where it is known for a fact.
    pub telephone: Option<String>,
    /// Its website, where it is known for a fact.
    pub website: Option<String>,
}

/// All desks, by region and kind.
#[derive(Debug)]
pub(crate) struct Desks {
    all: Vec<Desk>,
}

#[derive(Deserialize)]
struct DeskRow {
    region: RegionCode,
    kind: DeskKind,
    name: String,
    town: String,
    telephone: String,
    website: String,
}

impl Desks {
    /// The table that is part of the program.
    pub(crate) fn built_in(regions: &Regions) -> Self {
        Self::parse(DESKS, regions).expect("the built-in tables are read by every test")
    }

    fn parse(text: &str, regions: &Regions) -> Result<Self, ReferenceError> {
        let mut all = Vec::new();
        let mut seen = HashSet::new();
        for row in table::rows::<DeskRow>("desks.csv", text)? {
            let wrong = |reason: String| ReferenceError::row("desks.csv", row.line, reason);
            let DeskRow { region, kind, name, town, telephone, website } = row.value;
            if regions.get(region).is_none() {
                return Err(wrong(format!("region {region} does not exist")));
            }
            if name.is_empty() || town.is_empty() {
                return Err(wrong("name and town may not be empty".to_owned()));
            }
            if !seen.insert((region, kind)) {
                return Err(wrong(format!("region {region} has this kind of desk already")));
            }
            let known = |cell: String| Some(cell).filter(|cell| !cell.is_empty());
            all.push(Desk { region, kind, name, town, telephone: known(telephone), website: known(website) });
        }
        all.sort_by_key(|desk| (desk.region, desk.kind));
        Ok(Self { all })
    }

    /// The desks of one region, in the order of [`DeskKind::ALL`].
    pub(crate) fn of(&self, region: RegionCode) -> &[Desk] {
        let from = self.all.partition_point(|desk| desk.region < region);
        let to = self.all.partition_point(|desk| desk.region <= region);
        &self.all[from..to]
    }

    pub(crate) fn version(&self) -> TableVersion {
        TableVersion::built_in("desks", DESKS, self.all.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_all_three_kinds_in_its_centre() {
        let regions = Regions::built_in();
        let desks = Desks::built_in(&regions);
        for region in regions.all() {
            let here = desks.of(region.code);
            assert_eq!(
                here.iter().map(|desk| desk.kind).collect::<Vec<_>>(),
                DeskKind::ALL,
                "{}",
                region.name
            );
            let centre = &regions.municipality(region.centre).unwrap().name;
            assert!(here.iter().all(|desk| desk.town == *centre), "{}", region.name);
        }
        assert_eq!(desks.all.len(), 3 * regions.all().len());
    }

    #[test]
    fn nothing_that_looks_like_a_telephone_number_is_made_up() {
        let desks = Desks::built_in(&Regions::built_in());
        assert!(desks.all.iter().all(|desk| desk.telephone.is_none() && desk.website.is_none()));
    }

    #[test]
    fn a_wrong_table_is_refused_with_its_line() {
        let error = |rows: &str| {
            let text = format!("region,kind,name,town,telephone,website\n{rows}");
            Desks::parse(&text, &Regions::built_in()).unwrap_err().to_string()
        };
        assert!(error("AM04,wsp,a,b,,\n").contains("desks.csv, line 2: region AM04 does not exist"));
        assert!(error("AM11,wsp,a,b,,\nAM11,wsp,c,d,,\n").contains("line 3: region AM11 has this kind"));
        assert!(error("AM11,xyz,a,b,,\n").contains("line 2"));
        assert!(error("AM11,wsp,,b,,\n").contains("may not be empty"));
    }
}
