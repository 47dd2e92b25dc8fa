//! Who sends us text messages.

use serde::{Deserialize, Serialize};

use crate::{Sealed, SeekerId, work::Language};

/// Asks who is reached by a telephone number: her own, or one that she shares. The portal itself asks, when a text message
/// came in. Nobody, for a number that is not known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WhoTexts {
    /// The number.
    pub number: Sealed<String>,
}

/// Somebody who is reached by a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texter {
    /// Who.
    pub seeker_id: SeekerId,
    /// Her language.
    pub language: Language,
}
