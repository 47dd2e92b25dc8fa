//! Short texts that people type: how long, which letters, and never a number that we may not keep.

use super::name;

/// Bounds of one line of text, in characters, and the first part of its codes.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Fewest characters.
    pub least: usize,
    /// Most characters.
    pub most: usize,
    /// Codes when nothing was typed, too little, too much, or what cannot be shown.
    pub codes: [&'static str; 4],
}

/// The name of an organisation.
pub const ORGANISATION: Line = Line {
    least: 2,
    most: 120,
    codes: [
        "organisation-empty",
        "organisation-too-short",
        "organisation-too-long",
        "organisation-malformed",
    ],
};
/// Where a record or paper is.
pub const EVIDENCE: Line = Line {
    least: 3,
    most: 120,
    codes: ["evidence-empty", "evidence-too-short", "evidence-too-long", "evidence-malformed"],
};
/// Whose a second number is.
pub const WHOSE: Line =
    Line { least: 1, most: 40, codes: ["whose-empty", "whose-empty", "whose-too-long", "whose-malformed"] };
/// Street and house number.
pub const STREET: Line = Line {
    least: 2,
    most: 80,
    codes: ["street-empty", "street-too-short", "street-too-long", "street-malformed"],
};
/// A town.
pub const TOWN: Line =
    Line { least: 2, most: 60, codes: ["town-empty", "town-too-short", "town-too-long", "town-malformed"] };

/// Longest remark, in characters.
pub const LONGEST_REMARK: usize = 500;

/// Reads one line: spaces around it go, several become one.
pub fn line(typed: &str, bounds: Line) -> Result<String, &'static str> {
    let [empty, too_short, too_long, malformed] = bounds.codes;
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.chars().count() {
        0 => Err(empty),
        length if length < bounds.least => Err(too_short),
        length if length > bounds.most => Err(too_long),
        _ if text.chars().any(name::cannot_be_shown) => Err(malformed),
        _ if name::holds_bsn(&text) => Err("looks-like-bsn"),
        _ => Ok(text),
    }
}

/// Reads a remark of several lines; may be empty.
pub fn remark(typed: &str) -> Result<String, &'static str> {
    // Forms send line ends in the way of telegraphs.
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > LONGEST_REMARK {
        return Err("remark-too-long");
    }
    if text.chars().any(|letter| letter != '\n' && name::cannot_be_shown(letter)) {
        return Err("remark-malformed");
    }
    if name::holds_bsn(&text) {
        return Err("looks-like-bsn");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_is_taken_as_it_is_but_for_spaces() {
        assert_eq!(line("  Stichting   De Buurt ", ORGANISATION).as_deref(), Ok("Stichting De Buurt"));
        assert_eq!(line(" ", STREET), Err("street-empty"));
        assert_eq!(line("A", TOWN), Err("town-too-short"));
        assert_eq!(line(&"A".repeat(61), TOWN), Err("town-too-long"));
        assert_eq!(line("Kerk\u{202e}straat", STREET), Err("street-malformed"));
    }

    #[test]
    fn a_remark_keeps_its_lines() {
        assert_eq!(
            remark("Ik zorg voor mijn moeder.\r\nBel na 10 uur.\n").as_deref(),
            Ok("Ik zorg voor mijn moeder.\nBel na 10 uur.")
        );
        assert_eq!(remark("  ").as_deref(), Ok(""));
        assert_eq!(remark(&"é".repeat(500)).map(|text| text.len()), Ok(1_000));
        assert_eq!(remark(&"é".repeat(501)), Err("remark-too-long"));
        assert_eq!(remark("a\u{0}b"), Err("remark-malformed"));
    }

    proptest! {
        #[test]
        fn no_remark_keeps_a_citizen_number(before in "[a-z ]{0,10}", after in "[a-z ]{0,10}", marks in prop::collection::vec("[ .-]?", 9)) {
            let spread: String = "123456782".chars().zip(&marks).flat_map(|(digit, mark)| [digit.to_string(), mark.clone()]).collect();
            prop_assert_eq!(remark(&[before, spread, after].concat()), Err("looks-like-bsn"));
        }
    }
}
