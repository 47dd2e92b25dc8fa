//! Holds every page, in every state and language, to the rules of the house.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::samples::{self, Sample};
use crate::texts::{Language, Texts};

fn pages() -> impl Iterator<Item = (Language, Sample)> {
    Language::ALL.into_iter().flat_map(|language| {
        samples::all(Texts::new(language)).into_iter().map(move |sample| (language, sample))
    })
}

/// Opening tags of one kind, with their attributes as written.
fn tags<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let open = format!("<{name}");
    html.match_indices(&open)
        .filter(|(at, _)| html[at + open.len()..].starts_with([' ', '>', '\n', '/']))
        .map(|(at, _)| &html[at..=at + html[at..].find('>').unwrap()])
        .collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(&tag[start..start + tag[start..].find('"')?])
}

/// What a reader sees: tags out, entities back, spaces joined.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for letter in html.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            other if !inside => text.push(other),
            _ => {}
        }
    }
    let text = text
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_keeps_the_rules_of_html() {
    for (language, Sample { name, html }) in pages() {
        let place = format!("{name} ({})", language.code());
        assert!(html.starts_with("<!doctype html>"), "{place}: no doctype");
        assert!(html.contains(&format!("lang=\"{}\"", language.code())), "{place}: wrong language");
        assert_eq!(tags(&html, "h1").len(), 1, "{place}: not one h1");
        assert_eq!(tags(&html, "main").len(), 1, "{place}: not one main");
        assert_eq!(tags(&html, "title").len(), 1, "{place}: not one title");
        let title = &html[html.find("<title>").unwrap() + 7..html.find("</title>").unwrap()];
        assert!(
            title.ends_with(" · Dichterbij") && title.len() > " · Dichterbij".len() + 3,
            "{place}: title {title:?}"
        );
        let refused = html.contains("class=\"dbj-errors\"");
        let prefix = if language == Language::Dutch { "Fout: " } else { "Error: " };
        assert_eq!(title.starts_with(prefix), refused, "{place}: title {title:?}");
        assert!(
            !html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick="),
            "{place}: something inline"
        );
        for script in tags(&html, "script") {
            assert!(script.contains(" src=") && script.contains(" defer"), "{place}: {script}");
        }
        assert!(!html.contains("Dichterbij · Dichterbij"), "{place}: title says it twice");
        assert!(
            tags(&html, "button").iter().all(|tag| tag.contains(" type=\"submit\"")),
            "{place}: a button without a type"
        );
        assert!(!html.contains(" disabled") && !html.contains(" required"), "{place}: disabled or required");
        assert!(!html.contains("placeholder="), "{place}: a placeholder");

        let ids: Vec<&str> =
            html.match_indices(" id=\"").map(|(at, _)| attribute(&html[at..], "id").unwrap()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{place}: an id twice: {ids:?}");
        for pointer in ["for", "aria-describedby", "aria-labelledby"] {
            for (at, _) in html.match_indices(&format!(" {pointer}=\"")) {
                for id in attribute(&html[at..], pointer).unwrap().split(' ') {
                    assert!(unique.contains(id), "{place}: {pointer} points to {id:?}");
                }
            }
        }
        for link in tags(&html, "a") {
            let href = attribute(link, "href").unwrap_or_else(|| panic!("{place}: {link}"));
            if let Some(id) = href.strip_prefix('#') {
                assert!(unique.contains(id), "{place}: link to {href}");
            }
            assert!(!link.contains("target="), "{place}: a new tab: {link}");
        }
        let labelled: BTreeSet<&str> =
            tags(&html, "label").iter().filter_map(|tag| attribute(tag, "for")).collect();
        for kind in ["input", "select", "textarea"] {
            for control in tags(&html, kind) {
                if attribute(control, "type") != Some("hidden") {
                    let id = attribute(control, "id").unwrap_or_else(|| panic!("{place}: {control}"));
                    assert!(labelled.contains(id), "{place}: no label for {control}");
                }
            }
        }
        for form in tags(&html, "form") {
            let method = attribute(form, "method");
            assert!(method == Some("post") || form.contains("role=\"search\""), "{place}: {form}");
        }
        let mut level = 0;
        for (at, _) in html
            .match_indices("<h")
            .filter(|(at, _)| html[at + 2..].starts_with(|letter: char| letter.is_ascii_digit()))
        {
            let next = html[at + 2..].chars().next().unwrap().to_digit(10).unwrap();
            // The summary of errors stands above the h1 and is an h2; otherwise no level is skipped.
            assert!(next <= level + 1 || level == 0, "{place}: h{next} after h{level}");
            level = next;
        }
        assert!(html.len() < 60_000, "{place}: {} bytes", html.len());
    }
}

/// A pictogram that is not in the sprite leaves a hole; one that nobody shows is weight for nothing.
#[test]
fn the_sprite_has_the_pictograms_that_are_shown_and_no_others() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(home.join("assets/icons.txt")).unwrap();
    let sprite: BTreeSet<String> = list.lines().map(str::to_owned).collect();
    let reference = reference::Reference::small();
    let mut shown: BTreeSet<String> =
        reference.tasks.groups().iter().map(|group| group.icon.clone()).collect();
    // Stands where the group of a task is not known any more.
    shown.insert("briefcase".to_owned());
    for (_, Sample { name, html }) in pages() {
        for (at, mark) in html.match_indices("#icon-") {
            let rest = &html[at + mark.len()..];
            let icon = &rest[..rest.find('"').unwrap()];
            assert!(sprite.contains(icon), "{name}: no pictogram {icon:?} in assets/icons.txt");
            shown.insert(icon.to_owned());
        }
    }
    assert_eq!(sprite, shown);
}

#[test]
fn buttons_and_links_say_which_deed_out_of_context() {
    for (language, Sample { name, html }) in pages() {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for (at, tag) in html.match_indices("<a ").chain(html.match_indices("<button ")) {
            let close = if tag == "<a " { "</a>" } else { "</button>" };
            let whole = &html[at..at + html[at..].find(close).unwrap()];
            let (opening, inside) = whole.split_at(whole.find('>').unwrap() + 1);
            let said = words(inside);
            let leads =
                attribute(opening, "href").or(attribute(opening, "value")).unwrap_or_default().to_owned();
            assert!(!said.is_empty(), "{name} ({}): nothing said by {whole}", language.code());
            if let Some(other) = seen.insert(said.clone(), leads.clone()) {
                assert_eq!(other, leads, "{name} ({}): {said:?} leads to two places", language.code());
            }
        }
    }
}

#[test]
fn every_page_uses_the_words_of_the_house() {
    const NEVER: [&str; 26] = [
        "helaas",
        "sorry",
        "oeps",
        "gelieve",
        "kandidaat",
        "cliënt",
        "vacature",
        "solliciteren",
        "matchscore",
        "doelgroep",
        "proefplaatsing",
        "loonkostensubsidie",
        "no-show",
        "nugger",
        "uitkeringsgerechtigd",
        "wachtlijst",
        "ongeldig",
        "verplicht veld",
        "verificatie",
        "authenticatie",
        "klik hier",
        "lees meer",
        "afstand tot de arbeidsmarkt",
        "arbeidsmarktregio",
        "u voldoet",
        "score",
    ];
    for (language, Sample { name, html }) in pages() {
        let seen = words(&html).to_lowercase();
        assert!(!seen.contains('%') && !seen.contains('!'), "{name}: % or ! in {seen}");
        if language == Language::Dutch {
            for word in NEVER {
                assert!(!seen.contains(word), "{name}: says {word:?}");
            }
        }
    }
}

#[test]
fn what_someone_typed_is_shown_as_text() {
    let html = samples::all(Texts::new(Language::Dutch))
        .into_iter()
        .find(|sample| sample.name == "register-4-wrong")
        .unwrap()
        .html;
    assert!(html.contains("06 12 &#60;b&#62;&#34;34&#34;"), "{html}");
}

#[test]
fn a_form_shows_what_was_typed_and_nothing_else() {
    let html = |name: &str| {
        samples::all(Texts::new(Language::Dutch)).into_iter().find(|sample| sample.name == name).unwrap().html
    };
    let typed = |page: &str| {
        tags(page, "input")
            .into_iter()
            .filter(|tag| {
                !tag.contains("type=\"hidden\"")
                    && !tag.contains("type=\"checkbox\"")
                    && !tag.contains("type=\"radio\"")
            })
            .filter_map(|tag| {
                Some((
                    attribute(tag, "name")?.to_owned(),
                    attribute(tag, "value").unwrap_or_default().to_owned(),
                ))
            })
            .collect::<BTreeMap<_, _>>()
    };
    let fields = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<BTreeMap<_, _>>()
    };
    assert_eq!(typed(&html("register-4")), fields(&[("naam", ""), ("contact", "")]));
    assert_eq!(
        typed(&html("staff-sign-in-wrong")),
        fields(&[("email", "m.deboer@voorbeeld.nl"), ("wachtwoord", "")])
    );
    assert_eq!(
        typed(&html("new-employer")),
        fields(&[
            ("naam", ""),
            ("kvk", "1234"),
            ("vestiging_naam", ""),
            ("straat", ""),
            ("postcode", ""),
            ("contact_naam", "123456782"),
            ("contact", ""),
            ("contact_werk", "")
        ])
    );
    assert_eq!(typed(&html("job-form-wrong"))["uren_min"], "24");
    assert_eq!(typed(&html("job-form-wrong"))["tillen"], "");
}

type Messages = BTreeMap<String, Vec<String>>;

/// The messages of a language: id and every variant of its sentence, by file order.
fn messages(language: Language) -> Messages {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("translations").join(language.code());
    let mut found = Messages::new();
    for file in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(file.unwrap().path()).unwrap();
        let mut id = String::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, value)) =
                line.split_once(" = ").filter(|(name, _)| !name.starts_with([' ', '}']))
            {
                id = name.to_owned();
                assert!(
                    found.insert(id.clone(), Vec::new()).is_none(),
                    "{id} is there twice in {}",
                    language.code()
                );
                if !value.ends_with("->") {
                    found.get_mut(&id).unwrap().push(value.to_owned());
                }
            } else if let Some((_, value)) =
                line.split_once(']').filter(|_| line.trim_start().starts_with(['[', '*']))
            {
                found.get_mut(&id).unwrap().push(value.trim().to_owned());
            } else {
                assert!(line.is_empty() || line == "}", "{}: cannot read {line:?}", language.code());
            }
        }
    }
    found
}

#[test]
fn both_languages_say_the_same_things() {
    let (dutch, english) = (messages(Language::Dutch), messages(Language::English));
    let ids = |messages: &Messages| messages.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(ids(&dutch), ids(&english));
    let values = |sentences: &[String]| {
        let all = sentences.join(" ");
        all.match_indices("{ $")
            .map(|(at, _)| all[at + 3..].split(' ').next().unwrap().to_owned())
            .collect::<BTreeSet<_>>()
    };
    for (id, sentences) in &dutch {
        assert_eq!(values(sentences), values(&english[id]), "{id} has other values in English");
    }
}

/// Every id that the code and the templates name exists, and every id is named.
#[test]
fn every_text_is_used_and_every_used_text_is_there() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    let mut folders = vec![home.join("templates"), home.join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("checks.rs") && !path.to_string_lossy().contains("samples") {
                sources.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let named: BTreeSet<&str> =
        sources.split('"').filter(|part| part.contains('-') && !part.contains([' ', '\n', '/'])).collect();
    let texts = messages(Language::Dutch);
    for id in texts.keys() {
        // Reasons of fields and problems come as codes from services.
        let by_code = ["field-", "problem-", "advice-"].iter().any(|family| id.starts_with(family));
        assert!(by_code || named.contains(id.as_str()), "nobody uses {id}");
    }
    let families: BTreeSet<&str> = texts.keys().map(|id| id.split('-').next().unwrap()).collect();
    let not_texts =
        ["new-password", "full-name", "page-break", "code-block", "field-", "open-hiring", "code-bewaard"];
    // Codes of problems as a whole: they lead to a page or to a field, not to a sentence of their own.
    let codes = ["account-exists", "answer-too-late", "employer-exists", "opening-changed-meanwhile"];
    for name in named {
        let family = name.split('-').next().unwrap();
        let shaped = name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-')
            && !name.ends_with('-');
        let is_code = codes.contains(&name)
            || texts.contains_key(&format!("field-{name}"))
            || texts.contains_key(&format!("problem-{name}"))
            // A kind of thing that is not there.
            || texts.contains_key(&format!("problem-{name}-unknown"));
        if shaped && families.contains(family) && !not_texts.contains(&name) && !is_code {
            assert!(texts.contains_key(name), "{name} is used and not there");
        }
    }
}

#[test]
fn dutch_sentences_are_short_and_plain() {
    for (id, sentences) in messages(Language::Dutch) {
        for sentence in sentences {
            for part in sentence.split_inclusive(['.', '?', ':']).flat_map(|part| part.split(": ")) {
                let plain = part.replace("{ $", "$").replace(" }", "");
                let count =
                    plain.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
                assert!(count <= 15, "{id}: {count} words in {part:?}");
            }
            assert!(!sentence.contains('!'), "{id} shouts");
            assert!(!sentence.contains(" je ") || id == "footer-slogan", "{id} says je");
        }
    }
}

#[test]
fn the_reader_gets_the_language_she_chose_then_the_one_her_browser_asks() {
    assert_eq!(Language::choose(Some("en"), Some("nl")), Language::English);
    assert_eq!(Language::choose(None, Some("de, en;q=0.7, nl;q=0.3")), Language::English);
    assert_eq!(Language::choose(None, Some("en;q=0, nl;q=0.3")), Language::Dutch);
    assert_eq!(Language::choose(Some("xx"), Some("tr-TR")), Language::Dutch);
    assert_eq!(Language::choose(None, Some("en-GB")), Language::English);
}

#[test]
fn dates_money_and_distances_read_as_people_write_them() {
    let (nl, en) = (Texts::new(Language::Dutch), Texts::new(Language::English));
    let day = chrono::NaiveDate::from_ymd_opt(2026, 12, 7).unwrap();
    assert_eq!(nl.date(day), "maandag 7 december");
    assert_eq!(en.date(day), "Monday 7 December");
    assert_eq!(nl.date_short(day), "ma 7 dec");
    assert_eq!(nl.date_year(day), "7 december 2026");
    assert_eq!(nl.moment(day.and_hms_opt(7, 0, 0).unwrap()), "maandag 7 december om 7:00 uur");
    assert_eq!(en.moment(day.and_hms_opt(7, 0, 0).unwrap()), "Monday 7 December at 7:00");
    assert_eq!(nl.money(1520), "€\u{a0}15,20");
    assert_eq!(nl.money(123_456), "€\u{a0}1.234,56");
    assert_eq!(en.money(123_456), "€\u{a0}1,234.56");
    assert_eq!(nl.distance(3_240), "3,2 km");
    assert_eq!(nl.distance(4_000), "4 km");
    assert_eq!(nl.distance(14_400), "14 km");
    assert_eq!(nl.distance(810), "800 meter");
    assert_eq!(nl.distance(0), "50 meter");
    assert_eq!(en.distance(3_240), "3.2 km");
    assert_eq!(nl.list(&[]), "");
    assert_eq!(nl.list(&["a".to_owned(), "b".to_owned(), "c".to_owned()]), "a, b en c");
    assert_eq!(nl.one("jobs-count", "count", 1_u8), "1 baan");
    assert_eq!(nl.one("jobs-count", "count", 1204_u16), "1.204 banen");
    assert_eq!(en.one("jobs-count", "count", 1204_u16), "1,204 jobs");
}

#[test]
fn bold_is_ours_and_what_is_put_in_is_not_html() {
    let nl = Texts::new(Language::Dutch);
    assert_eq!(
        nl.html_one("register-fitting", "count", 12_u8).to_string(),
        "Er zijn nu <strong>12 banen</strong> die hierbij passen."
    );
    assert_eq!(
        nl.html_one("code-sent-to", "contact", "**<i>**").to_string(),
        "Wij sturen een code naar <strong>&lt;i&gt;</strong>."
    );
}

#[test]
fn contacts_are_partly_hidden() {
    use super::sign_in::partly_hidden;
    assert_eq!(partly_hidden("+31612345678"), "06\u{a0}••••\u{a0}56\u{a0}78");
    assert_eq!(partly_hidden("036 123 45 67"), "03\u{a0}••••\u{a0}45\u{a0}67");
    assert_eq!(partly_hidden("samira@voorbeeld.nl"), "s•••@voorbeeld.nl");
    assert_eq!(partly_hidden("12"), "••••");
}

#[test]
fn a_card_has_at_most_three_reasons_and_two_things_to_mind_each_with_a_way_out() {
    use proto::matcher::Reason;
    use proto::vacancies::{Firmness, RequirementKind};
    let nl = Texts::new(Language::Dutch);
    let mut reasons = vec![Reason::AnyTask, Reason::OpenHiring];
    reasons
        .extend((0..5).map(|number| Reason::TaskWanted { task: format!("groep.{number}").as_str().into() }));
    reasons
        .extend(RequirementKind::ALL.iter().map(|&kind| Reason::Asked { kind, firmness: Firmness::Needed }));
    let lines = super::work::reason_lines(nl, super::work::Voice::You, &reasons, |task| task.0.clone());
    assert_eq!(lines.iter().filter(|line| line.fits).count(), 3);
    assert_eq!(lines.iter().filter(|line| !line.fits).count(), 2);
    assert!(lines.iter().all(|line| line.fits || line.way_out.is_some()));
    assert_eq!(lines[0].fact, "Dit doet u graag: groep.0, groep.1 en groep.2.");
}

/// Writes every page as a file, to look at: `cargo test -p portal write_the_gallery -- --ignored`.
#[test]
#[ignore = "writes target/gallery"]
fn write_the_gallery() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = home.join("../../target/gallery");
    fs::create_dir_all(target.join("assets")).unwrap();
    let built = home.join("../../.local/assets");
    let manifest: BTreeMap<String, String> =
        serde_json::from_str(&fs::read_to_string(built.join("manifest.json")).unwrap()).unwrap();
    for (name, published) in manifest {
        // The style sheet names the fonts as published.
        fs::copy(built.join(&published), target.join("assets").join(&published)).unwrap();
        fs::copy(built.join(&published), target.join("assets").join(&name)).unwrap();
    }
    for (language, Sample { name, html }) in pages() {
        fs::write(target.join(format!("{name}.{}.html", language.code())), html).unwrap();
    }
}
