//! Material for the demo generator: realistic proportions and plainly invented names.
//!
//! Everything here shapes invented data. None of it describes a person or an employer that exists, and nothing that
//! decides about people may read it.

use serde::Deserialize;

use crate::regions::{MunicipalityCode, Regions};
use crate::table::{self, ReferenceError};

const INHABITANTS: &str = include_str!("../data/demo_inhabitants.csv");
const VACANCIES: &str = include_str!("../data/demo_vacancies.csv");
const WAGES: &str = include_str!("../data/demo_wages.csv");
const EMPLOYERS: &str = include_str!("../data/demo_employers.csv");
const FIRST_NAMES: &str = include_str!("../data/demo_first_names.csv");

/// All material of the demo generator. Not part of [`crate::Reference`], so that no service holds it.
#[derive(Debug)]
pub struct Demo {
    /// Inhabitants per four-digit postcode, in hundreds, in ascending order of postcode.
    pub inhabitants: Vec<(u16, u32)>,
    /// Open vacancies per section of the SBI, as shares that add up to 1.
    pub vacancies: Vec<SectionShare>,
    /// Gross wages per group of tasks.
    pub wages: Vec<Wage>,
    /// Invented employers.
    pub employers: Vec<EmployerName>,
    /// Common first names.
    pub first_names: Vec<String>,
}

/// A section of the SBI and its share of all open vacancies.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionShare {
    /// The letter of the section.
    pub section: char,
    /// Its Dutch name.
    pub name_nl: String,
    /// Its share: between 0 and 1.
    pub share: f64,
}

/// What an hour of work in a group of tasks pays: quartiles in eurocents, gross.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wage {
    /// The code of the group of tasks.
    pub group: String,
    /// A quarter of employees earn less.
    pub low_cents: u32,
    /// Half of employees earn less.
    pub middle_cents: u32,
    /// Three quarters of employees earn less.
    pub high_cents: u32,
}

/// An invented employer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmployerName {
    /// Its name.
    pub name: String,
    /// The section of the SBI it works in.
    pub section: char,
}

#[derive(Deserialize)]
struct InhabitantsRow {
    municipality: MunicipalityCode,
    hundreds: String,
}

#[derive(Deserialize)]
struct VacanciesRow {
    section: char,
    name_nl: String,
    open_hundreds: u32,
}

#[derive(Deserialize)]
struct WageRow {
    group: String,
    low_cents: u32,
    middle_cents: u32,
    high_cents: u32,
}

#[derive(Deserialize)]
struct EmployerRow {
    name: String,
    section: char,
}

#[derive(Deserialize)]
struct FirstNameRow {
    name: String,
}

impl Demo {
    /// The tables that are part of the program.
    pub fn built_in() -> Self {
        Self::parse(&Regions::built_in()).expect("the built-in tables are read by every test")
    }

    fn parse(regions: &Regions) -> Result<Self, ReferenceError> {
        let vacancies = table::rows::<VacanciesRow>("demo_vacancies.csv", VACANCIES)?;
        let open: u32 = vacancies.iter().map(|row| row.value.open_hundreds).sum();
        let share = |row: table::Row<VacanciesRow>| SectionShare {
            section: row.value.section,
            name_nl: row.value.name_nl,
            share: f64::from(row.value.open_hundreds) / f64::from(open.max(1)),
        };
        let wage = |row: table::Row<WageRow>| {
            let WageRow { group, low_cents, middle_cents, high_cents } = row.value;
            Wage { group, low_cents, middle_cents, high_cents }
        };
        let employer =
            |row: table::Row<EmployerRow>| EmployerName { name: row.value.name, section: row.value.section };
        let employers = table::rows("demo_employers.csv", EMPLOYERS)?;
        let first_names = table::rows::<FirstNameRow>("demo_first_names.csv", FIRST_NAMES)?;
        Ok(Self {
            inhabitants: inhabitants(regions)?,
            vacancies: vacancies.into_iter().map(share).collect(),
            wages: table::rows("demo_wages.csv", WAGES)?.into_iter().map(wage).collect(),
            employers: employers.into_iter().map(employer).collect(),
            first_names: first_names.into_iter().map(|row| row.value.name).collect(),
        })
    }

    /// What an hour of work in a group of tasks pays.
    pub fn wage(&self, group: &str) -> Option<&Wage> {
        self.wages.iter().find(|wage| wage.group == group)
    }
}

/// Ties the numbers of a municipality to its postcodes, which stand in the same order.
fn inhabitants(regions: &Regions) -> Result<Vec<(u16, u32)>, ReferenceError> {
    let mut all = Vec::new();
    for row in table::rows::<InhabitantsRow>("demo_inhabitants.csv", INHABITANTS)? {
        let code = row.value.municipality;
        let postcodes =
            regions.postcodes().filter(|(_, municipality)| municipality.code == code).map(|(pc4, _)| pc4);
        let numbers: Result<Vec<u32>, _> =
            row.value.hundreds.split_ascii_whitespace().map(str::parse).collect();
        let wrong = |reason: &str| ReferenceError::row("demo_inhabitants.csv", row.line, reason);
        let numbers = numbers.map_err(|_| wrong("hundreds are whole numbers"))?;
        let before = all.len();
        all.extend(postcodes.zip(numbers.iter().copied()));
        if all.len() - before != numbers.len() || numbers.is_empty() {
            return Err(wrong("there must be one number per postcode of the municipality"));
        }
    }
    all.sort_unstable();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::Vocabulary;

    #[test]
    fn every_postcode_has_its_inhabitants() {
        let demo = Demo::built_in();
        let regions = Regions::built_in();
        assert!(demo.inhabitants.iter().map(|(pc4, _)| *pc4).eq(regions.postcodes().map(|(pc4, _)| pc4)));
        let hundreds: u32 = demo.inhabitants.iter().map(|(_, hundreds)| hundreds).sum();
        assert!((174_000..176_000).contains(&hundreds), "17.5 million people, not {hundreds} hundred");
    }

    #[test]
    fn shares_of_vacancies_add_up() {
        let demo = Demo::built_in();
        let sum: f64 = demo.vacancies.iter().map(|section| section.share).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        let trade = demo.vacancies.iter().find(|section| section.section == 'G').unwrap();
        assert!((0.19..0.22).contains(&trade.share));
    }

    #[test]
    fn every_group_of_tasks_has_a_lawful_wage() {
        let demo = Demo::built_in();
        let vocabulary = Vocabulary::built_in();
        assert_eq!(demo.wages.len(), vocabulary.groups().len());
        for group in vocabulary.groups() {
            let wage = demo.wage(&group.code).expect("every group has a wage");
            assert!(
                1_500 <= wage.low_cents
                    && wage.low_cents < wage.middle_cents
                    && wage.middle_cents < wage.high_cents
            );
        }
    }

    #[test]
    fn every_section_with_vacancies_has_tasks_to_invent_openings_from_and_an_employer() {
        let demo = Demo::built_in();
        let vocabulary = Vocabulary::built_in();
        let tasks_in = |section: char| {
            let groups = vocabulary.groups().iter().filter(|group| group.sbi.contains(&section));
            groups.map(|group| vocabulary.tasks_of(&group.code).count()).sum::<usize>()
        };
        let mut covered = 0.0;
        for section in &demo.vacancies {
            let tasks = tasks_in(section.section);
            println!(
                "{} {:5.1} % {tasks:3} tasks  {}",
                section.section,
                section.share * 100.0,
                section.name_nl
            );
            covered += if tasks >= 3 { section.share } else { 0.0 };
        }
        assert!(covered >= 0.9, "{covered}");
        assert!(demo.employers.iter().all(|employer| tasks_in(employer.section) >= 3));
    }

    #[test]
    fn names_are_many_and_different() {
        let demo = Demo::built_in();
        let employers: HashSet<&str> = demo.employers.iter().map(|employer| employer.name.as_str()).collect();
        let people: HashSet<&str> = demo.first_names.iter().map(String::as_str).collect();
        assert_eq!((employers.len(), people.len()), (demo.employers.len(), demo.first_names.len()));
        assert!(employers.len() >= 120 && people.len() >= 100);
    }
}
