//! The line of a job, the desk where people are signed up, calls to make and who begins.

use askama::DynTemplate;
use chrono::{NaiveDate, NaiveDateTime};
use proto::open_hiring::{
    Admits, AnswerHours, ChangeReason, FirstDay, LedgerWhat, PlaceState, QueueStage, QueueStep, Rung,
    TicketState, TicketStep, WentWrong,
};
use proto::work::Language;

use super::{layout, manager, wrong};
use crate::pages::calls::{AnswerPart, Begin, BeginContact, BeginRow, BeginTold, CallPage, CallRow, Calls};
use crate::pages::helper::HelperRegister;
use crate::pages::interest::Reached;
use crate::pages::ledger::{By, Ledger, LedgerRow, Told};
use crate::pages::line::{
    AddPlaces, ChangeLine, CheckLine, Line, LineJob, OpenLine, PlaceGroup, TicketRow, first_day_words,
    not_admitted_words, reason_words, went_wrong_words,
};
use crate::pages::line_desk::{DeskTicket, LineDesk, OtherTicket};
use crate::pages::posting::StartRow;
use crate::pages::profile::second_number_words;
use crate::pages::{Choice, Layout, Notice, Reader, Role};
use crate::texts::Texts;

const TIME: AnswerHours = AnswerHours { hours: 24, from: 9, until: 18 };

fn employer(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Staff { name: "Fatma Yilmaz".to_owned(), roles: vec![Role::Employer] }, path)
}

fn helper(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Staff { name: "Noor Visser".to_owned(), roles: vec![Role::Helper] }, path)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn job() -> LineJob {
    LineJob {
        href: "/rij/1".to_owned(),
        job_href: "/baan/1".to_owned(),
        title: "Medewerker keuken".to_owned(),
        employer: "De Linde".to_owned(),
        place: "Almere".to_owned(),
    }
}

fn rows() -> Vec<StartRow> {
    let row =
        |number, on: &str, places: &str| StartRow { number, on: on.to_owned(), places: places.to_owned() };
    vec![row(1, "2026-12-14", "3"), row(2, "", "")]
}

fn open(t: Texts) -> OpenLine {
    OpenLine {
        l: employer(t, "/rij/1/openen"),
        job: job(),
        rows: rows(),
        opens: OpenLine::opens(t, "nu"),
        opens_on: String::new(),
        opens_time: String::new(),
        hours: "24".to_owned(),
        from: "9".to_owned(),
        until: "18".to_owned(),
        standing: OpenLine::standing(t, ""),
    }
}

fn opening(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    add("line-open", &open(t));
    let errors = [
        ("dag_1", "first-day-past"),
        ("plekken_1", "places-out-of-range"),
        ("opent_tijd", "opens-at-no-such-hour"),
        ("uren", "answer-hours-out-of-range"),
        ("van", "answer-hour-malformed"),
        ("tot", "answer-part-empty"),
        ("blijft", "choice-missing"),
    ];
    add(
        "line-open-wrong",
        &OpenLine {
            l: wrong(employer(t, "/rij/1/openen"), &errors),
            opens: OpenLine::opens(t, "later"),
            opens_on: "2027-03-28".to_owned(),
            opens_time: "2:30".to_owned(),
            hours: "200".to_owned(),
            ..open(t)
        },
    );
    let check = CheckLine {
        l: employer(t, "/rij/1/openen"),
        job: job(),
        days: [("2026-12-14", 3), ("2027-01-04", 1)]
            .map(|(on, places)| first_day_words(t, FirstDay { on: day(on), places }))
            .to_vec(),
        opens_at: None,
        answer_hours: TIME,
        is_standing: true,
        hidden: vec![("dag_1".to_owned(), "2026-12-14".to_owned())],
    };
    add("line-check", &check);
    add(
        "line-check-later",
        &CheckLine {
            opens_at: Some(moment("2026-12-07T10:00:00")),
            answer_hours: AnswerHours { hours: 1, from: 0, until: 24 },
            is_standing: false,
            ..check
        },
    );
}

/// A ticket in each state, with all that can have happened and each reason why no offer went out.
fn tickets(t: Texts) -> Vec<TicketRow> {
    let until = moment("2026-12-09T18:00:00");
    let whys = [
        "line-why-paused",
        "line-why-unconfirmed",
        "line-why-stopped",
        "line-why-closed",
        "line-why-other-days",
        "line-why-too-soon",
        "line-why-no-place",
        "line-why-soon",
    ];
    let row = |(number, step): (u32, &TicketStep)| {
        let state = TicketState::ALL[number as usize % TicketState::ALL.len()];
        let place = matches!(state, TicketState::Offered | TicketState::Yes);
        TicketRow {
            href: format!("/rij/1/balie/ticket_{number}"),
            deeds: vec![(
                format!("/rij/1/balie/ticket_{number}/bevestigen"),
                t.one("line-confirm-link", "number", number + 1),
            )],
            number: number + 1,
            state,
            step: *step,
            changed_at: moment("2026-12-07T10:05:00"),
            first_day: place.then(|| day("2026-12-14")),
            until: (state == TicketState::Offered).then_some(until),
            why_not: match state {
                TicketState::Waiting => t.get(whys[number as usize % whys.len()]),
                TicketState::Paused => t.one("line-why-contact", "moment", t.moment(until)),
                _ => String::new(),
            },
        }
    };
    (0..).zip(TicketStep::ALL.iter()).map(row).collect()
}

fn looking_after(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    let group = |on: &str, state, reason, count| PlaceGroup {
        first_day: day(on),
        state,
        reason,
        too_soon: count == 3,
        count,
        take_back: if matches!(state, PlaceState::Free | PlaceState::Offered | PlaceState::Taken)
            && reason.is_none()
        {
            format!("/rij/1/wijzig/place_{on}_{}", state.name())
        } else {
            String::new()
        },
    };
    let line = Line {
        l: manager(t, "/rij/1/beheer"),
        job: job(),
        by_manager: true,
        begins: "/werkplek/begonnen?baan=1".to_owned(),
        opens_at: moment("2026-12-07T10:00:00"),
        is_open: true,
        answer_hours: TIME,
        is_standing: true,
        stage: QueueStage::Running,
        reason: None,
        waiting: 14,
        places: vec![
            group("2026-12-07", PlaceState::Started, None, 1),
            group("2026-12-08", PlaceState::Free, None, 3),
            group("2026-12-14", PlaceState::Free, None, 2),
            group("2026-12-14", PlaceState::Offered, None, 1),
            group("2026-12-14", PlaceState::Offered, Some(ChangeReason::PlaceOfWork), 1),
            group("2026-12-21", PlaceState::Taken, None, 1),
            group("2026-12-21", PlaceState::Withdrawn, Some(ChangeReason::LessWork), 4),
        ],
        earlier: (40, 38),
        tickets: tickets(t),
        total: 1204,
        is_later_part: true,
        next: Some("/rij/1/beheer?na=75".to_owned()),
    };
    add("line", &line);
    let stopped = Line {
        l: employer(t, "/rij/1/beheer"),
        by_manager: false,
        begins: "/bedrijf/begonnen?baan=1".to_owned(),
        stage: QueueStage::Stopped,
        reason: Some(ChangeReason::LabourConflict),
        is_later_part: false,
        next: None,
        tickets: tickets(t)
            .into_iter()
            .map(|row| TicketRow { href: String::new(), deeds: Vec::new(), ..row })
            .collect(),
        ..line.clone()
    };
    add("line-stopped", &stopped);
    let nobody = Line {
        is_open: false,
        stage: QueueStage::Running,
        reason: None,
        waiting: 0,
        places: Vec::new(),
        earlier: (0, 0),
        tickets: Vec::new(),
        total: 0,
        ..stopped.clone()
    };
    add("line-nobody", &nobody);
    add(
        "line-closed",
        &Line { stage: QueueStage::Closed, reason: Some(ChangeReason::OpeningEnded), ..nobody },
    );
    let add_places = AddPlaces { l: employer(t, "/rij/1/plekken"), job: job(), rows: rows() };
    add("line-places", &add_places);
    add(
        "line-places-wrong",
        &AddPlaces { l: wrong(employer(t, "/rij/1/plekken"), &[("dag_1", "first-day-twice")]), ..add_places },
    );
    let reasons = ChangeReason::ALL
        .iter()
        .map(|reason| Choice::new(reason.name(), reason_words(t, *reason), false))
        .collect();
    let back = ChangeLine {
        l: wrong(employer(t, "/rij/1/wijzig/place_1"), &[("reden", "choice-missing")]),
        job: job(),
        action: "/rij/1/wijzig/place_1".to_owned(),
        back: (job().manage_href(), "line-back"),
        title: t.get("line-back-place-title"),
        then: vec![
            t.one("line-back-place-offered", "date", t.date(day("2026-12-14"))),
            t.get("line-back-place-then-offered"),
        ],
        reasons,
        reason_hint: "line-reason-hint",
        button: t.get("line-back-place-button"),
    };
    add("line-change-wrong", &back);
    add(
        "line-change-go-on",
        &ChangeLine {
            l: employer(t, "/rij/1/wijzig/doorgaan"),
            action: "/rij/1/wijzig/doorgaan".to_owned(),
            title: t.get("line-go-on-title"),
            then: vec![t.get("line-go-on-then")],
            reasons: Vec::new(),
            button: t.get("line-go-on-button"),
            ..back.clone()
        },
    );
    let all = WentWrong::ALL.iter();
    add(
        "line-set-right",
        &ChangeLine {
            l: manager(t, "/rij/1/herstel/ticket_1"),
            action: "/rij/1/herstel/ticket_1".to_owned(),
            title: t.one("line-set-right-title", "number", 15),
            then: [
                "line-set-right-then-1",
                "line-set-right-then-2",
                "line-set-right-then-3",
                "line-set-right-place",
            ]
            .map(|id| t.get(id))
            .to_vec(),
            reasons: all.map(|why| Choice::new(why.name(), went_wrong_words(t, *why), false)).collect(),
            reason_hint: "line-set-right-hint",
            button: t.get("line-set-right-button"),
            ..back.clone()
        },
    );
    add(
        "line-confirm",
        &ChangeLine {
            l: helper(t, "/rij/1/balie/ticket_1/bevestigen"),
            action: "/rij/1/balie/ticket_1/bevestigen".to_owned(),
            back: ("/rij/1/balie/ticket_1".to_owned(), "line-ticket-back"),
            title: t.one("line-confirm-title", "number", 15),
            then: ["line-confirm-then-1", "line-confirm-then-2", "line-confirm-then-3"]
                .map(|id| t.get(id))
                .to_vec(),
            reasons: Vec::new(),
            button: t.get("line-confirm-button"),
            ..back
        },
    );
}

fn answer(t: Texts, is_call: bool) -> AnswerPart {
    AnswerPart {
        ticket: "ticket_1".to_owned(),
        place: "place_1".to_owned(),
        employer: "De Linde".to_owned(),
        legal: vec!["U bent 18 jaar of ouder (Arbeidstijdenwet).".to_owned()],
        answers: if is_call { AnswerPart::results(t, "") } else { AnswerPart::answers(t, "") },
        others: AnswerPart::others(t, false),
    }
}

fn desk(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    let form = LineDesk {
        l: helper(t, "/rij/1/balie"),
        job: job(),
        closed: None,
        name: String::new(),
        contact: String::new(),
        shared: vec![Choice::new("ja", t.get("line-desk-shared"), false)],
        languages: HelperRegister::languages(Language::Nl),
        days: Vec::new(),
        checks: vec!["U tilt tot 15 kilo.".to_owned()],
    };
    add("line-desk", &form);
    add(
        "line-desk-wrong",
        &LineDesk {
            l: wrong(helper(t, "/rij/1/balie"), &[("naam", "name-empty"), ("contact", "contact-malformed")]),
            contact: "06 12".to_owned(),
            ..form.clone()
        },
    );
    let mut gone = helper(t, "/rij/1/balie");
    gone.notice = Some(Notice::Warning(t.get("line-gone")));
    add("line-desk-gone", &LineDesk { l: gone, ..form.clone() });
    for (name, admits) in [
        ("line-desk-not-open", Admits::NotOpenYet),
        ("line-desk-full", Admits::Full),
        ("line-desk-closed", Admits::Closed),
    ] {
        let closed = not_admitted_words(t, admits, moment("2026-12-07T10:00:00"));
        add(name, &LineDesk { closed, ..form.clone() });
    }
    let ticket = DeskTicket {
        l: helper(t, "/rij/1/balie/ticket_1"),
        job: job(),
        href: "/rij/1/balie/ticket_1".to_owned(),
        number: 15,
        state: TicketState::Waiting,
        confirm: None,
        before_her: 14,
        first_day: None,
        until: None,
        back_until: None,
        why_not: t.get("line-why-no-place"),
        answer: None,
        days: None,
        days_href: None,
        contact_href: "/hulp/nieuw-nummer/1".to_owned(),
        others: vec![OtherTicket {
            href: "/rij/2/balie/ticket_2".to_owned(),
            job: "Schoonmaker".to_owned(),
            number: 3,
            state: TicketState::Paused,
        }],
    };
    add(
        "line-ticket-unconfirmed",
        &DeskTicket {
            confirm: Some("/rij/1/balie/ticket_1/bevestigen".to_owned()),
            why_not: t.get("line-why-unconfirmed"),
            ..ticket.clone()
        },
    );
    let until = moment("2026-12-09T18:00:00");
    for (name, state) in [
        ("line-ticket-waiting", TicketState::Waiting),
        ("line-ticket-offered", TicketState::Offered),
        ("line-ticket-yes", TicketState::Yes),
        ("line-ticket-paused", TicketState::Paused),
        ("line-ticket-started", TicketState::Started),
        ("line-ticket-ended", TicketState::Ended),
    ] {
        let offered = state == TicketState::Offered;
        let shown = DeskTicket {
            state,
            first_day: Some(day("2026-12-14")),
            until: offered.then_some(until),
            why_not: if state == TicketState::Waiting { ticket.why_not.clone() } else { String::new() },
            answer: offered.then(|| answer(t, false)),
            ..ticket.clone()
        };
        add(name, &shown);
    }
    let ended = DeskTicket {
        state: TicketState::Ended,
        back_until: Some(until),
        why_not: String::new(),
        others: Vec::new(),
        ..ticket
    };
    add("line-ticket-back", &ended);
}

fn calls(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    let row = |number: u32, rung, until: Option<&str>| CallRow {
        href: format!("/werkplek/bellen/call_{number}"),
        job: "Medewerker keuken".to_owned(),
        employer: "De Linde".to_owned(),
        place: "Almere".to_owned(),
        first_day: day("2026-12-14"),
        until: until.map(moment),
        rung,
        since: moment("2026-12-08T09:00:00"),
    };
    let rows = vec![
        row(1, Rung::Call, Some("2026-12-08T18:00:00")),
        row(2, Rung::SecondNumber, Some("2026-12-09T10:00:00")),
        row(3, Rung::Adviser, Some("2026-12-09T18:00:00")),
        row(4, Rung::Message, None),
    ];
    let call = CallPage {
        l: manager(t, "/werkplek/bellen/call_1"),
        row: rows[0].clone(),
        reached: None,
        kept: String::new(),
        refused: false,
        answer: answer(t, true),
    };
    add("call", &call);
    let reached = Reached {
        name: "Samira".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        second: String::new(),
        channel: String::new(),
        remark: String::new(),
    };
    add(
        "call-wrong",
        &CallPage {
            l: wrong(manager(t, "/werkplek/bellen/call_1"), &[("antwoord", "choice-missing")]),
            reached: Some(reached.clone()),
            kept: "c2VhbGVk".to_owned(),
            ..call.clone()
        },
    );
    let second = second_number_words(t, "06 87 65 43 21", "mijn zus");
    for (name, second) in [("call-second", second), ("call-no-second", String::new())] {
        let reached = Some(Reached { second, ..reached.clone() });
        add(name, &CallPage { row: rows[1].clone(), reached, ..call.clone() });
    }
    let no_number = Some(Reached { contact: String::new(), ..reached.clone() });
    add("call-no-number", &CallPage { reached: no_number, ..call.clone() });
    let none = AnswerPart { legal: Vec::new(), others: Vec::new(), ..answer(t, true) };
    add("call-refused", &CallPage { refused: true, answer: none, ..call });
    add("calls", &Calls { l: manager(t, "/werkplek/bellen"), rows });
    let mut late = manager(t, "/werkplek/bellen");
    late.notice = Some(Notice::Warning(t.get("call-too-late")));
    add("calls-none-late", &Calls { l: late, rows: Vec::new() });
    let begins = |number: u32, state, first_day: &str, has_come| BeginRow {
        href: format!("/begonnen/ticket_{number}"),
        job: "Medewerker keuken".to_owned(),
        employer: "De Linde".to_owned(),
        number,
        state,
        first_day: day(first_day),
        has_come,
    };
    let rows = vec![
        begins(3, TicketState::Yes, "2026-12-07", true),
        begins(4, TicketState::Yes, "2026-12-14", false),
        begins(1, TicketState::Started, "2026-12-01", true),
    ];
    let begin = Begin {
        l: employer(t, "/bedrijf/begonnen"),
        by_manager: false,
        rows: rows.clone(),
        one_job: false,
        all: "/bedrijf/begonnen".to_owned(),
    };
    add("begin", &begin);
    add(
        "begin-manager",
        &Begin {
            l: manager(t, "/werkplek/begonnen"),
            by_manager: true,
            one_job: true,
            all: "/werkplek/begonnen".to_owned(),
            ..begin.clone()
        },
    );
    add("begin-nobody", &Begin { rows: Vec::new(), ..begin });
    let contact = BeginContact {
        l: employer(t, "/begonnen/ticket_3/contact"),
        row: rows[0].clone(),
        back: "/bedrijf/begonnen".to_owned(),
        asked: false,
        reached: None,
    };
    add("begin-contact", &contact);
    add("begin-contact-closed", &BeginContact { asked: true, ..contact.clone() });
    add("begin-contact-shown", &BeginContact { asked: true, reached: Some(reached), ..contact });
    let told = BeginTold {
        l: employer(t, "/begonnen/ticket_3/gekomen"),
        row: rows[0].clone(),
        back: "/bedrijf/begonnen".to_owned(),
        came: true,
    };
    add("begin-came", &told);
    add("begin-not-come", &BeginTold { came: false, ..told });
}

fn ledger(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    let admin = Reader::Staff { name: "Ada Beheer".to_owned(), roles: vec![Role::Administrator] };
    let l = layout(t, admin, "/rij/1/boek");
    let told = |what, by| Told {
        at: moment("2026-12-07T10:05:00"),
        what,
        first_day: Some(day("2026-12-14")),
        reason: None,
        went_wrong: None,
        by,
    };
    let of_queue = |step: &QueueStep| {
        let what = LedgerWhat::Queue { step: *step };
        let reason = (*step == QueueStep::QueueClosed).then_some(ChangeReason::LessWork);
        Told { reason, ..told(what, By::without_account(what)) }
    };
    let of_ticket = |step: &TicketStep| {
        let what = LedgerWhat::Ticket { step: *step, number: Some(3) };
        let went_wrong = (*step == TicketStep::SetRight).then_some(WentWrong::FirstDay);
        Told { went_wrong, ..told(what, By::without_account(what)) }
    };
    let mut all: Vec<Told> =
        QueueStep::ALL.iter().map(of_queue).chain(TicketStep::ALL.iter().map(of_ticket)).collect();
    let step = LedgerWhat::Ticket { step: TicketStep::SaidYes, number: None };
    let page = "/beheer/accounts/account_1";
    all.push(told(step, By::Account(page.to_owned(), Some("Noor Visser".to_owned()))));
    all.push(told(step, By::Account(page.to_owned(), None)));
    let mut rows: Vec<LedgerRow> =
        (1..).zip(all).map(|(n, told)| LedgerRow { n, told: Some(told) }).collect();
    rows.push(LedgerRow { n: 1000, told: None });
    let shown =
        Ledger { l, job: job(), rows, is_later_part: true, next: Some("/rij/1/boek?na=1000".to_owned()) };
    add("ledger", &shown);
    add("ledger-nothing", &Ledger { rows: Vec::new(), is_later_part: false, next: None, ..shown });
}

pub(super) fn add(t: Texts, add: &mut dyn FnMut(&'static str, &dyn DynTemplate)) {
    opening(t, add);
    looking_after(t, add);
    desk(t, add);
    calls(t, add);
    ledger(t, add);
}
