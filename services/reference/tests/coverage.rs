//! Whether nine in ten vacancies can be described in our tasks, and thirty tasks to read.
//!
//! **Volume.** No open source counts vacancies by occupation. So the vacancies of CBS per section of the SBI (80474ned,
//! second quarter of 2023) are spread over the ISCO major groups in which each section employs people (Eurostat
//! `lfsa_eisn2`), and within a major group over the 114 groups of the BRC 2014 in proportion to employees (CBS 85517NED).
//!
//! **Fit.** Nobody wrote down which group has which tasks. A task fits a group of occupations when it names an ESCO
//! occupation whose ISCO unit group CBS counts to that group, or when ESCO says of a quarter or more of the group's
//! occupations that they use a skill that the task names. A group with three fitting tasks is covered.
//!
//! Where `../shared/data` is absent these tests say that they were skipped.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use crate::shared::{Rows, rows, source};
use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use reference::Reference;

/// What must be covered of the vacancies.
const WANTED: f64 = 0.90;
/// Tasks that a group must have.
const FITTING: usize = 3;
/// The share of a group's occupations that must use a skill before a task with that skill fits the group.
const COMMON: f64 = 0.25;
/// One draw for all who read it.
const SEED: u64 = 20_260_601;

struct Sources {
    occupations: Rows,
    used: Rows,
    skills: Rows,
    classes: Rows,
    employees: Rows,
    sections: Rows,
    major_groups: Rows,
}

fn sources() -> Option<Sources> {
    let read = |path: &str| source(path).map(|text| rows(&text));
    Some(Sources {
        occupations: read("esco/occupations.csv.gz")?,
        used: read("esco/occupation_skills.csv.gz")?,
        skills: read("esco/skills.csv.gz")?,
        classes: read("classificaties/isco08_brc2014.csv")?,
        employees: read("arbeidsmarkt/werknemers_uurloon_brc_2022.csv")?,
        sections: read("arbeidsmarkt/vacatures_sbi.csv")?,
        major_groups: read("arbeidsmarkt/werkzamen_sbi_isco_2022.csv")?,
    })
}

fn number(text: &str) -> f64 {
    text.parse().unwrap_or(0.0)
}

/// Vacancies per section, in thousands. B, D and E are not published apart: they share what B-F has beside C and F in
/// proportion to the people they employ.
fn vacancies_per_section(sources: &Sources, employed: &HashMap<String, f64>) -> HashMap<String, f64> {
    let mut published: HashMap<String, f64> = sources
        .sections
        .iter()
        .map(|row| (row["sbi"].clone(), number(&row["openstaand_2023q2_x1000"])))
        .collect();
    let rest = published["B-F"] - published["C"] - published["F"];
    let of_rest: f64 = ["B", "D", "E"].iter().map(|section| employed[*section]).sum();
    for section in ["B", "D", "E"] {
        published.insert(section.to_owned(), rest * employed[section] / of_rest);
    }
    published.retain(|section, _| section.len() == 1);
    published
}

/// Vacancies per ISCO major group, in thousands.
fn vacancies_per_major_group(sources: &Sources) -> HashMap<char, f64> {
    let mut employed: HashMap<String, f64> = HashMap::new();
    for row in &sources.major_groups {
        *employed.entry(row["sbi_sectie"].clone()).or_default() += number(&row["werkzaam_x1000"]);
    }
    let vacancies = vacancies_per_section(sources, &employed);
    let mut per_major_group = HashMap::new();
    for row in &sources.major_groups {
        let section = &row["sbi_sectie"];
        let share = number(&row["werkzaam_x1000"]) / employed[section];
        let open = vacancies.get(section).map_or(0.0, |open| open * share);
        *per_major_group.entry(first(&row["isco08_hoofdgroep"])).or_default() += open;
    }
    per_major_group
}

fn first(code: &str) -> char {
    code.chars().next().unwrap()
}

/// Vacancies per BRC group, in thousands.
fn vacancies_per_group(sources: &Sources) -> BTreeMap<String, f64> {
    let per_major_group = vacancies_per_major_group(sources);
    let employees: HashMap<&str, f64> =
        sources.employees.iter().map(|row| (row["brc"].as_str(), number(&row["werknemers_x1000"]))).collect();
    let mut unit_groups: HashMap<&str, f64> = HashMap::new();
    for row in &sources.classes {
        *unit_groups.entry(&row["brc_groep"]).or_default() += 1.0;
    }
    // A group whose unit groups lie in several major groups is spread over them by their number.
    let people = |row: &HashMap<String, String>| {
        let group = row["brc_groep"].as_str();
        employees.get(group).copied().unwrap_or(0.0) / unit_groups[group]
    };
    let mut people_of: HashMap<char, f64> = HashMap::new();
    for row in &sources.classes {
        *people_of.entry(first(&row["isco08"])).or_default() += people(row);
    }
    let mut volumes = BTreeMap::new();
    for row in &sources.classes {
        let major = first(&row["isco08"]);
        let share = people(row) / people_of[&major];
        *volumes.entry(row["brc_groep"].clone()).or_default() += share * per_major_group[&major];
    }
    volumes
}

/// Per BRC group the tasks that fit it, those that most of its occupations use first.
fn fitting(sources: &Sources, reference: &Reference, common: f64) -> BTreeMap<String, Vec<String>> {
    let group_of_unit: HashMap<&str, &str> =
        sources.classes.iter().map(|row| (row["isco08"].as_str(), row["brc_groep"].as_str())).collect();
    let group_of: HashMap<&str, &str> = sources
        .occupations
        .iter()
        .map(|row| (row["occupation_id"].as_str(), group_of_unit[row["isco08"].as_str()]))
        .collect();
    let mut in_group: HashMap<&str, f64> = HashMap::new();
    for group in group_of.values() {
        *in_group.entry(group).or_default() += 1.0;
    }
    let mut users: HashMap<&str, HashSet<&str>> = HashMap::new();
    for row in &sources.used {
        users.entry(&row["skill_id"]).or_default().insert(&row["occupation_id"]);
    }
    let mut fitting: BTreeMap<String, Vec<(f64, String)>> = BTreeMap::new();
    for task in reference.tasks.tasks() {
        let named: HashSet<String> = task.esco.iter().map(ToString::to_string).collect();
        let by_name: HashSet<&str> = named.iter().map(|id| group_of[id.as_str()]).collect();
        let skills: Vec<String> = task.skills.iter().map(ToString::to_string).collect();
        let using: HashSet<&str> =
            skills.iter().filter_map(|id| users.get(id.as_str())).flatten().copied().collect();
        let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
        for occupation in &using {
            *counts.entry(group_of[occupation]).or_default() += 1.0;
        }
        let shares = counts.iter().map(|(group, count)| (*group, count / in_group[group]));
        let shares = shares.filter(|(_, share)| *share >= common);
        let mut groups: BTreeMap<&str, f64> = shares.collect();
        // What a task names is nearer than what many occupations share.
        groups.extend(by_name.into_iter().map(|group| (group, 1.5)));
        for (group, share) in groups {
            fitting.entry(group.to_owned()).or_default().push((share, task.code.clone()));
        }
    }
    let in_order = |mut tasks: Vec<(f64, String)>| {
        tasks.sort_by(|a, b| b.0.total_cmp(&a.0));
        tasks.into_iter().map(|(_, code)| code).collect()
    };
    fitting.into_iter().map(|(group, tasks)| (group, in_order(tasks))).collect()
}

#[test]
fn nine_in_ten_vacancies_have_three_fitting_tasks() {
    let Some(sources) = sources() else { return };
    let reference = Reference::small();
    let names: HashMap<&str, &str> = sources
        .classes
        .iter()
        .map(|row| (row["brc_groep"].as_str(), row["brc_groep_label"].as_str()))
        .collect();
    let volumes = vacancies_per_group(&sources);
    let fit = fitting(&sources, &reference, COMMON);
    let (mut total, mut covered) = (0.0, 0.0);
    let mut by_volume: Vec<(&String, &f64)> = volumes.iter().collect();
    by_volume.sort_by(|a, b| b.1.total_cmp(a.1));
    let mut table =
        format!("{:<58} {:>9}  {:<7} three tasks\n", "occupation group (BRC 2014)", "vacancies", "");
    for (group, thousands) in by_volume {
        let tasks = fit.get(group).map_or(&[][..], Vec::as_slice);
        let fits = tasks.len() >= FITTING;
        total += thousands;
        covered += if fits { *thousands } else { 0.0 };
        let name = format!("{group} {}", names[group.as_str()]);
        let shown: Vec<&str> = tasks.iter().take(FITTING).map(String::as_str).collect();
        let (open, mark) = (thousands * 1000.0, if fits { "covered" } else { "-" });
        writeln!(table, "{name:<58} {open:>9.0}  {mark:<7} {}", shown.join(", ")).unwrap();
    }
    let share = covered / total;
    println!("{table}{:.1} % of {:.0} vacancies have three fitting tasks", share * 100.0, total * 1000.0);
    // How much hangs on that quarter.
    for (common, said) in
        [(0.2, "a fifth"), (1.0 / 3.0, "a third"), (2.0, "occupations that tasks name alone")]
    {
        let fit = fitting(&sources, &reference, common);
        let covered: f64 = volumes
            .iter()
            .filter(|(group, _)| fit.get(*group).is_some_and(|tasks| tasks.len() >= FITTING))
            .map(|(_, thousands)| thousands)
            .sum();
        println!("with {said} instead of a quarter: {:.1} %", covered / total * 100.0);
    }
    assert!((total - 427.0).abs() < 1.0, "all vacancies are in the table: {total}");
    assert!(share >= WANTED, "{:.1} % of the vacancies have three fitting tasks", share * 100.0);
}

#[test]
fn every_tie_resolves_in_esco() {
    let Some(sources) = sources() else { return };
    let ids = |rows: &Rows, column: &str| -> HashSet<String> {
        rows.iter().map(|row| row[column].clone()).collect()
    };
    let (occupations, skills) =
        (ids(&sources.occupations, "occupation_id"), ids(&sources.skills, "skill_id"));
    let reference = Reference::small();
    let (mut named, mut without_skill) = (BTreeSet::new(), 0);
    for task in reference.tasks.tasks() {
        assert!(!task.esco.is_empty(), "{} names no occupation", task.code);
        assert!(task.esco.iter().all(|id| occupations.contains(&id.to_string())), "{}", task.code);
        assert!(task.skills.iter().all(|id| skills.contains(&id.to_string())), "{}", task.code);
        named.extend(task.skills.iter().copied());
        without_skill += usize::from(task.skills.is_empty());
    }
    println!("{} ESCO skills named; {without_skill} tasks name an occupation only", named.len());
}

#[test]
fn thirty_tasks_to_read() {
    let reference = Reference::small();
    let mut tasks: Vec<_> = reference.tasks.tasks().iter().collect();
    tasks.shuffle(&mut ChaCha8Rng::seed_from_u64(SEED));
    let skills: HashMap<String, String> = source("esco/skills.csv.gz")
        .map(|text| {
            rows(&text).into_iter().map(|row| (row["skill_id"].clone(), row["label_en"].clone())).collect()
        })
        .unwrap_or_default();
    for task in tasks.into_iter().take(30) {
        let titles: Vec<&str> = task
            .esco
            .iter()
            .map(|id| reference.occupations.get(*id).unwrap().title_nl.as_deref().unwrap())
            .collect();
        let acts: Vec<&str> =
            task.skills.iter().filter_map(|id| skills.get(&id.to_string())).map(String::as_str).collect();
        println!("{} | {} | {}", task.code, task.label_nl, task.label_en);
        println!("    occupations: {}", titles.join(", "));
        if !acts.is_empty() {
            println!("    skills: {}", acts.join(", "));
        }
    }
}
