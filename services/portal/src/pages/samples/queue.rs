//! Lines of Open Hiring, in every state that looks different.

use chrono::NaiveDateTime;
use proto::open_hiring::{ChangeReason, PlaceState, TicketDay, TicketStep, WentWrong};

use super::super::first_days::{FirstDays, choices, words};
use super::super::line::reason_words;
use super::super::queue::{
    Door, LastHead, Newcomer, PlacesRow, ProofPage, QueuePart, Reached, SignUpPage, StartDay, Work, law_lines,
};
use super::super::seeker::{MyWork, ProposalPage, Said, WorkState};
use super::super::sign_in::{CodeFor, EnterCode, partly_hidden};
use super::super::ticket::{
    AnswerTime, Deed, Entry, LineStand, Offer, Pause, Stand, SurePage, TicketLine, TicketPage, Why, WorkFacts,
};
use super::*;

const PLACE: &str = "/mijn/rij/ticket_1";

fn moment(month: u32, on: u32, hour: u32) -> NaiveDateTime {
    day(2026, month, on).and_hms_opt(hour, 0, 0).unwrap()
}

fn part() -> QueuePart {
    QueuePart {
        href: "/rij/opening_1".to_owned(),
        waiting: Count::About(20),
        days: vec![
            StartDay { on: day(2026, 12, 7), free: 0 },
            StartDay { on: day(2026, 12, 14), free: 1 },
            StartDay { on: day(2027, 1, 4), free: 12 },
        ],
        door: Door::Open,
        stopped: None,
        hers: None,
        desk: None,
    }
}

fn parts() -> Vec<(&'static str, QueuePart)> {
    let empty = QueuePart { waiting: Count::FewerThanTen, days: Vec::new(), ..part() };
    vec![
        ("opening-queue", part()),
        ("opening-queue-empty", empty),
        ("opening-queue-later", QueuePart { door: Door::OpensAt(moment(12, 7, 10)), ..part() }),
        ("opening-queue-full", QueuePart { door: Door::Full, ..part() }),
        (
            "opening-queue-closed",
            QueuePart { door: Door::Closed(Some(ChangeReason::OpeningEnded)), ..part() },
        ),
        ("opening-queue-stopped", QueuePart { stopped: Some(ChangeReason::LabourConflict), ..part() }),
        ("opening-queue-desk", QueuePart { desk: Some("/rij/opening_1/balie".to_owned()), ..part() }),
        ("opening-queue-hers", QueuePart { hers: Some(PLACE.to_owned()), ..part() }),
    ]
}

fn work() -> Work {
    Work {
        title: "Medewerker keuken".to_owned(),
        employer: "De Linde".to_owned(),
        place: "Almere".to_owned(),
        href: "/werk/opening_1".to_owned(),
    }
}

fn sign_up(t: Texts, l: Layout, newcomer: Newcomer) -> SignUpPage {
    SignUpPage {
        work: work(),
        action: "/rij/opening_1/aanmelden".to_owned(),
        checks: detail().self_checks,
        laws: law_lines(t, &detail().needs),
        newcomer,
        days: Vec::new(),
        l,
    }
}

fn start_days() -> [StartDay; 3] {
    [(7, 2), (14, 1), (21, 0)].map(|(day, free)| StartDay { on: moment(12, day, 0).date(), free })
}

fn mobile() -> Reached {
    Reached::by(Some("+31612345678"))
}

fn ticket(t: Texts, stand: Stand) -> TicketPage {
    TicketPage {
        l: seeker(t, PLACE),
        href: PLACE.to_owned(),
        work: Some(work()),
        facts: Some(WorkFacts {
            hours: Hours { min: 16, max: 24 },
            dayparts: [Daypart::Morning, Daypart::Weekend].into_iter().collect(),
            pay_cents: Some(1520),
            where_to: "1315 RC Almere".to_owned(),
        }),
        proof: "/rij/opening_1".to_owned(),
        number: 15,
        stand,
        reached: mobile(),
        answer_time: Some(AnswerTime { hours: 24, from: 9, until: 18 }),
        stopped: None,
        back_until: None,
        why: None,
        days: None,
        can_choose_days: false,
        history: [TicketStep::SignedUp, TicketStep::Confirmed]
            .map(|step| Entry { at: moment(11, 30, 10), step, went_wrong: None })
            .to_vec(),
        signed_up_at: moment(11, 30, 10),
        has_receipt: true,
    }
}

fn waiting(before: u32, weeks: Option<u32>, per_week: Option<u32>) -> Stand {
    Stand::Waiting { before, weeks, per_week }
}

fn offer(t: Texts, minutes_left: u32, others: u32) -> Stand {
    Stand::Offered(Offer {
        place: "place_1".to_owned(),
        first_day: day(2026, 12, 7),
        until: moment(12, 2, 18),
        minutes_left,
        laws: if others > 0 { law_lines(t, &detail().needs) } else { Vec::new() },
        others,
    })
}

fn tickets() -> Vec<TicketLine> {
    [
        LineStand::Waiting(14),
        LineStand::Waiting(1),
        LineStand::Waiting(0),
        LineStand::Unconfirmed,
        LineStand::Begins(day(2026, 12, 7)),
        LineStand::Paused,
        LineStand::Left(moment(12, 2, 18)),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, stand)| TicketLine {
        href: format!("/mijn/rij/ticket_{number}"),
        title: format!("Medewerker keuken {number}, De Linde"),
        number: 15,
        stand,
    })
    .collect()
}

fn proof(l: Layout) -> ProofPage {
    let row = |state, withdrawn_for, count| PlacesRow {
        on: day(2026, 12, 7),
        state,
        too_soon: false,
        withdrawn_for,
        count,
    };
    ProofPage {
        l,
        work: Some(work()),
        queue: part(),
        per_week: Some(5),
        places: vec![
            PlacesRow { too_soon: true, ..row(PlaceState::Free, None, 2) },
            row(PlaceState::Free, None, 12),
            row(PlaceState::Offered, None, 3),
            row(PlaceState::Taken, None, 2),
            row(PlaceState::Started, None, 1),
            row(PlaceState::Withdrawn, None, 1),
            row(PlaceState::Withdrawn, Some(ChangeReason::LessWork), 1),
        ],
        head: Some(LastHead { at: moment(12, 1, 10), count: 1037, head: "5a".repeat(32) }),
        audits: false,
    }
}

/// The pages.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    for (name, queue) in parts() {
        let l = if queue.hers.is_some() { seeker(t, "/werk/1") } else { visitor(t, "/werk/1") };
        let (paused, markup) = (false, String::new());
        add(name, &OpeningPage { l, o: detail(), paused, markup, choosing: None, queue: Some(queue) });
    }
    let on_hold = OpeningPage {
        l: visitor(t, "/werk/1"),
        o: detail(),
        paused: true,
        markup: String::new(),
        choosing: None,
        queue: Some(QueuePart { stopped: Some(ChangeReason::OpeningPaused), ..part() }),
    };
    add("opening-queue-paused", &on_hold);
    add(
        "proposal-queue",
        &ProposalPage { queue: Some(part()), ..super::seeker_pages::proposal(t, Said::Nothing) },
    );
    add_sign_up(t, add);
    add_tickets(t, add);
    for (name, deed) in [("ticket-step-down", Deed::StepDown), ("ticket-give-back", Deed::GiveBack)] {
        add(name, &SurePage { l: seeker(t, PLACE), href: PLACE.to_owned(), deed, number: 15 });
    }
    let mine = |tickets| MyWork {
        tickets,
        ..super::seeker_pages::my_work(t, seeker(t, "/mijn"), WorkState::Nothing)
    };
    add("my-work-in-line", &mine(tickets()));
    let offered = TicketLine { stand: LineStand::Offered(moment(12, 2, 18)), ..tickets().remove(0) };
    add("my-work-offer", &mine(vec![offered]));
    add("queue-proof", &proof(visitor(t, "/rij/opening_1")));
    add(
        "queue-proof-desk",
        &ProofPage {
            queue: QueuePart { desk: Some("/rij/opening_1/balie".to_owned()), ..part() },
            audits: true,
            ..proof(manager(t, "/rij/opening_1"))
        },
    );
    add(
        "queue-proof-new",
        &ProofPage {
            work: None,
            queue: QueuePart {
                door: Door::Closed(None),
                stopped: Some(ChangeReason::PlaceOfWork),
                waiting: Count::FewerThanTen,
                ..part()
            },
            per_week: None,
            places: Vec::new(),
            head: None,
            ..proof(seeker(t, "/rij/opening_1"))
        },
    );
}

fn add_sign_up(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let path = "/rij/opening_1/aanmelden";
    let typed =
        |name: &str, contact: &str| Newcomer::Unknown { name: name.to_owned(), contact: contact.to_owned() };
    add("sign-up", &sign_up(t, visitor(t, path), typed("", "")));
    let refused = wrong(visitor(t, path), &[("naam", "name-empty"), ("contact", "contact-malformed")]);
    add("sign-up-wrong", &sign_up(t, refused, typed("", "06 12 <b>")));
    for (name, contact) in [
        ("sign-up-known-sms", Some("+31612345678")),
        ("sign-up-known-mail", Some("samira@voorbeeld.nl")),
        ("sign-up-known-call", Some("+31361234567")),
        ("sign-up-known-nowhere", None),
    ] {
        let known = Newcomer::Known { reached: Reached::by(contact), sealed: "c2VhbGVk".to_owned() };
        let page = SignUpPage { checks: Vec::new(), laws: Vec::new(), ..sign_up(t, seeker(t, path), known) };
        add(name, &page);
    }
    let days = choices(t, &start_days(), &[]);
    add("sign-up-days", &SignUpPage { days, ..sign_up(t, visitor(t, path), typed("", "")) });
    let page = FirstDays {
        l: seeker(t, "/mijn/rij/ticket_1/dagen"),
        action: "/mijn/rij/ticket_1/dagen".to_owned(),
        back: (PLACE.to_owned(), "ticket-title"),
        question: "days-question",
        days: choices(t, &start_days(), &[start_days()[1].on]),
    };
    add("first-days", &page);
    add("first-days-desk", &FirstDays { question: "days-question-desk", ..page });
    for (name, contact) in [("code-in-line", "06 12345678"), ("code-in-line-mail", "samira@voorbeeld.nl")] {
        let code = EnterCode {
            l: visitor(t, "/rij/code"),
            code_for: CodeFor::Line,
            sent_to: Some(partly_hidden(contact)),
            form: Some(path.to_owned()),
        };
        add(name, &code);
    }
}

fn add_tickets(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let unconfirmed = TicketPage { has_receipt: false, ..ticket(t, Stand::Unconfirmed) };
    add("ticket-unconfirmed", &unconfirmed);
    let new = Notice::Done(t.get("notice-queue-in-line"));
    add(
        "ticket-waiting",
        &TicketPage {
            l: Layout { notice: Some(new), ..seeker(t, PLACE) },
            why: Some(Why::NoPlaceFree),
            ..ticket(t, waiting(14, Some(3), Some(5)))
        },
    );
    add(
        "ticket-waiting-next",
        &TicketPage {
            reached: Reached::by(Some("samira@voorbeeld.nl")),
            answer_time: Some(AnswerTime { hours: 1, from: 9, until: 18 }),
            why: Some(Why::Soon),
            ..ticket(t, waiting(0, Some(0), Some(1)))
        },
    );
    let hers = |wanted| TicketPage {
        days: words(t, &start_days().map(|day| TicketDay { on: day.on, wanted: wanted == Some(day.on) })),
        can_choose_days: true,
        ..ticket(t, waiting(14, None, None))
    };
    add("ticket-waiting-one-day", &hers(Some(start_days()[1].on)));
    add("ticket-waiting-no-day", &hers(None));
    let stopped = t.one("queue-stopped", "reason", reason_words(t, ChangeReason::LabourConflict));
    add(
        "ticket-waiting-stopped",
        &TicketPage {
            stopped: Some(stopped),
            why: Some(Why::Stopped),
            ..ticket(t, waiting(1, Some(1), Some(0)))
        },
    );
    for (name, why, reached) in [
        ("ticket-waiting-other-days", Why::OtherDays, Reached::by(Some("+31361234567"))),
        ("ticket-waiting-new-contact", Why::NewContact(moment(12, 2, 9)), mobile()),
        ("ticket-waiting-too-soon", Why::TooSoon, mobile()),
        ("ticket-waiting-closed", Why::Closed, Reached::Nowhere),
    ] {
        let bare =
            TicketPage { work: None, facts: None, answer_time: None, ..ticket(t, waiting(3, None, None)) };
        add(name, &TicketPage { why: Some(why), reached, ..bare });
    }
    add("ticket-offered", &ticket(t, offer(t, 330, 2)));
    add(
        "ticket-offered-last-minutes",
        &TicketPage { reached: Reached::by(Some("samira@voorbeeld.nl")), ..ticket(t, offer(t, 40, 0)) },
    );
    let entry = |(step, n): (&TicketStep, u32)| Entry {
        at: moment(12, 1 + n, 9),
        step: *step,
        went_wrong: (*step == TicketStep::SetRight).then_some(WentWrong::Answer),
    };
    let all: Vec<_> = TicketStep::ALL.iter().zip(0..).map(entry).collect();
    add("ticket-offered-once-more", &TicketPage { history: all, ..ticket(t, offer(t, 61, 1)) });
    let yes = |can_give_back| Stand::Yes { first_day: day(2026, 12, 7), can_give_back };
    add("ticket-yes", &ticket(t, yes(true)));
    add(
        "ticket-yes-bare",
        &TicketPage { work: None, facts: None, reached: Reached::Nowhere, ..ticket(t, yes(false)) },
    );
    for (name, pause) in [
        ("ticket-paused", Pause::Herself),
        ("ticket-not-reached", Pause::NotReached),
        ("ticket-too-late", Pause::TooLate),
    ] {
        add(name, &ticket(t, Stand::Paused(pause)));
    }
    let late = Notice::Warning(t.get("problem-answer-too-late"));
    add(
        "ticket-answered-too-late",
        &TicketPage {
            l: Layout { notice: Some(late), ..seeker(t, PLACE) },
            ..ticket(t, Stand::Paused(Pause::TooLate))
        },
    );
    add("ticket-started", &ticket(t, Stand::Started));
    for (name, step, back_until) in [
        ("ticket-left", TicketStep::SteppedDown, Some(moment(12, 2, 9))),
        ("ticket-said-no", TicketStep::SaidNo, Some(moment(12, 2, 18))),
        ("ticket-nobody-confirmed", TicketStep::Unconfirmed, None),
        ("ticket-line-closed", TicketStep::QueueClosed, None),
    ] {
        add(name, &TicketPage { back_until, ..ticket(t, Stand::Ended(step)) });
    }
}
