//! Languages that people here speak, by ISO 639-3: the language of the land and English first, then those
//! most spoken. Not every language there is; a line more is all it takes to add one.

use std::sync::LazyLock;

use crate::text::Lang;

const LANGUAGES: &str = include_str!("../data/languages.csv");

/// A language that someone can say she speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpokenLanguage {
    /// ISO 639-3, e.g. `nld`.
    pub code: &'static str,
    name_nl: &'static str,
    name_en: &'static str,
    own: &'static str,
}

impl SpokenLanguage {
    /// Its name.
    pub fn name(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nl => self.name_nl,
            Lang::En => self.name_en,
        }
    }

    /// Its name, with what its speakers call it where we know that: "Pools (polski)".
    pub fn label(&self, lang: Lang) -> String {
        let name = self.name(lang);
        if self.own.is_empty() { name.to_owned() } else { format!("{name} ({})", self.own) }
    }
}

static ALL: LazyLock<Vec<SpokenLanguage>> = LazyLock::new(|| {
    LANGUAGES
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split(',');
            Some(SpokenLanguage {
                code: columns.next()?,
                name_nl: columns.next()?,
                name_en: columns.next()?,
                own: columns.next()?,
            })
        })
        .collect()
});

/// All languages, in the order in which they are offered.
pub fn all() -> &'static [SpokenLanguage] {
    &ALL
}

/// The language with this code.
pub fn language(code: &str) -> Option<&'static SpokenLanguage> {
    ALL.iter().find(|language| language.code == code)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_line_is_a_language_of_its_own() {
        assert_eq!(all().len(), LANGUAGES.lines().count() - 1);
        let codes: BTreeSet<_> = all().iter().map(|language| language.code).collect();
        assert_eq!(codes.len(), all().len());
        for language in all() {
            assert!(language.code.len() == 3 && language.code.bytes().all(|byte| byte.is_ascii_lowercase()));
            assert!(!language.name_nl.is_empty() && !language.name_en.is_empty(), "{language:?}");
        }
    }

    #[test]
    fn the_language_of_the_land_stands_first() {
        assert_eq!(all()[0].code, "nld");
        assert_eq!(language("eng").map(|language| language.name(Lang::Nl)), Some("Engels"));
        assert_eq!(language("nl"), None);
    }
}
