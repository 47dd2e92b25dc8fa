//! The vocabulary of practical tasks: what people tick when asked what they like to do.
//!
//! A task has a code such as `schoonmaken.ramen`: the group, a dot, and a name of its own. Codes are stable: a label
//! may be worded better, its code stays; a code that goes out of use is never given to another task. "Anything goes"
//! and "I do not know yet" are answers to the question, not tasks, and do not stand here.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;
use uuid::Uuid;

use crate::occupations::{self, OccupationRow};
use crate::table::{self, ReferenceError};
use crate::text::{Lang, fold};
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
    /// ESCO occupations in which the task is common: one to three.
    pub esco: Vec<Uuid>,
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

/// All groups and tasks, with search.
#[derive(Debug)]
pub struct Vocabulary {
    groups: Vec<Group>,
    tasks: Vec<Task>,
    by_code: HashMap<String, usize>,
    group_by_code: HashMap<String, usize>,
    entries: [Vec<Entry>; 2],
}

/// What search reads of one task in one language: folded words by how much a hit in them counts.
#[derive(Debug)]
struct Entry {
    label: String,
    others: Vec<String>,
    group: Vec<String>,
}

/// Why a task was found; the first kind stands first in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Hit {
    LabelStartsWithText,
    WholeWordOfLabel,
    WholeWordOfSynonym,
    StartOfWordOfLabel,
    StartOfWordOfSynonym,
    WithinLabel,
    WithinSynonym,
    Group,
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
        let titles: HashMap<Uuid, OccupationRow> =
            occupations::titles().into_iter().map(|row| (row.esco_id, row)).collect();
        let entries = [Lang::Nl, Lang::En].map(|lang| {
            tasks
                .iter()
                .map(|task| Entry::of(task, &groups[group_by_code[&task.group]], &titles, lang))
                .collect()
        });
        Ok(Self { groups, tasks, by_code, group_by_code, entries })
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

    /// The tasks that fit what someone is typing, best first; empty when nothing that was typed is found anywhere.
    ///
    /// A word is found as a word of the label, of a synonym or of an occupation title; as the start of such a word;
    /// inside one; or in the name of the group. Tasks in which the fewest typed words are missing are given, the
    /// rest is not. The weakest kind of hit decides their order, then whether the group is named, then the table. Words that say nothing
    /// here ("ik wil graag werken in de …") do not count. Same text, same answer.
    pub fn search(&self, text: &str, lang: Lang) -> Vec<&Task> {
        let wanted = wanted_words(text);
        let entries = &self.entries[usize::from(lang == Lang::En)];
        let mut found: Vec<((usize, Hit, bool), usize)> = entries
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| Some((entry.hit(&wanted)?, index)))
            .collect();
        found.sort_unstable();
        let fewest = found.first().map(|((missing, ..), _)| *missing);
        let best = found.into_iter().take_while(|((missing, ..), _)| Some(*missing) == fewest);
        best.map(|(_, index)| &self.tasks[index]).collect()
    }

    /// Versions of the tables of groups and tasks.
    pub(crate) fn versions(&self) -> Vec<TableVersion> {
        vec![
            TableVersion::built_in("task_groups", GROUPS, self.groups.len()),
            TableVersion::built_in("tasks", TASKS, self.tasks.len()),
        ]
    }
}

impl Entry {
    fn of(task: &Task, group: &Group, titles: &HashMap<Uuid, OccupationRow>, lang: Lang) -> Self {
        let titles = task.esco.iter().filter_map(|id| titles.get(id));
        let others = match lang {
            Lang::Nl => task
                .also_nl
                .iter()
                .map(|also| fold(also))
                .chain(titles.map(|row| fold(&row.title_nl)))
                .collect(),
            Lang::En => titles.map(|row| fold(&row.title_en)).collect(),
        };
        let also = group.also_nl.iter().filter(|_| lang == Lang::Nl);
        let group = also.map(String::as_str).chain([group.label(lang)]).map(fold).collect();
        Self { label: fold(task.label(lang)), others, group }
    }

    /// How many wanted words are missing, the weakest hit among the others, and whether the name of the group holds
    /// none of them; nothing if all are missing.
    fn hit(&self, wanted: &[String]) -> Option<(usize, Hit, bool)> {
        let elsewhere = !wanted.iter().any(|word| self.group_has(word));
        if !wanted.is_empty() && self.label.starts_with(&wanted.join(" ")) {
            return Some((0, Hit::LabelStartsWithText, elsewhere));
        }
        let hits: Vec<Hit> = wanted.iter().filter_map(|word| self.hit_of(word)).collect();
        hits.iter().max().map(|weakest| (wanted.len() - hits.len(), *weakest, elsewhere))
    }

    fn hit_of(&self, word: &str) -> Option<Hit> {
        let is_a_word = |text: &str| text.split(' ').any(|part| part == word);
        let starts_a_word = |text: &str| text.split(' ').any(|part| part.starts_with(word));
        // Two letters stand inside nearly every word; looking inside starts to help at four.
        let stands_within = |text: &str| word.len() >= 4 && text.contains(word);
        let in_others = |found: &dyn Fn(&str) -> bool| self.others.iter().any(|other| found(other));
        if is_a_word(&self.label) {
            Some(Hit::WholeWordOfLabel)
        } else if in_others(&is_a_word) {
            Some(Hit::WholeWordOfSynonym)
        } else if starts_a_word(&self.label) {
            Some(Hit::StartOfWordOfLabel)
        } else if in_others(&starts_a_word) {
            Some(Hit::StartOfWordOfSynonym)
        } else if stands_within(&self.label) {
            Some(Hit::WithinLabel)
        } else if in_others(&stands_within) {
            Some(Hit::WithinSynonym)
        } else {
            self.group_has(word).then_some(Hit::Group)
        }
    }

    fn group_has(&self, word: &str) -> bool {
        self.group.iter().any(|name| name.split(' ').any(|part| part.starts_with(word)))
    }
}

/// The words of a typed text that say something about work; all of them if none does.
fn wanted_words(text: &str) -> Vec<String> {
    const SAY_NOTHING: [&str; 71] = [
        "a", "aan", "als", "altijd", "an", "and", "at", "ben", "best", "bij", "can", "de", "dingen", "do",
        "doen", "een", "en", "erg", "ervaring", "for", "functie", "gewerkt", "goed", "graag", "heb", "heel",
        "het", "i", "iets", "ik", "in", "is", "job", "kan", "kunnen", "leuk", "like", "mag", "me", "met",
        "mij", "mijn", "my", "naar", "niet", "of", "om", "on", "ook", "op", "or", "soms", "te", "than",
        "that", "the", "to", "van", "veel", "vind", "voor", "want", "was", "werk", "werken", "wil", "with",
        "work", "working", "zijn", "zoek",
    ];
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !SAY_NOTHING.contains(word)).collect();
    let chosen = if telling.is_empty() { words } else { telling };
    // The longest word first: it excludes most.
    let mut chosen: Vec<String> = chosen.into_iter().map(str::to_owned).collect();
    if chosen.len() > MOST_WORDS {
        chosen.sort_by_key(|word| Reverse(word.len()));
        chosen.truncate(MOST_WORDS);
    }
    chosen
}

/// More words than this are not looked for, so that no text is too long to answer at once.
const MOST_WORDS: usize = 8;

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
        let TaskRow { code, label_nl, label_en, esco, also_nl } = row.value;
        let (group, name) = code.split_once('.').unwrap_or_default();
        if !groups.contains_key(group) || !is_code(name) {
            return Err(wrong(format!("{code} is no code of the form group.name")));
        }
        if tasks.iter().any(|task| task.code == code) {
            return Err(wrong(format!("{code} stands here twice")));
        }
        let esco = table::parts(&esco).map(Uuid::parse_str).collect::<Result<Vec<_>, _>>();
        let esco = esco.map_err(|error| wrong(format!("an ESCO id is wrong: {error}")))?;
        let also_nl = table::parts(&also_nl).map(str::to_owned).collect();
        tasks.push(Task { group: group.to_owned(), code, label_nl, label_en, esco, also_nl });
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
    use std::sync::LazyLock;

    use proptest::prelude::*;

    use super::*;

    static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(Vocabulary::built_in);

    fn codes(text: &str, lang: Lang) -> Vec<String> {
        VOCABULARY.search(text, lang).iter().map(|task| task.code.clone()).collect()
    }

    fn first(text: &str) -> String {
        codes(text, Lang::Nl).first().cloned().unwrap_or_default()
    }

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
    fn every_task_leads_to_one_to_three_known_occupations() {
        let known: HashSet<Uuid> = occupations::titles().into_iter().map(|row| row.esco_id).collect();
        let mut used = HashSet::new();
        for task in Vocabulary::built_in().tasks() {
            assert!((1..=3).contains(&task.esco.len()), "{}", task.code);
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
    fn people_find_tasks_in_their_own_words() {
        assert_eq!(first("vakken"), "winkel.vakken-vullen");
        assert_eq!(first("KASSA"), "winkel.kassa");
        assert_eq!(first("heftr"), "magazijn.heftruck");
        assert_eq!(first("ik wil graag afwassen"), "horeca.afwassen");
        assert_eq!(first("cassière"), "winkel.kassa");
        assert_eq!(first("orderpicker"), "magazijn.orders-verzamelen");
        assert_eq!(first("stratenmaker"), "bouw.straten");
        assert_eq!(first("bakker"), "voeding.brood");
        assert_eq!(first("lassen"), "fabriek.lassen");
        assert_eq!(first("schoonmaken"), "schoonmaken.stof");
        assert_eq!(first("ik kan goed koken"), "horeca.koken");
        assert!(codes("schoonmaak", Lang::Nl).len() >= 11, "other words for a group find its tasks");
        assert!(codes("kok", Lang::Nl).contains(&"horeca.koken".to_owned()));
        assert!(codes("schoonmaken", Lang::Nl).len() >= 11, "the name of a group finds its tasks");
        assert_eq!(codes("wash windows", Lang::En), ["schoonmaken.ramen"]);
        assert!(codes("welder", Lang::En).contains(&"fabriek.lassen".to_owned()));
    }

    #[test]
    fn words_that_are_not_found_do_not_hide_what_is() {
        assert_eq!(first("kassa xyzzy"), "winkel.kassa");
        let both = codes("kassa heftruck", Lang::Nl);
        assert!(["winkel.kassa", "magazijn.heftruck"].iter().all(|code| both.contains(&(*code).to_owned())));
        assert_eq!(codes("heftruck rijden", Lang::Nl), ["magazijn.heftruck"]);
    }

    #[test]
    fn what_says_nothing_finds_nothing() {
        for text in ["", "   ", "!?", "xyzzy", "xyzzy plugh"] {
            assert_eq!(codes(text, Lang::Nl), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn wrong_tables_are_refused_with_their_line() {
        let groups = "code,label_nl,label_en,icon,sbi,related,also_nl\na,A,A,x,C,,\nb,B,B,x,C,a,\n";
        let head = "code,label_nl,label_en,esco,also_nl\n";
        let error = |rows: &str| Vocabulary::parse(groups, &format!("{head}{rows}")).unwrap_err().to_string();
        assert!(error("c.x,een doen,do,,\n").contains("tasks.csv, line 2: c.x is no code"));
        assert!(error("a.x,een doen,do,,\na.x,twee doen,do,,\n").contains("line 3: a.x stands here twice"));
        assert!(error("a.X,een doen,do,,\n").contains("line 2"));
        assert!(error("a.x,een doen,do,zzz,\n").contains("an ESCO id is wrong"));
        let unknown = "code,label_nl,label_en,icon,sbi,related,also_nl\na,A,A,x,C,z,\n";
        assert!(Vocabulary::parse(unknown, head).unwrap_err().to_string().contains("z is no other group"));
        let both_ways = Vocabulary::parse(groups, head).unwrap();
        assert_eq!(both_ways.group("a").unwrap().related, ["b"]);
    }

    #[test]
    fn the_beginning_of_every_label_finds_its_task() {
        let vocabulary = Vocabulary::built_in();
        for lang in [Lang::Nl, Lang::En] {
            for task in vocabulary.tasks() {
                let label = task.label(lang);
                let ends = label.char_indices().map(|(at, letter)| at + letter.len_utf8());
                // All short beginnings, where most mistakes could be, and the whole label.
                for end in ends.filter(|end| *end <= 5 || *end == label.len()) {
                    let found = vocabulary.search(&label[..end], lang);
                    assert!(found.contains(&task), "{} does not find {}", &label[..end], task.code);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn search_answers_any_text_with_each_task_at_most_once(text in "\\PC{0,60}|[a-z ]{0,30}") {
            let found: Vec<&str> = VOCABULARY.search(&text, Lang::Nl).iter().map(|task| task.code.as_str()).collect();
            let once: HashSet<&str> = found.iter().copied().collect();
            prop_assert_eq!(once.len(), found.len());
            let again: Vec<&str> = VOCABULARY.search(&text, Lang::Nl).iter().map(|task| task.code.as_str()).collect();
            prop_assert_eq!(found, again);
        }
    }
}
