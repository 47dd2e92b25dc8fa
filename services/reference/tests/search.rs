//! Search as people type it: over tasks, in their own words, with the titles that lead to them.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::{fs, path::PathBuf};

use proptest::prelude::*;
use reference::{Lang, OCCUPATIONS_FILE, Reference};

static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);
/// As many as a page shows: every task stands among so many from the third letter of its label on.
const PAGE: usize = 20;

fn codes(text: &str, lang: Lang) -> Vec<String> {
    let hits = REFERENCE.search(text, lang, 1_000);
    hits.iter().map(|hit| hit.task.code.clone()).collect()
}

fn first(text: &str) -> String {
    codes(text, Lang::Nl).first().cloned().unwrap_or_default()
}

fn via(text: &str, lang: Lang) -> Option<&'static str> {
    REFERENCE.search(text, lang, 1)[0].via
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
    assert_eq!(codes("wash windows", Lang::En)[0], "schoonmaken.ramen");
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
    for text in ["", "   ", "!?", "xyzzy", "xyzzy qwfpgj"] {
        assert_eq!(codes(text, Lang::Nl), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_title_of_an_occupation_leads_to_its_tasks_and_is_named() {
    assert_eq!(first("heftruckchauffeur"), "magazijn.heftruck");
    assert_eq!(via("heftruckchauf", Lang::Nl), Some("heftruckchauffeur"));
    assert_eq!(via("heftrukchauf", Lang::Nl), Some("heftruckchauffeur"), "and with an error");
    assert_eq!(first("accountant"), "kantoor.rekeningen");
    assert_eq!(via("Welder", Lang::En), Some("welder"));
    assert_eq!(via("ramen wassen", Lang::Nl), None, "found by its own label");
}

#[test]
fn one_typing_error_is_forgiven_in_words_of_five_letters() {
    assert_eq!(first("hefturck"), "magazijn.heftruck");
    assert_eq!(first("schilderne"), "bouw.schilderen");
    assert_eq!(first("metselem"), "bouw.metselen");
    assert_eq!(first("kasssa"), "winkel.kassa");
    assert!(codes("kaza", Lang::Nl).is_empty(), "four letters differ from too many others");
    // A word that is known is no typing error.
    assert!(!codes("lassen", Lang::Nl).contains(&"textiel.wassen".to_owned()));
}

#[test]
fn beginnings_come_before_what_stands_inside_a_word() {
    let found = codes("wassen", Lang::Nl);
    let at = |code: &str| found.iter().position(|found| found == code).unwrap();
    assert!(at("zorg.wassen-en-aankleden") < at("horeca.afwassen"), "{found:?}");
}

#[test]
fn the_other_language_is_tried_when_nothing_is_found() {
    assert_eq!(first("forklift"), "magazijn.heftruck");
    assert!(first("cleaner").starts_with("schoonmaken."), "and not \"cleanroom\" with an error");
    assert!(codes("xyzzy plugh", Lang::Nl).is_empty(), "not \"plugs\", which would be a guess too many");
    assert_eq!(codes("heftruckchauffeur", Lang::En)[0], "magazijn.heftruck");
}

#[test]
fn the_name_of_a_group_comes_before_titles_that_hold_it() {
    assert!(first("zorg").starts_with("zorg."), "{}", first("zorg"));
    assert!(codes("schoonmaak", Lang::Nl)[..11].iter().all(|code| code.starts_with("schoonmaken.")));
}

#[test]
fn answers_are_bounded() {
    assert_eq!(REFERENCE.search("en", Lang::Nl, 5).len(), 5);
    assert!(REFERENCE.search("wassen", Lang::Nl, 0).is_empty());
    let endless = "heftruck rijden ".repeat(10_000);
    assert_eq!(REFERENCE.search(&endless, Lang::Nl, 3)[0].task.code, "magazijn.heftruck");
}

#[test]
fn other_dutch_titles_of_the_file_are_known_and_unnamed_occupations_lead_by_their_unit_group() {
    let forklift = REFERENCE.tasks.task("magazijn.heftruck").unwrap().esco[0];
    let isco08 = &REFERENCE.occupations.get(forklift).unwrap().isco08;
    let rows = format!(
        "esco_id,isco08,label_en,alt_en,label_nl,alt_nl\n\
         {forklift},{isco08},forklift operator,,bestuurder vorkheftruck,heftruckchauffeur\n\
         7b5c1d66-0f6c-4d8a-9d6b-6a3a1f1f0001,{isco08},lifter,,hefbaas,\n"
    );
    let dir: PathBuf = std::env::temp_dir().join(format!("dbj-search-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join(OCCUPATIONS_FILE), rows).unwrap();
    let reference = Reference::load(Some(&dir)).unwrap();
    fs::remove_dir_all(&dir).unwrap();
    let hit = reference.search("heftruckchauff", Lang::Nl, 1)[0];
    assert_eq!((hit.task.code.as_str(), hit.via), ("magazijn.heftruck", Some("heftruckchauffeur")));
    let hits = reference.search("hefbaas", Lang::Nl, 9);
    assert!(hits.iter().any(|hit| hit.task.code == "magazijn.heftruck" && hit.via == Some("hefbaas")));
}

/// All labels, all beginnings from three letters on.
#[test]
fn the_beginning_of_every_label_finds_its_task_on_the_first_page() {
    for lang in [Lang::Nl, Lang::En] {
        let mut lowest = 0;
        for task in REFERENCE.tasks.tasks() {
            let label = task.label(lang);
            for (at, letter) in label.char_indices().skip(2) {
                let typed = &label[..at + letter.len_utf8()];
                let found = REFERENCE.search(typed, lang, 1_000);
                let place = found.iter().position(|hit| hit.task == task);
                let place = place.unwrap_or_else(|| panic!("{typed} does not find {}", task.code));
                lowest = lowest.max(place + 1);
                assert!(place < PAGE, "{typed} finds {} in place {}", task.code, place + 1);
            }
            assert_eq!(REFERENCE.search(label, lang, 1)[0].task, task, "its whole label finds it first");
        }
        println!("{lang:?}: every beginning of three letters finds its task among the first {lowest}");
    }
}

proptest! {
    #[test]
    fn any_text_is_answered_with_each_task_at_most_once(text in "\\PC{0,60}|[a-zé' ]{0,30}|.{0,20}", limit in 0usize..30) {
        for lang in [Lang::Nl, Lang::En] {
            let found = REFERENCE.search(&text, lang, limit);
            let once: HashSet<&str> = found.iter().map(|hit| hit.task.code.as_str()).collect();
            prop_assert_eq!(once.len(), found.len());
            prop_assert!(found.len() <= limit);
            prop_assert_eq!(&REFERENCE.search(&text, lang, limit), &found);
            let more = REFERENCE.search(&text, lang, limit + 1);
            prop_assert_eq!(&more[..found.len()], &found[..]);
        }
    }

    #[test]
    fn case_and_accents_do_not_count(which in 0usize..256) {
        let tasks = REFERENCE.tasks.tasks();
        let label = &tasks[which % tasks.len()].label_nl;
        let other = label.to_uppercase().replace('E', "É");
        prop_assert_eq!(codes(&other, Lang::Nl), codes(label, Lang::Nl));
    }
}
