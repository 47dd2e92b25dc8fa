//! The vocabulary of practical tasks: what people tick when asked what they like to do.
//!
//! A task has a code such as `schoonmaken.ramen`: the group, a dot, and a name of its own. Codes are stable: a label
//! may be worded better, its code stays; a code that goes out of use is never given to another task. "Anything goes"
//! and "I do not know yet" are answers to the question, not tasks, and do not stand here.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use uuid::Uuid;

use crate::table::{self, ReferenceError};
use crate::text::Lang;
use crate::versions::TableVersion;

const GROUPS: &str = include_str!("../data/task_groups.csv");
const TASKS: &str = include_str!("../data/tasks.csv");

/// A group of tasks: one tile with a pictogram on the registration page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Stable code, such as `schoonmaken`.
    pub code: String,
    /// Dutch label at level B1.
    pub label_nl: String,
    /// English label.
    pub label_en: String,
    /// Name of the pictogram in Tabler's outline set.
    pub icon: String,
    /// Sections of the SBI 2008 (A to U) in which most of this work is found, the largest first.
    pub sbi: Vec<char>,
    /// Codes of the groups whose work is much alike; always both ways.
    pub related: Vec<String>,
    /// Other Dutch words for the whole group, for search only.
    pub also_nl: Vec<String>,
}

impl Group {
    /// The label in a language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.label_nl,
            Lang::En => &self.label_en,
        }
    }
}

/// One practical task, in words that someone would use on the first day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Stable code, such as `schoonmaken.ramen`.
    pub code: String,
    /// Code of its group.
    pub group: String,
    /// Dutch label at level B1: at most eight words, a verb in it.
    pub label_nl: String,
    /// English label.
    pub label_en: String,
    /// ESCO occupations in which the task is common, the nearest first: one to six.
    pub esco: Vec<Uuid>,
    /// ESCO skills that name the same act, if there are any. ESCO says in which occupations they are used.
    pub skills: Vec<Uuid>,
    /// Other Dutch words people use for it, for search only.
    pub also_nl: Vec<String>,
}

impl Task {
    /// The label in a language.
    pub fn label(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.label_nl,
            Lang::En => &self.label_en,
        }
    }
}

/// How near two tasks are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nearness {
    /// Nothing in common that we know of.
    Apart,
    /// In groups whose work is much alike.
    RelatedGroup,
    /// Different tasks of one group.
    SameGroup,
    /// One and the same task.
    Same,
}

/// All groups and tasks.
#[derive(Debug)]
pub struct Vocabulary {
    groups: Vec<Group>,
    tasks: Vec<Task>,
    by_code: HashMap<String, usize>,
    group_by_code: HashMap<String, usize>,
}

#[derive(Deserialize)]
struct GroupRow {
    code: String,
    label_nl: String,
    label_en: String,
    icon: String,
    sbi: String,
    related: String,
    also_nl: String,
}

#[derive(Deserialize)]
struct TaskRow {
    code: String,
    label_nl: String,
    label_en: String,
    esco: String,
    skills: String,
    also_nl: String,
}

impl Vocabulary {
    /// The tables that are part of the program.
    pub fn built_in() -> Self {
        Self::parse(GROUPS, TASKS).expect("the built-in tables are read by every test")
    }

    fn parse(groups: &str, tasks: &str) -> Result<Self, ReferenceError> {
        let groups = parse_groups(groups)?;
        let group_by_code: HashMap<_, _> =
            groups.iter().enumerate().map(|(index, group)| (group.code.clone(), index)).collect();
        let tasks = parse_tasks(tasks, &group_by_code)?;
        let by_code = tasks.iter().enumerate().map(|(index, task)| (task.code.clone(), index)).collect();
        Ok(Self { groups, tasks, by_code, group_by_code })
    }

    /// All groups, in the order in which they are shown.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// All tasks, group by group, in the order in which they are shown.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The group with this code.
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.group_by_code.get(code).map(|index| &self.groups[*index])
    }

    /// The task with this code.
    pub fn task(&self, code: &str) -> Option<&Task> {
        self.index_of(code).map(|index| &self.tasks[index])
    }

    /// The place of a task in [`Vocabulary::tasks`]: a small number for a compact index. It holds within one version of the
    /// table only, so it is never stored or sent.
    pub fn index_of(&self, code: &str) -> Option<usize> {
        self.by_code.get(code).copied()
    }

    /// The tasks of a group, in the order in which they are shown.
    pub fn tasks_of<'a>(&'a self, group: &'a str) -> impl Iterator<Item = &'a Task> {
        self.tasks.iter().filter(move |task| task.group == group)
    }

    /// How near two tasks are; unknown codes are apart.
    pub fn nearness(&self, a: &str, b: &str) -> Nearness {
        let (Some(a), Some(b)) = (self.task(a), self.task(b)) else { return Nearness::Apart };
        if a.code == b.code {
            Nearness::Same
        } else if a.group == b.group {
            Nearness::SameGroup
        } else if self.group(&a.group).is_some_and(|group| group.related.contains(&b.group)) {
            Nearness::RelatedGroup
        } else {
            Nearness::Apart
        }
    }

    /// Versions of the tables of groups and tasks.
    pub(crate) fn versions(&self) -> Vec<TableVersion> {
        vec![
            TableVersion::built_in("task_groups", GROUPS, self.groups.len()),
            TableVersion::built_in("tasks", TASKS, self.tasks.len()),
        ]
    }
}

fn parse_groups(text: &str) -> Result<Vec<Group>, ReferenceError> {
    let rows = table::rows::<GroupRow>("task_groups.csv", text)?;
    let codes: HashSet<String> = rows.iter().map(|row| row.value.code.clone()).collect();
    let mut groups = Vec::with_capacity(rows.len());
    for row in rows {
        let wrong = |reason: String| ReferenceError::row("task_groups.csv", row.line, reason);
        let GroupRow { code, label_nl, label_en, icon, sbi, related, also_nl } = row.value;
        if !is_code(&code) {
            return Err(wrong(format!("{code} is no code: small letters, digits and hyphens only")));
        }
        if groups.iter().any(|group: &Group| group.code == code) {
            return Err(wrong(format!("{code} stands here twice")));
        }
        let related: Vec<String> = table::parts(&related).map(str::to_owned).collect();
        if let Some(unknown) = related.iter().find(|other| !codes.contains(*other) || **other == code) {
            return Err(wrong(format!("{unknown} is no other group")));
        }
        groups.push(Group {
            code,
            label_nl,
            label_en,
            icon,
            sbi: table::parts(&sbi).flat_map(str::chars).collect(),
            related,
            also_nl: table::parts(&also_nl).map(str::to_owned).collect(),
        });
    }
    // Being alike goes both ways, wherever it was written down.
    let pairs: Vec<(String, String)> = groups
        .iter()
        .flat_map(|group| group.related.iter().map(|other| (other.clone(), group.code.clone())))
        .collect();
    for group in &mut groups {
        let back = pairs.iter().filter(|(from, _)| *from == group.code).map(|(_, to)| to.clone());
        group.related.extend(back);
        group.related.sort();
        group.related.dedup();
    }
    Ok(groups)
}

fn parse_tasks(text: &str, groups: &HashMap<String, usize>) -> Result<Vec<Task>, ReferenceError> {
    let mut tasks: Vec<Task> = Vec::new();
    for row in table::rows::<TaskRow>("tasks.csv", text)? {
        let wrong = |reason: String| ReferenceError::row("tasks.csv", row.line, reason);
        let TaskRow { code, label_nl, label_en, esco, skills, also_nl } = row.value;
        let (group, name) = code.split_once('.').unwrap_or_default();
        if !groups.contains_key(group) || !is_code(name) {
            return Err(wrong(format!("{code} is no code of the form group.name")));
        }
        if tasks.iter().any(|task| task.code == code) {
            return Err(wrong(format!("{code} stands here twice")));
        }
        let ids = |cell: &str| {
            let ids = table::parts(cell).map(Uuid::parse_str).collect::<Result<Vec<_>, _>>();
            ids.map_err(|error| wrong(format!("an ESCO id is wrong: {error}")))
        };
        let (esco, skills) = (ids(&esco)?, ids(&skills)?);
        let also_nl = table::parts(&also_nl).map(str::to_owned).collect();
        tasks.push(Task { group: group.to_owned(), code, label_nl, label_en, esco, skills, also_nl });
    }
    Ok(tasks)
}

/// Small letters, digits and single hyphens, starting with a letter.
fn is_code(text: &str) -> bool {
    let all = text.split('-').all(|part| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    });
    all && text.starts_with(|first: char| first.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::occupations;
    use crate::text::fold;

    #[test]
    fn there_are_25_groups_of_at_least_8_tasks() {
        let vocabulary = Vocabulary::built_in();
        assert_eq!(vocabulary.groups().len(), 25);
        assert!(vocabulary.tasks().len() >= 250, "{}", vocabulary.tasks().len());
        for group in vocabulary.groups() {
            assert!(vocabulary.tasks_of(&group.code).count() >= 8, "{}", group.code);
            assert!(!group.icon.is_empty() && group.sbi.iter().all(|section| ('A'..='U').contains(section)));
            assert!(!group.sbi.is_empty() && !group.related.is_empty(), "{}", group.code);
        }
    }

    #[test]
    fn labels_are_short_different_and_hold_a_verb() {
        let vocabulary = Vocabulary::built_in();
        for lang in [Lang::Nl, Lang::En] {
            let labels: HashSet<&str> = vocabulary.tasks().iter().map(|task| task.label(lang)).collect();
            assert_eq!(labels.len(), vocabulary.tasks().len(), "two tasks have the same label");
        }
        for task in vocabulary.tasks() {
            let label = &task.label_nl;
            assert!((2..=8).contains(&label.split(' ').count()), "{label}");
            assert!(label.split([' ', ',']).any(|word| word.ends_with("en") || word == "doen"), "{label}");
            assert!(
                !fold(label).split(' ').any(|word| ["u", "uw", "je", "jouw", "alles"].contains(&word)),
                "{label}"
            );
            assert!(!task.label_en.is_empty());
        }
    }

    #[test]
    fn every_task_leads_to_one_to_six_known_occupations() {
        let known: HashSet<Uuid> = occupations::titles().into_iter().map(|row| row.esco_id).collect();
        let mut used = HashSet::new();
        for task in Vocabulary::built_in().tasks() {
            assert!((1..=6).contains(&task.esco.len()), "{}", task.code);
            assert!(task.esco.iter().all(|id| known.contains(id)), "{}", task.code);
            used.extend(task.esco.iter().copied());
        }
        assert_eq!(used, known, "titles that no task refers to");
    }

    #[test]
    fn tasks_are_near_by_code_group_and_related_group() {
        let vocabulary = Vocabulary::built_in();
        let nearness = |a, b| vocabulary.nearness(a, b);
        assert_eq!(nearness("schoonmaken.ramen", "schoonmaken.ramen"), Nearness::Same);
        assert_eq!(nearness("schoonmaken.ramen", "schoonmaken.stof"), Nearness::SameGroup);
        assert_eq!(nearness("schoonmaken.ramen", "zorg.bedden"), Nearness::RelatedGroup);
        assert_eq!(nearness("zorg.bedden", "schoonmaken.ramen"), Nearness::RelatedGroup);
        assert_eq!(nearness("schoonmaken.ramen", "computers.testen"), Nearness::Apart);
        assert_eq!(nearness("schoonmaken.ramen", "nergens.niets"), Nearness::Apart);
        assert!(Nearness::Same > Nearness::SameGroup && Nearness::RelatedGroup > Nearness::Apart);
    }

    #[test]
    fn wrong_tables_are_refused_with_their_line() {
        let groups = "code,label_nl,label_en,icon,sbi,related,also_nl\na,A,A,x,C,,\nb,B,B,x,C,a,\n";
        let head = "code,label_nl,label_en,esco,skills,also_nl\n";
        let error = |rows: &str| Vocabulary::parse(groups, &format!("{head}{rows}")).unwrap_err().to_string();
        assert!(error("c.x,een doen,do,,,\n").contains("tasks.csv, line 2: c.x is no code"));
        assert!(error("a.x,een doen,do,,,\na.x,twee doen,do,,,\n").contains("line 3: a.x stands here twice"));
        assert!(error("a.X,een doen,do,,,\n").contains("line 2"));
        assert!(error("a.x,een doen,do,zzz,,\n").contains("an ESCO id is wrong"));
        assert!(error("a.x,een doen,do,,zzz,\n").contains("an ESCO id is wrong"));
        let unknown = "code,label_nl,label_en,icon,sbi,related,also_nl\na,A,A,x,C,z,\n";
        assert!(Vocabulary::parse(unknown, head).unwrap_err().to_string().contains("z is no other group"));
        let both_ways = Vocabulary::parse(groups, head).unwrap();
        assert_eq!(both_ways.group("a").unwrap().related, ["b"]);
    }
}
