//! What a person tells about herself: wishes that the matcher may know a part of, needs and background
//! that it may not.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Consent, ContactShare, HelperAccess, ReferralView, SecondNumber};
use crate::{
    Sealed, SeekerId,
    work::{
        Channel, Dayparts, Days, Hours, Language, Licence, Spoken, Support, TaskCode, Travel, closed_list,
    },
};

/// What someone wants and can, without who she is. Everything but the postcode may be left open, and
/// answered in any order. Personal data as a whole, so this type travels only inside [`Sealed`].
///
/// docs/fields.md says per field why it is asked, who sees it, where it travels and how long it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    /// As typed: `1315`, `1315 RC`.
    pub postcode: String,
    /// Tasks she likes; empty with `any_task` false means "I do not know yet".
    pub tasks: Vec<TaskCode>,
    /// "Alles mag."
    pub any_task: bool,
    /// When she can work; empty means not told.
    pub dayparts: Dayparts,
    /// Hours a week; `None` means "I do not know".
    pub hours: Option<Hours>,
    /// How far and by which means; `None` means not told.
    pub travel: Option<Travel>,
    /// Days on which she can work; empty means not told. Stays in intake: compared with an opening
    /// when her own page is shown.
    #[serde(default)]
    pub days: Days,
    /// From which day on she can work; `None` means now.
    #[serde(default)]
    pub available_from: Option<NaiveDate>,
    /// Languages she speaks, each once; at most 8.
    #[serde(default)]
    pub languages: Vec<Spoken>,
    /// Licences and papers she has, each once.
    #[serde(default)]
    pub licences: Vec<Licence>,
    /// What the work must not ask of her ("wat niet kan"). Stays in intake, because it can say
    /// something about health: compared with an opening when her own page is shown.
    #[serde(default)]
    pub cannot: Vec<Cannot>,
    /// Kinds of support that employers may see beside her anonymous profile, each ticked by
    /// herself; only kinds of [`Support::shown_on_profiles`].
    #[serde(default)]
    pub shown_support: Vec<Support>,
    /// What she wants her adviser to know, at most 500 characters; may be empty. Refused when it
    /// looks like a BSN.
    #[serde(default)]
    pub remark: String,
}

closed_list! {
    /// What work must not ask of someone, in the words of the self-check facts of an opening.
    Cannot {
        /// Lifting more than a few kilograms.
        Lift = "lift",
        /// Standing for long.
        Stand = "stand",
        /// Walking a lot.
        Walk = "walk",
        /// Working outside.
        Outside = "outside",
        /// Working in the cold.
        Cold = "cold",
        /// Much noise.
        Noise = "noise",
    }
}

closed_list! {
    /// What someone needs in order to work. It reveals health, so it is sealed away in intake: never in
    /// an event, score, counter or the open file (DESIGN rule 3).
    Need {
        /// Someone who helps at work.
        JobCoach = "job_coach",
        /// A quiet place.
        QuietPlace = "quiet_place",
        /// An interpreter.
        Interpreter = "interpreter",
        /// A sign-language interpreter.
        SignInterpreter = "sign_interpreter",
        /// A lift, no steps, room for a wheelchair.
        StepFree = "step_free",
        /// Beginning with fewer hours.
        PhasedStart = "phased_start",
        /// More breaks.
        MoreBreaks = "more_breaks",
        /// Large letters or a screen reader.
        VisualAids = "visual_aids",
        /// A seat.
        Seat = "seat",
        /// Transport to the work.
        Transport = "transport",
    }
}

impl Need {
    /// The offer of an opening that meets this need, if there is one in the list of offers.
    pub const fn met_by(self) -> Option<Support> {
        match self {
            Self::JobCoach => Some(Support::JobCoach),
            Self::QuietPlace => Some(Support::QuietPlace),
            Self::Interpreter => Some(Support::Interpreter),
            Self::StepFree => Some(Support::StepFree),
            Self::PhasedStart => Some(Support::PhasedStart),
            Self::Transport => Some(Support::Transport),
            Self::SignInterpreter | Self::MoreBreaks | Self::VisualAids | Self::Seat => None,
        }
    }
}

closed_list! {
    /// From what someone lives, as she tells it; asked because the region must know whom it reaches and
    /// which schemes fit. Optional, never used to rank (DOMAIN section 4).
    Benefit {
        /// No benefit.
        None = "none",
        /// Social assistance (bijstand).
        SocialAssistance = "social_assistance",
        /// Unemployment benefit (WW).
        Unemployment = "unemployment",
        /// A benefit because of illness or disability (WIA, WAO, Wajong, Ziektewet).
        Disability = "disability",
        /// Another benefit.
        Other = "other",
    }
}

/// A benefit as told, and as confirmed: two things that are never mixed (STANDARDS section 8: only the
/// municipality or UWV can state it).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Background {
    /// What she says.
    pub says: Benefit,
    /// What an organisation confirmed, if one did.
    pub confirmed: Option<ConfirmedBenefit>,
}

/// A confirmation of a benefit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmedBenefit {
    /// What is confirmed.
    pub benefit: Benefit,
    /// By which organisation.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Asks for everything a person told us, for her own page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MyDetails {
    /// The person. She herself may ask, and a helper whose access runs; a helper gets neither needs nor
    /// background nor the other helpers.
    pub seeker_id: SeekerId,
}

/// What a person told us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// Her name or nickname.
    pub name: String,
    /// Her telephone number (E.164) or e-mail address; `None` for someone who gets letters.
    pub contact: Option<String>,
    /// A number of somebody who knows where she is.
    #[serde(default)]
    pub second_number: Option<SecondNumber>,
    /// What she likes best.
    pub channel: Channel,
    /// Her language.
    pub language: Language,
    /// What she wants and can; nothing yet from who only signed up for a queue.
    #[serde(default)]
    pub wishes: Option<Wishes>,
    /// What she needs.
    pub needs: Vec<Need>,
    /// From what she lives, if she told.
    pub background: Option<Background>,
    /// Where she came in, if she told and agreed that it is kept.
    pub entry_point: Option<String>,
    /// Her yes and no per purpose, as last given.
    pub consents: Vec<Consent>,
    /// The version of the profile that the matcher works with; compare with a list of proposals.
    pub profile_version: i64,
    /// Whether she takes part now.
    pub availability: Availability,
    /// By which channel she gets the weekly digest; `None` for none.
    pub digest: Option<Channel>,
    /// Who may help her, newest first, ended ones included for 90 days.
    pub helpers: Vec<HelperAccess>,
    /// Her referrals, newest first.
    pub referrals: Vec<ReferralView>,
    /// Employers that may see her contact now, newest first; empty for a helper.
    #[serde(default)]
    pub shares: Vec<ContactShare>,
}

impl Details {
    /// What she told so far that she wants; everything is open, and the postcode empty, while she told nothing.
    pub fn wishes_so_far(&self) -> Wishes {
        self.wishes.clone().unwrap_or_default()
    }
}

/// Whether someone takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "availability", rename_all = "snake_case")]
pub enum Availability {
    /// She is looking.
    Looking {
        /// Since when we ask whether she still is; `None` while we do not ask.
        asked_at: Option<DateTime<Utc>>,
    },
    /// Not now: nobody is shown her profile and she gets no messages about work.
    Paused {
        /// She takes part again from this day on by herself; `None` until she says so.
        until: Option<NaiveDate>,
        /// Whether the pause came because she did not answer "still looking?".
        by_silence: bool,
    },
}

/// Changes what someone wants and can. Her profile follows at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeWishes {
    /// The person. She herself may, and a helper whose access runs.
    pub seeker_id: SeekerId,
    /// All of her wishes as they are now.
    pub wishes: Sealed<Wishes>,
}

/// Changes what someone needs. Sealed away in intake; no event says that there are any.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeNeeds {
    /// The person; only she herself may change it.
    pub seeker_id: SeekerId,
    /// All of her needs as they are now, each once.
    pub needs: Sealed<Vec<Need>>,
}

/// Changes background: from what she lives, and where she came in. Refused without consent for figures.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeBackground {
    /// The person; only she herself may change it.
    pub seeker_id: SeekerId,
    /// What she tells now.
    pub told: Sealed<ToldBackground>,
}

/// Background as someone tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldBackground {
    /// From what she lives; `None` takes it back.
    pub benefit: Option<Benefit>,
    /// Where she came in, a code such as `library`; `None` takes it back.
    pub entry_point: Option<String>,
}

/// Confirms someone's benefit for an organisation that can know. An account manager of her region may,
/// when she agreed that an adviser thinks along.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConfirmBackground {
    /// The person.
    pub open_file_id: crate::OpenFileId,
    /// What is confirmed; sealed, because it is about a person.
    pub benefit: Sealed<Benefit>,
    /// The organisation.
    pub organisation: String,
}

/// Changes her name, language or how she likes to be reached. A new contact goes by
/// [`super::ChangeContact`], because it needs a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeIdentity {
    /// The person; only she herself may change it.
    pub seeker_id: SeekerId,
    /// What it is now.
    pub identity: Sealed<ToldIdentity>,
}

/// Name, channel and language as someone tells them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToldIdentity {
    /// Her name or nickname.
    pub name: String,
    /// What she likes best; must suit the contact.
    pub channel: Channel,
    /// Her language.
    pub language: Language,
}

/// Asks for a code to a new contact. [`super::ConfirmCode`] with it makes the contact hers; the old one
/// is told.
///
/// # Errors
/// `old-contact-first`: who has a contact of her own shows first that it is still hers ([`super::ReleaseContact`]).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeContact {
    /// The person; only she herself may change it.
    pub seeker_id: SeekerId,
    /// The new contact, as typed.
    pub contact: Sealed<String>,
}
