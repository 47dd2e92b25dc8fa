//! ESCO skills: other words for the acts that tasks name.

use std::collections::HashMap;

use serde::Deserialize;
use uuid::Uuid;

use crate::table::{self, ReferenceError};
use crate::versions::TableVersion;

/// Dutch names of ESCO skills, from the file that `dichterbij reference import` makes. Without it search knows fewer
/// words, and nothing else changes.
#[derive(Debug, Default)]
pub struct Skills {
    by_id: HashMap<Uuid, Vec<String>>,
    version: Option<TableVersion>,
}

#[derive(Deserialize)]
struct SkillRow {
    esco_id: Uuid,
    label_nl: String,
    alt_nl: String,
}

impl Skills {
    /// Reads a CSV with the columns `esco_id,label_nl,alt_nl` and keeps the skills that `wanted` names: our tasks
    /// refer to a hundredth of them.
    pub(crate) fn parse(
        file: &str,
        text: &str,
        wanted: impl Fn(Uuid) -> bool,
    ) -> Result<Self, ReferenceError> {
        let rows = table::rows::<SkillRow>(file, text)?;
        let version = TableVersion::from_file("skills", text, rows.len());
        let kept = rows.into_iter().map(|row| row.value).filter(|row| wanted(row.esco_id));
        let names = |row: SkillRow| {
            let also: Vec<String> = table::parts(&row.alt_nl).map(str::to_owned).collect();
            (row.esco_id, [vec![row.label_nl], also].concat())
        };
        Ok(Self { by_id: kept.map(names).collect(), version: Some(version) })
    }

    /// The Dutch names of a skill, the official one first; none where there is no file or no such skill.
    pub fn names(&self, id: Uuid) -> impl Iterator<Item = &str> {
        self.by_id.get(&id).into_iter().flatten().map(String::as_str)
    }

    /// Which edition of the skills this is, if there is a file.
    pub fn version(&self) -> Option<&TableVersion> {
        self.version.as_ref()
    }
}
