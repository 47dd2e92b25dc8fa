//! Search as one types, over tasks and the titles of occupations that lead to them.
//!
//! Everything is compared word by word after folding (case, accents and punctuation do not count). What a word of the
//! text does to a word of ours is worth, best first: it *is* the word, it *begins* it, it *ends* it or stands *inside*
//! it, or it begins it with *one typing error*. A title leads to the tasks that name its ESCO occupation; a title of an
//! occupation that no task names leads to the tasks of its ISCO unit group. Pure and bounded: no text is too long, too
//! strange or too empty to answer, and the same text has the same answer.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::occupations::{Occupation, Occupations};
use crate::skills::Skills;
use crate::tasks::{Task, Vocabulary};
use crate::text::{Lang, fold};
use crate::typing::begins_with_one_error;

/// More words than this are not looked for, so that no text is too long to answer at once.
const MOST_WORDS: usize = 8;
/// Letters of the text that are read; the rest cannot change the answer by much.
const MOST_LETTERS: usize = 200;
/// Two letters stand inside nearly every word.
const SHORTEST_WITHIN: usize = 3;
/// Shorter words differ in one letter from too many others.
const SHORTEST_WITH_ERROR: usize = 5;
/// Tasks to which an occupation leads by its unit group only: the commonest of that group.
const MOST_BY_UNIT_GROUP: usize = 6;

/// A task that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The task; its code is what is kept.
    pub task: &'a Task,
    /// The title of an occupation, as ESCO spells it, when the task was found by it: "via: heftruckchauffeur".
    pub via: Option<&'a str>,
}

/// The words of tasks and titles in both languages.
#[derive(Debug)]
pub(crate) struct Search {
    dutch: Index,
    english: Index,
    /// Per occupation, in the order of [`Occupations::all`], the tasks it leads to.
    leads: Vec<Vec<Lead>>,
}

#[derive(Debug)]
struct Index {
    /// All words once; entries hold positions in it.
    words: Vec<Box<str>>,
    /// In the order of [`Vocabulary::tasks`].
    tasks: Vec<Entry>,
    titles: Vec<Title>,
}

/// What search reads of one task.
#[derive(Debug)]
struct Entry {
    folded_label: Box<str>,
    label: Box<[u32]>,
    also: Box<[u32]>,
    group: Box<[u32]>,
}

#[derive(Debug)]
struct Title {
    occupation: u32,
    /// Which of its titles; 0 is the official one.
    which: u16,
    words: Box<[u32]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Lead {
    /// Smaller is nearer: the place of the occupation among those of the task.
    distance: u8,
    task: u16,
}

/// How a typed word met one of ours; the first stands first in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    Whole,
    Start,
    /// "chauffeur" in "vrachtwagenchauffeur".
    End,
    Within,
    WithError,
    Not,
}

/// Why a task was found; the first kind stands first in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    LabelStartsWithText,
    WholeWordOfLabel,
    WholeWordOfSynonym,
    NameOfGroup,
    WholeWordOfTitle,
    StartOfWordOfLabel,
    StartOfWordOfSynonym,
    StartOfWordOfTitle,
    WithinLabel,
    WithinSynonym,
    EndOfWordOfTitle,
    StartOfNameOfGroup,
    ErrorInLabel,
    ErrorInSynonym,
    ErrorInTitle,
    ErrorInGroup,
}

#[derive(Debug, Clone, Copy)]
enum Field {
    Label,
    Synonym,
    Title,
    Group,
}

impl Why {
    /// Whether a typing error had to be assumed.
    fn is_guess(self) -> bool {
        self >= Self::ErrorInLabel
    }

    fn of(met: Met, field: Field) -> Option<Self> {
        Some(match (met, field) {
            // In the middle of a title nearly everything stands: "boa" in "keyboardbouwer".
            (Met::Not, _) | (Met::Within, Field::Title) | (Met::End | Met::Within, Field::Group) => {
                return None;
            }
            (Met::Whole, Field::Label) => Self::WholeWordOfLabel,
            (Met::Whole, Field::Synonym) => Self::WholeWordOfSynonym,
            (Met::Whole, Field::Title) => Self::WholeWordOfTitle,
            (Met::Start, Field::Label) => Self::StartOfWordOfLabel,
            (Met::Start, Field::Synonym) => Self::StartOfWordOfSynonym,
            (Met::Start, Field::Title) => Self::StartOfWordOfTitle,
            (Met::End | Met::Within, Field::Label) => Self::WithinLabel,
            (Met::End | Met::Within, Field::Synonym) => Self::WithinSynonym,
            (Met::End, Field::Title) => Self::EndOfWordOfTitle,
            (Met::Whole, Field::Group) => Self::NameOfGroup,
            (Met::Start, Field::Group) => Self::StartOfNameOfGroup,
            (Met::WithError, Field::Label) => Self::ErrorInLabel,
            (Met::WithError, Field::Synonym) => Self::ErrorInSynonym,
            (Met::WithError, Field::Title) => Self::ErrorInTitle,
            (Met::WithError, Field::Group) => Self::ErrorInGroup,
        })
    }
}

/// How good a hit is: the smallest stands first. The order of the fields is the order of importance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    /// Typed words that are found nowhere in it.
    missing: usize,
    /// The weakest reason among the words that are found.
    why: Why,
    /// Words of the title that were not typed.
    too_many: usize,
    /// How near the occupation is to the task.
    distance: u8,
    /// Whether the name of the group holds none of the typed words.
    elsewhere: bool,
}

/// Gives every word a number while the entries are made.
#[derive(Default)]
struct Numbering(HashMap<Box<str>, u32>);

impl Numbering {
    fn of<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Box<[u32]> {
        let mut numbers = Vec::new();
        for text in texts {
            for word in fold(text).split(' ').filter(|word| !word.is_empty()) {
                let next = self.0.len() as u32;
                numbers.push(*self.0.entry(word.into()).or_insert(next));
            }
        }
        numbers.into()
    }

    fn words(self) -> Vec<Box<str>> {
        let mut words: Vec<(u32, Box<str>)> =
            self.0.into_iter().map(|(word, number)| (number, word)).collect();
        words.sort_unstable();
        words.into_iter().map(|(_, word)| word).collect()
    }
}

impl Search {
    pub(crate) fn of(vocabulary: &Vocabulary, occupations: &Occupations, skills: &Skills) -> Self {
        let leads = leads(vocabulary, occupations);
        let index = |lang| Index::of(vocabulary, occupations, skills, &leads, lang);
        Self { dutch: index(Lang::Nl), english: index(Lang::En), leads }
    }

    /// See [`crate::Reference::search`].
    pub(crate) fn find<'a>(
        &self,
        vocabulary: &'a Vocabulary,
        occupations: &'a Occupations,
        (text, lang, limit): (&str, Lang, usize),
    ) -> Vec<Hit<'a>> {
        let start: String = text.chars().take(MOST_LETTERS).collect();
        let other = match lang {
            Lang::Nl => Lang::En,
            Lang::En => Lang::Nl,
        };
        let mut found = (lang, self.index(lang).find(&start, &self.leads));
        // People type the words they know: "cleaner" on a Dutch page, "vakkenvuller" on an English one. A word of the
        // other language is likelier than a typing error, and a typing error in the other language is a guess too many.
        if found.1.first().is_none_or(|(rank, ..)| rank.why.is_guess()) {
            let there = self.index(other).find(&start, &self.leads);
            let fewer = |(rank, ..): &(Rank, usize, Option<&Title>)| {
                found.1.first().is_none_or(|(held, ..)| rank.missing <= held.missing)
            };
            if there.first().is_some_and(|best| !best.0.why.is_guess() && fewer(best)) {
                found = (other, there);
            }
        }
        let (lang, hits) = found;
        let title_of = |title: &Title| {
            let mut titles = occupations.all()[title.occupation as usize].titles(lang);
            titles.nth(usize::from(title.which))
        };
        hits.into_iter()
            .take(limit)
            .map(|(_, task, title)| Hit { task: &vocabulary.tasks()[task], via: title.and_then(title_of) })
            .collect()
    }

    fn index(&self, lang: Lang) -> &Index {
        match lang {
            Lang::Nl => &self.dutch,
            Lang::En => &self.english,
        }
    }
}

/// Which tasks each occupation leads to, the nearest first.
fn leads(vocabulary: &Vocabulary, occupations: &Occupations) -> Vec<Vec<Lead>> {
    let mut named = vec![Vec::new(); occupations.all().len()];
    for (task, place, occupation) in vocabulary.tasks().iter().enumerate().flat_map(|(number, task)| {
        let known = task.esco.iter().enumerate();
        known.filter_map(move |(place, id)| Some((number, place, occupations.index_of(*id)?)))
    }) {
        named[occupation].push(Lead { distance: place as u8, task: task as u16 });
    }
    let mut by_unit_group: HashMap<&str, BTreeMap<u16, usize>> = HashMap::new();
    for (occupation, leads) in occupations.all().iter().zip(&named) {
        let tasks = by_unit_group.entry(&occupation.isco08).or_default();
        for lead in leads {
            *tasks.entry(lead.task).or_default() += 1;
        }
    }
    // ISCO gathers what fits nowhere else in groups that end in 9: two of those have nothing in common.
    let alike = |occupation: &Occupation| !occupation.isco08.ends_with('9');
    for (occupation, leads) in occupations.all().iter().zip(&mut named) {
        if leads.is_empty() && alike(occupation) {
            let mut tasks: Vec<_> = by_unit_group[occupation.isco08.as_str()].iter().collect();
            tasks.sort_by_key(|(task, count)| (Reverse(**count), **task));
            let nearest = tasks.into_iter().take(MOST_BY_UNIT_GROUP).enumerate();
            leads.extend(nearest.map(|(place, (task, _))| Lead { distance: 10 + place as u8, task: *task }));
        }
        leads.sort_unstable();
    }
    named
}

impl Index {
    fn of(
        vocabulary: &Vocabulary,
        occupations: &Occupations,
        skills: &Skills,
        leads: &[Vec<Lead>],
        lang: Lang,
    ) -> Self {
        let mut numbering = Numbering::default();
        let dutch = lang == Lang::Nl;
        let entry = |task: &Task| {
            let group = vocabulary.group(&task.group).expect("every task has a group");
            let also = task.also_nl.iter().map(String::as_str).filter(|_| dutch);
            let skills = task.skills.iter().flat_map(|id| skills.names(*id)).filter(|_| dutch);
            let group_also = group.also_nl.iter().map(String::as_str).filter(|_| dutch);
            Entry {
                folded_label: fold(task.label(lang)).into(),
                label: numbering.of([task.label(lang)]),
                also: numbering.of(also.chain(skills)),
                group: numbering.of(group_also.chain([group.label(lang)])),
            }
        };
        let tasks = vocabulary.tasks().iter().map(entry).collect();
        let leading = occupations.all().iter().enumerate().filter(|(number, _)| !leads[*number].is_empty());
        let titles = leading
            .flat_map(|(number, occupation)| {
                occupation.titles(lang).enumerate().map(move |title| (number, title))
            })
            .map(|(number, (which, title))| Title {
                occupation: number as u32,
                which: which as u16,
                words: numbering.of([title]),
            })
            .collect();
        Self { tasks, titles, words: numbering.words() }
    }

    /// The tasks that were found, best first, each with the title it was found by.
    fn find(&self, text: &str, leads: &[Vec<Lead>]) -> Vec<(Rank, usize, Option<&Title>)> {
        let folded = fold(text);
        let wanted = wanted_words(&folded);
        let met: Vec<Vec<Met>> = wanted.iter().map(|word| self.meet(word)).collect();
        let mut best: Vec<Option<(Rank, Option<&Title>)>> =
            self.tasks.iter().map(|entry| Some((entry.rank(&folded, &met)?, None))).collect();
        for title in &self.titles {
            let Some((missing, why)) =
                weakest(met.iter().map(|met| Why::of(meeting(met, &title.words), Field::Title)))
            else {
                continue;
            };
            let too_many = (title.words.len() + missing).saturating_sub(met.len());
            for lead in &leads[title.occupation as usize] {
                let elsewhere = self.tasks[usize::from(lead.task)].is_elsewhere(&met);
                let rank = Rank { missing, why, too_many, distance: lead.distance, elsewhere };
                let held = &mut best[usize::from(lead.task)];
                // Of two equal titles the first one stays.
                if held.as_ref().is_none_or(|(held, _)| rank < *held) {
                    *held = Some((rank, Some(title)));
                }
            }
        }
        let mut found: Vec<(Rank, usize, Option<&Title>)> = best
            .into_iter()
            .enumerate()
            .filter_map(|(task, held)| held.map(|(rank, title)| (rank, task, title)))
            .collect();
        found.sort_by_key(|(rank, task, _)| (*rank, *task));
        let fewest = found.first().map(|(rank, ..)| rank.missing);
        found.into_iter().take_while(|(rank, ..)| Some(rank.missing) == fewest).collect()
    }

    /// How a typed word meets each of our words.
    fn meet(&self, wanted: &str) -> Vec<Met> {
        let letters = wanted.chars().count();
        let mut met: Vec<Met> = self
            .words
            .iter()
            .map(|word| match word.find(wanted) {
                Some(0) if word.len() == wanted.len() => Met::Whole,
                Some(0) => Met::Start,
                Some(_) if letters < SHORTEST_WITHIN => Met::Not,
                Some(_) if word.ends_with(wanted) => Met::End,
                Some(_) => Met::Within,
                None => Met::Not,
            })
            .collect();
        // A word that we know is no typing error: "lassen" is not meant for "wassen".
        if letters >= SHORTEST_WITH_ERROR && !met.iter().any(|met| *met <= Met::Start) {
            for (word, met) in self.words.iter().zip(&mut met) {
                if *met == Met::Not && begins_with_one_error(word, wanted) {
                    *met = Met::WithError;
                }
            }
        }
        met
    }
}

/// The best meeting of a typed word with any of these words.
fn meeting(met: &[Met], words: &[u32]) -> Met {
    words.iter().map(|word| met[*word as usize]).min().unwrap_or(Met::Not)
}

/// How many words are missing and the weakest reason among the others; nothing if all are missing.
fn weakest(reasons: impl Iterator<Item = Option<Why>>) -> Option<(usize, Why)> {
    let (mut missing, mut weakest) = (0, None);
    for reason in reasons {
        match reason {
            Some(_) => weakest = weakest.max(reason),
            None => missing += 1,
        }
    }
    weakest.map(|why| (missing, why))
}

impl Entry {
    fn rank(&self, folded: &str, met: &[Vec<Met>]) -> Option<Rank> {
        let elsewhere = self.is_elsewhere(met);
        let (missing, why) = if !folded.is_empty() && self.folded_label.starts_with(folded) {
            (0, Why::LabelStartsWithText)
        } else {
            weakest(met.iter().map(|met| self.why(met)))?
        };
        Some(Rank { missing, why, too_many: 0, distance: 0, elsewhere })
    }

    /// The best reason for which one typed word finds this task.
    fn why(&self, met: &[Met]) -> Option<Why> {
        let fields = [(&self.label, Field::Label), (&self.also, Field::Synonym), (&self.group, Field::Group)];
        fields.into_iter().filter_map(|(words, field)| Why::of(meeting(met, words), field)).min()
    }

    fn is_elsewhere(&self, met: &[Vec<Met>]) -> bool {
        !met.iter().any(|met| meeting(met, &self.group) <= Met::Start)
    }
}

/// The words of a folded text that say something about work; all of them if none does.
fn wanted_words(folded: &str) -> Vec<&str> {
    const SAY_NOTHING: [&str; 71] = [
        "a", "aan", "als", "altijd", "an", "and", "at", "ben", "best", "bij", "can", "de", "dingen", "do",
        "doen", "een", "en", "erg", "ervaring", "for", "functie", "gewerkt", "goed", "graag", "heb", "heel",
        "het", "i", "iets", "ik", "in", "is", "job", "kan", "kunnen", "leuk", "like", "mag", "me", "met",
        "mij", "mijn", "my", "naar", "niet", "of", "om", "on", "ook", "op", "or", "soms", "te", "than",
        "that", "the", "to", "van", "veel", "vind", "voor", "want", "was", "werk", "werken", "wil", "with",
        "work", "working", "zijn", "zoek",
    ];
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !SAY_NOTHING.contains(word)).collect();
    let mut chosen = if telling.is_empty() { words } else { telling };
    // The longest word first: it excludes most.
    if chosen.len() > MOST_WORDS {
        chosen.sort_by_key(|word| Reverse(word.len()));
        chosen.truncate(MOST_WORDS);
    }
    chosen
}
