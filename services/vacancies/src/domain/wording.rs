//! The vacancy check: words that shut people out, and what open hiring may not ask. The lists are data
//! (`data/wording.csv`); how they are read stands here.
//!
//! A pattern is a row of words. `a|b` is either, `x?` may be absent, `_` is any word that does not deny,
//! `%` is a number, `#` is a number that can be an age, `#+` is such a number with a plus. Case, accents
//! and commas do not matter; a word with a hyphen in it is one word, so `hij-instituut` holds no `hij`.
//! A pattern does not go beyond its sentence.

use std::{collections::HashMap, ops::Range, sync::LazyLock};

use proto::{
    FieldProblem,
    vacancies::{Advice, Firmness, OpeningDetails, RequirementKind, Terms},
    work::Route,
};

const LISTS: &str = include_str!("../../data/wording.csv");
/// Ages that somebody could be asked to have.
const AGES: std::ops::RangeInclusive<u32> = 14..=75;
/// So far before and after its words a hit can be denied.
const DENIED_WITHIN: usize = 6;
/// Words that deny what follows.
const DENY_NEXT: &[&str] = &["geen", "zonder", "niet", "nooit", "no", "not", "without", "never"];
/// Words that deny what went before in the same part of the sentence.
const DENY_BEFORE: &[&str] = &["niet", "nooit", "not", "never", "overbodig"];
/// Words over which a denial reaches beyond a comma: "geen cv, brief of gesprek".
const LISTED: &[&str] = &[
    "of",
    "en",
    "or",
    "and",
    "ook",
    "geen",
    "no",
    "cv",
    "brief",
    "motivatiebrief",
    "sollicitatiebrief",
    "gesprek",
    "sollicitatiegesprek",
    "diploma",
    "diploma's",
    "ervaring",
    "opleiding",
    "papieren",
    "werkervaring",
    "resume",
    "letter",
    "interview",
    "experience",
    "degree",
    "enkel",
    "een",
    "uw",
    "je",
    "eerdere",
];
/// After these words a denial does not reach on: "geen rijbewijs, maar wel een cv".
const TURNS: &[&str] = &["maar", "wel", "but"];
/// Behind a name of a job these say that everyone is meant.
const FOR_ALL: &[&str] = &["m", "v", "x", "f", "w"];

/// How a row of the lists is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    /// Forbidden.
    Problem,
    /// Could be said better.
    Advice,
    /// With open hiring not to be asked; elsewhere it could be said better.
    OpenHiring,
    /// Only with a legal requirement of a certificate of conduct.
    Conduct,
    /// These words are all right, whatever is in them.
    Fine,
}

impl Severity {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "problem" => Self::Problem,
            "advice" => Self::Advice,
            "open_hiring" => Self::OpenHiring,
            "conduct" => Self::Conduct,
            "fine" => Self::Fine,
            _ => return None,
        })
    }
}

#[derive(Debug)]
enum Word {
    /// One of these.
    OneOf(Vec<String>),
    /// Any word that does not deny.
    Any,
    /// A number.
    Number,
    /// A number that can be an age.
    Age,
    /// The same with a plus behind it.
    AgePlus,
}

#[derive(Debug)]
struct Pattern {
    code: String,
    severity: Severity,
    instead: Option<String>,
    /// Each word, and whether it may be absent.
    words: Vec<(Word, bool)>,
}

/// The word lists.
#[derive(Debug)]
pub struct Wording {
    patterns: Vec<Pattern>,
    /// Patterns by the word they begin with.
    by_word: HashMap<String, Vec<usize>>,
    /// Patterns that begin with a number.
    by_number: Vec<usize>,
}

/// A word of a text, and where it stands.
#[derive(Debug)]
struct Token {
    /// In small letters, without accents; a mark by itself, or `.` for the end of a sentence.
    text: String,
    at: Range<usize>,
    /// Whether a comma or bracket stands before it.
    after_comma: bool,
}

/// Words that were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Which family, e.g. `age`.
    pub family: String,
    /// As written.
    pub found: String,
    /// What to write instead, if there is one wording for it.
    pub instead: Option<String>,
    /// Whether it must be mended.
    pub is_problem: bool,
    /// Whether it is what open hiring may not ask.
    asked: bool,
}

impl Hit {
    /// Its stable code.
    pub fn code(&self) -> String {
        let front = if self.asked && self.is_problem { "open-hiring-asks" } else { "wording" };
        format!("{front}-{}", self.family)
    }
}

/// What decides how hits are meant.
#[derive(Debug, Clone, Copy, Default)]
struct Setting {
    open_hiring: bool,
    conduct_is_legal: bool,
}

impl Setting {
    fn of(details: &OpeningDetails) -> Self {
        let legal = |kind| {
            let is = |asked: &proto::vacancies::Requirement| {
                asked.kind == kind && asked.firmness == Firmness::Legal
            };
            details.requirements.iter().any(is)
        };
        Self {
            open_hiring: details.route() == Route::OpenHiring,
            conduct_is_legal: legal(RequirementKind::CertificateOfConduct),
        }
    }
}

impl Wording {
    /// The lists that are part of the program.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Wording> =
            LazyLock::new(|| Wording::parse(LISTS).expect("the built-in lists are read by every test"));
        &BUILT_IN
    }

    /// Reads lists: code, language, pattern, severity, instead.
    fn parse(lists: &str) -> Result<Self, String> {
        let mut wording = Self { patterns: Vec::new(), by_word: HashMap::new(), by_number: Vec::new() };
        for row in csv::Reader::from_reader(lists.as_bytes()).records() {
            let row = row.map_err(|error| error.to_string())?;
            let [code, "nl" | "en", pattern, severity, instead] = row.iter().collect::<Vec<_>>()[..] else {
                return Err(format!("{row:?}: five columns, the second a language"));
            };
            let severity = Severity::from_name(severity).ok_or_else(|| format!("{row:?}: severity"))?;
            let words: Vec<(Word, bool)> = pattern.split_whitespace().map(word).collect();
            let index = wording.patterns.len();
            match words.first() {
                Some((Word::OneOf(first), false)) => {
                    for word in first {
                        wording.by_word.entry(word.clone()).or_default().push(index);
                    }
                }
                Some((Word::Age | Word::AgePlus | Word::Number, false)) => wording.by_number.push(index),
                _ => return Err(format!("{row:?}: a pattern begins with a word that must be there")),
            }
            let instead = Some(instead.to_owned()).filter(|instead| !instead.is_empty());
            wording.patterns.push(Pattern { code: code.to_owned(), severity, instead, words });
        }
        Ok(wording)
    }

    /// What must be mended in the texts of an opening.
    pub fn problems(&self, details: &OpeningDetails) -> Vec<FieldProblem> {
        self.look(details)
            .into_iter()
            .filter(|(_, hit)| hit.is_problem)
            .map(|(field, hit)| {
                let problem = FieldProblem::new(field, hit.code()).with("found", hit.found);
                match hit.instead {
                    Some(instead) => problem.with("instead", instead),
                    None => problem,
                }
            })
            .collect()
    }

    /// What could be said better in the texts of an opening.
    pub fn advice(&self, details: &OpeningDetails) -> Vec<Advice> {
        self.look(details)
            .into_iter()
            .filter(|(_, hit)| !hit.is_problem)
            .map(|(field, hit)| Advice { field, code: hit.code(), found: hit.found, instead: hit.instead })
            .collect()
    }

    /// Everything that is found in the texts of an opening, each wording once a field.
    fn look(&self, details: &OpeningDetails) -> Vec<(String, Hit)> {
        let setting = Setting::of(details);
        let mut found: Vec<(String, Hit)> = Vec::new();
        for (field, text) in texts(details) {
            for hit in self.hits(text, setting) {
                let is_known = found.iter().any(|(where_, known)| {
                    *where_ == field
                        && known.family == hit.family
                        && known.found.to_lowercase() == hit.found.to_lowercase()
                });
                if !is_known {
                    found.push((field.clone(), hit));
                }
            }
        }
        found
    }

    /// What is found in one text, in its order.
    fn hits(&self, text: &str, setting: Setting) -> Vec<Hit> {
        let tokens = tokens(text);
        let mut fine: Vec<Range<usize>> = Vec::new();
        let mut found: Vec<(Range<usize>, &Pattern)> = Vec::new();
        for start in 0..tokens.len() {
            let token = tokens[start].text.as_str();
            let by_word = self.by_word.get(token).map_or(&[][..], Vec::as_slice);
            let by_number = if token.starts_with(|letter: char| letter.is_ascii_digit()) {
                self.by_number.as_slice()
            } else {
                &[]
            };
            for index in by_word.iter().chain(by_number) {
                let pattern = &self.patterns[*index];
                if let Some(end) = matches(&pattern.words, &tokens, start) {
                    if pattern.severity == Severity::Fine {
                        fine.push(start..end);
                    } else {
                        found.push((start..end, pattern));
                    }
                }
            }
        }
        // The longest words that say it, and of two that are as long what must be mended.
        found.sort_by_key(|(at, pattern)| {
            (at.start, std::cmp::Reverse(at.end), pattern.severity != Severity::Problem)
        });
        let touch = |a: &Range<usize>, b: &Range<usize>| a.start < b.end && b.start < a.end;
        let mut kept: Vec<(Range<usize>, &Pattern)> = Vec::new();
        for (at, pattern) in found {
            let is_sex = pattern.code == "sex";
            let is_out = fine.iter().any(|fine| touch(fine, &at))
                || kept.iter().any(|(known, _)| touch(known, &at))
                || (pattern.severity == Severity::Conduct && setting.conduct_is_legal)
                || (!is_sex && is_denied(&tokens, &at))
                || (is_sex && pattern.severity == Severity::Advice && is_for_all(&tokens));
            if !is_out {
                kept.push((at, pattern));
            }
        }
        kept.into_iter()
            .map(|(at, pattern)| Hit {
                family: pattern.code.clone(),
                found: text[tokens[at.start].at.start..tokens[at.end - 1].at.end].to_owned(),
                instead: pattern.instead.clone(),
                is_problem: match pattern.severity {
                    Severity::Problem | Severity::Conduct => true,
                    Severity::OpenHiring => setting.open_hiring,
                    Severity::Advice | Severity::Fine => false,
                },
                asked: pattern.severity == Severity::OpenHiring,
            })
            .collect()
    }
}

/// The texts of an opening that readers see, with their fields.
fn texts(details: &OpeningDetails) -> Vec<(String, &str)> {
    let mut texts = vec![
        ("title".to_owned(), details.title.as_str()),
        ("description".to_owned(), details.description.as_str()),
    ];
    for requirement in &details.requirements {
        // The name of a law is what it is.
        if let (Some(ground), true) = (&requirement.ground, requirement.firmness != Firmness::Legal) {
            texts.push((format!("requirements.{}", requirement.kind.name()), ground));
        }
    }
    match &details.terms {
        Terms::Regular {} | Terms::OpenHiring { .. } | Terms::LearnWork(_) => {}
        Terms::Jobcarving(carved) => texts.push(("terms.relieves".to_owned(), &carved.relieves)),
        Terms::BasicJob { made_fit, .. } => texts.push(("terms.made_fit".to_owned(), made_fit)),
        Terms::ParticipationJob { learns, .. } => texts.push(("terms.learns".to_owned(), learns)),
        Terms::TrialPlacement { goal, .. } => texts.push(("terms.goal".to_owned(), goal)),
    }
    texts
}

fn word(text: &str) -> (Word, bool) {
    let (text, may_be_absent) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let word = match text {
        "_" => Word::Any,
        "%" => Word::Number,
        "#" => Word::Age,
        "#+" => Word::AgePlus,
        _ => Word::OneOf(text.split('|').map(str::to_owned).collect()),
    };
    (word, may_be_absent)
}

/// Where the pattern ends when it begins at this token; the furthest end.
fn matches(words: &[(Word, bool)], tokens: &[Token], at: usize) -> Option<usize> {
    let Some(((word, may_be_absent), rest)) = words.split_first() else { return Some(at) };
    let taken = tokens.get(at).filter(|token| fits(word, &token.text));
    let with = taken.and_then(|_| matches(rest, tokens, at + 1));
    let without = if *may_be_absent { matches(rest, tokens, at) } else { None };
    with.max(without)
}

fn fits(word: &Word, token: &str) -> bool {
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 3);
    match word {
        Word::OneOf(words) => words.iter().any(|word| word == token),
        Word::Any => token.starts_with(char::is_alphanumeric) && !DENY_NEXT.contains(&token),
        Word::Number => number(token).is_some(),
        Word::Age => number(token).is_some_and(|number| AGES.contains(&number)),
        Word::AgePlus => {
            token.strip_suffix('+').and_then(number).is_some_and(|number| AGES.contains(&number))
        }
    }
}

/// Whether the sentence says that it is not so: "geen cv nodig", "ervaring is niet vereist".
fn is_denied(tokens: &[Token], at: &Range<usize>) -> bool {
    let mut beyond_comma = tokens[at.start].after_comma;
    for token in tokens[..at.start].iter().rev().take(DENIED_WITHIN) {
        let text = token.text.as_str();
        if text == "." || TURNS.contains(&text) {
            break;
        }
        if DENY_NEXT.contains(&text) {
            return true;
        }
        if beyond_comma && !LISTED.contains(&text) {
            break;
        }
        beyond_comma |= token.after_comma;
    }
    for token in tokens[at.end..].iter().take(DENIED_WITHIN) {
        let text = token.text.as_str();
        let lists_on = token.after_comma && LISTED.contains(&text);
        if text == "." || TURNS.contains(&text) || (token.after_comma && !lists_on) {
            break;
        }
        if DENY_BEFORE.contains(&text) {
            return true;
        }
    }
    false
}

/// Whether the text says that everyone is meant: m/v, m/v/x.
fn is_for_all(tokens: &[Token]) -> bool {
    tokens.windows(3).any(|three| {
        three[1].text == "/"
            && [&three[0], &three[2]].iter().all(|side| FOR_ALL.contains(&side.text.as_str()))
    })
}

/// The words of a text.
fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let letter = |index: usize| letters.get(index).map(|(_, letter)| *letter);
    let place = |index: usize| letters.get(index).map_or(text.len(), |(place, _)| *place);
    let is_mark = |letter: char| ('\u{300}'..='\u{36f}').contains(&letter);
    let is_in_word = |letter: char| letter.is_alphanumeric() || is_mark(letter);
    let mut tokens = Vec::new();
    let mut after_comma = false;
    let mut index = 0;
    while let Some(first) = letter(index) {
        let start = index;
        if is_in_word(first) {
            while let Some(next) = letter(index) {
                let joins = matches!(next, '-' | '\u{2010}' | '\u{2011}' | '\'' | '’')
                    && letter(index + 1).is_some_and(is_in_word)
                    // Between two numbers a hyphen means "to".
                    && !(letter(index - 1).is_some_and(|l| l.is_ascii_digit())
                        && letter(index + 1).is_some_and(|l| l.is_ascii_digit()));
                if !is_in_word(next) && !joins {
                    break;
                }
                index += 1;
            }
            let is_number = letters[start..index].iter().all(|(_, letter)| letter.is_ascii_digit());
            if is_number && letter(index) == Some('+') {
                index += 1;
            }
            let word = fold(letters[start..index].iter().map(|(_, letter)| *letter));
            tokens.push(Token { text: word, at: place(start)..place(index), after_comma });
            after_comma = false;
            continue;
        }
        index += 1;
        let mark = match first {
            '.' | '!' | '?' | ';' | ':' | '\n' | '\r' | '•' => ".",
            '/' => "/",
            '-' | '–' | '—' | '\u{2010}' | '\u{2011}' => {
                // "werk- en denkniveau": a word that is not finished.
                let is_letter = |at: Option<usize>| at.and_then(letter).is_some_and(char::is_alphabetic);
                if is_letter(start.checked_sub(1)) != is_letter(Some(index)) {
                    continue;
                }
                "-"
            }
            ',' | '(' | ')' => {
                after_comma = true;
                continue;
            }
            _ => continue,
        };
        tokens.push(Token { text: mark.to_owned(), at: place(start)..place(index), after_comma });
        after_comma = false;
    }
    tokens
}

/// Small letters without accents.
fn fold(letters: impl Iterator<Item = char>) -> String {
    letters
        .flat_map(char::to_lowercase)
        .filter_map(|letter| match letter {
            '\u{300}'..='\u{36f}' => None,
            'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => Some('a'),
            'è' | 'é' | 'ê' | 'ë' => Some('e'),
            'ì' | 'í' | 'î' | 'ï' => Some('i'),
            'ò' | 'ó' | 'ô' | 'ö' | 'õ' => Some('o'),
            'ù' | 'ú' | 'û' | 'ü' => Some('u'),
            'ç' => Some('c'),
            'ñ' => Some('n'),
            '’' => Some('\''),
            '\u{2010}' | '\u{2011}' => Some('-'),
            other => Some(other),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proto::vacancies::Requirement;

    use super::*;
    use crate::domain::opening::tests::good;

    fn found_in(text: &str, open_hiring: bool) -> Vec<String> {
        let setting = Setting { open_hiring, conduct_is_legal: false };
        let hits = Wording::built_in().hits(text, setting);
        hits.iter()
            .map(|hit| format!("{}{}: {}", if hit.is_problem { "!" } else { "" }, hit.code(), hit.found))
            .collect()
    }

    /// `!` before what must be mended.
    #[test]
    fn what_shuts_people_out_is_found_as_it_is_written() {
        let table: &[(&str, &[&str])] = &[
            ("Wij zoeken een jonge collega voor de bediening.", &["wording-age: jonge"]),
            ("Je komt in een jong en dynamisch team.", &["wording-age: jong en dynamisch"]),
            ("U bent tussen 20 en 30.", &["!wording-age: U bent tussen 20 en 30"]),
            (
                "Bent u tussen de 18 en de 25 en woont u in Almere?",
                &["!wording-age: Bent u tussen de 18 en de 25"],
            ),
            ("Leeftijd: max 35 jaar.", &["!wording-age: max 35 jaar"]),
            ("Maximaal 30 jaar, wonend in Lelystad.", &["!wording-age: Maximaal 30 jaar"]),
            ("Kandidaten van 20-30 jaar.", &["!wording-age: 20-30 jaar"]),
            ("Je bent 18 t/m 25 jaar.", &["!wording-age: 18 t/m 25 jaar"]),
            ("Niet ouder dan 40.", &["!wording-age: Niet ouder dan 40"]),
            ("Er geldt een maximumleeftijd.", &["!wording-age: maximumleeftijd"]),
            ("Leuke baan voor een STUDENT!", &["wording-age: STUDENT"]),
            ("Ideaal voor schoolverlaters", &["wording-age: schoolverlaters"]),
            ("Een echte digital native", &["wording-age: digital native"]),
            ("U bent recent afgestudeerd.", &["wording-age: recent afgestudeerd"]),
            ("Alleen voor 18+", &["wording-adult: 18+"]),
            ("U bent minimaal 18 jaar.", &["wording-adult: minimaal 18 jaar"]),
            ("Mannelijke kandidaten gaan voor.", &["!wording-sex: Mannelijke kandidaten"]),
            ("Wij zoeken een sterke man.", &["!wording-sex: zoeken een sterke man"]),
            ("Nette dame gezocht", &["!wording-sex: dame gezocht"]),
            ("Gastvrouw in een hotel", &["wording-sex: Gastvrouw"]),
            ("De collega kookt. Hij maakt ook schoon.", &["wording-sex: Hij"]),
            ("Een vakman die zijn werk kent", &["wording-sex: vakman"]),
            ("Serveerster in een lunchroom", &["wording-sex: Serveerster"]),
            ("Caissière voor de zaterdag", &["wording-sex: Caissière"]),
            ("Geen kinderwens.", &["!wording-sex: Geen kinderwens"]),
            ("U bent native speaker.", &["wording-language: native speaker"]),
            ("Native-speaker gevraagd", &["wording-language: Native-speaker"]),
            ("Moedertaal Nederlands is een must.", &["wording-language: Moedertaal Nederlands"]),
            ("U spreekt accentloos.", &["wording-language: accentloos"]),
            ("U spreekt vlekkeloos Nederlands", &["wording-language: vlekkeloos Nederlands"]),
            ("Nederlandse nationaliteit vereist", &["!wording-origin: Nederlandse nationaliteit"]),
            ("Wij nemen geen buitenlanders aan.", &["!wording-origin: geen buitenlanders"]),
            ("U bent gezond.", &["!wording-health: U bent gezond"]),
            ("Je bent fysiek fit en sterk.", &["!wording-health: Je bent fysiek fit"]),
            ("Zonder lichamelijke klachten.", &["!wording-health: Zonder lichamelijke klachten"]),
            ("U heeft geen rugklachten.", &["!wording-health: geen rugklachten"]),
            ("Een goede conditie is handig.", &["wording-health: goede conditie"]),
            ("Stuur een recente pasfoto mee.", &["wording-photo: pasfoto"]),
            ("Vermeld ook uw geboortedatum.", &["!wording-private: Vermeld ook uw geboortedatum"]),
            ("Stuur uw BSN op.", &["!wording-private: Stuur uw BSN"]),
            ("Een VOG hoort erbij.", &["!wording-conduct: VOG"]),
            (
                "Een verklaring omtrent het gedrag is nodig.",
                &["!wording-conduct: verklaring omtrent het gedrag"],
            ),
            ("U ziet er representatief uit.", &["wording-character: representatief"]),
            (
                "Stressbestendig en flexibel",
                &["wording-character: Stressbestendig", "wording-always: flexibel"],
            ),
            ("U bent 24/7 beschikbaar.", &["wording-always: 24/7"]),
            ("We need a young waitress.", &["wording-age: young", "wording-sex: waitress"]),
            ("Male candidates only.", &["!wording-sex: Male candidates only"]),
            ("You must be physically fit.", &["!wording-health: physically fit"]),
            ("Dutch nationality required", &["!wording-origin: Dutch nationality"]),
        ];
        for (text, expected) in table {
            assert_eq!(found_in(text, false), *expected, "{text}");
        }
    }

    #[test]
    fn what_open_hiring_may_not_ask_is_advice_elsewhere() {
        let table: &[(&str, &str, &str)] = &[
            ("Stuur uw CV naar ons.", "cv", "CV"),
            ("Mail je cv en een motivatiebrief.", "cv", "cv"),
            ("Schrijf een motivatiebrief.", "letter", "motivatiebrief"),
            ("Daarna volgt een sollicitatiegesprek.", "interview", "sollicitatiegesprek"),
            ("Minimaal mbo 4 werk- en denkniveau.", "diploma", "Minimaal mbo 4 werk- en denkniveau"),
            ("Een diploma is vereist.", "diploma", "diploma is vereist"),
            ("Een afgeronde opleiding in de zorg", "diploma", "afgeronde opleiding"),
            ("Ervaring vereist", "experience", "Ervaring vereist"),
            ("Ervaring is een pre.", "experience", "Ervaring is een pre"),
            ("2 jaar ervaring in de keuken", "experience", "2 jaar ervaring"),
            ("Twee jaar relevante werkervaring", "experience", "Twee jaar relevante werkervaring"),
            ("U heeft geen rijbewijs, maar wel een cv.", "cv", "cv"),
            ("Experience is required.", "experience", "Experience is required"),
            ("Send your resume.", "cv", "your resume"),
        ];
        for (text, family, found) in table {
            let open = format!("!open-hiring-asks-{family}: {found}");
            assert_eq!(found_in(text, true).first(), Some(&open), "{text}");
            let regular = format!("wording-{family}: {found}");
            assert_eq!(found_in(text, false).first(), Some(&regular), "{text}");
        }
    }

    /// Who is warned for nothing reads no warning.
    #[test]
    fn what_is_all_right_is_left_alone() {
        for text in [
            "Jongerenwerker in de buurt",
            "U helpt bij het jongerenwerk.",
            "Verkoper mannenmode",
            "Verkoper damesmode en herenkleding",
            "Medewerker bij het hij-instituut",
            "U speelt met jonge kinderen.",
            "U verzorgt jonge dieren en jonge planten.",
            "Voor jong en oud",
            "Kinderen van 4 tot 12 jaar",
            "Jongeren van 16 tot 23 jaar komen hier sporten.",
            "De opvang is voor kinderen tot 14 jaar.",
            "U werkt tussen 20 en 30 uur per week.",
            "Maximaal 36 uur per week",
            "U tilt tussen 15 en 20 kilo.",
            "Wij bestaan al 35 jaar.",
            "Een contract van maximaal 2 jaar",
            "Werk van 8 tot 17 uur",
            "Gastheer of gastvrouw in de zorg",
            "Gastvrouw/gastheer",
            "Hij/zij werkt in een team.",
            "Timmerman m/v/x",
            "Secretaresse (m/v)",
            "Naaister of kleermaker",
            "U zorgt voor vrouwelijke bewoners.",
            "Dames en heren kopen hier kleding.",
            "U bereidt gezonde maaltijden.",
            "Een gezonde werksfeer",
            "Zo blijft u fit en gezond.",
            "U werkt in de gezondheidszorg.",
            "Fitnesscentrum zoekt medewerker receptie",
            "Wij verkopen native planten.",
            "U mag elke taal spreken.",
            "Nederlandse les onder werktijd",
            "Ervaring is niet nodig.",
            "Geen ervaring nodig",
            "Geen cv, brief of gesprek nodig",
            "Geen cv, geen motivatiebrief, geen sollicitatiegesprek.",
            "U heeft geen diploma nodig.",
            "Een diploma of cv is niet nodig.",
            "Zonder sollicitatiegesprek aan het werk",
            "Wij vragen niet om een cv of een motivatiebrief.",
            "Met of zonder ervaring: welkom!",
            "U doet hier ervaring op.",
            "Een ervaren collega helpt u.",
            "U loopt mee met een ervaren collega.",
            "Ons team heeft 20 jaar ervaring.",
            "U haalt een diploma op mbo-school.",
            "U werkt naar een diploma toe.",
            "CV-ketels en CV installaties onderhouden",
            "Flexibele werktijden",
            "Uw uren zijn flexibel.",
            "U kunt de dagen flexibel indelen.",
            "Foto's maken van producten",
            "Fotograaf voor de webwinkel",
            "Een VOG is niet nodig.",
            "U hoeft geen native speaker te zijn.",
            "Leeftijd maakt niet uit.",
            "U werkt op ma, wo en vr.",
            "Er zijn taken genoeg.",
            "Hè, wat een fijne baan!",
            "Neem op de eerste dag uw identiteitsbewijs mee.",
            "No experience needed, no cv, no interview.",
            "You work with young children.",
            "He or she will help you.",
            "U werkt samen met collega's die u op weg helpen.",
            "U hoort uw rooster drie weken vooraf. Reiskosten krijgt u terug.",
        ] {
            for open_hiring in [false, true] {
                assert_eq!(found_in(text, open_hiring), Vec::<String>::new(), "{text}");
            }
        }
    }

    #[test]
    fn a_hit_names_its_field_and_what_to_write_instead() {
        let terms = Terms::BasicJob { made_fit: "Voor een echte vakman.".into(), guidance_hours: 1 };
        let kind = RequirementKind::GoodDutch;
        let ground = Some("Native speaker".to_owned());
        let asked = Requirement { kind, firmness: Firmness::Needed, ground };
        let details = OpeningDetails {
            title: "Serveerster".into(),
            description: "Max 35 jaar. Voor de serveerster: MAX 35 JAAR.".into(),
            requirements: vec![asked],
            terms,
            ..good()
        };
        let wording = Wording::built_in();
        let problems = wording.problems(&details);
        assert_eq!(problems, [FieldProblem::new("description", "wording-age").with("found", "Max 35 jaar")]);
        let advice: Vec<_> =
            wording.advice(&details).into_iter().map(|hit| (hit.field, hit.instead)).collect();
        let instead = |text: &str| Some(text.to_owned());
        let (waiting, language) =
            ("medewerker bediening", "de taal van het werk en het niveau, met de reden");
        assert_eq!(
            advice,
            [
                ("title".to_owned(), instead(waiting)),
                ("description".to_owned(), instead(waiting)),
                ("requirements.good_dutch".to_owned(), instead(language)),
                ("terms.made_fit".to_owned(), instead("vakkracht")),
            ]
        );
    }

    #[test]
    fn a_certificate_of_conduct_may_be_named_where_the_law_asks_it() {
        let kind = RequirementKind::CertificateOfConduct;
        let ground = Some("Wet kinderopvang".to_owned());
        let asked = Requirement { kind, firmness: Firmness::Legal, ground };
        let text = OpeningDetails { description: "Wij vragen een VOG aan.".into(), ..good() };
        let legal = OpeningDetails { requirements: vec![asked], ..text.clone() };
        assert_eq!(Wording::built_in().problems(&text).len(), 1);
        assert_eq!(Wording::built_in().problems(&legal), []);
    }

    #[test]
    fn the_lists_are_sound() {
        let wording = Wording::built_in();
        assert!(wording.patterns.len() > 250);
        for pattern in &wording.patterns {
            assert!(pattern.code.bytes().all(|byte| byte.is_ascii_lowercase()), "{}", pattern.code);
            for (word, _) in &pattern.words {
                let Word::OneOf(words) = word else { continue };
                for word in words {
                    let is_mark = matches!(word.as_str(), "/" | "-");
                    let read = tokens(word);
                    assert!(is_mark || (read.len() == 1 && read[0].text == *word), "{word} in {pattern:?}");
                }
            }
        }
        for wrong in ["age,de,alt,advice,", "age,nl,alt,wrong,", "age,nl,_ alt,advice,", "age,nl,alt"] {
            assert!(
                Wording::parse(&format!("code,language,pattern,severity,instead\n{wrong}\n")).is_err(),
                "{wrong}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in "\\PC{0,80}", open_hiring: bool) {
            let _ = found_in(&text, open_hiring);
        }

        /// Case, accents of the writer's keyboard and a line more do not matter.
        #[test]
        fn what_is_found_is_found_in_any_case(capitals: bool, front in "[a-g ]{0,12}") {
            let text = "serveerster gezocht: max 35 jaar";
            let text = if capitals { text.to_uppercase() } else { text.to_owned() };
            prop_assert_eq!(found_in(&format!("{front}\n{text}"), false).len(), 2);
        }
    }
}
