//! Every page in every state that looks different, filled with invented people and jobs. The tests hold all of
//! them to the same rules, and the gallery shows them.

use chrono::NaiveDate;
use proto::intake::Purpose;
use proto::matcher::{Count, Reason};
use proto::vacancies::{Firmness, ImportCounts, ImportState, OpeningState, RequirementKind, SelfCheck};
use proto::work::{Channel, Daypart, Dayparts, Hours, Means, Route, TaskCode};

use super::accounts::{AccountPage, AccountRow, AccountState, Accounts, Invite, role_choices};
use super::failures::{Failure, Happened};
use super::form::{Choice, FieldError};
use super::home::Home;
use super::import::{ImportReport, RefusedCell, Upload};
use super::info::{Accessibility, Help, HowItWorks, Languages, Mailbox, Privacy, SentMessage, Weight};
use super::layout::{Assets, Layout, Notice, Pager, Reader, Role};
use super::openings::{Found, OpeningGone, OpeningPage, Openings};
use super::posting::{
    CloseJob, JobCheck, JobForm, JobPage, JobValues, Jobs, NeedRow, PeopleInView, PersonCard,
};
use super::register::{
    RegisterConsent, RegisterPlace, RegisterReach, RegisterTasks, RegisterWhen, TaskGroup, channel_choices,
    consent_choices, daypart_choices, hours_choices,
};
use super::seeker::{ConsentLine, EditTravel, MyConsent, MyDetails, MyWork, ProposalPage, WorkState};
use super::sign_in::{
    AcceptInvitation, CodeFor, EnterCode, InvitationCode, QrCode, SignIn, StaffCode, StaffSignIn,
};
use super::staff::{
    Company, Desk, EmployerPage, EmployerRow, Employers, ImportLine, JobRow, NewEmployer, Organiser,
};
use super::work::{
    Distance, Need, OpeningCard, OpeningDetail, ReasonLine, TaskLine, Voice, daypart_list, hours_words,
    means_name, reason_lines,
};
use crate::texts::Texts;

/// A page, rendered.
pub(crate) struct Sample {
    /// Name of the page and its state.
    pub(crate) name: &'static str,
    /// Its HTML.
    pub(crate) html: String,
}

fn assets() -> Assets {
    Assets {
        css: "/assets/portal.css".to_owned(),
        script: "/assets/portal.js".to_owned(),
        sprite: "/assets/icons.svg".to_owned(),
        favicon: "/assets/favicon.svg".to_owned(),
        font: None,
    }
}

fn layout(t: Texts, reader: Reader, path: &str) -> Layout {
    Layout {
        t,
        reader,
        path: path.to_owned(),
        phone: "085 000 00 00".to_owned(),
        assets: assets(),
        key: "5b0c6a3e-7d1f-4a7b-9a3c-0b8d2f6f1a11".to_owned(),
        errors: Vec::new(),
        notice: None,
        demo: false,
    }
}

fn visitor(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Visitor, path)
}

fn seeker(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Seeker { name: "Samira".to_owned() }, path)
}

fn manager(t: Texts, path: &str) -> Layout {
    layout(t, Reader::Staff { name: "Marieke de Boer".to_owned(), roles: vec![Role::Manager] }, path)
}

fn administrator(t: Texts, path: &str) -> Layout {
    layout(
        t,
        Reader::Staff { name: "Jan Visser".to_owned(), roles: vec![Role::Manager, Role::Administrator] },
        path,
    )
}

fn wrong(mut l: Layout, errors: &[(&str, &str)]) -> Layout {
    l.errors = errors.iter().map(|(field, code)| ((*field).to_owned(), FieldError::new(code))).collect();
    l
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn task_label(task: &TaskCode) -> String {
    match task.0.as_str() {
        "keuken.afwassen" => "afwassen en opruimen",
        "keuken.snijden" => "groente snijden",
        "magazijn.orders" => "orders verzamelen",
        "schoonmaken.vloeren" => "vloeren dweilen en stofzuigen",
        other => other,
    }
    .to_owned()
}

fn reasons() -> Vec<Reason> {
    vec![
        Reason::TaskWanted { task: "keuken.afwassen".into() },
        Reason::TaskWanted { task: "keuken.snijden".into() },
        Reason::Near { km: 3.2, means: Means::Bicycle, minutes: 16 },
        Reason::HoursFit { hours: Hours { min: 16, max: 24 } },
        Reason::Asked { kind: RequirementKind::CertificateOfConduct, firmness: Firmness::Legal },
        Reason::DaypartMissing { daypart: Daypart::Weekend },
    ]
}

fn lines(t: Texts, voice: Voice) -> Vec<ReasonLine> {
    reason_lines(t, voice, &reasons(), task_label)
}

fn card(title: &str, employer: &str, place: &str, km: f64, route: Route) -> OpeningCard {
    OpeningCard {
        href: "/werk/baan_7c1f".to_owned(),
        title: title.to_owned(),
        employer: employer.to_owned(),
        place: place.to_owned(),
        distance: Some(Distance {
            by: Some((Means::Bicycle, Means::Bicycle.minutes(km))),
            ..Distance::km(km)
        }),
        hours: Hours { min: 16, max: 24 },
        pay_cents: Some(1520),
        route,
        reasons: Vec::new(),
    }
}

fn cards() -> Vec<OpeningCard> {
    vec![
        card("Medewerker keuken", "De Linde", "Almere", 3.2, Route::OpenHiring),
        card(
            "Orders verzamelen in het magazijn",
            "Van Dalen Distributie Nederland B.V.",
            "Lelystad",
            14.0,
            Route::Regular,
        ),
        OpeningCard {
            pay_cents: None,
            ..card("Schoonmaker", "Zorggroep Waterland", "Almere", 0.6, Route::Regular)
        },
    ]
}

fn proposals(t: Texts) -> Vec<OpeningCard> {
    let mut cards = cards();
    cards[0].reasons = lines(t, Voice::You);
    cards[1].reasons = reason_lines(
        t,
        Voice::You,
        &[
            Reason::TaskRelated { task: "magazijn.orders".into(), liked: "keuken.snijden".into() },
            Reason::DaypartsFit { dayparts: [Daypart::Morning, Daypart::Afternoon].into_iter().collect() },
            Reason::Asked { kind: RequirementKind::DrivingLicence, firmness: Firmness::Needed },
            Reason::TravelNotTold { usual_km: 15 },
        ],
        task_label,
    );
    cards[2].reasons = reason_lines(
        t,
        Voice::You,
        &[
            Reason::AnyTask,
            Reason::LearnedHere { kind: RequirementKind::Experience },
            Reason::OpenHiring,
            Reason::HoursNotTold { hours: Hours { min: 12, max: 12 } },
            Reason::DaypartsNotTold,
        ],
        task_label,
    );
    for (number, card) in cards.iter_mut().enumerate() {
        card.href = format!("/mijn/voorstel/{number}");
    }
    cards
}

fn detail() -> OpeningDetail {
    OpeningDetail {
        card: card("Medewerker keuken", "De Linde", "Almere", 3.2, Route::OpenHiring),
        tasks: vec![
            TaskLine { label: "afwassen en opruimen".to_owned(), icon: "tools-kitchen-2".to_owned() },
            TaskLine { label: "groente snijden".to_owned(), icon: "tools-kitchen-2".to_owned() },
            TaskLine { label: "vloeren dweilen en stofzuigen".to_owned(), icon: "spray".to_owned() },
        ],
        description: vec!["U werkt in een team van 6 mensen. Fatma leert u het werk.".to_owned()],
        dayparts: [Daypart::Morning, Daypart::Afternoon, Daypart::Weekend].into_iter().collect(),
        starts_on: Some(day(2026, 12, 7)),
        places: 3,
        self_checks: vec![
            SelfCheck::LiftKg(15),
            SelfCheck::StandHours(6),
            SelfCheck::WalkALot,
            SelfCheck::Outside,
            SelfCheck::Cold(-18),
            SelfCheck::Noise,
        ],
        needs: vec![
            Need {
                kind: RequirementKind::Adult,
                firmness: Firmness::Legal,
                ground: Some("Arbeidstijdenwet".to_owned()),
            },
            Need { kind: RequirementKind::CertificateOfConduct, firmness: Firmness::Legal, ground: None },
            Need { kind: RequirementKind::SimpleDutch, firmness: Firmness::Needed, ground: None },
            Need { kind: RequirementKind::Experience, firmness: Firmness::Learned, ground: None },
            Need { kind: RequirementKind::Diploma, firmness: Firmness::Learned, ground: None },
        ],
        closes_on: None,
    }
}

fn groups(ticked: bool) -> Vec<TaskGroup> {
    [
        ("schoonmaken", "Schoonmaken", "spray"),
        ("keuken", "Koken en helpen in de keuken", "tools-kitchen-2"),
        ("bedienen", "Bedienen en gasten ontvangen", "confetti"),
        ("winkel", "Helpen in de winkel", "shopping-cart"),
        ("inpakken", "Inpakken en sorteren", "recycle"),
        ("magazijn", "Werken in het magazijn", "forklift"),
        ("bezorgen", "Rijden en bezorgen", "truck-delivery"),
        ("groen", "Werken in tuin en park", "plant"),
        ("bouw", "Bouwen en slopen", "crane"),
        ("schilderen", "Schilderen en afwerken", "tool"),
        ("zorg", "Zorgen voor mensen", "nurse"),
        ("dieren", "Zorgen voor dieren", "paw"),
    ]
    .into_iter()
    .enumerate()
    .map(|(number, (code, label, icon))| TaskGroup {
        tile: Choice::new(code, label.to_owned(), ticked && number == 1).icon(icon),
        tasks: vec![
            Choice::new(
                &format!("{code}.a"),
                "vloeren dweilen en stofzuigen".to_owned(),
                ticked && number == 4,
            ),
            Choice::new(&format!("{code}.b"), "ramen wassen".to_owned(), false),
            Choice::new(&format!("{code}.c"), "afwassen en opruimen".to_owned(), false),
        ],
    })
    .collect()
}

fn pager(base: &str, page: u32, pages: u32) -> Pager {
    Pager { base: base.to_owned(), page, pages }
}

fn job_rows() -> Vec<JobRow> {
    vec![
        JobRow {
            href: "/baan/1".to_owned(),
            title: "Medewerker keuken".to_owned(),
            employer: "De Linde".to_owned(),
            place: "Almere".to_owned(),
            route: Route::OpenHiring,
            state: OpeningState::Published,
            people: Some(Count::About(30)),
        },
        JobRow {
            href: "/baan/2".to_owned(),
            title: "Orders verzamelen in het magazijn".to_owned(),
            employer: "Van Dalen Distributie Nederland B.V.".to_owned(),
            place: "Lelystad".to_owned(),
            route: Route::Regular,
            state: OpeningState::Published,
            people: Some(Count::FewerThanTen),
        },
        JobRow {
            href: "/baan/3".to_owned(),
            title: "Schoonmaker".to_owned(),
            employer: "Zorggroep Waterland".to_owned(),
            place: "Almere".to_owned(),
            route: Route::Regular,
            state: OpeningState::Draft,
            people: None,
        },
        JobRow {
            href: "/baan/4".to_owned(),
            title: "Chauffeur".to_owned(),
            employer: "Zorggroep Waterland".to_owned(),
            place: "Almere".to_owned(),
            route: Route::Regular,
            state: OpeningState::Closed,
            people: None,
        },
    ]
}

fn employer_row() -> EmployerRow {
    EmployerRow {
        href: "/werkgever/1".to_owned(),
        name: "De Linde".to_owned(),
        kvk: "12345678".to_owned(),
        place: "Almere".to_owned(),
        open: 2,
    }
}

fn job_form(t: Texts, l: Layout, filled: bool) -> JobForm {
    JobForm {
        l,
        action: "/baan/nieuw".to_owned(),
        edit: false,
        employers: vec![
            Choice::new("1", "De Linde, Almere".to_owned(), filled),
            Choice::new("2", "Zorggroep Waterland, Almere".to_owned(), false),
        ],
        routes: JobForm::routes(t, filled.then_some(Route::OpenHiring)),
        groups: groups(filled),
        needs: RequirementKind::ALL
            .into_iter()
            .map(|kind| {
                let chosen = (filled && kind == RequirementKind::Diploma).then_some(Firmness::Needed);
                NeedRow::new(t, kind, chosen, "")
            })
            .collect(),
        dayparts: daypart_choices(
            t,
            if filled { [Daypart::Morning].into_iter().collect() } else { Dayparts::default() },
        ),
        also: JobForm::also(t, filled, false, false),
        values: if filled {
            JobValues {
                title: "Medewerker keuken".to_owned(),
                postcode: "13".to_owned(),
                hours_min: "24".to_owned(),
                hours_max: "16".to_owned(),
                places: "3".to_owned(),
                pay: "15,20".to_owned(),
                ..JobValues::default()
            }
        } else {
            JobValues { places: "1".to_owned(), ..JobValues::default() }
        },
        version: None,
    }
}

fn job_page(l: Layout, state: OpeningState, people: Option<PeopleInView>) -> JobPage {
    JobPage { l, href: "/baan/1".to_owned(), o: detail(), state, people, may_change: true }
}

fn people(t: Texts, all: Count, seen: bool, searching: bool) -> PeopleInView {
    let facts = vec![
        hours_words(t, Hours { min: 16, max: 24 }),
        daypart_list(t, [Daypart::Morning, Daypart::Afternoon].into_iter().collect()),
    ];
    let person = |code: &str, km: f64, reasons: Vec<ReasonLine>| PersonCard {
        code: code.to_owned(),
        municipality: "Almere".to_owned(),
        distance: Distance::km(km),
        facts: facts.clone(),
        reasons,
    };
    PeopleInView {
        all,
        cards: if seen {
            vec![
                person("K7-3QD", 0.8, lines(t, Voice::Someone)),
                person(
                    "M2-9XR",
                    4.1,
                    reason_lines(
                        t,
                        Voice::Someone,
                        &[
                            Reason::AnyTask,
                            Reason::DaypartsFit { dayparts: [Daypart::Night].into_iter().collect() },
                            Reason::Near { km: 4.1, means: Means::PublicTransport, minutes: 14 },
                            Reason::HoursNotTold { hours: Hours { min: 24, max: 32 } },
                            Reason::TravelNotTold { usual_km: 15 },
                        ],
                        task_label,
                    ),
                ),
                person(
                    "P4-1AB",
                    9.6,
                    reason_lines(
                        t,
                        Voice::Someone,
                        &[
                            Reason::TaskRelated {
                                task: "keuken.snijden".into(),
                                liked: "magazijn.orders".into(),
                            },
                            Reason::Near { km: 9.6, means: Means::Foot, minutes: 144 },
                            Reason::DaypartsNotTold,
                        ],
                        task_label,
                    ),
                ),
            ]
        } else {
            Vec::new()
        },
        pager: pager("/baan/1", 1, if seen { 2 } else { 1 }),
        searching,
    }
}

fn my_work(t: Texts, l: Layout, state: WorkState) -> MyWork {
    MyWork {
        l,
        name: "Samira".to_owned(),
        welcome: false,
        state,
        total: 12,
        proposals: if state == WorkState::Found { proposals(t) } else { Vec::new() },
        pager: pager("/mijn", 1, 3),
        nearby: if state == WorkState::Nothing { cards() } else { Vec::new() },
        more: MyWork::more(t, false, true, true),
    }
}

fn report(l: Layout, state: ImportState, counts: ImportCounts, refused: Vec<RefusedCell>) -> ImportReport {
    ImportReport {
        l,
        href: "/banen/bestand/1".to_owned(),
        state,
        counts,
        pager: pager("/banen/bestand/1", 1, if refused.is_empty() { 1 } else { 20 }),
        refused,
        download: "/banen/bestand/1/rijen.csv".to_owned(),
    }
}

fn account_rows() -> Vec<AccountRow> {
    let row = |name: &str, email: &str, roles: Vec<Role>, state| AccountRow {
        href: "/beheer/accounts/1".to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        roles,
        state,
    };
    vec![
        row(
            "Jan Visser",
            "j.visser@voorbeeld.nl",
            vec![Role::Manager, Role::Administrator],
            AccountState::Active,
        ),
        row(
            "Marieke de Boer",
            "m.deboer@voorbeeld.nl",
            vec![Role::Organiser],
            AccountState::Invited(day(2026, 12, 7)),
        ),
        row("Ria Hof", "r.hof@voorbeeld.nl", vec![Role::Employer], AccountState::Ended(day(2026, 11, 2))),
    ]
}

fn qr() -> QrCode {
    // Not a real code: a pattern of the same density, to see its size and edges.
    QrCode::new((0..33 * 33).map(|index| (index * 7 + index / 33 * 11) % 5 < 2).collect(), 33)
}

/// Every page in every state, in one language.
pub(crate) fn all(t: Texts) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: &'static str, page: &dyn askama::DynTemplate| {
        samples.push(Sample { name, html: page.dyn_render().unwrap() });
    };

    add("home", &Home { l: visitor(t, "/"), postcode: String::new(), nearby: Vec::new() });
    add(
        "home-near",
        &Home { l: Layout { demo: true, ..visitor(t, "/") }, postcode: "1315".to_owned(), nearby: cards() },
    );
    add(
        "openings-empty",
        &Openings {
            l: visitor(t, "/werk"),
            postcode: String::new(),
            distances: Openings::distances(t, 10),
            found: None,
        },
    );
    add(
        "openings-wrong",
        &Openings {
            l: wrong(visitor(t, "/werk"), &[("postcode", "postcode-unknown")]),
            postcode: "0000".to_owned(),
            distances: Openings::distances(t, 10),
            found: None,
        },
    );
    for (name, total, page, cards, outside) in
        [("openings", 38, 2, cards(), Vec::new()), ("openings-none", 0, 1, Vec::new(), cards())]
    {
        let found = Found {
            place: "Almere".to_owned(),
            km: 10,
            total,
            cards,
            outside,
            pager: pager("/werk", page, if total == 0 { 1 } else { 9 }),
        };
        add(
            name,
            &Openings {
                l: visitor(t, "/werk"),
                postcode: "1315".to_owned(),
                distances: Openings::distances(t, 10),
                found: Some(found),
            },
        );
    }
    add("opening", &OpeningPage { l: visitor(t, "/werk/1"), o: detail() });
    add(
        "opening-plain",
        &OpeningPage {
            l: seeker(t, "/werk/1"),
            o: OpeningDetail {
                card: OpeningCard {
                    distance: None,
                    pay_cents: None,
                    ..card("Schoonmaker", "Zorggroep Waterland", "Almere", 1.0, Route::Regular)
                },
                description: Vec::new(),
                starts_on: None,
                places: 1,
                self_checks: Vec::new(),
                needs: Vec::new(),
                ..detail()
            },
        },
    );
    add("opening-gone", &OpeningGone { l: visitor(t, "/werk/1"), nearby: cards() });

    add("register-1", &RegisterPlace { l: visitor(t, "/aanmelden/1"), edit: false, postcode: String::new() });
    add(
        "register-1-wrong",
        &RegisterPlace {
            l: wrong(visitor(t, "/aanmelden/1"), &[("postcode", "postcode-form")]),
            edit: false,
            postcode: "13".to_owned(),
        },
    );
    add(
        "register-2",
        &RegisterTasks {
            l: visitor(t, "/aanmelden/2"),
            edit: false,
            groups: groups(true),
            others: RegisterTasks::others(t, false, false),
        },
    );
    add(
        "register-2-wrong",
        &RegisterTasks {
            l: wrong(visitor(t, "/aanmelden/2"), &[("taken", "tasks-missing")]),
            edit: false,
            groups: groups(false),
            others: RegisterTasks::others(t, false, false),
        },
    );
    add(
        "register-3",
        &RegisterWhen {
            l: visitor(t, "/aanmelden/3"),
            edit: false,
            dayparts: daypart_choices(t, [Daypart::Morning, Daypart::Weekend].into_iter().collect()),
            hours: hours_choices(t, Some("12-24")),
        },
    );
    add(
        "register-3-wrong",
        &RegisterWhen {
            l: wrong(
                visitor(t, "/aanmelden/3"),
                &[("dagdeel", "dayparts-missing"), ("uren", "hours-missing")],
            ),
            edit: false,
            dayparts: daypart_choices(t, Dayparts::default()),
            hours: hours_choices(t, None),
        },
    );
    add(
        "register-4",
        &RegisterReach {
            l: visitor(t, "/aanmelden/4"),
            fitting: Some(12),
            name: String::new(),
            contact: String::new(),
            channels: channel_choices(t, None),
        },
    );
    add(
        "register-4-wrong",
        &RegisterReach {
            l: wrong(
                visitor(t, "/aanmelden/4"),
                &[("naam", "name-missing"), ("contact", "contact-form"), ("kanaal", "channel-missing")],
            ),
            fitting: Some(1),
            name: String::new(),
            contact: "06 12 <b>\"34\"".to_owned(),
            channels: channel_choices(t, Some(Channel::Sms)),
        },
    );
    add("register-5", &RegisterConsent { l: visitor(t, "/aanmelden/5"), consents: consent_choices(t, &[]) });

    add(
        "code",
        &EnterCode {
            l: visitor(t, "/aanmelden/code"),
            code_for: CodeFor::Registering,
            sent_to: Some(super::sign_in::partly_hidden("+31612345678")),
        },
    );
    add(
        "code-wrong",
        &EnterCode {
            l: wrong(visitor(t, "/inloggen/code"), &[("code", "code-wrong")]),
            code_for: CodeFor::SigningIn,
            sent_to: None,
        },
    );
    add("sign-in", &SignIn { l: visitor(t, "/inloggen"), contact: String::new() });
    add("staff-sign-in", &StaffSignIn { l: visitor(t, "/personeel/inloggen"), email: String::new() });
    add(
        "staff-sign-in-wrong",
        &StaffSignIn {
            l: wrong(visitor(t, "/personeel/inloggen"), &[("email", "password-wrong")]),
            email: "m.deboer@voorbeeld.nl".to_owned(),
        },
    );
    add("staff-code", &StaffCode { l: visitor(t, "/personeel/code") });
    add("invitation-code", &InvitationCode { l: visitor(t, "/uitnodiging"), email: String::new() });
    add(
        "invitation",
        &AcceptInvitation {
            l: visitor(t, "/uitnodiging/account"),
            name: "Marieke de Boer".to_owned(),
            email: "m.deboer@voorbeeld.nl".to_owned(),
            secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
            otpauth: "otpauth://totp/Dichterbij:m.deboer?secret=JBSWY3DPEHPK3PXP&issuer=Dichterbij"
                .to_owned(),
            qr: Some(qr()),
        },
    );

    add(
        "my-work-searching",
        &MyWork { welcome: true, ..my_work(t, seeker(t, "/mijn"), WorkState::Searching) },
    );
    add("my-work", &MyWork { welcome: true, ..my_work(t, seeker(t, "/mijn"), WorkState::Found) });
    add(
        "my-work-nothing",
        &my_work(
            t,
            Layout { notice: Some(Notice::Done(t.get("details-title"))), demo: true, ..seeker(t, "/mijn") },
            WorkState::Nothing,
        ),
    );
    add(
        "proposal",
        &ProposalPage { l: seeker(t, "/mijn/voorstel/1"), o: detail(), reasons: lines(t, Voice::You) },
    );
    let details = |hours: &str| MyDetails {
        l: seeker(t, "/mijn/gegevens"),
        name: "Samira".to_owned(),
        contact: "06 12 34 56 78".to_owned(),
        channel: t.get("channel-sms"),
        postcode: "1315 RC".to_owned(),
        place: "Almere".to_owned(),
        tasks: vec!["afwassen en opruimen".to_owned(), "groente snijden".to_owned()],
        dayparts: daypart_list(t, [Daypart::Morning].into_iter().collect()),
        hours: hours.to_owned(),
        travel: format!("{}, {}", means_name(t, Means::Bicycle), t.one("travel-up-to", "km", 10_u8)),
    };
    add("my-details", &details(""));
    add("my-details-told", &details(&hours_words(t, Hours { min: 12, max: 24 })));
    let consent = |purpose, given| ConsentLine {
        purpose,
        given,
        since: day(2026, 11, 22),
        text_version: "2026-11-a".to_owned(),
    };
    add(
        "my-consent",
        &MyConsent {
            l: seeker(t, "/mijn/toestemming"),
            lines: vec![
                consent(Purpose::OpenFile, true),
                consent(Purpose::Adviser, false),
                consent(Purpose::Figures, false),
            ],
        },
    );
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
            others: RegisterTasks::others(t, false, true),
        },
    );
    add(
        "edit-when",
        &RegisterWhen {
            l: seeker(t, "/mijn/gegevens/wanneer"),
            edit: true,
            dayparts: daypart_choices(t, Dayparts::ALL),
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

    add(
        "desk",
        &Desk {
            l: manager(t, "/werkplek"),
            today: day(2026, 11, 22),
            drafts: job_rows()[2..3].to_vec(),
            quiet: job_rows()[1..2].to_vec(),
            import: Some(ImportLine {
                href: "/banen/bestand/1".to_owned(),
                rows: 1204,
                refused: 9,
                finished: true,
            }),
        },
    );
    add(
        "desk-empty",
        &Desk {
            l: manager(t, "/werkplek"),
            today: day(2026, 11, 22),
            drafts: Vec::new(),
            quiet: Vec::new(),
            import: Some(ImportLine {
                href: "/banen/bestand/1".to_owned(),
                rows: 20_000,
                refused: 0,
                finished: false,
            }),
        },
    );
    let employers = |search: &str, rows: Vec<EmployerRow>| Employers {
        l: manager(t, "/werkgevers"),
        search: search.to_owned(),
        total: rows.len() as u64,
        rows,
        pager: pager("/werkgevers", 1, 2),
    };
    add(
        "employers",
        &employers(
            "",
            vec![
                employer_row(),
                EmployerRow { name: "Van Dalen Distributie Nederland B.V.".to_owned(), ..employer_row() },
            ],
        ),
    );
    add("employers-empty", &employers("", Vec::new()));
    add("employers-none", &employers("linde", Vec::new()));
    add(
        "new-employer",
        &NewEmployer {
            l: wrong(
                manager(t, "/werkgever/nieuw"),
                &[
                    ("naam", "employer-name-missing"),
                    ("kvk", "kvk-form"),
                    ("postcode", "postcode-missing"),
                    ("contact_naam", "bsn"),
                ],
            ),
            name: String::new(),
            kvk: "1234".to_owned(),
            postcode: String::new(),
            contact_name: "123456782".to_owned(),
            contact: String::new(),
        },
    );
    add(
        "employer",
        &EmployerPage {
            l: manager(t, "/werkgever/1"),
            row: employer_row(),
            postcode: "1315 RC".to_owned(),
            region: "Flevoland".to_owned(),
            contact: Some(("Fatma Yilmaz".to_owned(), "06 12 34 56 78".to_owned())),
            new_job: "/baan/nieuw?werkgever=1".to_owned(),
            jobs: job_rows(),
        },
    );
    add(
        "employer-new",
        &EmployerPage {
            l: Layout { notice: Some(Notice::Info("De Linde".to_owned())), ..manager(t, "/werkgever/1") },
            row: employer_row(),
            postcode: "1315".to_owned(),
            region: "Flevoland".to_owned(),
            contact: None,
            new_job: "/baan/nieuw?werkgever=1".to_owned(),
            jobs: Vec::new(),
        },
    );
    add("company", &Company { l: visitor(t, "/bedrijf"), organisation: None, jobs: Vec::new() });
    let employer = |path| {
        layout(t, Reader::Staff { name: "Fatma Yilmaz".to_owned(), roles: vec![Role::Employer] }, path)
    };
    add(
        "company-jobs",
        &Company { l: employer("/bedrijf"), organisation: Some("De Linde".to_owned()), jobs: job_rows() },
    );
    add(
        "company-new",
        &Company { l: employer("/bedrijf"), organisation: Some("De Linde".to_owned()), jobs: Vec::new() },
    );
    add(
        "organiser",
        &Organiser {
            l: layout(
                t,
                Reader::Staff { name: "Ria Hof".to_owned(), roles: vec![Role::Organiser] },
                "/organisator",
            ),
        },
    );

    add(
        "jobs",
        &Jobs { l: manager(t, "/banen"), rows: job_rows(), total: 1204, pager: pager("/banen", 2, 49) },
    );
    add(
        "jobs-empty",
        &Jobs { l: manager(t, "/banen"), rows: Vec::new(), total: 0, pager: pager("/banen", 1, 1) },
    );
    add("job-form", &job_form(t, manager(t, "/baan/nieuw"), false));
    add(
        "job-form-wrong",
        &job_form(
            t,
            wrong(
                manager(t, "/baan/nieuw"),
                &[
                    ("taken", "tasks-missing"),
                    ("eis_diploma", "open-hiring-asks"),
                    ("uren_max", "hours-order"),
                    ("postcode", "postcode-form"),
                ],
            ),
            true,
        ),
    );
    add(
        "job-edit",
        &JobForm {
            edit: true,
            version: Some(3),
            action: "/baan/1/wijzigen".to_owned(),
            ..job_form(t, manager(t, "/baan/1/wijzigen"), true)
        },
    );
    add(
        "job-check",
        &JobCheck {
            l: manager(t, "/baan/nieuw"),
            action: "/baan/nieuw".to_owned(),
            o: detail(),
            advice: vec![t.get("field-open-hiring-asks")],
            hidden: vec![("titel".to_owned(), "Medewerker \"keuken\"".to_owned())],
            may_be_draft: true,
        },
    );
    add(
        "job",
        &job_page(
            manager(t, "/baan/1"),
            OpeningState::Published,
            Some(people(t, Count::About(30), true, false)),
        ),
    );
    add(
        "job-few",
        &job_page(
            manager(t, "/baan/1"),
            OpeningState::Published,
            Some(people(t, Count::FewerThanTen, false, false)),
        ),
    );
    add(
        "job-searching",
        &job_page(
            manager(t, "/baan/1"),
            OpeningState::Published,
            Some(people(t, Count::FewerThanTen, false, true)),
        ),
    );
    add("job-draft", &job_page(manager(t, "/baan/1"), OpeningState::Draft, None));
    add("job-closed", &job_page(manager(t, "/baan/1"), OpeningState::Closed, None));
    add(
        "job-close",
        &CloseJob {
            l: manager(t, "/baan/1/sluiten"),
            href: "/baan/1".to_owned(),
            title: "Medewerker keuken, De Linde".to_owned(),
            reasons: CloseJob::reasons(t),
        },
    );

    add("upload", &Upload { l: manager(t, "/banen/bestand") });
    add("upload-wrong", &Upload { l: wrong(manager(t, "/banen/bestand"), &[("bestand", "file-large")]) });
    let counts = |placed, changed, unchanged, refused, waiting| ImportCounts {
        placed,
        changed,
        unchanged,
        refused,
        waiting,
    };
    let cell = |row, column: &str, value: &str, code: &str| RefusedCell {
        row,
        column: column.to_owned(),
        value: value.to_owned(),
        reason: FieldError::new(code).words(t),
    };
    let refused = vec![
        cell(37, "postcode", "0000", "postcode-unknown"),
        cell(112, "uren_max", "", "hours-form"),
        cell(1204, "taken", "=HYPERLINK(\"http://voorbeeld\";\"klik\")", "task-unknown"),
    ];
    add(
        "import-running",
        &report(
            manager(t, "/banen/bestand/1"),
            ImportState::Running,
            counts(5200, 40, 760, 3, 14_000),
            refused.clone(),
        ),
    );
    add(
        "import-partly",
        &report(
            manager(t, "/banen/bestand/1"),
            ImportState::Finished,
            counts(412, 80, 1204, 9, 0),
            refused.clone(),
        ),
    );
    add(
        "import-one",
        &report(manager(t, "/banen/bestand/1"), ImportState::Finished, counts(1, 0, 0, 1, 0), refused),
    );
    add(
        "import-done",
        &report(manager(t, "/banen/bestand/1"), ImportState::Finished, counts(412, 0, 0, 0, 0), Vec::new()),
    );

    add("accounts", &Accounts { l: administrator(t, "/beheer/accounts"), rows: account_rows() });
    add(
        "invite",
        &Invite {
            l: wrong(
                administrator(t, "/beheer/accounts/nieuw"),
                &[("email", "email-taken"), ("rol", "role-missing")],
            ),
            name: "Marieke de Boer".to_owned(),
            email: "m.deboer@voorbeeld.nl".to_owned(),
            roles: role_choices(t, &[]),
            regions: vec![Choice::new("AM11", "Flevoland".to_owned(), true)],
            employers: vec![Choice::new("1", "De Linde".to_owned(), false)],
        },
    );
    for (name, number) in [("account", 0), ("account-invited", 1), ("account-ended", 2)] {
        let row = account_rows()[number].clone();
        add(
            name,
            &AccountPage {
                l: administrator(t, "/beheer/accounts/1"),
                roles: role_choices(t, &row.roles),
                may_end: number != 0,
                row,
            },
        );
    }

    add(
        "how-it-works",
        &HowItWorks {
            l: visitor(t, "/zo-werkt-het"),
            rules: "1".to_owned(),
            weights: vec![
                Weight { rule: "Een taak die u graag doet".to_owned(), points: 30 },
                Weight { rule: "Dichtbij".to_owned(), points: 20 },
            ],
            usual_km: 15,
        },
    );
    add("privacy", &Privacy { l: visitor(t, "/privacy") });
    add("accessibility", &Accessibility { l: visitor(t, "/toegankelijkheid") });
    add("help", &Help { l: visitor(t, "/hulp") });
    add("languages", &Languages { l: visitor(t, "/taal"), back: "/werk".to_owned() });
    add(
        "mailbox-empty",
        &Mailbox { l: Layout { demo: true, ..visitor(t, "/mailbox") }, messages: Vec::new() },
    );
    let message = |channel, subject: Option<&str>, body: &str| SentMessage {
        to: "06 12 34 56 78".to_owned(),
        channel,
        subject: subject.map(str::to_owned),
        body: body.to_owned(),
        sent_at: day(2026, 11, 22).and_hms_opt(7, 5, 0).unwrap(),
    };
    add(
        "mailbox",
        &Mailbox {
            l: Layout { demo: true, ..visitor(t, "/mailbox") },
            messages: vec![
                message(Channel::Sms, None, "Uw code voor Dichterbij is 482913.\n@localhost #482913"),
                message(
                    Channel::Email,
                    Some("Uw uitnodiging"),
                    "Uw code is 7K3Q-D9XR.\nhttp://127.0.0.1:8080/uitnodiging",
                ),
                message(Channel::Call, None, "482913"),
            ],
        },
    );
    for happened in Happened::ALL {
        let name = match happened {
            Happened::NotUnderstood => "failure-400",
            Happened::NoAccess => "failure-403",
            Happened::NotFound => "failure-404",
            Happened::Changed => "failure-409",
            Happened::Gone => "failure-410",
            Happened::TooLarge => "failure-413",
            Happened::TooOften { .. } => "failure-429",
            Happened::OurFault => "failure-500",
            Happened::NotNow => "failure-503",
            Happened::SessionEnded { staff: false } => "failure-session",
            Happened::SessionEnded { staff: true } => "failure-session-staff",
        };
        let reader = if matches!(happened, Happened::NoAccess) {
            manager(t, "/beheer/accounts")
        } else {
            visitor(t, "/werk")
        };
        add(name, &Failure { l: reader, happened, request_id: "0192f3a1-7c".to_owned() });
    }
    samples
}
