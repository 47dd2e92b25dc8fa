//! Taking new editions into use: real files where they are at hand, and small ones that are wrong.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::shared::{rows, source};
use chrono::{DateTime, Utc};
use reference::import::{ImportError, Kind, Options, Prepared, prepare};
use reference::{AREAS_FILE, Lang, MANIFEST_FILE, OCCUPATIONS_FILE, POSTCODES_FILE, Reference, SKILLS_FILE};

const CHECKED: Options = Options { accept_shrink: false, source_date: None };

/// A folder of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dbj-import-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn holds(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.0.join(name)).ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn at() -> DateTime<Utc> {
    "2026-02-01T09:00:00Z".parse().unwrap()
}

fn taken(kind: Kind, text: &str, dir: &Path) -> Prepared {
    prepare(kind, text.as_bytes(), dir, CHECKED).unwrap_or_else(|error| panic!("{error}"))
}

fn refusal(kind: Kind, text: &str, dir: &Path) -> ImportError {
    prepare(kind, text.as_bytes(), dir, CHECKED).map(drop).unwrap_err()
}

/// `NL.txt` with every postcode that exists, in the middle of its municipality.
fn nl_txt(changed: impl Fn(u16, &str) -> Option<String>) -> String {
    let mut text = String::new();
    for place in Reference::small().places.all() {
        let (pc4, name, lat, lon) = (place.pc4, &place.name, place.lat, place.lon);
        let row = format!("NL\t{pc4}\t{name}\tFlevoland\t16\tX\t\t\t\t{lat}\t{lon}\t6");
        if let Some(row) = changed(pc4, &row) {
            writeln!(text, "{row}").unwrap();
        }
    }
    text
}

fn every_postcode() -> String {
    nl_txt(|_, row| Some(row.to_owned()))
}

#[test]
fn postcodes_come_into_force_with_their_origin_and_again_change_nothing() {
    let dir = Folder::new("postcodes");
    let moved = nl_txt(|pc4, row| {
        Some(if pc4 == 8255 {
            "NL\t8255\tSwifterbant\tFlevoland\t16\tDronten\t0303\t\t\t52.5738\t5.6431\t6".to_owned()
        } else {
            row.to_owned()
        })
    });
    let prepared = taken(Kind::Geonames, &moved, &dir.0);
    assert_eq!((prepared.report.new, prepared.report.refused.len()), (4_086, 0));
    prepared.write(&dir.0, at(), "test 1").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    assert_eq!(reference.places.locate_pc4(8255).unwrap().name, "Swifterbant");
    let source = reference.versions()[2].source.clone().unwrap();
    assert_eq!((source.kind.as_deref(), source.rows), (Some("geonames"), 4_086));
    assert_eq!((source.imported_at, source.tool.as_deref()), (Some(at()), Some("test 1")));
    assert_eq!(source.licence, "CC BY 4.0");
    let again = taken(Kind::Geonames, &moved, &dir.0).report;
    assert_eq!((again.new, again.changed, again.gone), (0, 0, 0));
    let other = nl_txt(|pc4, row| (pc4 != 1011).then(|| row.to_owned()));
    let report = taken(Kind::Geonames, &other, &dir.0).report;
    assert_eq!((report.new, report.changed, report.gone), (0, 1, 1), "Swifterbant moves back, 1011 goes");
    assert!(report.to_string().contains("0 new, 1 changed, 1 gone, 0 refused."), "{report}");
}

#[test]
fn the_real_postcodes_of_geonames_are_taken() {
    let Some(text) = source("standards/postcodes/pc4-geonames.tsv") else { return };
    let mut lines = String::new();
    for row in text.lines().skip(1) {
        let cell: Vec<&str> = row.split('\t').collect();
        let (pc4, place, province, code, name) = (cell[0], cell[1], cell[2], &cell[3][2..], cell[4]);
        writeln!(
            lines,
            "NL\t{pc4}\t{place}\t{province}\t00\t{name}\t{code}\t\t\t{}\t{}\t6",
            cell[6], cell[7]
        )
        .unwrap();
    }
    let dir = Folder::new("real-postcodes");
    let prepared = taken(Kind::Geonames, &lines, &dir.0);
    println!("{}", prepared.report);
    assert!(prepared.report.rows > 4_000);
    let notes = prepared.report.remarks.join("\n");
    assert!(
        notes.contains("which our table does not have"),
        "the file knows municipalities of 2017: {notes}"
    );
    prepared.write(&dir.0, at(), "test").unwrap();
    assert!(!Reference::load(Some(&dir.0)).unwrap().places.is_small());
}

#[test]
fn rows_that_cannot_be_right_are_refused_with_their_line_and_reason() {
    let dir = Folder::new("refused");
    let text = nl_txt(|pc4, row| {
        Some(match pc4 {
            1011 => row.replacen("NL\t", "BE\t", 1),
            // In the North Sea: within the box, and far from Amsterdam.
            1012 => "NL\t1012\tAmsterdam\tX\t\t\t\t\t\t53.2\t4.1\t6".to_owned(),
            1013 => "NL\t1013\tAmsterdam\tX\t\t\t\t\t\t4.89\t52.39\t6".to_owned(),
            1014 => "NL\t10x4\tAmsterdam\tX\t\t\t\t\t\t52.39\t4.89\t6".to_owned(),
            1015 => "NL\t1015\tAmsterdam\tX\t\t\t\t\t\tnorth\t4.89\t6".to_owned(),
            _ => row.to_owned(),
        })
    });
    let report = taken(Kind::Geonames, &text, &dir.0).report;
    let lines: Vec<u64> = report.refused.iter().map(|refused| refused.line).collect();
    assert_eq!(lines, [1, 2, 3, 4, 5]);
    let told = report.to_string();
    for part in [
        "line 1 refused: country BE is not NL",
        "line 2 refused: the point of 1012 lies",
        "km from the middle of Amsterdam",
        "line 3 refused: 4.89, 52.39 lies outside the Netherlands",
        "line 4 refused: the second column is no Dutch postcode",
        "line 5 refused: latitude and longitude are not numbers",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn a_code_that_lies_in_several_places_takes_the_surest_near_its_neighbours() {
    let dir = Folder::new("several");
    let text = nl_txt(|pc4, row| {
        Some(if pc4 == 8255 {
            "NL\t8255\tGeraden\tFlevoland\t16\tX\t\t\t\t52.4\t5.2\t1\n\
             NL\t8255\tSwifterbant\tFlevoland\t16\tX\t\t\t\t52.5738\t5.6431\t6"
                .to_owned()
        } else {
            row.to_owned()
        })
    });
    taken(Kind::Geonames, &text, &dir.0).write(&dir.0, at(), "test").unwrap();
    assert_eq!(Reference::load(Some(&dir.0)).unwrap().places.locate_pc4(8255).unwrap().name, "Swifterbant");
}

#[test]
fn a_file_that_is_wrong_as_a_whole_is_refused_in_clear_words() {
    let dir = Folder::new("whole");
    let of = |text: &str| refusal(Kind::Geonames, text, &dir.0).to_string();
    assert!(of("PK\u{3}\u{4}…").contains("packed"));
    assert!(of("pc4,place\n1011,Amsterdam\n").contains("no column separated by tabs, twelve of them"));
    let whole = every_postcode();
    let end = whole.len() - 9;
    let cut = of(&whole[..end]);
    assert!(
        cut.contains("line 4086 has 10 columns where there should be 12; is the file complete?"),
        "{cut}"
    );
    let half: Vec<&str> = whole.lines().take(2_000).collect();
    assert!(of(&half.join("\n")).contains("2000 usable rows, where 3900 to 4300 are expected"));
    let latin = prepare(Kind::Geonames, b"NL\t1011\nNL\t\xe9\n", &dir.0, CHECKED).map(drop).unwrap_err();
    assert!(latin.to_string().contains("line 2 is not UTF-8"));
    let many =
        nl_txt(|pc4, row| Some(if pc4 < 1_500 { row.replacen("NL\t", "BE\t", 1) } else { row.to_owned() }));
    assert!(of(&many).contains("refused, more than 2 in 100"));
    assert!(fs::read_dir(&dir.0).unwrap().next().is_none(), "and nothing was written");
}

#[test]
fn what_shrinks_needs_consent() {
    let dir = Folder::new("shrinks");
    // More than a small fall away, but still a possible number: the bounds alone do not see it.
    let known = Reference::small().places;
    let mut grown = every_postcode();
    for pc4 in (1_000..=9_999).filter(|pc4| known.locate_pc4(*pc4).is_none()).take(200) {
        writeln!(grown, "NL\t{pc4}\tNieuw\tFlevoland\t16\tX\t\t\t\t52.5\t5.5\t6").unwrap();
    }
    taken(Kind::Geonames, &grown, &dir.0).write(&dir.0, at(), "test").unwrap();
    let smaller = nl_txt(|pc4, row| (pc4 > 1_080).then(|| row.to_owned()));
    let error = refusal(Kind::Geonames, &smaller, &dir.0);
    assert!(matches!(&error, ImportError::Shrinks { .. }), "{error}");
    assert!(error.to_string().contains("--accept-shrink"), "{error}");
    let options = Options { accept_shrink: true, ..CHECKED };
    assert!(prepare(Kind::Geonames, smaller.as_bytes(), &dir.0, options).is_ok());
}

#[test]
fn a_crash_between_leaves_the_old_data_or_the_new_and_never_a_half() {
    let dir = Folder::new("crash");
    let old = every_postcode();
    taken(Kind::Geonames, &old, &dir.0).write(&dir.0, at(), "test").unwrap();
    let before = dir.holds(POSTCODES_FILE).unwrap();
    // Crashed while writing beside: half a file that nobody reads.
    fs::write(dir.0.join(format!(".{POSTCODES_FILE}.new")), &before[..100]).unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    assert!(reference.versions()[2].source.is_some());
    assert_eq!(dir.holds(POSTCODES_FILE).unwrap(), before);
    // Crashed between the two renames: the new table is whole, and its origin is not told wrongly.
    let new = before.replace("8255,Dronten", "8255,Swifterbant");
    fs::write(dir.0.join(POSTCODES_FILE), new).unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    assert_eq!(reference.places.locate_pc4(8255).unwrap().name, "Swifterbant");
    assert_eq!(reference.versions()[2].source, None);
    // The next import mends all of it.
    taken(Kind::Geonames, &old, &dir.0).write(&dir.0, at(), "test").unwrap();
    assert_eq!(dir.holds(POSTCODES_FILE).unwrap(), before);
    assert!(Reference::load(Some(&dir.0)).unwrap().versions()[2].source.is_some());
}

#[test]
fn a_folder_that_cannot_be_written_keeps_what_it_had() {
    let dir = Folder::new("unwritable");
    let old = every_postcode();
    taken(Kind::Geonames, &old, &dir.0).write(&dir.0, at(), "test").unwrap();
    let before = dir.holds(POSTCODES_FILE).unwrap();
    // The place beside the manifest is taken, so that the second of the two files cannot be prepared.
    fs::create_dir(dir.0.join(format!(".{MANIFEST_FILE}.new"))).unwrap();
    let fewer = nl_txt(|pc4, row| (pc4 != 1011).then(|| row.to_owned()));
    let error = taken(Kind::Geonames, &fewer, &dir.0).write(&dir.0, at(), "test").unwrap_err();
    assert!(matches!(error, ImportError::Folder { .. }), "{error}");
    assert_eq!(dir.holds(POSTCODES_FILE).unwrap(), before);
}

#[test]
fn a_file_in_force_that_is_broken_does_not_keep_its_replacement_out() {
    let dir = Folder::new("broken");
    fs::write(dir.0.join(POSTCODES_FILE), "pc4,place\n1011,x\n").unwrap();
    let prepared = taken(Kind::Geonames, &every_postcode(), &dir.0);
    assert!(prepared.report.to_string().contains("what is in force cannot be loaded"));
    prepared.write(&dir.0, at(), "test").unwrap();
    assert!(Reference::load(Some(&dir.0)).is_ok());
}

const ESCO: &str =
    "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,hiddenLabels,status,modifiedDate,code\n";

/// A cell that may hold commas, quotes and line ends.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// The real Dutch occupations in the columns of the official file.
fn occupations_nl(label: &str) -> Option<String> {
    let text = source("esco/occupations.csv.gz")?;
    let mut file = ESCO.to_owned();
    for row in rows(&text) {
        let uri = format!("http://data.europa.eu/esco/occupation/{}", row["occupation_id"]);
        let (title, also) = (quoted(&row[label]), quoted(&row["alt_nl"].replace('|', "\n")));
        let (isco, code) = (&row["isco08"], &row["code"]);
        writeln!(file, "Occupation,{uri},{isco},{title},{also},,released,2024-01-01,{code}").unwrap();
    }
    Some(file)
}

#[test]
fn the_real_dutch_occupations_are_taken_and_their_other_titles_lead_to_tasks() {
    let Some(text) = occupations_nl("label_nl") else { return };
    let dir = Folder::new("occupations");
    let prepared = taken(Kind::Esco, &text, &dir.0);
    println!("{}", prepared.report);
    assert_eq!((prepared.report.rows, prepared.report.refused.len()), (3_039, 0));
    prepared.write(&dir.0, at(), "test").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    let forklift = reference.tasks.task("magazijn.heftruck").unwrap().esco[0];
    let titles: Vec<&str> = reference.occupations.get(forklift).unwrap().titles(Lang::Nl).collect();
    assert!(titles.len() > 1, "{titles:?}");
    for title in &titles {
        let hits = reference.search(title, Lang::Nl, 20);
        assert!(hits.iter().any(|hit| hit.task.code == "magazijn.heftruck"), "{title}");
    }
    let leading = reference
        .occupations
        .all()
        .iter()
        .step_by(10)
        .filter(|occupation| {
            let title = occupation.title(Lang::Nl);
            reference.search(title, Lang::Nl, 1).first().is_some_and(|hit| hit.via == Some(title))
        })
        .count();
    println!(
        "{leading} of every tenth of {} occupations lead to a task by their own title",
        reference.occupations.all().len()
    );
    assert!(leading > 100, "{leading}");
    assert!(
        dir.holds(OCCUPATIONS_FILE).unwrap().starts_with("esco_id,isco08,label_en,alt_en,label_nl,alt_nl\n")
    );
}

#[test]
fn english_titles_stay_when_dutch_ones_come() {
    let Some(text) = occupations_nl("label_nl") else { return };
    let dir = Folder::new("both");
    let astronaut = "00030d09-2b3a-4efd-87cc-c4ea39d27c34";
    let english = format!("esco_id,isco08,label_en,alt_en\n{astronaut},2654,technical director,stage boss\n");
    fs::write(dir.0.join(OCCUPATIONS_FILE), english).unwrap();
    taken(Kind::Esco, &text, &dir.0).write(&dir.0, at(), "test").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    let known = reference.occupations.get(astronaut.parse().unwrap()).unwrap();
    assert_eq!(known.titles(Lang::En).collect::<Vec<_>>(), ["technical director", "stage boss"]);
    assert_eq!(known.title(Lang::Nl), "inspiciënt");
}

#[test]
fn a_file_of_esco_in_another_language_or_shape_is_refused() {
    let dir = Folder::new("esco");
    let of = |text: &str| refusal(Kind::Esco, text, &dir.0).to_string();
    let missing = of("conceptType,conceptUri,preferredLabel\nOccupation,x,y\n");
    assert!(
        missing.contains("no column altLabels; it has: conceptType, conceptUri, preferredLabel"),
        "{missing}"
    );
    assert!(of(ESCO).contains("no occupations and no skills"));
    let uri = "http://data.europa.eu/esco/skill/0005c151-5b5a-4a66-8aac-60e734beb1ab";
    let mixed = format!("{ESCO}Occupation,{uri},1234,a,,,,,\nKnowledgeSkillCompetence,{uri},,b,,,,,\n");
    assert!(of(&mixed).contains("mixes occupations and skills"));
    let short = of(&format!("{ESCO}Occupation,{uri},1234\n"));
    assert!(short.contains("line 2 has 3 columns where the header has 9; is the file complete?"), "{short}");
    if let Some(text) = occupations_nl("label_en") {
        assert!(of(&text).contains("the titles are not the Dutch ones"));
    }
}

#[test]
fn dutch_names_of_skills_become_words_for_tasks() {
    let Some(text) = source("esco/skills.csv.gz") else { return };
    let dir = Folder::new("skills");
    let mut file = ESCO.to_owned();
    for row in rows(&text) {
        let uri = format!("http://data.europa.eu/esco/skill/{}", row["skill_id"]);
        // Where the source has no Dutch label the English one stands in, as in the official file of some editions.
        let label = if row["label_nl"].is_empty() { &row["label_en"] } else { &row["label_nl"] };
        let (label, also) = (quoted(label), quoted(&row["alt_nl"].replace('|', "\n")));
        writeln!(file, "KnowledgeSkillCompetence,{uri},,{label},{also},,released,2024-01-01,").unwrap();
    }
    let prepared = taken(Kind::Esco, &file, &dir.0);
    println!("{}", prepared.report);
    assert_eq!(prepared.report.remarks, Vec::<String>::new(), "all skills of our tasks are there");
    prepared.write(&dir.0, at(), "test").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    let till = reference.tasks.task("winkel.kassa").unwrap();
    assert!(till.skills.iter().any(|id| reference.skills.names(*id).next().is_some()));
    assert!(dir.holds(SKILLS_FILE).is_some());
}

#[test]
fn the_real_areas_of_cbs_are_taken() {
    let Some(text) = source("geo/gemeenten.csv") else { return };
    let dir = Folder::new("areas");
    let prepared = taken(Kind::Cbs, &text, &dir.0);
    println!("{}", prepared.report);
    let report = &prepared.report;
    assert_eq!((report.rows, report.new, report.changed, report.gone), (342, 0, 0, 0));
    prepared.write(&dir.0, at(), "test").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    assert_eq!(reference.regions.municipalities(), Reference::small().regions.municipalities());
    // A table of places names each municipality once per place, and no region.
    let places = source("geo/woonplaatsen.csv").unwrap();
    let report = taken(Kind::Cbs, &places, &dir.0).report;
    assert_eq!((report.rows, report.changed), (342, 0), "{report}");
    assert!(report.to_string().contains("has no labour-market regions"), "{report}");
}

/// The municipalities as a file with semicolons and the column names of the table service.
fn areas(changed: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut text = "ID;RegioS;Naam_2;Arbeidsmarktregio\n".to_owned();
    for municipality in Reference::small().regions.municipalities() {
        let code = municipality.code.to_string();
        let row = format!("1;{code};{};{}", municipality.name, municipality.region);
        if let Some(row) = changed(&code, &row) {
            writeln!(text, "{row}").unwrap();
        }
    }
    text
}

#[test]
fn names_and_regions_of_municipalities_change_and_new_ones_are_reported() {
    let dir = Folder::new("new-areas");
    let text = areas(|code, row| {
        Some(match code {
            "GM0303" => "1;GM0303;Dronten aan Zee;Zwolle".to_owned(),
            "GM0014" => "1;GM9999;Nieuwland;AM01".to_owned(),
            "GM0034" => "1;GM0034;Almere;Atlantis".to_owned(),
            _ => row.to_owned(),
        })
    });
    let prepared = taken(Kind::Cbs, &text, &dir.0);
    let told = prepared.report.to_string();
    for part in [
        "0 new, 1 changed, 2 gone, 2 refused.",
        "GM9999 Nieuwland is new; which postcodes it has must come into municipalities.csv first",
        "GM0034 Almere: its labour-market region is not one of ours",
        "2 municipalities are not in the file and stay as they are: Almere, Groningen",
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    prepared.write(&dir.0, at(), "test").unwrap();
    let reference = Reference::load(Some(&dir.0)).unwrap();
    let dronten = reference.regions.municipality("GM0303".parse().unwrap()).unwrap();
    assert_eq!((dronten.name.as_str(), dronten.region.to_string().as_str()), ("Dronten aan Zee", "AM36"));
    assert!(dir.holds(AREAS_FILE).is_some());
    let twice = areas(|code, row| {
        Some(if code == "GM0303" { format!("{row}\n1;GM0303;Anders;AM11") } else { row.to_owned() })
    });
    assert!(taken(Kind::Cbs, &twice, &dir.0).report.to_string().contains("says two things"));
    assert!(refusal(Kind::Cbs, "a;b\n1;2\n", &dir.0).to_string().contains("no column gemeente_code or"));
}
