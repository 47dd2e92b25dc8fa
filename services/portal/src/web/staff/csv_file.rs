//! A file of openings as people send it: bytes to rows, whatever program wrote them. Pure.
//!
//! What is the same for everyone is mended without a word: byte order marks, Windows-1252, UTF-16,
//! semicolons or tabs instead of commas, `sep=;` on the first line, empty lines, cells that are missing
//! at the end of a row. What cannot be read is refused with a reason; a row with cells too many goes on
//! as it is, so that the report can say so.

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use proto::{
    FieldProblem,
    vacancies::{AddImportRows, ImportColumn},
};

/// Bytes that a file may have.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Rows that a file may have, the heading not counted.
pub const MOST_ROWS: u32 = 100_000;
/// Rows in one command.
const ROWS_AT_ONCE: usize = 200;
/// Bytes of cells in one command, with room for what stands around them.
const BYTES_AT_ONCE: usize = 60 * 1024;
/// A cell that is longer is cut here: whatever it is, it is too long, and its reason stays the same.
const LONGEST_CELL: usize = 3_000;
/// As long as cells of a row stay that is larger than a command.
const LONGEST_CELL_OF_A_GIANT: usize = 700;
/// A cell that holds more than so many lines is a quotation mark that was never closed.
const MOST_LINES_IN_A_CELL: usize = 500;
/// The byte limit of the same kind.
const MOST_BYTES_IN_A_CELL: usize = 64 * 1024;
/// Cells too many that go on, so that the row is refused for them.
const EXTRA_CELLS: usize = 1;
/// Headings that an import takes.
const MOST_HEADINGS: usize = 60;
/// A heading is cut at this many characters.
const LONGEST_HEADING: usize = 200;
/// Gaps that are remembered.
const MOST_GAPS: usize = 60;

/// The field of the form that every problem here belongs to.
pub const FIELD: &str = "bestand";

/// A file that can be read.
#[derive(Debug, Clone)]
pub struct CsvFile {
    text: String,
    /// Where its rows begin, after a line `sep=;`.
    begins: usize,
    delimiter: u8,
    /// The headings as written. What they mean is asked afterwards.
    pub headings: Vec<String>,
    /// How many rows it has, without the heading and without empty ones.
    pub rows: u32,
    /// Empty rows, which spreadsheets count and we do not: before which row, and how many so far.
    pub gaps: Gaps,
}

/// Empty rows: before our row `.0` there were `.1` of them in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Gaps(Vec<(u32, u32)>);

impl Gaps {
    /// The number of our row as a spreadsheet shows it, with the heading as row 1.
    pub fn in_spreadsheet(&self, row: u32) -> u32 {
        let empty = self.0.iter().rev().find(|(before, _)| *before <= row).map_or(0, |(_, empty)| *empty);
        row + 1 + empty
    }
}

impl CsvFile {
    /// Reads a file.
    ///
    /// # Errors
    /// `file-large`, `file-form`, `file-one-column`, `file-headings`, `file-quote`, `file-empty` or
    /// `file-rows`, at the field of the form.
    pub fn read(bytes: &[u8]) -> Result<Self, FieldProblem> {
        let wrong = |code: &str| FieldProblem::new(FIELD, code);
        if bytes.len() > MOST_BYTES {
            return Err(wrong("file-large"));
        }
        let text = decode(bytes).ok_or_else(|| wrong("file-form"))?;
        if text.trim().is_empty() {
            return Err(wrong("file-empty"));
        }
        let (begins, told) = told_delimiter(&text);
        let delimiter = told.unwrap_or_else(|| find_delimiter(&text[begins..]));
        let mut file = Self { begins, delimiter, headings: Vec::new(), rows: 0, gaps: Gaps::default(), text };
        file.look_through()?;
        Ok(file)
    }

    /// The rows, in portions that fit a command: the number of the first row, and the cells.
    pub fn portions(&self) -> Portions<impl Iterator<Item = Vec<String>>> {
        let mut reader = self.reader();
        let mut record = csv::StringRecord::new();
        let _ = reader.read_record(&mut record);
        portions(std::iter::from_fn(move || {
            loop {
                match reader.read_record(&mut record) {
                    Ok(true) if is_empty(&record) => {}
                    Ok(true) => return Some(self.cells(&record)),
                    Ok(false) | Err(_) => return None,
                }
            }
        }))
    }

    fn reader(&self) -> csv::Reader<&[u8]> {
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(&self.text.as_bytes()[self.begins..])
    }

    /// Reads the heading and looks at every row once, so that nothing starts that cannot end.
    fn look_through(&mut self) -> Result<(), FieldProblem> {
        let wrong = |code: &str| FieldProblem::new(FIELD, code);
        let mut record = csv::StringRecord::new();
        let mut reader = self.reader();
        // The text is UTF-8 and rows may be ragged, so reading cannot fail.
        if !reader.read_record(&mut record).map_err(|_| wrong("file-form"))? {
            return Err(wrong("file-empty"));
        }
        let headings = headings(&record)?;
        let (mut rows, mut empty) = (0_u32, 0_u32);
        let mut gaps = Vec::new();
        let mut line = reader.position().line();
        while reader.read_record(&mut record).map_err(|_| wrong("file-form"))? {
            let inside: usize = record.iter().map(lines_in).sum();
            let runaway =
                |cell: &str| cell.len() > MOST_BYTES_IN_A_CELL || lines_in(cell) > MOST_LINES_IN_A_CELL;
            if record.iter().any(runaway) {
                return Err(wrong("file-quote").with("row", rows + 2 + empty));
            }
            let passed = reader.position().line() - line;
            line = reader.position().line();
            empty += (passed as usize).saturating_sub(inside + 1) as u32;
            if is_empty(&record) {
                empty += 1;
                continue;
            }
            rows += 1;
            if gaps.last().map_or(0, |(_, before): &(u32, u32)| *before) != empty && gaps.len() < MOST_GAPS {
                gaps.push((rows, empty));
            }
            if rows > MOST_ROWS {
                return Err(wrong("file-rows").with("max", MOST_ROWS));
            }
        }
        if rows == 0 {
            return Err(wrong("file-empty"));
        }
        drop(reader);
        (self.headings, self.rows, self.gaps) = (headings, rows, Gaps(gaps));
        Ok(())
    }

    /// The cells of a row. Missing ones are empty; when there are too many, one more than there are
    /// columns comes out.
    fn cells(&self, record: &csv::StringRecord) -> Vec<String> {
        let mut cells: Vec<String> =
            (0..self.headings.len()).map(|index| record.get(index).unwrap_or_default().to_owned()).collect();
        let extra = record.iter().skip(self.headings.len()).filter(|cell| !cell.trim().is_empty());
        cells.extend(extra.take(EXTRA_CELLS).map(|_| String::new()));
        cells
    }
}

/// Rows in portions that fit a command.
pub struct Portions<I> {
    rows: I,
    next_row: u32,
    /// A row that did not fit any more.
    kept: Option<Vec<String>>,
}

/// Puts rows in portions that fit a command. What is longer than any cell may be is cut.
pub fn portions<I: Iterator<Item = Vec<String>>>(rows: I) -> Portions<I> {
    Portions { rows, next_row: 1, kept: None }
}

impl<I: Iterator<Item = Vec<String>>> Iterator for Portions<I> {
    type Item = (u32, Vec<Vec<String>>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut bytes = 0;
        while rows.len() < ROWS_AT_ONCE {
            let Some(cells) = self.kept.take().or_else(|| self.rows.next().map(fitting)) else { break };
            bytes += bytes_of(&cells);
            if bytes > BYTES_AT_ONCE && !rows.is_empty() {
                self.kept = Some(cells);
                break;
            }
            rows.push(cells);
        }
        let first = self.next_row;
        self.next_row += rows.len() as u32;
        (!rows.is_empty()).then_some((first, rows))
    }
}

/// A row that fits a command, whatever its cells hold.
fn fitting(cells: Vec<String>) -> Vec<String> {
    let mut cells: Vec<String> = cells.iter().map(|cell| cut(cell, LONGEST_CELL).to_owned()).collect();
    let mut longest = LONGEST_CELL_OF_A_GIANT;
    while bytes_of(&cells) > BYTES_AT_ONCE {
        cells = cells.iter().map(|cell| cut(cell, longest).to_owned()).collect();
        longest /= 2;
    }
    cells
}

/// A portion as a command.
pub fn command(import_id: proto::ImportId, (first_row, rows): (u32, Vec<Vec<String>>)) -> AddImportRows {
    AddImportRows { import_id, first_row, rows }
}

fn is_empty(record: &csv::StringRecord) -> bool {
    record.iter().all(|cell| cell.trim().is_empty())
}

fn lines_in(cell: &str) -> usize {
    cell.bytes().filter(|byte| *byte == b'\n').count()
}

/// The bytes of a row in a message, about.
fn bytes_of(cells: &[String]) -> usize {
    cells.iter().map(|cell| cell.len() + 3).sum::<usize>() + 2
}

/// The first characters of a text.
pub fn cut(text: &str, characters: usize) -> &str {
    text.char_indices().nth(characters).map_or(text, |(at, _)| &text[..at])
}

/// The headings as written, without the empty ones that spreadsheets leave at the end.
fn headings(record: &csv::StringRecord) -> Result<Vec<String>, FieldProblem> {
    let written = record.iter().enumerate().filter(|(_, heading)| !heading.trim().is_empty());
    let used = written.last().map_or(0, |(last, _)| last + 1);
    let headings: Vec<String> =
        record.iter().take(used).map(|heading| cut(heading.trim(), LONGEST_HEADING).to_owned()).collect();
    if headings.len() < 2 {
        return Err(FieldProblem::new(FIELD, "file-one-column"));
    }
    if headings.len() > MOST_HEADINGS {
        return Err(FieldProblem::new(FIELD, "file-headings").with("max", MOST_HEADINGS));
    }
    Ok(headings)
}

/// The text of a file in the encoding it is in; `None` when it is no text.
fn decode(bytes: &[u8]) -> Option<String> {
    const SPREADSHEETS_AND_OTHERS: [&[u8]; 5] =
        [b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b"];
    if SPREADSHEETS_AND_OTHERS.iter().any(|magic| bytes.starts_with(magic)) {
        return None;
    }
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => UTF_8.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            // What spreadsheets on Windows write when nobody asks for anything else.
            Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0,
        },
    };
    let odd =
        text.chars().filter(|letter| letter.is_control() && !matches!(letter, '\t' | '\r' | '\n')).count();
    let is_text = !text.contains('\0') && odd <= text.len() / 100;
    is_text.then(|| text.into_owned())
}

/// A first line `sep=;`, which spreadsheets understand: how long it is, and what it says.
fn told_delimiter(text: &str) -> (usize, Option<u8>) {
    let line = text.lines().next().unwrap_or_default();
    let told = line.trim_end_matches('\r').strip_prefix("sep=").map(str::as_bytes);
    match told {
        Some([delimiter @ (b';' | b',' | b'\t' | b'|')]) => {
            let rest = text[line.len()..].find('\n').map_or(text.len(), |at| line.len() + at + 1);
            (rest, Some(*delimiter))
        }
        _ => (0, None),
    }
}

/// What stands most often between the headings, outside quotation marks.
fn find_delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut quoted = false;
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    for byte in line.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        } else if !quoted {
            for (_, count) in counts.iter_mut().filter(|(delimiter, _)| *delimiter == byte) {
                *count += 1;
            }
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max().unwrap_or_default();
    counts.iter().find(|(_, count)| *count == most).map_or(b';', |(delimiter, _)| *delimiter)
}

/// A cell that a spreadsheet shows as text: what could start a formula gets a quotation mark before it
/// (ASVS 1.2.10).
pub fn harmless(cell: &str) -> String {
    let starts_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0', '＝', '＋', '－', '＠']);
    if starts_formula { format!("'{cell}") } else { cell.to_owned() }
}

/// Writes rows as spreadsheets in this country read them: UTF-8 with its mark, semicolons.
pub fn write(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        // Writing to memory cannot fail.
        let _ = writer.write_record(row.iter().map(|cell| harmless(cell)));
    }
    writer.into_inner().unwrap_or_default()
}

/// The example file: two jobs that would be placed as they stand. `starts` is some weeks from now.
pub fn example(starts: chrono::NaiveDate) -> Vec<u8> {
    let heading = ImportColumn::ALL.map(|column| column.name().to_owned()).to_vec();
    let day = starts.format("%-d-%-m-%Y").to_string();
    let row = |kenmerk: &str, open: bool| {
        let cell = |column: ImportColumn| match column {
            ImportColumn::Kenmerk => kenmerk,
            ImportColumn::Kvk => "12345678",
            ImportColumn::Werkgever => "De Linde",
            ImportColumn::Functie if open => "Medewerker schoonmaak",
            ImportColumn::Functie => "Medewerker keuken",
            ImportColumn::Soort if open => "open hiring",
            ImportColumn::Soort => "gewoon",
            ImportColumn::Taken if open => "schoonmaken.vloeren|schoonmaken.ramen",
            ImportColumn::Taken => "schoonmaken.vloeren",
            ImportColumn::Omschrijving => "U werkt in een klein team.",
            ImportColumn::Postcode => "1315 RC",
            ImportColumn::UrenMin => "16",
            ImportColumn::UrenMax => "24",
            ImportColumn::Dagdelen => "ochtend|middag",
            ImportColumn::Begint => &day,
            ImportColumn::Sluit => "",
            ImportColumn::Plaatsen => "2",
            ImportColumn::Uurloon => "15,20",
        };
        ImportColumn::ALL.map(|column| cell(column).to_owned()).to_vec()
    };
    write([heading, row("A-001", false), row("A-002", true)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HEADING: &str = "kenmerk;kvk;werkgever;functie;soort;taken;postcode;uren_min;uren_max;dagdelen";

    fn code(bytes: &[u8]) -> String {
        CsvFile::read(bytes).expect_err("refused").code
    }

    fn rows(file: &CsvFile) -> Vec<Vec<String>> {
        file.portions().flat_map(|(_, rows)| rows).collect()
    }

    fn file_of(line: &str) -> String {
        format!("{HEADING}\n{line}\n")
    }

    #[test]
    fn every_encoding_gives_the_same_cells() {
        let text = file_of("A-1;12345678;Café Één;Kok;gewoon;x;1315;16;24;ochtend");
        let utf16 = |bytes: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            [mark.to_vec(), text.encode_utf16().flat_map(bytes).collect()].concat()
        };
        let windows = WINDOWS_1252.encode(&text).0.into_owned();
        for bytes in [
            text.clone().into_bytes(),
            [b"\xef\xbb\xbf".to_vec(), text.clone().into_bytes()].concat(),
            windows,
            utf16(u16::to_le_bytes, [0xff, 0xfe]),
            utf16(u16::to_be_bytes, [0xfe, 0xff]),
        ] {
            let file = CsvFile::read(&bytes).unwrap();
            assert_eq!(rows(&file)[0][2], "Café Één");
            assert_eq!(file.headings[0], "kenmerk");
        }
    }

    #[test]
    fn every_delimiter_is_found_in_the_heading_outside_quotes() {
        for delimiter in [";", ",", "\t"] {
            let line = "A-1;12345678;X;Kok;gewoon;a|b;1315;16;24;ochtend";
            let text = file_of(line).replace(';', delimiter);
            assert_eq!(rows(&CsvFile::read(text.as_bytes()).unwrap())[0][5], "a|b", "{delimiter:?}");
            let told = format!("sep={delimiter}\r\n{text}");
            assert_eq!(rows(&CsvFile::read(told.as_bytes()).unwrap())[0][5], "a|b", "told {delimiter:?}");
        }
        assert_eq!(find_delimiter("\"a,b,c,d\";e;f"), b';');
    }

    #[test]
    fn headings_stay_as_written_and_empty_ones_at_the_end_go() {
        let text = " Postcode ;extra;;Uren Max;;;\n1315;weg;x;24;;;\n";
        let file = CsvFile::read(text.as_bytes()).unwrap();
        assert_eq!(file.headings, ["Postcode", "extra", "", "Uren Max"]);
        assert_eq!(rows(&file), [["1315", "weg", "x", "24"]]);
        assert_eq!(code(b"alleen dit\nx\n"), "file-one-column");
        let many = vec!["x"; 61].join(";");
        assert_eq!(code(format!("{many}\n{many}\n").as_bytes()), "file-headings");
    }

    #[test]
    fn ragged_rows_are_filled_and_too_many_cells_go_on_as_such() {
        let text = format!(
            "{HEADING}\nA-1;12345678\nA-2;1;2;3;4;5;6;7;8;9;;;\nA-3;1;2;3;4;5;6;7;8;9;te veel;en meer\n"
        );
        let file = CsvFile::read(text.as_bytes()).unwrap();
        let widths: Vec<usize> = rows(&file).iter().map(Vec::len).collect();
        assert_eq!(widths, [10, 10, 11]);
    }

    #[test]
    fn lines_within_a_cell_stay_in_it() {
        let text = file_of("A-1;12345678;\"De \"\"Linde\"\"\nBV\";Kok;gewoon;t;1315;16;24;ochtend");
        assert_eq!(rows(&CsvFile::read(text.as_bytes()).unwrap())[0][2], "De \"Linde\"\nBV");
    }

    #[test]
    fn empty_rows_are_left_out_and_rows_keep_the_number_a_spreadsheet_shows() {
        for end in ["\n", "\r\n"] {
            let text = format!("{HEADING}\nA-1\n\n\nA-2;\"een\ntwee\"\n;;;;\nA-3\n").replace('\n', end);
            let file = CsvFile::read(text.as_bytes()).unwrap();
            assert_eq!(file.rows, 3);
            let numbers: Vec<u32> = (1..=3).map(|row| file.gaps.in_spreadsheet(row)).collect();
            assert_eq!(numbers, [2, 5, 7], "{end:?}");
        }
    }

    #[test]
    fn what_is_no_csv_is_refused() {
        assert_eq!(code(b""), "file-empty");
        assert_eq!(code(b"\xef\xbb\xbf \r\n \r\n"), "file-empty");
        assert_eq!(code(HEADING.as_bytes()), "file-empty");
        assert_eq!(code(format!("{HEADING}\n;;;\n").as_bytes()), "file-empty");
        assert_eq!(code(b"PK\x03\x04\x14\x00 [Content_Types].xml"), "file-form");
        assert_eq!(code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "file-form");
        assert_eq!(code(b"%PDF-1.7"), "file-form");
        assert_eq!(code(file_of("A\0B").as_bytes()), "file-form");
        let noise: Vec<u8> = (0..5_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(code(&noise), "file-form");
        assert_eq!(code(&vec![b'a'; MOST_BYTES + 1]), "file-large");
    }

    #[test]
    fn a_quotation_mark_that_never_closes_is_told_with_its_row() {
        let rest = "A-3;1;2;3\n".repeat(9_000);
        let wrong = CsvFile::read(format!("{HEADING}\nA-1;1\nA-2;\"open\n{rest}").as_bytes()).unwrap_err();
        assert_eq!((wrong.code.as_str(), wrong.args["row"].as_str()), ("file-quote", "3"));
    }

    #[test]
    fn more_rows_than_an_import_takes_are_refused() {
        let text = |rows: usize| format!("{HEADING}\n{}", "A-1;1\n".repeat(rows));
        assert_eq!(code(text(100_001).as_bytes()), "file-rows");
        assert_eq!(CsvFile::read(text(100_000).as_bytes()).unwrap().rows, 100_000);
    }

    #[test]
    fn portions_fit_a_command_and_follow_each_other() {
        let long = "x".repeat(2_000);
        let line = format!("A-1;12345678;{long};{long};gewoon;t;1315;16;24;ochtend\n");
        let file = CsvFile::read(format!("{HEADING}\n{}", line.repeat(450)).as_bytes()).unwrap();
        let mut next = 1;
        for (first, rows) in file.portions() {
            assert_eq!(first, next);
            assert!(
                rows.len() <= 200 && rows.iter().map(|row| bytes_of(row)).sum::<usize>() <= BYTES_AT_ONCE
            );
            next += rows.len() as u32;
        }
        assert_eq!(next, 451);
    }

    #[test]
    fn a_giant_row_is_cut_so_that_it_can_be_refused() {
        let giant = "é".repeat(20_000);
        let line = format!("{giant};{giant};{giant};{giant};{giant};{giant};{giant};{giant};{giant};{giant}");
        let file = CsvFile::read(file_of(&line).as_bytes()).unwrap();
        let row = rows(&file).remove(0);
        assert!(bytes_of(&row) <= BYTES_AT_ONCE && row[3].chars().count() > 120);
    }

    #[test]
    fn a_cell_that_could_be_a_formula_is_made_text() {
        for cell in ["=1+1", "+31", "-15", "@som", "\tx", "\rx"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        assert_eq!(harmless("gewoon = goed"), "gewoon = goed");
        let written = write([vec!["=CMD()".to_owned(), "a;b".to_owned()]]);
        assert_eq!(String::from_utf8(written).unwrap(), "\u{feff}'=CMD();\"a;b\"\r\n");
    }

    #[test]
    fn the_example_reads_back() {
        let file = CsvFile::read(&example("2026-12-07".parse().unwrap())).unwrap();
        assert_eq!((file.rows, file.headings.len()), (2, 15));
        assert_eq!(rows(&file)[1][4], "open hiring");
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_and_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            if let Ok(file) = CsvFile::read(&bytes) {
                prop_assert_eq!(rows(&file).len(), file.rows as usize);
            }
        }

        #[test]
        fn any_text_below_a_heading_gives_rows_that_fit(text in "(?s)[a-z0-9;,\"\n\r\t éß=]{0,400}", mark: bool) {
            let bytes = format!("{}{HEADING}\n{text}", if mark { "\u{feff}" } else { "" });
            if let Ok(file) = CsvFile::read(bytes.as_bytes()) {
                let rows = rows(&file);
                prop_assert_eq!(rows.len(), file.rows as usize);
                prop_assert!(rows.iter().all(|row| matches!(row.len(), 10 | 11)));
                let numbers: Vec<u32> = (1..=file.rows).map(|row| file.gaps.in_spreadsheet(row)).collect();
                prop_assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
            }
        }

        #[test]
        fn what_we_write_reads_back_and_starts_no_formula(cells in proptest::collection::vec("[^\u{0}]{1,12}", 10)) {
            let heading: Vec<String> = HEADING.split(';').map(str::to_owned).collect();
            let bytes = write([heading, cells.clone()]);
            if let Ok(file) = CsvFile::read(&bytes)
                && let Some(row) = rows(&file).first()
            {
                prop_assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
            }
        }
    }
}
