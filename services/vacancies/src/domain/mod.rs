//! Pure rules and types: no I/O, no async, no clock of their own.

pub mod course;
pub mod employer;
pub mod import;
pub mod import_row;
pub mod near;
pub mod opening;
pub mod search_change;
pub mod terms;
pub mod text;
pub mod title;
pub mod wording;

use proto::{FieldProblem, work::Area};
use reference::{Place, Postcode, PostcodeError, Reference};

/// A postcode that exists, with what follows from it.
#[derive(Debug, Clone)]
pub struct Site {
    /// In its usual spelling.
    pub postcode: String,
    /// The name of the town or village.
    pub place: String,
    /// Where, for distances and regions.
    pub area: Area,
}

/// Reads a postcode in any usual spelling and finds its place.
///
/// # Errors
/// `postcode-empty`, `postcode-malformed` or `postcode-unknown` at this field.
pub fn site(field: &str, text: &str, reference: &Reference) -> Result<Site, FieldProblem> {
    let postcode: Postcode = text.parse().map_err(|error| match error {
        PostcodeError::Empty => FieldProblem::new(field, "postcode-empty"),
        PostcodeError::Malformed | PostcodeError::StartsWithZero | PostcodeError::LettersNotIssued => {
            FieldProblem::new(field, "postcode-malformed")
        }
    })?;
    let place =
        reference.places.locate(&postcode).ok_or_else(|| FieldProblem::new(field, "postcode-unknown"))?;
    Ok(Site { postcode: postcode.as_text(), place: place.name.clone(), area: area(place) })
}

fn area(place: &Place) -> Area {
    let cell = place.cell();
    Area {
        cell: proto::work::Cell { x: cell.x, y: cell.y },
        municipality: place.municipality.to_string(),
        region: place.region.to_string(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::LazyLock;

    use reference::Reference;

    /// Read once for all tests of a process.
    pub(crate) static REFERENCE: LazyLock<Reference> = LazyLock::new(Reference::small);
}
