//! What can happen in a queue: the entries of its ledger, as docs/queue-ledger.md has them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SubsecRound as _, Utc};
use proto::{PlaceId, TicketId, open_hiring::WentWrong};
use serde::{Deserialize, Serialize, Serializer};

/// One thing that happened, and when it was durably accepted. Its JSON text is what the ledger commits to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The moment of the transaction that accepted it.
    #[serde(serialize_with = "milliseconds")]
    pub at: DateTime<Utc>,
    /// What happened.
    #[serde(flatten)]
    pub what: What,
}

impl Entry {
    /// This happened at this moment.
    pub fn new(at: DateTime<Utc>, what: What) -> Self {
        Self { at: Self::moment(at), what }
    }

    /// A moment as far as the ledger tells moments apart.
    pub fn moment(at: DateTime<Utc>) -> DateTime<Utc> {
        at.trunc_subsecs(3)
    }

    /// Its text in the ledger.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("entries are ids, numbers and codes")
    }
}

fn milliseconds<S: Serializer>(moment: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&moment.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The queue is there.
    QueueOpened {
        /// From when on people sign up.
        #[serde(serialize_with = "milliseconds")]
        opens_at: DateTime<Utc>,
    },
    /// A place of work.
    PlaceAdded {
        /// Which.
        place: PlaceId,
        /// The first working day.
        first_day: NaiveDate,
    },
    /// The employer takes a place back; one that is offered or given away leaves once it is free again.
    PlaceWithdrawn {
        /// Which.
        place: PlaceId,
        /// Why, as everyone reads it: a code.
        reason: String,
    },
    /// No offers for now.
    OffersStopped {
        /// Why: a code.
        reason: String,
    },
    /// Offers are made again.
    OffersGoOn {},
    /// Nobody signs up any more, and no place is offered.
    QueueClosed {
        /// Why: a code.
        reason: String,
    },
    /// Somebody stands in line.
    SignedUp {
        /// Which.
        ticket: TicketId,
        /// Her number: the order of durable acceptance.
        number: u32,
    },
    /// Her number or address is hers.
    Confirmed {
        /// Which.
        ticket: TicketId,
    },
    /// Nobody confirmed in time.
    Unconfirmed {
        /// Which.
        ticket: TicketId,
    },
    /// Another number or address.
    ContactChanged {
        /// Which.
        ticket: TicketId,
        /// Until then no offer goes to it.
        #[serde(serialize_with = "milliseconds")]
        no_offer_before: DateTime<Utc>,
    },
    /// A place is hers until then.
    Offered {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
        /// Until when she answers.
        #[serde(serialize_with = "milliseconds")]
        until: DateTime<Utc>,
    },
    /// She begins.
    SaidYes {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// She does not want this work.
    SaidNo {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// She wants the work and not on that day.
    NotThatDay {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
        /// The day on which she cannot.
        first_day: NaiveDate,
    },
    /// On which first days she cannot begin, whatever was said before.
    RefusesDays {
        /// Which.
        ticket: TicketId,
        /// Those days; none: any day will do.
        days: BTreeSet<NaiveDate>,
    },
    /// Not now, later she does.
    SaidLater {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// The time to answer is over.
    NoAnswer {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// Nobody could reach her.
    NotReached {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// An offer was taken back for a labour conflict.
    OfferEnded {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// By herself.
    Paused {
        /// Which.
        ticket: TicketId,
    },
    /// She takes part again.
    GoesOn {
        /// Which.
        ticket: TicketId,
    },
    /// She leaves the line.
    SteppedDown {
        /// Which.
        ticket: TicketId,
    },
    /// She undoes that, or her no.
    CameBack {
        /// Which.
        ticket: TicketId,
    },
    /// After her yes she cannot after all.
    GaveBack {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// Her first day.
    Started {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// She did not come.
    NoShow {
        /// Which.
        ticket: TicketId,
        /// Which place.
        place: PlaceId,
    },
    /// Its person was erased.
    PlaceFreed {
        /// Which.
        place: PlaceId,
    },
    /// Something was written down wrongly; what was meant follows.
    Corrected {
        /// Which.
        ticket: TicketId,
        /// Why, as she reads it: a code.
        reason: String,
    },
    /// How it ended was written down wrongly: she stands in line again.
    SetRight {
        /// Which.
        ticket: TicketId,
        /// The place at which she was said to have begun.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<PlaceId>,
        /// What went wrong, as she reads it.
        reason: WentWrong,
    },
}

impl What {
    /// The ticket that it is about.
    pub const fn ticket(&self) -> Option<TicketId> {
        match self {
            Self::QueueOpened { .. }
            | Self::PlaceAdded { .. }
            | Self::PlaceWithdrawn { .. }
            | Self::OffersStopped { .. }
            | Self::OffersGoOn {}
            | Self::QueueClosed { .. }
            | Self::PlaceFreed { .. } => None,
            Self::SignedUp { ticket, .. }
            | Self::Confirmed { ticket }
            | Self::Unconfirmed { ticket }
            | Self::ContactChanged { ticket, .. }
            | Self::Offered { ticket, .. }
            | Self::SaidYes { ticket, .. }
            | Self::SaidNo { ticket, .. }
            | Self::NotThatDay { ticket, .. }
            | Self::RefusesDays { ticket, .. }
            | Self::SaidLater { ticket, .. }
            | Self::NoAnswer { ticket, .. }
            | Self::NotReached { ticket, .. }
            | Self::OfferEnded { ticket, .. }
            | Self::Paused { ticket }
            | Self::GoesOn { ticket }
            | Self::SteppedDown { ticket }
            | Self::CameBack { ticket }
            | Self::GaveBack { ticket, .. }
            | Self::Started { ticket, .. }
            | Self::NoShow { ticket, .. }
            | Self::Corrected { ticket, .. }
            | Self::SetRight { ticket, .. } => Some(*ticket),
        }
    }

    /// The place that it is about.
    pub const fn place(&self) -> Option<PlaceId> {
        match self {
            Self::PlaceAdded { place, .. }
            | Self::PlaceWithdrawn { place, .. }
            | Self::PlaceFreed { place }
            | Self::Offered { place, .. }
            | Self::SaidYes { place, .. }
            | Self::SaidNo { place, .. }
            | Self::NotThatDay { place, .. }
            | Self::SaidLater { place, .. }
            | Self::NoAnswer { place, .. }
            | Self::NotReached { place, .. }
            | Self::OfferEnded { place, .. }
            | Self::GaveBack { place, .. }
            | Self::Started { place, .. }
            | Self::NoShow { place, .. } => Some(*place),
            Self::SetRight { place, .. } => *place,
            Self::QueueOpened { .. }
            | Self::OffersStopped { .. }
            | Self::OffersGoOn {}
            | Self::QueueClosed { .. }
            | Self::SignedUp { .. }
            | Self::Confirmed { .. }
            | Self::Unconfirmed { .. }
            | Self::ContactChanged { .. }
            | Self::RefusesDays { .. }
            | Self::Paused { .. }
            | Self::GoesOn { .. }
            | Self::SteppedDown { .. }
            | Self::CameBack { .. }
            | Self::Corrected { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_entry_is_written_as_the_ledger_page_says() {
        let ticket = TicketId(Uuid::from_u128(7));
        let at = "2026-12-07T09:00:00.123456Z".parse().unwrap();
        let entry = Entry::new(at, What::SignedUp { ticket, number: 1 });
        let text = r#"{"at":"2026-12-07T09:00:00.123Z","what":"signed_up","ticket":"00000000-0000-0000-0000-000000000007","number":1}"#;
        assert_eq!(entry.text(), text);
        assert_eq!(serde_json::from_str::<Entry>(text).unwrap(), entry);
        let goes_on = Entry::new(at, What::OffersGoOn {});
        assert_eq!(goes_on.text(), r#"{"at":"2026-12-07T09:00:00.123Z","what":"offers_go_on"}"#);
        assert_eq!(serde_json::from_str::<Entry>(&goes_on.text()).unwrap(), goes_on);
        let days = ["2026-12-14", "2026-12-07"].map(|day| day.parse().unwrap());
        let refuses = Entry::new(at, What::RefusesDays { ticket, days: days.into() });
        let text = r#"{"at":"2026-12-07T09:00:00.123Z","what":"refuses_days","ticket":"00000000-0000-0000-0000-000000000007","days":["2026-12-07","2026-12-14"]}"#;
        assert_eq!(refuses.text(), text);
        assert_eq!(serde_json::from_str::<Entry>(text).unwrap(), refuses);
        let place = Some(PlaceId(Uuid::from_u128(8)));
        for (place, named) in [(None, ""), (place, r#""place":"00000000-0000-0000-0000-000000000008","#)] {
            let set_right = Entry::new(at, What::SetRight { ticket, place, reason: WentWrong::OtherPerson });
            let text = format!(
                r#"{{"at":"2026-12-07T09:00:00.123Z","what":"set_right","ticket":"00000000-0000-0000-0000-000000000007",{named}"reason":"other_person"}}"#
            );
            assert_eq!(set_right.text(), text);
            assert_eq!(serde_json::from_str::<Entry>(&text).unwrap(), set_right);
        }
    }
}
