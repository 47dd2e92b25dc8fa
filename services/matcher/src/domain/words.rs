//! The task vocabulary as small numbers, so that comparing two lists of tasks is a few machine words.

use std::collections::HashMap;

use proto::work::TaskCode;

/// Tasks that fit in a [`TaskSet`].
const MOST_TASKS: usize = 320;
/// Groups that fit in a [`GroupSet`].
const MOST_GROUPS: usize = 64;

/// The vocabulary outgrew the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{tasks} tasks in {groups} groups: the index holds {MOST_TASKS} in {MOST_GROUPS}")]
pub struct TooManyWords {
    tasks: usize,
    groups: usize,
}

/// A set of tasks of one vocabulary, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TaskSet([u64; MOST_TASKS / 64]);

impl TaskSet {
    fn insert(&mut self, task: u16) {
        self.0[usize::from(task / 64)] |= 1 << (task % 64);
    }

    /// What both have.
    #[must_use]
    pub fn shared(self, other: Self) -> Self {
        Self(std::array::from_fn(|word| self.0[word] & other.0[word]))
    }

    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == [0; MOST_TASKS / 64]
    }

    /// How many are in it.
    pub fn len(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// The tasks in the order of the vocabulary.
    pub fn iter(self) -> impl Iterator<Item = u16> {
        self.0.into_iter().enumerate().flat_map(|(word, mut bits)| {
            std::iter::from_fn(move || {
                let lowest = (bits != 0).then(|| bits.trailing_zeros())?;
                bits &= bits - 1;
                Some((word as u32 * u64::BITS + lowest) as u16)
            })
        })
    }
}

/// A set of groups of tasks, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct GroupSet(u64);

impl GroupSet {
    /// Whether they have a group in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn contains(self, group: u8) -> bool {
        self.0 & (1 << group) != 0
    }

    fn with(self, group: u8) -> Self {
        Self(self.0 | 1 << group)
    }
}

/// The vocabulary as numbers. They hold inside one process only; tables and answers carry codes.
#[derive(Debug)]
pub struct Words {
    codes: Vec<TaskCode>,
    numbers: HashMap<TaskCode, u16>,
    group_of: Vec<u8>,
    related_to: Vec<GroupSet>,
    version: String,
}

impl Words {
    /// Numbers the vocabulary.
    ///
    /// # Errors
    /// [`TooManyWords`] when it has more tasks or groups than the sets can hold.
    pub fn of(reference: &reference::Reference) -> Result<Self, TooManyWords> {
        let (tasks, groups) = (reference.tasks.tasks(), reference.tasks.groups());
        if tasks.len() > MOST_TASKS || groups.len() > MOST_GROUPS {
            return Err(TooManyWords { tasks: tasks.len(), groups: groups.len() });
        }
        let group_numbers: HashMap<&str, u8> =
            groups.iter().enumerate().map(|(number, group)| (group.code.as_str(), number as u8)).collect();
        let codes: Vec<TaskCode> = tasks.iter().map(|task| TaskCode::from(task.code.as_str())).collect();
        let related_to = groups
            .iter()
            .map(|group| {
                let related = group.related.iter().map(|code| group_numbers[code.as_str()]);
                related.fold(GroupSet::default(), GroupSet::with)
            })
            .collect();
        // Which tasks are alike follows from the groups, so both tables are the vocabulary.
        let version = |name| {
            let tables = reference.versions().into_iter();
            tables.filter(|table| table.name == name).map(|table| table.version).collect::<String>()
        };
        Ok(Self {
            numbers: codes.iter().enumerate().map(|(number, code)| (code.clone(), number as u16)).collect(),
            codes,
            group_of: tasks.iter().map(|task| group_numbers[task.group.as_str()]).collect(),
            related_to,
            version: format!("tasks={} groups={}", version("tasks"), version("task_groups")),
        })
    }

    /// The version of the vocabulary.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether this version of the vocabulary has the task.
    pub fn knows(&self, code: &TaskCode) -> bool {
        self.numbers.contains_key(code)
    }

    /// The tasks as a set. A code that this version does not know speaks for nothing: the process
    /// that knows it will count it.
    pub fn set(&self, codes: &[TaskCode]) -> TaskSet {
        let mut set = TaskSet::default();
        for number in codes.iter().filter_map(|code| self.numbers.get(code)) {
            set.insert(*number);
        }
        set
    }

    /// The code of a task.
    pub fn code(&self, task: u16) -> &TaskCode {
        &self.codes[usize::from(task)]
    }

    /// The codes of a set, in the order of the vocabulary.
    pub fn codes(&self, set: TaskSet) -> Vec<TaskCode> {
        set.iter().map(|task| self.code(task).clone()).collect()
    }

    /// The groups of these tasks.
    pub fn groups(&self, set: TaskSet) -> GroupSet {
        set.iter().fold(GroupSet::default(), |groups, task| groups.with(self.group_of[usize::from(task)]))
    }

    /// The groups whose work is much like that of these tasks.
    pub fn related_groups(&self, set: TaskSet) -> GroupSet {
        let related = set.iter().map(|task| self.related_to[usize::from(self.group_of[usize::from(task)])]);
        GroupSet(related.fold(0, |all, groups| all | groups.0))
    }

    /// Whether two tasks are of one group.
    pub fn same_group(&self, a: u16, b: u16) -> bool {
        self.group_of[usize::from(a)] == self.group_of[usize::from(b)]
    }

    /// Whether two tasks are of groups whose work is much alike.
    pub fn related(&self, a: u16, b: u16) -> bool {
        self.related_to[usize::from(self.group_of[usize::from(a)])].contains(self.group_of[usize::from(b)])
    }
}

#[cfg(test)]
mod tests {
    use reference::{Nearness, Reference};

    use super::*;

    #[test]
    fn numbers_say_the_same_as_the_vocabulary_for_every_two_tasks() {
        let reference = Reference::small();
        let words = Words::of(&reference).unwrap();
        let alone: Vec<_> = (reference.tasks.tasks().iter())
            .map(|task| (task, words.set(&[TaskCode::from(task.code.as_str())])))
            .map(|(task, set)| (task, set, words.groups(set), words.related_groups(set)))
            .collect();
        for (a, one, groups, related) in &alone {
            for (b, other, of_other, _) in &alone {
                let found = if !one.shared(*other).is_empty() {
                    Nearness::Same
                } else if groups.meets(*of_other) {
                    Nearness::SameGroup
                } else if related.meets(*of_other) {
                    Nearness::RelatedGroup
                } else {
                    Nearness::Apart
                };
                assert_eq!(found, reference.tasks.nearness(&a.code, &b.code), "{} {}", a.code, b.code);
            }
        }
    }

    #[test]
    fn a_set_gives_back_its_codes_in_the_order_of_the_vocabulary() {
        let reference = Reference::small();
        let words = Words::of(&reference).unwrap();
        let all: Vec<TaskCode> =
            reference.tasks.tasks().iter().map(|task| TaskCode::from(task.code.as_str())).collect();
        let mut shuffled = all.clone();
        shuffled.reverse();
        shuffled.push("nooit.gehoord".into());
        let set = words.set(&shuffled);
        assert_eq!(words.codes(set), all);
        assert_eq!(set.len() as usize, all.len());
        assert!(words.set(&["nooit.gehoord".into()]).is_empty());
    }

    #[test]
    fn the_version_names_both_tables() {
        let version = Words::of(&Reference::small()).unwrap().version().to_owned();
        assert!(version.starts_with("tasks=built-in:") && version.contains(" groups=built-in:"), "{version}");
    }
}
