//! A file of openings as an account manager would send it, some rows of it bad in every way that people make them bad.

use std::collections::BTreeSet;

use dichterbij::demo::{employers::Employer, openings::Opening};
use proto::{
    vacancies::{ImportColumn, OpeningDetails, Terms},
    work::Daypart,
};

use crate::Failure;

/// Every so many rows one is bad.
pub(super) const BAD_EVERY: usize = 20;

/// The file, and which rows must be refused (from 1, the heading not counted).
pub(super) struct File {
    pub(super) bytes: Vec<u8>,
    pub(super) bad: BTreeSet<u32>,
}

/// Writes the openings as CSV in Windows-1252 fashion: semicolons, Dutch dates, decimal commas.
pub(super) fn write(employers: &[Employer], openings: &[Opening]) -> Result<File, Failure> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    writer.write_record(ImportColumn::ALL.map(ImportColumn::name))?;
    let mut bad = BTreeSet::new();
    for (index, opening) in openings.iter().enumerate() {
        let employer = &employers[opening.employer];
        let mut cells = ImportColumn::ALL.map(|column| cell(column, index, employer, &opening.details));
        if index % BAD_EVERY == BAD_EVERY - 1 {
            spoil(&mut cells, index / BAD_EVERY);
            bad.insert(u32::try_from(index)? + 1);
        }
        writer.write_record(&cells)?;
    }
    Ok(File { bytes: writer.into_inner().map_err(|error| error.to_string())?, bad })
}

fn cell(column: ImportColumn, index: usize, employer: &Employer, details: &OpeningDetails) -> String {
    let day = |day: Option<chrono::NaiveDate>| {
        day.map(|day| day.format("%-d-%-m-%Y").to_string()).unwrap_or_default()
    };
    match column {
        ImportColumn::Kenmerk => format!("W-{index:05}"),
        ImportColumn::Kvk => employer.kvk_number.clone(),
        ImportColumn::Werkgever => employer.name.clone(),
        ImportColumn::Functie => details.title.clone(),
        // Routes with fields of their own come by the form; in a file they are ordinary jobs.
        ImportColumn::Soort => match details.terms {
            Terms::OpenHiring { .. } => "open hiring".to_owned(),
            _ => "gewoon".to_owned(),
        },
        ImportColumn::Taken => details.tasks.iter().map(|task| task.0.as_str()).collect::<Vec<_>>().join("|"),
        // Every opening says something that no other one says.
        ImportColumn::Omschrijving => format!("{} Plek {index}.", details.description),
        ImportColumn::Postcode => details.postcode.clone(),
        ImportColumn::UrenMin => details.hours.min.to_string(),
        ImportColumn::UrenMax => details.hours.max.to_string(),
        ImportColumn::Dagdelen => details.dayparts.iter().map(dutch).collect::<Vec<_>>().join("|"),
        ImportColumn::Begint => day(match &details.terms {
            Terms::OpenHiring { starts } => starts.first().map(|start| start.on),
            _ => details.starts_on,
        }),
        ImportColumn::Sluit => day(details.closes_on),
        ImportColumn::Plaatsen => details.places.to_string(),
        ImportColumn::Uurloon => details
            .pay_cents_per_hour
            .map(|cents| format!("{},{:02}", cents / 100, cents % 100))
            .unwrap_or_default(),
    }
}

const fn dutch(part: Daypart) -> &'static str {
    match part {
        Daypart::Morning => "ochtend",
        Daypart::Afternoon => "middag",
        Daypart::Evening => "avond",
        Daypart::Night => "nacht",
        Daypart::Weekend => "weekend",
    }
}

/// One mistake, another one each time.
fn spoil(cells: &mut [String; 15], which: usize) {
    const MISTAKES: [(ImportColumn, &str); 16] = [
        (ImportColumn::Postcode, "0123 AB"),
        (ImportColumn::Postcode, "1310 AA"),
        (ImportColumn::Postcode, "dertien"),
        (ImportColumn::Taken, "toveren.konijnen"),
        (ImportColumn::Taken, ""),
        (ImportColumn::Begint, "31-2-2027"),
        (ImportColumn::Begint, "1-1-2020"),
        (ImportColumn::Sluit, "morgen"),
        (ImportColumn::UrenMin, "60"),
        (ImportColumn::UrenMax, "0"),
        (ImportColumn::Dagdelen, "altijd"),
        (ImportColumn::Kvk, "1234567"),
        (ImportColumn::Soort, "geheim"),
        (ImportColumn::Plaatsen, "0"),
        (ImportColumn::Uurloon, "gratis"),
        (ImportColumn::Functie, "=cmd|' /C calc'!A0"),
    ];
    let (column, value) = MISTAKES[which % MISTAKES.len()];
    if let Some(at) = ImportColumn::ALL.iter().position(|each| *each == column) {
        value.clone_into(&mut cells[at]);
    }
}
