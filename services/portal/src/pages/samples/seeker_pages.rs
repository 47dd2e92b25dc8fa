//! The pages of job-seekers, in every state that looks different.

use chrono::NaiveDateTime;
use proto::Role as ProtoRole;
use proto::intake::{Benefit, Cannot, ContactPurpose, DeskKind, Need, Purpose, ReferralState, Wishes};
use proto::matcher::EmployerAnswer;
use proto::vacancies::SelfCheck;
use proto::work::{Days, LanguageLevel, Licence, Spoken, Support};

use super::super::info::{DeskCard, Help, desk_for_whom};
use super::super::profile::{
    Boxes, EditContact, EditLanguages, EditName, EditRemark, EditSecondNumber, EditStart, LanguageRow,
    OldContact, Question, benefit_choices, benefit_name, cannot_choices, cannot_name, day_choices,
    entry_point_choices, entry_point_name, level_choices, licence_choices, licence_name, need_choices,
    need_name, spoken_words, start_words, support_choices,
};
use super::super::rights::{
    ConsentLine, CopyPage, CopyPart, DuplicateLine, DuplicatesPage, ErasePage, ErasedPage, HelperLine,
    LookLine, MyConsent, PausePage, ReferralPage, ShareLine, ShownLine, SideLine, consent_how,
    contact_purpose, looker,
};
use super::super::seeker::{
    Choosing, MyDetails, MyWork, Paused, ProposalPage, ReferralLine, Said, Told, Wanted, WantedLine,
    WorkState, own_lines, referral_words,
};
use super::super::sign_in::{CodeFor, EnterCode, partly_hidden};
use super::super::work::{ReasonLine, Voice, day_list, support_name};
use super::*;
use crate::domain::own_fit::OwnFit;

fn evening(day: NaiveDate) -> NaiveDateTime {
    day.and_hms_opt(18, 0, 0).unwrap()
}

fn wanted(answer: Option<EmployerAnswer>) -> Wanted {
    Wanted {
        employer: "De Linde".to_owned(),
        answer_by: Some((evening(day(2026, 11, 24)), false)),
        answer: answer.map(|answer| (answer, day(2026, 11, 23))),
        shared_until: None,
    }
}

fn wishes() -> Wishes {
    Wishes {
        postcode: "1315".to_owned(),
        tasks: vec!["keuken.afwassen".into()],
        any_task: false,
        dayparts: Dayparts::ALL,
        hours: None,
        travel: None,
        days: Days::default(),
        available_from: None,
        languages: vec![spoken("nld", LanguageLevel::Simple)],
        licences: Vec::new(),
        cannot: Vec::new(),
        shown_support: Vec::new(),
        remark: String::new(),
    }
}

fn spoken(language: &str, level: LanguageLevel) -> Spoken {
    Spoken { language: language.to_owned(), level }
}

pub(super) fn my_work(t: Texts, l: Layout, state: WorkState) -> MyWork {
    MyWork {
        l,
        name: "Samira".to_owned(),
        welcome: false,
        paused: None,
        still_looking: false,
        duplicate: false,
        state,
        total: 12,
        proposals: if state == WorkState::Found { proposals(t) } else { Vec::new() },
        pager: pager("/mijn", 1, 3),
        nearby: if state == WorkState::Nothing { cards() } else { Vec::new() },
        wanted: Vec::new(),
        tickets: Vec::new(),
        referrals: Vec::new(),
        more: MyWork::more(t, &wishes()),
    }
}

fn wanted_lines(t: Texts) -> Vec<WantedLine> {
    let answers = [
        None,
        Some(EmployerAnswer::NoPlaces),
        Some(EmployerAnswer::Times),
        Some(EmployerAnswer::Requirement),
    ];
    let mut lines: Vec<WantedLine> = answers
        .into_iter()
        .enumerate()
        .map(|(number, answer)| WantedLine {
            href: format!("/mijn/voorstel/w{number}"),
            title: format!("Medewerker keuken {number}"),
            wanted: wanted(answer),
        })
        .collect();
    for (number, answer_by) in [(5, None), (6, Some((evening(day(2026, 11, 20)), true)))] {
        lines.push(WantedLine {
            href: format!("/mijn/voorstel/w{number}"),
            title: format!("{} {number}", t.get("wanted-gone")),
            wanted: Wanted { answer_by, ..wanted(None) },
        });
    }
    lines
}

fn referrals(t: Texts) -> Vec<ReferralLine> {
    let states = [
        ReferralState::Open,
        ReferralState::NotReached,
        ReferralState::Spoken,
        ReferralState::Closed,
        ReferralState::Withdrawn,
    ];
    let line = |(number, state): (usize, ReferralState)| ReferralLine {
        id: format!("referral_{number}"),
        desk: format!("Regionaal mobiliteitsteam {number}"),
        state: referral_words(t, state, evening(day(2026, 11, 24))),
        open: number < 3,
    };
    states.into_iter().enumerate().map(line).collect()
}

pub(super) fn proposal(t: Texts, said: Said) -> ProposalPage {
    let fits = [
        OwnFit::NeedMet(Need::QuietPlace),
        OwnFit::Cannot(Cannot::Lift, SelfCheck::LiftKg(15)),
        OwnFit::DaysMissing([6, 7].into_iter().collect()),
        OwnFit::NeedOpen(Need::Interpreter),
    ];
    ProposalPage {
        l: seeker(t, "/mijn/voorstel/1"),
        o: detail(),
        reasons: lines(t, Voice::You),
        own: own_lines(t, &fits),
        choosing: choosing(t, said),
        queue: None,
    }
}

/// What she can say to an opening on her list.
pub(super) fn choosing(t: Texts, said: Said) -> Choosing {
    Choosing {
        said,
        href: "/mijn/voorstel/1".to_owned(),
        seen: vec![
            (t.get("seen-where"), "Almere".to_owned()),
            (t.get("seen-distance"), "3,2 km".to_owned()),
            (t.get("details-shown"), support_name(t, Support::Buddy)),
        ],
        reasons_not: Choosing::reasons_not(t),
    }
}

fn told(t: Texts, id: &str, words: &str, href: &'static str) -> Told {
    Told { what: t.get(id), words: words.to_owned(), href }
}

fn details(t: Texts, filled: bool) -> MyDetails {
    let or = |words: String| if filled { words } else { String::new() };
    let languages = t.list(&[spoken_words(t, &spoken("nld", LanguageLevel::Good))]);
    let licences = licence_name(t, Licence::B);
    let travel = format!("{}, {}", means_name(t, Means::Bicycle), t.one("travel-up-to", "km", 10_u8));
    MyDetails {
        l: seeker(t, "/mijn/gegevens"),
        not_told: false,
        work: vec![
            told(
                t,
                "details-where",
                &t.two("details-where-value", "postcode", "1315 RC", "place", "Almere"),
                "/mijn/gegevens/waar",
            ),
            told(t, "details-what", "afwassen en opruimen, groente snijden", "/mijn/gegevens/wat"),
            told(
                t,
                "details-hours",
                &or(hours_words(t, Hours { min: 12, max: 24 })),
                "/mijn/gegevens/wanneer",
            ),
            told(t, "details-start", &start_words(t, Some(day(2026, 12, 7))), "/mijn/gegevens/vanaf"),
            told(t, "details-travel", &or(travel), "/mijn/gegevens/vervoer"),
            told(t, "details-languages", &or(languages), "/mijn/gegevens/talen"),
            told(t, "details-licences", &or(licences), "/mijn/gegevens/papieren"),
            told(t, "details-shown", &or(support_name(t, Support::Training)), "/mijn/gegevens/laten-zien"),
        ],
        own: vec![
            told(t, "details-days", &or(day_list(t, Days::ALL)), "/mijn/gegevens/wanneer"),
            told(t, "details-cannot", &or(cannot_name(t, Cannot::Lift)), "/mijn/gegevens/niet"),
            told(t, "details-needs", &or(need_name(t, Need::Seat)), "/mijn/gegevens/hulp"),
            told(t, "details-remark", "", "/mijn/gegevens/opmerking"),
        ],
        reach: vec![
            told(t, "details-name", "Samira", "/mijn/gegevens/naam"),
            told(t, "details-channel", &t.get("channel-sms"), "/mijn/gegevens/naam"),
            told(t, "details-contact", "06 12 34 56 78", "/mijn/gegevens/contact"),
        ],
        background: vec![
            told(t, "details-benefit", &or(benefit_name(t, Benefit::Other)), "/mijn/gegevens/achtergrond"),
            told(t, "details-entry", &or(entry_point_name(t, "library")), "/mijn/gegevens/achtergrond"),
        ],
        digest: filled.then(|| t.get("channel-email")),
        may_digest: true,
    }
}

fn consent(t: Texts, full: bool) -> MyConsent {
    let line = |purpose, given, how: &str| ConsentLine {
        purpose,
        given,
        since: full.then(|| day(2026, 11, 22)),
        text_version: "2026-11-a".to_owned(),
        how: consent_how(t, how, full.then_some("Bibliotheek Almere")),
    };
    let helper = |account: &str, days_left| HelperLine {
        account: account.to_owned(),
        name: format!("Fatma de Vries {account}"),
        organisation: "Bibliotheek Almere".to_owned(),
        days_left,
        until: day(2026, 12, 6),
    };
    let look = |words: String| LookLine { on: day(2026, 11, 21), words };
    let purposes = [
        (ContactPurpose::TalkAboutWork, ProtoRole::AccountManager),
        (ContactPurpose::Appointment, ProtoRole::AccountManager),
        (ContactPurpose::Appointment, ProtoRole::Employer),
        (ContactPurpose::Correction, ProtoRole::AccountManager),
        (ContactPurpose::Offer, ProtoRole::AccountManager),
        (ContactPurpose::SecondNumber, ProtoRole::AccountManager),
        (ContactPurpose::PhoneLost, ProtoRole::Helper),
        (ContactPurpose::OldEnded, ProtoRole::Helper),
        (ContactPurpose::Miswritten, ProtoRole::Helper),
        (ContactPurpose::FirstDay, ProtoRole::Employer),
        (ContactPurpose::InLine, ProtoRole::Helper),
    ];
    let at_contact = purposes.map(|(purpose, role)| {
        look(t.with(
            "look-contact",
            &[
                ("who", &looker(t, Some(role))),
                ("organisation", &"Werkgeversservicepunt Flevoland"),
                ("why", &contact_purpose(t, purpose, role)),
            ],
        ))
    });
    let at_profile = [
        look(t.one("look-profile", "who", looker(t, Some(ProtoRole::Helper)))),
        look(t.one("look-profile-opening-gone", "who", looker(t, None))),
        look(t.with(
            "look-profile-opening",
            &[
                ("who", &looker(t, Some(ProtoRole::Employer))),
                ("title", &"Medewerker keuken"),
                ("employer", &"De Linde"),
            ],
        )),
    ];
    MyConsent {
        l: seeker(t, "/mijn/toestemming"),
        lines: vec![
            line(Purpose::OpenFile, full, "herself"),
            line(Purpose::Adviser, false, "paper"),
            line(Purpose::Figures, full, "read_aloud"),
        ],
        shares: if full {
            vec![ShareLine {
                words: t.two("share-until", "employer", "De Linde", "date", t.date_year(day(2026, 12, 20))),
                proposal: "proposal_1".to_owned(),
                employer: "employer_1".to_owned(),
            }]
        } else {
            Vec::new()
        },
        helpers: if full {
            vec![helper("1", Some(14)), helper("2", Some(1)), helper("3", None)]
        } else {
            Vec::new()
        },
        looks: if full { at_contact.into_iter().chain(at_profile).collect() } else { Vec::new() },
    }
}

fn question(t: Texts, path: &'static str, texts: [&'static str; 3], choices: Vec<Choice>) -> Question {
    Question {
        l: seeker(t, path),
        action: path,
        question: texts[0],
        why: texts[1],
        seen: texts[2],
        groups: vec![Boxes {
            field: "vak",
            legend: texts[0],
            hint: "register-when-hint",
            kind: "checkbox",
            choices,
        }],
    }
}

fn desks(t: Texts, signed_in: bool) -> Vec<DeskCard> {
    [
        (DeskKind::Wsp, "Werkgeversservicepunt Flevoland"),
        (DeskKind::Rmt, "Regionaal mobiliteitsteam Flevoland"),
        (DeskKind::LearnWork, "Leerwerkloket Flevoland"),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (kind, name))| DeskCard {
        name: name.to_owned(),
        for_whom: desk_for_whom(t, kind),
        town: "Almere".to_owned(),
        phone: if number == 2 { String::new() } else { format!("036 000 00 0{number}") },
        email: if number == 0 { "info@voorbeeld.nl".to_owned() } else { String::new() },
        website: format!("https://voorbeeld.nl/{number}"),
        call_me: signed_in.then(|| format!("/mijn/loket/desk_{number}")),
    })
    .collect()
}

/// The pages.
pub(super) fn add(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    add(
        "my-work-searching",
        &MyWork { welcome: true, ..my_work(t, seeker(t, "/mijn"), WorkState::Searching) },
    );
    add(
        "my-work",
        &MyWork {
            wanted: wanted_lines(t),
            referrals: referrals(t),
            ..my_work(t, seeker(t, "/mijn"), WorkState::Found)
        },
    );
    let notice = Some(Notice::Done(t.get("details-title")));
    add(
        "my-work-nothing",
        &my_work(t, Layout { notice, demo: true, ..seeker(t, "/mijn") }, WorkState::Nothing),
    );
    let with_card = || my_work(t, seeker(t, "/mijn"), WorkState::Nothing);
    let contact = WantedLine {
        href: "/mijn/voorstel/9".to_owned(),
        title: "Hulp in de bakkerij".to_owned(),
        wanted: wanted(Some(EmployerAnswer::Meet)),
    };
    add("my-work-contact", &MyWork { wanted: vec![contact], ..with_card() });
    let not_told = my_work(t, seeker(t, "/mijn"), WorkState::NotTold);
    add("my-work-not-told", &MyWork { more: Vec::new(), ..not_told });
    add("my-work-still-looking", &MyWork { still_looking: true, ..with_card() });
    for (name, until, by_silence) in [
        ("my-work-paused", Some(day(2027, 3, 1)), false),
        ("my-work-paused-open", None, false),
        ("my-work-paused-by-silence", None, true),
    ] {
        add(name, &MyWork { paused: Some(Paused { until, by_silence }), ..with_card() });
    }
    add("my-work-duplicate", &MyWork { duplicate: true, ..with_card() });
    add("proposal", &proposal(t, Said::Nothing));
    add("proposal-wanted", &proposal(t, Said::Wanted(wanted(None))));
    add("proposal-meet", &proposal(t, Said::Wanted(wanted(Some(EmployerAnswer::Meet)))));
    let shared = Wanted { shared_until: Some(day(2026, 12, 20)), ..wanted(Some(EmployerAnswer::Meet)) };
    add("proposal-shared", &proposal(t, Said::Wanted(shared)));
    add(
        "proposal-not-for-me",
        &ProposalPage { reasons: Vec::new(), own: Vec::new(), ..proposal(t, Said::NotForMe) },
    );
    add("my-details", &details(t, false));
    add("my-details-told", &details(t, true));
    let not_told = details(t, false);
    add("my-details-not-told", &MyDetails { not_told: true, work: Vec::new(), own: Vec::new(), ..not_told });
    add("my-consent", &consent(t, true));
    add("my-consent-none", &consent(t, false));
    add(
        "edit-place",
        &RegisterPlace { l: seeker(t, "/mijn/gegevens/waar"), edit: true, postcode: "1315".to_owned() },
    );
    add(
        "edit-tasks",
        &RegisterTasks {
            l: seeker(t, "/mijn/gegevens/wat"),
            edit: true,
            groups: groups(true),
            search: "heftruckchauffeur".to_owned(),
            found: vec![
                Choice::new("magazijn.heftruck", "met de heftruck rijden".to_owned(), true)
                    .icon("forklift")
                    .hint(t.one("tasks-search-via", "title", "heftruckchauffeur")),
            ],
            others: RegisterTasks::others(t, false, true),
        },
    );
    add(
        "edit-when",
        &RegisterWhen {
            l: seeker(t, "/mijn/gegevens/wanneer"),
            edit: true,
            dayparts: daypart_choices(t, Dayparts::ALL),
            days: day_choices(t, [1, 2].into_iter().collect()),
            hours: hours_choices(t, Some("weet-niet")),
        },
    );
    add(
        "edit-travel",
        &EditTravel {
            l: seeker(t, "/mijn/gegevens/vervoer"),
            means: EditTravel::means(t, None),
            distances: EditTravel::distances(t, Some(10)),
        },
    );
    edits(t, add);
    rights(t, add);
}

fn edits(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let start =
        |l, later, typed: &str| EditStart { l, choices: EditStart::choices(t, later), day: typed.to_owned() };
    add("edit-start", &start(seeker(t, "/mijn/gegevens/vanaf"), Some(false), ""));
    let refused = wrong(seeker(t, "/mijn/gegevens/vanaf"), &[("vanaf", "available-from-past")]);
    add("edit-start-wrong", &start(refused, Some(true), "7-12-2020"));
    let arabic = spoken("ara", LanguageLevel::Fluent);
    let languages = |l| EditLanguages {
        l,
        dutch: level_choices(t, Some(LanguageLevel::Simple), true),
        others: vec![
            LanguageRow::new(t, 1, Some(&arabic)),
            LanguageRow::new(t, 2, Some(&spoken("fry", LanguageLevel::Good))),
            LanguageRow::new(t, 3, None),
        ],
    };
    add("edit-languages", &languages(seeker(t, "/mijn/gegevens/talen")));
    let refused = wrong(seeker(t, "/mijn/gegevens/talen"), &[("niveau-3", "level-missing")]);
    add("edit-languages-wrong", &languages(refused));
    add(
        "edit-licences",
        &question(
            t,
            "/mijn/gegevens/papieren",
            ["licences-question", "licences-why", ""],
            licence_choices(t, &[Licence::B]),
        ),
    );
    add(
        "edit-cannot",
        &question(
            t,
            "/mijn/gegevens/niet",
            ["cannot-question", "cannot-why", "question-not-employers"],
            cannot_choices(t, &[Cannot::Lift]),
        ),
    );
    add(
        "edit-needs",
        &question(
            t,
            "/mijn/gegevens/hulp",
            ["needs-question", "needs-why", "question-only-you"],
            need_choices(t, &[Need::QuietPlace]),
        ),
    );
    let shown = question(
        t,
        "/mijn/gegevens/laten-zien",
        ["shown-question", "shown-why", "question-employers"],
        support_choices(t, &[Support::Buddy]),
    );
    add("edit-shown", &shown);
    let refused = wrong(seeker(t, "/mijn/gegevens/laten-zien"), &[("vak", "choice-unknown")]);
    add("edit-shown-wrong", &Question { l: refused, ..shown });
    add(
        "edit-background",
        &Question {
            l: seeker(t, "/mijn/gegevens/achtergrond"),
            action: "/mijn/gegevens/achtergrond",
            question: "background-question",
            why: "background-why",
            seen: "question-figures",
            groups: vec![
                Boxes {
                    field: "uitkering",
                    legend: "background-question",
                    hint: "",
                    kind: "radio",
                    choices: benefit_choices(t, None),
                },
                Boxes {
                    field: "vindplaats",
                    legend: "background-entry",
                    hint: "",
                    kind: "radio",
                    choices: entry_point_choices(t, Some("library")),
                },
            ],
        },
    );
    let remark = |l, remark: &str| EditRemark { l, remark: remark.to_owned() };
    add("edit-remark", &remark(seeker(t, "/mijn/gegevens/opmerking"), ""));
    let refused = wrong(seeker(t, "/mijn/gegevens/opmerking"), &[("opmerking", "looks-like-bsn")]);
    add("edit-remark-wrong", &remark(refused, "123456782"));
    let name = |channels| EditName {
        l: seeker(t, "/mijn/gegevens/naam"),
        name: "Samira".to_owned(),
        channels,
        languages: vec![
            Choice::new("nl", "Nederlands".to_owned(), true),
            Choice::new("en", "English".to_owned(), false),
        ],
    };
    add("edit-name", &name(channel_choices(t, Some(Channel::Sms))));
    add("edit-name-letters", &name(Vec::new()));
    let second = |l, number: &str, whose: &str| EditSecondNumber {
        l,
        action: "/mijn/gegevens/tweede-nummer".to_owned(),
        back: "/mijn/gegevens".to_owned(),
        hers: true,
        is_given: false,
        number: number.to_owned(),
        whose: whose.to_owned(),
    };
    add("edit-second-number", &second(seeker(t, "/mijn/gegevens/tweede-nummer"), "", ""));
    let refused = wrong(seeker(t, "/mijn/gegevens/tweede-nummer"), &[("nummer", "second-is-first")]);
    add("edit-second-number-wrong", &second(refused, "06 12 34 56 78", "mijn zus"));
    let contact =
        |l, typed: &str| EditContact { l, now: "06 12 34 56 78".to_owned(), contact: typed.to_owned() };
    add(
        "old-contact",
        &OldContact { l: seeker(t, "/mijn/gegevens/contact"), now: "06 12 34 56 78".to_owned() },
    );
    add(
        "old-contact-code",
        &EnterCode {
            l: seeker(t, "/mijn/gegevens/contact/oud"),
            code_for: CodeFor::OldContact,
            sent_to: Some(partly_hidden("+31612345678")),
            form: None,
        },
    );
    add("edit-contact", &contact(seeker(t, "/mijn/gegevens/contact"), ""));
    let refused = wrong(seeker(t, "/mijn/gegevens/contact"), &[("contact", "contact-malformed")]);
    add("edit-contact-wrong", &contact(refused, "06 12"));
    add(
        "edit-contact-code",
        &EnterCode {
            l: seeker(t, "/mijn/gegevens/contact/code"),
            code_for: CodeFor::NewContact,
            sent_to: Some(partly_hidden("+31687654321")),
            form: None,
        },
    );
}

fn rights(t: Texts, add: &mut dyn FnMut(&'static str, &dyn askama::DynTemplate)) {
    let pause = |l, open, paused: Option<String>| PausePage {
        l,
        choices: PausePage::choices(t, open),
        until: String::new(),
        paused,
    };
    add("pause", &pause(seeker(t, "/mijn/pauze"), None, None));
    let refused = wrong(seeker(t, "/mijn/pauze"), &[("tot", "until-not-after-today")]);
    add("pause-wrong", &pause(refused, Some(false), None));
    let words = Paused { until: Some(day(2027, 3, 1)), by_silence: false }.words(t);
    add("pause-now", &pause(seeker(t, "/mijn/pauze"), None, Some(words)));
    let part = |title, facts| CopyPart { title, facts };
    let shown: Vec<ReasonLine> = lines(t, Voice::You);
    let copy = |shown| CopyPage {
        l: seeker(t, "/mijn/download"),
        made: evening(day(2026, 11, 22)),
        parts: vec![
            part("details-work-title", vec![(t.get("details-where"), "1315 RC, Almere".to_owned())]),
            part("copy-consents-title", vec![(t.get("consent-adviser"), t.get("consent-yes"))]),
            part("copy-marks-title", Vec::new()),
        ],
        shown,
    };
    add(
        "copy",
        &copy(vec![ShownLine {
            title: "Medewerker keuken, De Linde".to_owned(),
            on: day(2026, 11, 22),
            reasons: shown,
        }]),
    );
    add("copy-nothing-shown", &copy(Vec::new()));
    add("erase", &ErasePage { l: seeker(t, "/mijn/wissen") });
    add("erased", &ErasedPage { l: visitor(t, "/gewist") });
    let side = |name: &str, help: Option<&str>| SideLine {
        name: name.to_owned(),
        since: day(2026, 11, 20),
        with_help_of: help.map(str::to_owned),
    };
    let duplicate = |id: &str, merged_until| DuplicateLine {
        id: id.to_owned(),
        keep: side("Samira", None),
        other: side(&format!("Samira {id}"), Some("Bibliotheek Almere")),
        merged_until,
    };
    add(
        "duplicates",
        &DuplicatesPage {
            l: seeker(t, "/mijn/dubbel"),
            lines: vec![duplicate("1", None), duplicate("2", Some(day(2026, 12, 20)))],
        },
    );
    add("duplicates-none", &DuplicatesPage { l: seeker(t, "/mijn/dubbel"), lines: Vec::new() });
    let referral = |l, question: &str| ReferralPage {
        l,
        action: "/mijn/loket/desk_1".to_owned(),
        desk: "Regionaal mobiliteitsteam Flevoland".to_owned(),
        name: "Samira".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        question: question.to_owned(),
    };
    add("referral", &referral(seeker(t, "/mijn/loket/desk_1"), ""));
    let refused = wrong(seeker(t, "/mijn/loket/desk_1"), &[("vraag", "looks-like-bsn")]);
    add("referral-wrong", &referral(refused, "123456782"));
    add("help", &Help { l: visitor(t, "/hulp"), postcode: String::new(), desks: None });
    for (name, l, desks) in [
        ("help-desks", visitor(t, "/hulp"), desks(t, false)),
        ("help-desks-seeker", seeker(t, "/hulp"), desks(t, true)),
        ("help-desks-none", visitor(t, "/hulp"), Vec::new()),
    ] {
        add(name, &Help { l, postcode: "1315".to_owned(), desks: Some(desks) });
    }
    let refused = wrong(visitor(t, "/hulp"), &[("postcode", "postcode-unknown")]);
    add("help-wrong", &Help { l: refused, postcode: "0000".to_owned(), desks: None });
}
