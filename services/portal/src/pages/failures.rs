//! When something does not go as asked: what happened, what is safe, what to do now.

use askama::Template;

use crate::pages::Layout;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// 400: the request made no sense.
    NotUnderstood,
    /// 403: this reader may not see this.
    NoAccess,
    /// 404
    NotFound,
    /// 405: this page cannot do that.
    WrongMethod,
    /// 409: someone else changed it meanwhile.
    Changed,
    /// 410
    Gone,
    /// 413: too large.
    TooLarge,
    /// 429: too often; wait so many minutes.
    TooOften {
        /// At least 1.
        minutes: u32,
    },
    /// 500
    OurFault,
    /// 503: busy or being repaired.
    NotNow,
    /// The session ended; sign in again.
    SessionEnded {
        /// Whether it was a session of staff.
        staff: bool,
    },
}

impl Happened {
    /// Every kind, for tests and previews.
    pub const ALL: [Self; 12] = [
        Self::NotUnderstood,
        Self::NoAccess,
        Self::NotFound,
        Self::WrongMethod,
        Self::Changed,
        Self::Gone,
        Self::TooLarge,
        Self::TooOften { minutes: 12 },
        Self::OurFault,
        Self::NotNow,
        Self::SessionEnded { staff: false },
        Self::SessionEnded { staff: true },
    ];

    /// The status of the answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::NotUnderstood => 400,
            Self::NoAccess => 403,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::Changed => 409,
            Self::Gone => 410,
            Self::TooLarge => 413,
            Self::TooOften { .. } => 429,
            Self::OurFault => 500,
            Self::NotNow => 503,
            Self::SessionEnded { .. } => 401,
        }
    }
}

/// A page that says what happened.
#[derive(Debug, Clone, Template)]
#[template(path = "failure.html")]
pub struct Failure {
    /// What every page shares.
    pub l: Layout,
    /// What happened.
    pub happened: Happened,
    /// The code of the service's answer behind it; empty without one. Some have a heading or a sentence of their own.
    pub code: String,
    /// The id of the request, for who calls us about it.
    pub request_id: String,
}

impl Failure {
    /// The heading.
    pub fn title(&self) -> String {
        if let Some(own) = self.l.t.find(&format!("problem-title-{}", self.code), &[]) {
            return own;
        }
        self.l.t.get(match self.happened {
            Happened::NotUnderstood => "failure-title-not-understood",
            Happened::NoAccess => "failure-title-no-access",
            Happened::NotFound => "failure-title-not-found",
            Happened::WrongMethod => "failure-title-wrong-method",
            Happened::Changed => "failure-title-changed",
            Happened::Gone => "failure-title-gone",
            Happened::TooLarge => "failure-title-too-large",
            Happened::TooOften { .. } => "failure-title-too-often",
            Happened::OurFault => "failure-title-our-fault",
            Happened::NotNow => "failure-title-not-now",
            Happened::SessionEnded { .. } => "failure-title-session",
        })
    }

    /// What happened and what is safe.
    pub fn text(&self) -> String {
        let t = self.l.t;
        if let Some(own) = t.find(&format!("problem-{}", self.code), &[]) {
            return own;
        }
        match self.happened {
            Happened::NotUnderstood => t.get("failure-text-not-understood"),
            Happened::NoAccess => t.get("failure-text-no-access"),
            Happened::NotFound => t.get("failure-text-not-found"),
            Happened::WrongMethod => t.get("failure-text-wrong-method"),
            Happened::Changed => t.get("failure-text-changed"),
            Happened::Gone => t.get("failure-text-gone"),
            Happened::TooLarge => t.get("failure-text-too-large"),
            Happened::TooOften { minutes } => t.one("failure-text-too-often", "minutes", minutes),
            Happened::OurFault => t.get("failure-text-our-fault"),
            Happened::NotNow => t.get("failure-text-not-now"),
            Happened::SessionEnded { .. } => t.get("failure-text-session"),
        }
    }

    /// What to do now: an address and its words.
    pub fn next(&self) -> (String, String) {
        let t = self.l.t;
        match self.happened {
            Happened::SessionEnded { staff: true } => {
                ("/personeel/inloggen".to_owned(), t.get("failure-next-sign-in"))
            }
            Happened::SessionEnded { staff: false } => {
                ("/inloggen".to_owned(), t.get("failure-next-sign-in"))
            }
            Happened::OurFault | Happened::NotNow | Happened::TooOften { .. } | Happened::Changed => {
                (self.l.path.clone(), t.get("failure-next-again"))
            }
            _ => (self.l.home().to_owned(), t.get("failure-next-start")),
        }
    }

    /// Whether the id of the request helps who calls us.
    pub fn shows_request(&self) -> bool {
        matches!(self.happened, Happened::OurFault | Happened::NotNow | Happened::NotUnderstood)
            && !self.request_id.is_empty()
    }
}
