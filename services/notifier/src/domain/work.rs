//! The work that somebody stands in line for, in words, and shortened to what fits.

use proto::{notifier::InLine, work::Language};

use super::gsm7;

/// Less of a name than this says nothing: then its place is left out rather.
const LEAST_OF_A_NAME: usize = 8;

/// Words after which a name does not end.
const BETWEEN: [&str; 12] = ["en", "of", "van", "in", "met", "voor", "bij", "de", "het", "een", "and", "or"];

/// Something with a name, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    name: String,
    place: String,
}

/// The job. What is not known any more is called a job.
pub fn job(line: &InLine, language: Language) -> Named {
    named(&line.title, &line.place, ["een baan", "a job"], language)
}

/// The employer.
pub fn employer(line: &InLine, language: Language) -> Named {
    named(&line.employer, &line.place, ["uw werkgever", "your employer"], language)
}

fn named(name: &str, place: &str, otherwise: [&str; 2], language: Language) -> Named {
    let [dutch, english] = otherwise;
    let otherwise = match language {
        Language::Nl => dutch,
        Language::En => english,
    };
    let name = if name.is_empty() { otherwise } else { name };
    // "in" is the same word in both.
    let place = if place.is_empty() { String::new() } else { format!(" in {place}") };
    Named { name: name.to_owned(), place }
}

impl Named {
    /// All of it.
    pub fn whole(&self) -> String {
        format!("{}{}", self.name, self.place)
    }

    /// In letters that every telephone has.
    #[must_use]
    pub fn plain(&self) -> Self {
        let plain = |text: &str| gsm7::plain(text, text.chars().count());
        let place = plain(&self.place);
        let place = if place.is_empty() { place } else { format!(" {place}") };
        Self { name: plain(&self.name), place }
    }

    /// In characters.
    pub fn length(&self) -> usize {
        self.name.chars().count() + self.place.chars().count()
    }

    /// At most so many characters: first the name is cut at a word, then the place is left out.
    pub fn shortened(&self, most: usize) -> String {
        if self.length() <= most {
            return self.whole();
        }
        let beside_place = most.saturating_sub(self.place.chars().count());
        if beside_place >= LEAST_OF_A_NAME {
            return format!("{}{}", cut(&self.name, beside_place), self.place);
        }
        cut(&self.name, most).to_owned()
    }
}

/// Cut at a word, and not after one that asks for another.
fn cut(name: &str, most: usize) -> &str {
    let mut short = gsm7::shorten(name, most);
    while short.len() < name.len()
        && let Some((words, last)) = short.rsplit_once(' ')
        && BETWEEN.contains(&last)
    {
        short = words;
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(title: &str, place: &str) -> InLine {
        InLine {
            title: title.to_owned(),
            place: place.to_owned(),
            employer: "De Linde".to_owned(),
            number: 1,
            page: "https://x.nl".to_owned(),
        }
    }

    #[test]
    fn a_name_is_shortened_before_its_place_and_never_within_a_word() {
        let job = job(&line("Medewerker keuken en afwas", "Almere"), Language::Nl);
        for (most, text) in [
            (40, "Medewerker keuken en afwas in Almere"),
            (35, "Medewerker keuken in Almere"),
            (27, "Medewerker keuken in Almere"),
            (20, "Medewerker in Almere"),
            (17, "Medewerker keuken"),
            (12, "Medewerker"),
            (0, ""),
        ] {
            assert_eq!(job.shortened(most), text, "{most}");
        }
    }

    #[test]
    fn what_is_not_known_any_more_is_called_something() {
        assert_eq!(job(&line("", ""), Language::Nl).whole(), "een baan");
        assert_eq!(job(&line("", "Almere"), Language::En).whole(), "a job in Almere");
        assert_eq!(employer(&line("x", "Almere"), Language::Nl).whole(), "De Linde in Almere");
        assert_eq!(
            job(&line("Crème brûlée", "Sint Jansteen"), Language::Nl).plain().whole(),
            "Crème brulée in Sint Jansteen"
        );
    }
}
