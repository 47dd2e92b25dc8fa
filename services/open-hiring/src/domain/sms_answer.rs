//! What somebody said in a text message. Only what cannot be misread is an answer; for everything else somebody calls.

/// What a text message says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// "JA".
    Yes,
    /// "NEE".
    No,
    /// Something else, or both.
    Unclear,
}

/// Words with which people say yes and no, alone or at the beginning.
const YES: [&str; 2] = ["ja", "yes"];
const NO: [&str; 3] = ["nee", "neen", "no"];
/// Words after which a yes or a no is none: "ja maar niet op maandag".
const BUT: [&str; 8] = ["maar", "niet", "geen", "behalve", "misschien", "later", "but", "not"];

/// Reads a text message, whatever its capitals, spaces and marks.
pub fn read(text: &str) -> Said {
    let text = text.to_lowercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
    let begins = |list: &[&str]| words.first().is_some_and(|first| list.contains(first));
    match (begins(&YES), begins(&NO)) {
        (true, _) if !says(&NO) && !says(&BUT) => Said::Yes,
        (_, true) if !says(&YES) && !says(&BUT) => Said::No,
        _ => Said::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_yes_or_no_is_one_however_it_is_typed() {
        for text in ["JA", "ja", " Ja. ", "ja!!", "Ja graag", "ja, ik begin", "\"JA\"", "Ja 👍", "yes"] {
            assert_eq!(read(text), Said::Yes, "{text}");
        }
        for text in ["NEE", "nee", "Nee.", "nee dank u", "neen", "no"] {
            assert_eq!(read(text), Said::No, "{text}");
        }
    }

    #[test]
    fn what_can_be_misread_is_no_answer() {
        let unclear = [
            "",
            "?",
            "👍",
            "ok",
            "JA of NEE",
            "nee ja",
            "ja maar niet op maandag",
            "ja misschien",
            "nee niet nodig want ja",
            "jaap hier",
            "neemt u contact op",
            "ik zeg ja",
            "wie is dit",
            "nee maar later wel",
            "5",
            "STOP",
        ];
        for text in unclear {
            assert_eq!(read(text), Said::Unclear, "{text}");
        }
    }
}
