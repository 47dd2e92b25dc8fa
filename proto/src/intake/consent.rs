//! Yes and no: per purpose, with text version, moment and channel; withdrawn as easily as given.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ChallengeId, EmployerId, OpenFileId, ProposalId, Role, Sealed, SeekerId, TicketId, work::closed_list,
};

closed_list! {
    /// Purposes a person says yes or no to, each by itself.
    Purpose {
        /// "Werkgevers mogen mijn profiel zien, zonder naam."
        OpenFile = "open_file",
        /// "Een adviseur mag met mij meedenken."
        Adviser = "adviser",
        /// "Bewaar hoe ik hier kwam, voor de cijfers."
        Figures = "figures",
    }
}

/// How a yes or no was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum ConsentGiven {
    /// By herself, on her own page.
    Herself,
    /// With a helper, by a code from her own telephone or mailbox.
    Code {
        /// The request for the code.
        challenge_id: ChallengeId,
        /// The code as she read it out; checked in the same transaction. Sealed to intake.
        code: Sealed<String>,
    },
    /// The texts were read aloud and she said yes, in a call of which there is a record.
    ReadAloud {
        /// Where the record is, e.g. a call number; 3 to 120 characters, no personal data.
        record: String,
    },
    /// She signed on paper.
    Paper {
        /// Where the paper is kept; 3 to 120 characters, no personal data.
        kept_at: String,
        /// When she signed; not in the future.
        signed_on: NaiveDate,
    },
}

/// A yes or no.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Since when.
    pub at: DateTime<Utc>,
    /// Which text she saw or heard.
    pub text_version: String,
    /// How it was given: `herself`, `code`, `read_aloud`, `paper`.
    pub how: String,
    /// The organisation that helped, if one did.
    pub with_help_of: Option<String>,
}

/// Says yes or no to one purpose, with effect at once.
///
/// She herself may say either. A helper whose access runs may pass on a no as it is, and a yes only with
/// [`ConsentGiven::Code`], [`ConsentGiven::ReadAloud`] or [`ConsentGiven::Paper`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetConsent {
    /// The person.
    pub seeker_id: SeekerId,
    /// For what.
    pub purpose: Purpose,
    /// Yes or no.
    pub given: bool,
    /// Which text she saw or heard.
    pub text_version: String,
    /// How she said it.
    pub how: ConsentGiven,
}

/// Whose contact data are asked for, and on what ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "ground", rename_all = "snake_case")]
pub enum ContactGround {
    /// Someone who agreed that an adviser thinks along. An account manager of her region may.
    Adviser {
        /// Her id in the open file.
        open_file_id: OpenFileId,
    },
    /// Someone who shared her contact with an employer for one job ([`ShareContact`]).
    Shared {
        /// The proposal she said yes to.
        proposal_id: ProposalId,
    },
    /// Someone with an open offer, who has to be called about it: account managers.
    Offer {
        /// Her place in line.
        ticket_id: TicketId,
    },
    /// Someone who begins at the caller's employer: from her yes until 28 days after her first day, her no or its lapse.
    Beginner {
        /// Her place in line.
        ticket_id: TicketId,
    },
}

closed_list! {
    /// For what contact data are opened. Shown to her in these words.
    ContactPurpose {
        /// To talk about work.
        TalkAboutWork = "talk_about_work",
        /// To make an appointment with an employer.
        Appointment = "appointment",
        /// To ask about an offer of work.
        Offer = "offer",
        /// The same, on the second number that she gave.
        SecondNumber = "second_number",
        /// To prepare the first working day.
        FirstDay = "first_day",
        /// To put her in line for work, together with her.
        InLine = "in_line",
        /// To correct something in her data.
        Correction = "correction",
        /// To give her another contact: her telephone was lost ([`super::ContactReason`]).
        PhoneLost = "phone_lost",
        /// The same: the old contact exists no more.
        OldEnded = "old_ended",
        /// The same: it was written down wrongly.
        Miswritten = "miswritten",
    }
}

/// Opens contact data, for one person and one purpose. A command, because it is written down and shown
/// to her; refused without a ground that holds at this moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenContact {
    /// Whose, and why that is allowed.
    pub ground: ContactGround,
    /// For what.
    pub purpose: ContactPurpose,
    /// The organisation of who looks, as she will read it.
    pub organisation: String,
}

/// How to reach a person. Travels only inside [`Sealed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Her name or nickname.
    pub name: String,
    /// Her telephone number (E.164) or e-mail address; `None` for someone who gets letters.
    pub contact: Option<String>,
    /// A number of somebody who knows where she is; only for [`ContactPurpose::SecondNumber`].
    #[serde(default)]
    pub second_number: Option<super::SecondNumber>,
    /// What she likes best.
    pub channel: crate::work::Channel,
    /// Her language.
    pub language: crate::work::Language,
    /// What she wants her adviser to know; empty for anyone else.
    #[serde(default)]
    pub remark: String,
}

/// Lets one employer see her name and contact for one job, until 28 days later or until she takes it
/// back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShareContact {
    /// The person; only she herself may.
    pub seeker_id: SeekerId,
    /// The proposal she said yes to.
    pub proposal_id: ProposalId,
    /// The employer of the opening.
    pub employer_id: EmployerId,
    /// Share, or take back.
    pub share: bool,
}

/// An employer that may see her name and contact for one job ([`ShareContact`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactShare {
    /// The proposal she said yes to.
    pub proposal_id: ProposalId,
    /// The employer.
    pub employer_id: EmployerId,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Someone looked at her contact data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLook {
    /// When.
    pub at: DateTime<Utc>,
    /// In which role.
    pub role: Role,
    /// Of which organisation.
    pub organisation: String,
    /// For what.
    pub purpose: ContactPurpose,
}

/// What became of a yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ConsentOutcome {
    /// Written down and in effect.
    Done,
    /// Not that code; it may be typed again.
    WrongCode {
        /// How many tries are left, 1 to 4.
        tries_left: u8,
    },
    /// Too old, used, tried too often or never sent: ask for a new one.
    CodeExpired,
}

/// Asks how to reach people, at the moment of sending; at most 500, answered one for one. `None` for who is gone, gets
/// letters only or, unless they wait for it, is paused by silence.
///
/// # Errors
/// `too-many-people`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReachOf {
    /// The people.
    pub seeker_ids: Vec<SeekerId>,
    /// Whether they stand in line for what they are told: then silence does not keep it from them.
    #[serde(default)]
    pub waits_for_it: bool,
}
