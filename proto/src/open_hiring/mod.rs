//! Open Hiring: queues in which who comes first, begins first.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    AccountId, CallTaskId, EmployerId, OpeningId, PlaceId, QueueId, SeekerId, TicketId, call::calls,
    work::closed_list,
};

mod facts;
mod texting;

pub use facts::*;
pub use texting::*;

calls! { OpenHiring {
    command "open_queue": OpenQueue => QueueView, from Portal;
    command "change_queue": ChangeQueue => QueueView, from Portal;
    command "sign_up": SignUp => Vec<SignedUp>, from Portal;
    command "answer_offer": AnswerOffer => TicketView, from Portal;
    command "answer_by_text": AnswerByText => TextTaken, from Portal;
    command "change_ticket": ChangeTicket => TicketView, from Portal;
    command "choose_days": ChooseDays => TicketView, from Portal;
    command "tell_first_day": TellFirstDay => (), from Portal;
    command "set_right": SetRight => (), from Portal;
    command "report_call": ReportCall => (), from Portal;
    query "queue": QueueOf => Option<QueueView>, from Portal;
    query "my_tickets": MyTickets => Vec<TicketView>, from Portal;
    query "ticket": TicketOf => TicketView, from Portal;
    query "receipt": ReceiptOf => Option<Receipt>, from Portal;
    query "line": LineOf => LinePage, from Portal;
    query "who_begins": WhoBegins => Vec<Beginner>, from Portal;
    query "heads": HeadsOf => HeadsPage, from Portal;
    query "ledger": LedgerOf => LedgerPage, from Portal;
    query "call_tasks": CallTasks => Vec<CallTask>, from Portal;
} }

impl QueueId {
    /// The queue of an opening. An opening has one, so it has the same number: whoever knows the one knows the other.
    pub const fn of(opening_id: OpeningId) -> Self {
        Self(opening_id.0)
    }

    /// The opening that people queue for.
    pub const fn opening(self) -> OpeningId {
        OpeningId(self.0)
    }
}

closed_list! {
    /// Whether a queue makes offers.
    QueueStage {
        /// It does.
        Running = "running",
        /// Not for now.
        Stopped = "stopped",
        /// It is over.
        Closed = "closed",
    }
}

closed_list! {
    /// Why an employer takes a place back, or a queue makes no offers or is over; everyone reads it.
    ChangeReason {
        /// A labour conflict: nobody may be sent there (Waadi art. 10).
        LabourConflict = "labour_conflict",
        /// There is less work than expected.
        LessWork = "less_work",
        /// The place of work closes, or is not ready.
        PlaceOfWork = "place_of_work",
        /// The employer ended its opening.
        OpeningEnded = "opening_ended",
        /// The employer shows its opening to nobody for a while.
        OpeningPaused = "opening_paused",
        /// The platform was put back to an earlier moment: nobody is asked before somebody has looked at it.
        Restored = "restored",
        /// Something was written down wrongly.
        Mistake = "mistake",
    }
}

/// Places that begin on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstDay {
    /// The first working day; after today.
    pub on: NaiveDate,
    /// How many people begin that day, 1 to 999.
    pub places: u16,
}

/// How long somebody has to answer: hours that count on working days only, between two full hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerHours {
    /// Hours that count, 1 to 120.
    pub hours: u16,
    /// From which hour of the day, 0 to 23.
    pub from: u8,
    /// Until which hour of the day, 1 to 24.
    pub until: u8,
}

/// Opens the queue of an opening. Its account manager or its employer may. Again with the same words: nothing changes.
///
/// # Errors
/// `opening-unknown`, `opening-not-open` (not published, or another route), `queue-exists`, and field problems.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenQueue {
    /// The opening.
    pub opening_id: OpeningId,
    /// From when on people sign up; a moment that has passed means now. At most a year ahead.
    pub opens_at: DateTime<Utc>,
    /// How long somebody has to answer.
    pub answer_hours: AnswerHours,
    /// Whether people may stand in line for places that are not there yet.
    pub is_standing: bool,
    /// First days, each once, at most 20.
    pub first_days: Vec<FirstDay>,
}

/// Changes a queue. Its account manager or its employer may.
///
/// # Errors
/// `queue-unknown`, `queue-closed`, `place-unknown`, `place-started`, and field problems.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeQueue {
    /// The opening.
    pub opening_id: OpeningId,
    /// What changes.
    pub change: QueueChange,
}

/// A change of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum QueueChange {
    /// More places.
    AddPlaces {
        /// First days, each once, at most 20.
        first_days: Vec<FirstDay>,
    },
    /// One place less. An offer that is out is honoured, and so is a yes.
    WithdrawPlace {
        /// Which.
        place_id: PlaceId,
        /// Why; everyone reads it.
        reason: ChangeReason,
    },
    /// No offers for now; for a labour conflict offers that are out end too.
    StopOffers {
        /// Why; everyone reads it.
        reason: ChangeReason,
    },
    /// Offers are made again.
    GoOn {},
    /// It is over. Offers that are out are honoured.
    Close {
        /// Why; everyone reads it.
        reason: ChangeReason,
    },
}

/// A place of work, as everyone sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceView {
    /// Which.
    pub place_id: PlaceId,
    /// The first working day.
    pub first_day: NaiveDate,
    /// Whether it is free.
    pub state: PlaceState,
    /// Whether it is free and begins so soon that nobody is asked any more.
    pub too_soon: bool,
    /// Why the employer took it back, if it did.
    pub withdrawn_for: Option<ChangeReason>,
}

closed_list! {
    /// Whose a place of work is.
    PlaceState {
        /// Nobody's.
        Free = "free",
        /// It is offered.
        Offered = "offered",
        /// Somebody said yes.
        Taken = "taken",
        /// Somebody began.
        Started = "started",
        /// The employer took it back.
        Withdrawn = "withdrawn",
    }
}

/// Asks how a queue stands: for everyone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct QueueOf {
    /// The opening.
    pub opening_id: OpeningId,
}

/// A queue, as everyone may see it. Nothing in it is about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueView {
    /// Which.
    pub queue_id: QueueId,
    /// Whose opening it is.
    pub employer_id: EmployerId,
    /// Labour-market region of the work.
    pub region: String,
    /// Raised at each change of its settings and places.
    pub version: i64,
    /// From when on people sign up.
    pub opens_at: DateTime<Utc>,
    /// The server's moment of this answer: nobody decides by another clock.
    pub now: DateTime<Utc>,
    /// How long somebody has to answer.
    pub answer_hours: AnswerHours,
    /// Whether people may stand in line for places that are not there yet.
    pub is_standing: bool,
    /// Whether it makes offers.
    pub stage: QueueStage,
    /// Why it makes none, or is over.
    pub reason: Option<ChangeReason>,
    /// Whether somebody can sign up at this moment, and why not.
    pub admits: Admits,
    /// Its places, the earliest first day first.
    pub places: Vec<PlaceView>,
    /// How many people wait for an offer; those who pause are not counted.
    pub waiting: u32,
    /// How many were asked in each of the last four whole weeks, the last one first; fewer if it is not open so long.
    pub asked_per_week: Vec<u32>,
}

closed_list! {
    /// Whether somebody can sign up.
    Admits {
        /// Yes.
        Yes = "yes",
        /// It opens later.
        NotOpenYet = "not_open_yet",
        /// Every place is given away, and nobody stands in line for later ones.
        Full = "full",
        /// It is over.
        Closed = "closed",
    }
}

/// By which ways somebody can be reached about an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Ways {
    /// Messages reach her: a mobile number or an e-mail address.
    pub message: bool,
    /// Somebody can call her.
    pub call: bool,
    /// There is a second number.
    pub second_number: bool,
    /// She agreed to an adviser.
    pub adviser: bool,
}

/// Puts people in the lines that they want, in this order, in one transaction; at most 500. Answered one for one: what is
/// wrong with one of them is her answer and nobody else's. The portal itself asks, for what came in together.
///
/// # Errors
/// `too-many-people`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignUp {
    /// Who, in order of arrival.
    pub people: Vec<Arrival>,
}

/// Somebody who wants a place in line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrival {
    /// For which opening.
    pub opening_id: OpeningId,
    /// Who.
    pub seeker_id: SeekerId,
    /// Whether we know that it is she: she is signed in, or stands at a desk. Otherwise a code must come back.
    pub is_confirmed: bool,
    /// How to reach her.
    pub ways: Ways,
    /// Who signed her up at a desk or by phone, if she did not herself.
    pub with_help_of: Option<AccountId>,
    /// On which first days she wants to begin ([`ChooseDays`]); none: any day will do, or what she said before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub first_days: Vec<NaiveDate>,
}

/// What became of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum SignedUp {
    /// She stands in line.
    InLine {
        /// Her place in line.
        ticket_id: TicketId,
        /// Its number.
        number: u32,
        /// Whether she did already.
        already: bool,
    },
    /// It opens later.
    NotOpenYet {
        /// When.
        opens_at: DateTime<Utc>,
    },
    /// Every place is given away.
    Full,
    /// It is over.
    Closed,
    /// The opening has no line.
    NoLine,
    /// She was erased.
    Gone,
}

closed_list! {
    /// Where a ticket stands.
    TicketState {
        /// In line.
        Waiting = "waiting",
        /// A place is hers until a moment.
        Offered = "offered",
        /// She begins.
        Yes = "yes",
        /// Not now; she keeps her number.
        Paused = "paused",
        /// She had her first day.
        Started = "started",
        /// Over.
        Ended = "ended",
    }
}

closed_list! {
    /// What last happened to a ticket; each is an entry of the ledger of its queue (docs/queue-ledger.md).
    TicketStep {
        /// She signed up.
        SignedUp = "signed_up",
        /// Her number or address is hers.
        Confirmed = "confirmed",
        /// Nobody confirmed in 48 hours.
        Unconfirmed = "unconfirmed",
        /// Another number or address.
        ContactChanged = "contact_changed",
        /// A place is hers until a moment.
        Offered = "offered",
        /// She begins.
        SaidYes = "said_yes",
        /// She does not want this work.
        SaidNo = "said_no",
        /// Not on that day.
        NotThatDay = "not_that_day",
        /// On which first days she cannot begin.
        RefusesDays = "refuses_days",
        /// Not now.
        SaidLater = "said_later",
        /// The time to answer is over.
        NoAnswer = "no_answer",
        /// Nobody could reach her.
        NotReached = "not_reached",
        /// The offer ended for a labour conflict.
        OfferEnded = "offer_ended",
        /// By herself.
        Paused = "paused",
        /// She takes part again.
        GoesOn = "goes_on",
        /// She left the line.
        SteppedDown = "stepped_down",
        /// She undid that.
        CameBack = "came_back",
        /// After her yes she cannot after all.
        GaveBack = "gave_back",
        /// Her first day.
        Started = "started",
        /// She did not come.
        NoShow = "no_show",
        /// Something was written down wrongly.
        Corrected = "corrected",
        /// What was said about her was wrong: she stands in line again.
        SetRight = "set_right",
        /// The queue closed while she stood in it.
        QueueClosed = "queue_closed",
    }
}

/// What somebody says to an offer. She herself, or a member of staff who has her on the phone or at the desk.
///
/// # Errors
/// `ticket-unknown`; `answer-too-late` (with her number: it stays hers), `no-offer`, `said-yes`, `ticket-over`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerOffer {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// The place that was offered: an answer to an earlier offer is not taken for one to a later offer.
    pub place_id: PlaceId,
    /// What she says.
    pub answer: Answer,
}

/// What somebody says to an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// "Ja, ik begin." What the law asks was told before and is confirmed by this.
    Yes {
        /// Whether she leaves the other lines in which she stands. She comes back to her own numbers until her first day.
        leave_others: bool,
    },
    /// "Nee, dit niet."
    No,
    /// "Ja, maar niet op die dag."
    NotThatDay,
    /// "Nu niet, later wel."
    Later,
}

/// What somebody wants of her ticket. She herself, or a member of staff who has her on the phone or at the desk.
///
/// # Errors
/// `ticket-unknown`; `answer-first`, `said-yes`, `ticket-over`, `not-yet`, `answer-too-late`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ChangeTicket {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// What she wants.
    pub wish: TicketWish,
}

closed_list! {
    /// What somebody wants of her ticket.
    TicketWish {
        /// "Even pauze."
        Pause = "pause",
        /// "Weer meedoen."
        GoOn = "go_on",
        /// "Uit de rij gaan."
        StepDown = "step_down",
        /// "Terugdraaien."
        ComeBack = "come_back",
        /// "Kunt u toch niet?", after a yes.
        GiveBack = "give_back",
    }
}

/// Says on which first days somebody wants to begin, in place of what was said before. She herself, or a member of staff who
/// has her on the phone or at the desk. In line or on pause; she keeps her number, and is asked about those days only.
///
/// # Errors
/// `ticket-unknown`; `answer-first`, `said-yes`, `ticket-over`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChooseDays {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// Those days; none: any day will do. What is no first day of the line any more is left out.
    pub first_days: Vec<NaiveDate>,
}

/// Says whether somebody was there on her first day. The employer or the account manager of the opening may, from that
/// day on.
///
/// # Errors
/// `ticket-unknown`, `not-yet`, `ticket-over`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TellFirstDay {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// Whether she came.
    pub came: bool,
}

/// Sets right what was written down wrongly about how it ended: she stands in line again, at her own number. The account
/// manager who looks after the line may, for somebody who is out of it or was said to have begun. A repeat is refused: then
/// there is nothing wrong any more.
///
/// # Errors
/// `ticket-unknown`; `nothing-to-set-right`, `stands-anew` (she signed up again and has another number), `queue-closed`.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct SetRight {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// What went wrong.
    pub reason: WentWrong,
}

closed_list! {
    /// What went wrong when something was written down about a ticket; she reads it.
    WentWrong {
        /// She answered something else, or something else was meant.
        Answer = "answer",
        /// She did not want to leave the line.
        LeftByMistake = "left_by_mistake",
        /// About her first day something was told that is not so.
        FirstDay = "first_day",
        /// It was about somebody else.
        OtherPerson = "other_person",
    }
}

/// A first day of a line, for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketDay {
    /// The first working day.
    pub on: NaiveDate,
    /// Whether she is asked about it.
    pub wanted: bool,
}

/// Asks for one's places in line: she herself, or a helper or account manager who has her at the desk.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct MyTickets {
    /// Whose.
    pub seeker_id: SeekerId,
}

/// Asks for one place in line.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TicketOf {
    /// Which.
    pub ticket_id: TicketId,
}

/// A place in line, as its person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketView {
    /// Which.
    pub ticket_id: TicketId,
    /// Whose.
    pub seeker_id: SeekerId,
    /// The opening that she queues for.
    pub opening_id: OpeningId,
    /// Whose opening it is.
    pub employer_id: EmployerId,
    /// Raised at each change.
    pub version: i64,
    /// Her number: given once, never changed.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// What last happened.
    pub step: TicketStep,
    /// Whether her number or address is hers.
    pub is_confirmed: bool,
    /// When she signed up.
    pub signed_up_at: DateTime<Utc>,
    /// The server's moment of this answer.
    pub now: DateTime<Utc>,
    /// How many people are before her and could be asked before her.
    pub before_her: u32,
    /// In how many weeks she is probably asked; nothing without four weeks to look back on.
    pub weeks: Option<u32>,
    /// The place that is offered to her or hers.
    pub place: Option<TicketPlace>,
    /// Until when she can undo that she left, or her no.
    pub back_until: Option<DateTime<Utc>>,
    /// Why she has no offer at this moment.
    pub why_not: WhyNot,
    /// The days on which somebody could still begin, the earliest first, and whether she wants to.
    pub first_days: Vec<TicketDay>,
    /// Everything that happened to it, the first first.
    pub history: Vec<TicketEntry>,
}

/// The place that is offered to somebody or hers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPlace {
    /// Which.
    pub place_id: PlaceId,
    /// The first working day.
    pub first_day: NaiveDate,
    /// Until when she answers, while it is only offered.
    pub until: Option<DateTime<Utc>>,
}

/// One thing that happened to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEntry {
    /// Which entry of the ledger, from 1.
    pub n: u64,
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub step: TicketStep,
    /// What had gone wrong, when it was set right.
    pub went_wrong: Option<WentWrong>,
}

/// Why somebody has no offer at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum WhyNot {
    /// She has one, said yes, began, or is out of the line.
    NotInLine,
    /// She stands on pause.
    Paused,
    /// Nobody confirmed her number or address yet.
    NotConfirmed,
    /// A new number or address waits until then.
    NewContact {
        /// Until when.
        until: DateTime<Utc>,
    },
    /// The queue makes no offers for now.
    Stopped,
    /// It is over.
    Closed,
    /// Places are free, and she cannot begin on any of their days.
    OtherDays,
    /// Places are free, and begin so soon that nobody could answer in time.
    TooSoon,
    /// No place is free.
    NoPlaceFree,
    /// A place is free, and she is asked within moments.
    Soon,
}

/// Asks for the proof of her place; she herself. Nothing before the first full hour after she signed up.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ReceiptOf {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// The part after [`Receipt::next`]; nothing for the first one.
    pub after: Option<u64>,
}

/// The proof of one entry (docs/queue-ledger.md), as the text of its file: one JSON object, of which the parts are put
/// one behind the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// This part of the text.
    pub json: String,
    /// Where the next part begins; nothing when this was the last.
    pub next: Option<u64>,
}

/// Asks for the line, in order of number; its account manager, its employer and administrators may.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LineOf {
    /// The opening.
    pub opening_id: OpeningId,
    /// After this number.
    pub after: u32,
    /// At most so many, up to 200.
    pub limit: u16,
}

/// Part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePage {
    /// Tickets, in order of number.
    pub tickets: Vec<LineTicket>,
    /// After which number the next part begins.
    pub next: Option<u32>,
    /// How many there are in all, also those that are over.
    pub total: u32,
}

/// A ticket as whoever looks after the line sees it: no name, no contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTicket {
    /// Which.
    pub ticket_id: TicketId,
    /// Its number.
    pub number: u32,
    /// Where it stands.
    pub state: TicketState,
    /// What last happened.
    pub step: TicketStep,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// The place that is offered to her or hers.
    pub place: Option<TicketPlace>,
    /// Why she has no offer at this moment.
    pub why_not: WhyNot,
    /// Whether how it ended can be set right.
    pub can_be_set_right: bool,
}

/// Asks who begins: those who said yes, and those who began in the last four weeks, of the caller's employer or regions.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct WhoBegins {
    /// Of this opening only.
    pub opening_id: Option<OpeningId>,
}

/// Somebody who begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginner {
    /// Her place in line.
    pub ticket_id: TicketId,
    /// The opening.
    pub opening_id: OpeningId,
    /// Her number.
    pub number: u32,
    /// Whether she began.
    pub state: TicketState,
    /// The first working day.
    pub first_day: NaiveDate,
}

/// Asks for the heads that were published, the last first: for everyone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct HeadsOf {
    /// The opening.
    pub opening_id: OpeningId,
    /// Before this hour; nothing means from the last one.
    pub before: Option<DateTime<Utc>>,
    /// At most so many, up to 500.
    pub limit: u16,
}

/// Published heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadsPage {
    /// Lines of `heads.jsonl`, the last first.
    pub heads: Vec<HeadPublished>,
    /// Public keys of installations that signed, now and before: lines of `keys.jsonl`.
    pub keys: Vec<HeadKey>,
}

/// A public key under which heads were signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeadKey {
    /// Its id, 16 hexadecimal digits.
    pub key: String,
    /// The key, 64 hexadecimal digits.
    pub ed25519: String,
}

/// Asks for entries of a ledger; administrators may, as auditors.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct LedgerOf {
    /// The opening.
    pub opening_id: OpeningId,
    /// After this entry.
    pub after: u64,
    /// At most so many, up to 500.
    pub limit: u16,
}

/// Entries of a ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerPage {
    /// In order.
    pub entries: Vec<LedgerEntry>,
    /// After which entry the next part begins.
    pub next: Option<u64>,
}

/// An entry of a ledger, as auditors see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// Which, from 1.
    pub n: u64,
    /// Its line of `ledger.jsonl` (docs/queue-ledger.md).
    pub line: String,
    /// What it tells; nothing when its person was erased.
    pub told: Option<LedgerTold>,
}

/// What an entry of a ledger tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerTold {
    /// When it was accepted.
    pub at: DateTime<Utc>,
    /// What happened.
    pub what: LedgerWhat,
    /// The first working day of the place that it is about.
    pub first_day: Option<NaiveDate>,
    /// Why, where everyone reads why.
    pub reason: Option<ChangeReason>,
    /// What had gone wrong, when it was set right.
    pub went_wrong: Option<WentWrong>,
    /// The member of staff who did it; nothing when she did it herself, or nobody did.
    pub by: Option<AccountId>,
}

/// What happened, by what it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum LedgerWhat {
    /// A ticket.
    Ticket {
        /// What happened to it.
        step: TicketStep,
        /// Its number.
        number: Option<u32>,
    },
    /// The queue or one of its places.
    Queue {
        /// What happened to it.
        step: QueueStep,
    },
}

closed_list! {
    /// What happened to a queue or one of its places; each is an entry of its ledger (docs/queue-ledger.md).
    QueueStep {
        /// The queue is there.
        QueueOpened = "queue_opened",
        /// A place of work.
        PlaceAdded = "place_added",
        /// The employer takes a place back.
        PlaceWithdrawn = "place_withdrawn",
        /// No offers for now.
        OffersStopped = "offers_stopped",
        /// That is over.
        OffersGoOn = "offers_go_on",
        /// Nobody signs up any more.
        QueueClosed = "queue_closed",
        /// Whoever had it was erased before she began.
        PlaceFreed = "place_freed",
    }
}

closed_list! {
    /// How somebody is reached about an offer, in order.
    Rung {
        /// A text message or e-mail, which she can answer herself.
        Message = "message",
        /// Somebody calls her.
        Call = "call",
        /// Somebody calls the second number that she gave.
        SecondNumber = "second_number",
        /// Her adviser is asked where she is.
        Adviser = "adviser",
    }
}

/// Asks for calls to make, the earliest deadline first: account managers, in their regions.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CallTasks {}

/// A call to make about an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallTask {
    /// Which.
    pub task_id: CallTaskId,
    /// Whom to call.
    pub seeker_id: SeekerId,
    /// Her place in line.
    pub ticket_id: TicketId,
    /// The opening.
    pub opening_id: OpeningId,
    /// Which way is tried.
    pub rung: Rung,
    /// The place that is offered.
    pub place: TicketPlace,
    /// Since when it waits.
    pub opened_at: DateTime<Utc>,
}

closed_list! {
    /// What came of a call.
    CallResult {
        /// She answered; what she said is an answer of its own ([`AnswerOffer`]).
        Reached = "reached",
        /// Nobody picked up.
        NoAnswer = "no_answer",
        /// It is somebody else's number.
        WrongNumber = "wrong_number",
    }
}

/// Says what came of a call. Who cannot be reached in any way that she has is paused, and keeps her number.
///
/// # Errors
/// `call-task-unknown`; a task that was closed before answers as it did then.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ReportCall {
    /// Which.
    pub task_id: CallTaskId,
    /// What came of it.
    pub result: CallResult,
}
