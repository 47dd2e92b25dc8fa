//! `dichterbij reference import` as an operator meets it: what it prints, writes, and how it ends.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use reference::Reference;

/// A folder of one test, removed at its end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("dbj-reference-verb-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn import(kind: &str, file: &Path, dir: &Path, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dichterbij"))
        .args(["reference", "import", "--kind", kind, "--file"])
        .arg(file)
        .args(more)
        .env_clear()
        .env("DBJ_REFERENCE", dir)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// `NL.txt` with every postcode that exists, in the middle of its municipality.
fn nl_txt() -> String {
    let reference = Reference::small();
    let mut text = String::new();
    for place in reference.places.all() {
        let (pc4, name, lat, lon) = (place.pc4, &place.name, place.lat, place.lon);
        writeln!(text, "NL\t{pc4}\t{name}\tFlevoland\t16\tX\t\t\t\t{lat}\t{lon}\t6").unwrap();
    }
    text
}

#[test]
fn a_dry_run_of_reference_import_writes_nothing_and_the_real_run_is_in_force() {
    let (download, dir) = (Folder::new("download"), Folder::new("in-force"));
    let file = download.file("NL.txt", &nl_txt());
    let dry = import("geonames", &file, &dir.0, &["--dry-run"]);
    assert!(dry.status.success(), "{dry:?}");
    assert!(text(&dry.stdout).contains("4086 new, 0 changed, 0 gone, 0 refused"), "{}", text(&dry.stdout));
    assert_eq!(dir.names(), Vec::<String>::new());
    let real = import("geonames", &file, &dir.0, &["--date", "2026-01-31"]);
    assert!(real.status.success(), "{real:?}");
    let reference = Reference::load(Some(&dir.0)).unwrap();
    let postcodes = reference.versions().into_iter().find(|table| table.name == "postcodes").unwrap();
    let source = postcodes.source.clone().unwrap();
    assert_eq!((source.kind.as_deref(), source.rows), (Some("geonames"), 4_086));
    assert_eq!(source.source_date.unwrap().to_string(), "2026-01-31");
    assert!(source.tool.unwrap().starts_with("dichterbij "));
    assert!(postcodes.to_string().contains("GeoNames postal codes of 2026-01-31"), "{postcodes}");
}

#[test]
fn reference_import_of_a_wrong_file_is_a_failure_and_leaves_the_old_data_in_force() {
    let (download, dir) = (Folder::new("wrong"), Folder::new("old"));
    let whole = nl_txt();
    assert!(import("geonames", &download.file("NL.txt", &whole), &dir.0, &[]).status.success());
    let before = fs::read(dir.0.join("postcodes.csv")).unwrap();
    let cut_off = download.file("cut-off.txt", &whole[..whole.len() / 2]);
    let output = import("geonames", &cut_off, &dir.0, &["--accept-shrink"]);
    assert_eq!(output.status.code(), Some(1));
    let complaint = text(&output.stderr);
    assert!(complaint.contains("cut-off.txt is not taken into use"), "{complaint}");
    assert!(complaint.contains("is the file complete?"), "{complaint}");
    assert_eq!(fs::read(dir.0.join("postcodes.csv")).unwrap(), before);
    let output = import("geonames", &download.0.join("absent.txt"), &dir.0, &[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("absent.txt cannot be read"));
}
