//! Every page in every state that looks different, filled with invented people and jobs. The tests hold all of
//! them to the same rules, and the gallery shows them.

mod helper;
mod line;

use chrono::NaiveDate;
use proto::intake::{DeskKind, ReferralState};
use proto::matcher::{Count, EmployerAnswer, Reason};
use proto::vacancies::{
    Firmness, ImportColumn, ImportCounts, ImportState, OpeningState, RequirementKind, SelfCheck,
};
use proto::work::{Channel, Daypart, Dayparts, Hours, Means, Route, Support, TaskCode};

use super::accounts::{
    AccountPage, AccountRow, AccountState, Accounts, ColleagueRow, Colleagues, Invite, RightsForm,
    role_choices,
};
use super::desks::{ChangeDesk, DeskRow, Desks, ErasureRow, Erasures, ReferralRow, Referrals};
use super::employers::{
    AskPurpose, ChangeEmployer, ContactFields, ContactPage, ContactRow, EmployerPage, NewEmployer, RegionRow,
    SiteFields, SitePage, SiteRow,
};
use super::failures::{Failure, Happened};
use super::form::{Choice, FieldError};
use super::home::Home;
use super::import::{
    CountLink, GoodRow, HeadingRow, ImportColumns, ImportJudged, ImportReport, ImportUndo, MendField,
    MineRow, RefusedRow, Shown, Upload,
};
use super::info::{Accessibility, HowItWorks, Languages, Mailbox, Privacy, SentMessage, Weight};
use super::interest::{FoundPeople, InterestLine, InterestList, OpenFile, PersonRow, ReachPage, Reached};
use super::layout::{Assets, Layout, Notice, Pager, Reader, Role};
use super::openings::{Found, OpeningGone, OpeningPage, Openings};
use super::posting::{
    AdviceLine, CloseJob, JobCheck, JobForm, JobPage, JobRoute, JobValues, Jobs, NeedRow, PeopleInView,
    PersonCard, SourceRow, StartRow, TaskRow, TermsValues,
};
use super::register::{
    RegisterConsent, RegisterPlace, RegisterReach, RegisterTasks, RegisterWhen, TaskGroup, channel_choices,
    consent_choices, daypart_choices, hours_choices,
};
use super::seeker::EditTravel;
use super::sign_in::{
    AcceptInvitation, CodeFor, EnterCode, InvitationCode, QrCode, SignIn, StaffCode, StaffSignIn,
};
use super::staff::{
    Company, Desk, EmployerChoices, EmployerRow, Employers, ImportLine, JobRow, Organiser, OwnCompany,
    StillOpen, Waiting,
};
use super::stuck::{Stuck, StuckRow};
use super::work::{
    Distance, Need, OpeningCard, OpeningDetail, ReasonLine, TaskLine, Voice, day_name, daypart_list,
    hours_words, means_name, reason_lines, route_name, support_name,
};
use crate::texts::Texts;

mod queue;
mod seeker_pages;

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
        stuck: 0,
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
            Need {
                kind: RequirementKind::SimpleDutch,
                firmness: Firmness::Needed,
                ground: Some("U leest de regels voor veiligheid.".to_owned()),
            },
            Need { kind: RequirementKind::Forklift, firmness: Firmness::Needed, ground: None },
            Need { kind: RequirementKind::Experience, firmness: Firmness::Learned, ground: None },
            Need { kind: RequirementKind::Diploma, firmness: Firmness::Learned, ground: None },
        ],
        closes_on: None,
        days: [1, 2, 6].into_iter().collect(),
        cao: "Cao Horeca".to_owned(),
        offered: vec!["Een vaste collega die meeloopt".to_owned(), "Een rustige plek".to_owned()],
        terms: vec!["U begint op maandag 7 december.".to_owned()],
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

fn employer_choices(filled: bool) -> EmployerChoices {
    EmployerChoices {
        choices: vec![
            Choice::new("1", "De Linde, Almere".to_owned(), filled),
            Choice::new("2", "Zorggroep Waterland, Almere".to_owned(), false),
        ],
        total: if filled { 2 } else { 1204 },
        search: String::new(),
    }
}

/// What each kind of job has of its own, filled in.
fn terms(route: Route) -> TermsValues {
    TermsValues {
        route: Some(route),
        starts: vec![
            StartRow { number: 1, on: "2026-12-07".to_owned(), places: "2".to_owned() },
            StartRow { number: 2, ..StartRow::default() },
        ],
        kind: "bbl".to_owned(),
        school: "Groenhorst Almere".to_owned(),
        recognised: true,
        result: "diploma".to_owned(),
        months: "12".to_owned(),
        learning_hours: "8".to_owned(),
        working_hours: "24".to_owned(),
        sources: vec![
            SourceRow { number: 1, title: "Kok".to_owned(), people: "4".to_owned() },
            SourceRow { number: 2, ..SourceRow::default() },
        ],
        tasks: vec![
            TaskRow {
                code: "keuken.a".to_owned(),
                label: "groente snijden".to_owned(),
                source: "1".to_owned(),
                hours: "2,5".to_owned(),
                qualified: false,
            },
            TaskRow { code: "keuken.b".to_owned(), label: "afwassen".to_owned(), ..TaskRow::default() },
        ],
        text: "De koks hebben meer tijd om te koken.".to_owned(),
        guidance: "4".to_owned(),
        premium: true,
        weeks: "8".to_owned(),
        contract_months: "12".to_owned(),
    }
}

fn advice() -> Vec<AdviceLine> {
    vec![
        AdviceLine {
            field: "omschrijving".to_owned(),
            code: "wording-age".to_owned(),
            reason: "Leeftijd doet er niet toe.".to_owned(),
            found: "jong team".to_owned(),
            instead: Some("leuk team".to_owned()),
            number: 0,
        },
        AdviceLine {
            field: "uurloon".to_owned(),
            code: "pay".to_owned(),
            reason: "Zet het loon erbij.".to_owned(),
            found: String::new(),
            instead: None,
            number: 1,
        },
    ]
}

fn job_form(t: Texts, l: Layout, route: Route, filled: bool) -> JobForm {
    JobForm {
        l,
        action: "/baan/nieuw".to_owned(),
        edit: false,
        employer: ("1".to_owned(), "De Linde".to_owned()),
        route: route_name(t, route),
        groups: groups(filled),
        needs: RequirementKind::ALL
            .iter()
            .map(|&kind| {
                let chosen = (filled && kind == RequirementKind::Diploma).then_some(Firmness::Needed);
                NeedRow::new(t, kind, chosen, "")
            })
            .collect(),
        dayparts: daypart_choices(
            t,
            if filled { [Daypart::Morning].into_iter().collect() } else { Dayparts::default() },
        ),
        days: (1..=7_u8)
            .map(|day| Choice::new(&day.to_string(), day_name(t, day), filled && day < 4))
            .collect(),
        sites: vec![Choice::new("1", "De Linde, 1315 RC Almere".to_owned(), filled)],
        support: Support::ALL
            .iter()
            .map(|kind| Choice::new(kind.name(), support_name(t, *kind), filled))
            .collect(),
        also: JobForm::also(t, filled, false, false),
        values: if filled {
            JobValues {
                title: "Medewerker keuken".to_owned(),
                postcode: "13".to_owned(),
                hours_min: "24".to_owned(),
                hours_max: "16".to_owned(),
                places: "3".to_owned(),
                pay: "15,20".to_owned(),
                cao: "Horeca".to_owned(),
                ..JobValues::default()
            }
        } else {
            JobValues { places: "1".to_owned(), ..JobValues::default() }
        },
        terms: if filled {
            terms(route)
        } else {
            TermsValues { route: Some(route), ..TermsValues::default() }
        },
        advice: if filled { advice() } else { Vec::new() },
        seen: Vec::new(),
        version: None,
    }
}

fn still_open(number: usize) -> StillOpen {
    StillOpen {
        href: format!("/baan/{}", number + 1),
        title: ["Medewerker keuken", "Hulp in de bediening"][number % 2].to_owned(),
        employer: "De Linde".to_owned(),
        closes_on: day(2026, 11, 27),
        until: day(2027, 1, 17),
        number,
    }
}

fn job_page(l: Layout, state: OpeningState, people: Option<PeopleInView>) -> JobPage {
    let asked = state == OpeningState::Published && people.as_ref().is_some_and(|people| !people.searching);
    JobPage {
        l,
        href: "/baan/1".to_owned(),
        o: detail(),
        state,
        people,
        may_change: true,
        by_manager: true,
        still_open: asked.then(|| still_open(0)),
        interest: "/interesse?baan=1".to_owned(),
        line: (state != OpeningState::Draft).then(|| "/rij/1/beheer".to_owned()),
    }
}

fn interest(t: Texts, l: Layout, by_manager: bool, rows: bool) -> InterestList {
    let line = |code: &str, job: &str, overdue, answer| InterestLine {
        href: format!("/interesse/{code}"),
        job: job.to_owned(),
        job_href: "/baan/1".to_owned(),
        employer: "De Linde".to_owned(),
        person: PersonCard {
            code: code.to_owned(),
            href: format!("/mens/{code}"),
            municipality: "Almere".to_owned(),
            distance: Distance::km(3.2),
            facts: vec![hours_words(t, Hours { min: 16, max: 24 })],
            reasons: lines(t, Voice::Someone),
        },
        at: day(2026, 11, 16),
        answer_by: day(2026, 11, 23).and_hms_opt(17, 0, 0).unwrap(),
        overdue,
        answer,
    };
    InterestList {
        l,
        by_manager,
        rows: if rows {
            vec![
                line("K7-3QD", "Medewerker keuken", true, None),
                line("M2-9XR", "Medewerker keuken", false, None),
                line("P4-1AB", "Schoonmaker", false, Some((EmployerAnswer::Meet, day(2026, 11, 18)))),
                line("R5-7CD", "Schoonmaker", false, Some((EmployerAnswer::Times, day(2026, 11, 17)))),
            ]
        } else {
            Vec::new()
        },
        total: if rows { 4 } else { 0 },
        pager: pager("/interesse?toon=alle", 1, 1),
        other: "/interesse?toon=open".to_owned(),
        only_open: !rows,
    }
}

fn open_file(t: Texts, l: Layout, by_manager: bool, found: bool) -> OpenFile {
    let person = |code: &str, km, any_task| PersonRow {
        code: code.to_owned(),
        href: if by_manager { format!("/mens/{code}") } else { String::new() },
        km,
        municipality: "Almere".to_owned(),
        tasks: vec!["groente snijden".to_owned(), "afwassen en opruimen".to_owned()],
        any_task,
        facts: vec![hours_words(t, Hours { min: 16, max: 24 })],
        from: t.get("start-now"),
        support: vec![Support::Buddy, Support::Transport],
    };
    OpenFile {
        l,
        action: if by_manager { "/mensen" } else { "/bedrijf/mensen" }.to_owned(),
        sites: if by_manager {
            Vec::new()
        } else {
            vec![Choice::new("1", "Keuken, Almere".to_owned(), true)]
        },
        postcode: if by_manager { "1315".to_owned() } else { String::new() },
        distances: OpenFile::distances(t, 20),
        groups: vec![Choice::new("keuken", "Koken en helpen in de keuken".to_owned(), false)],
        found: Some(FoundPeople {
            place: "Almere".to_owned(),
            total: if found { 2 } else { 0 },
            rows: if found {
                vec![person("K7-3QD", 1, false), person("M2-9XR", 7, true)]
            } else {
                Vec::new()
            },
            pager: pager("/mensen?postcode=1315&km=20", 1, 1),
        }),
    }
}

fn people(t: Texts, all: Count, seen: bool, searching: bool) -> PeopleInView {
    let facts = vec![
        hours_words(t, Hours { min: 16, max: 24 }),
        daypart_list(t, [Daypart::Morning, Daypart::Afternoon].into_iter().collect()),
    ];
    let person = |code: &str, km: f64, reasons: Vec<ReasonLine>| PersonCard {
        code: code.to_owned(),
        href: format!("/mens/{code}"),
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

fn count_links(t: Texts, counts: ImportCounts, current: usize) -> Vec<CountLink> {
    let labels =
        ["import-count-placed", "import-count-changed", "import-count-unchanged", "import-count-refused"];
    let numbers = [counts.placed, counts.changed, counts.unchanged, counts.refused];
    let link = |(at, (label, count)): (usize, (&str, u32))| CountLink {
        href: format!("/banen/bestand/1?toon={at}"),
        label: t.get(label),
        count,
        current: at == current,
        mind: at == 3 && count > 0,
    };
    labels.into_iter().zip(numbers).enumerate().map(link).collect()
}

fn refused_rows(t: Texts) -> Vec<RefusedRow> {
    let field = |row: u32, column: &str, value: &str, code: &str| MendField {
        field: format!("r{row}.{column}"),
        column: column.to_owned(),
        value: value.to_owned(),
        reasons: vec![FieldError::new(code).words(t)],
        choices: match column {
            "soort" => vec![Choice::new("gewoon", "gewoon".to_owned(), false)],
            _ => Vec::new(),
        },
        long: column == "omschrijving",
        tasks: column == "taken",
        hint: match column {
            "taken" => t.one("import-perhaps", "tasks", "ramen wassen | vloeren dweilen"),
            "soort" => t.one("import-said", "value", "stage"),
            _ => String::new(),
        },
    };
    let row =
        |row, title: &str, fields| RefusedRow { row, title: title.to_owned(), whole: Vec::new(), fields };
    vec![
        row(37, "Medewerker keuken", vec![field(37, "postcode", "0000", "postcode-unknown")]),
        row(
            112,
            "",
            vec![
                field(112, "soort", "stage", "route-unknown"),
                field(112, "omschrijving", "Bel 123456782", "looks-like-bsn"),
                field(112, "uren_max", "", "hours-malformed"),
            ],
        ),
        RefusedRow {
            whole: vec![FieldError::new("row-cells").words(t)],
            ..row(
                1204,
                "Schoonmaker",
                vec![field(1204, "taken", "=HYPERLINK(\"http://voorbeeld\";\"klik\")", "task-unknown")],
            )
        },
    ]
}

fn shown(t: Texts, title: &str, refused: Vec<RefusedRow>, good: Vec<GoodRow>) -> Shown {
    let pages = if refused.is_empty() { 1 } else { 20 };
    Shown { title: t.get(title), refused, good, pager: pager("/banen/bestand/1?toon=3", 1, pages) }
}

fn report(l: Layout, state: ImportState, counts: ImportCounts, refused: Vec<RefusedRow>) -> ImportReport {
    let t = l.t;
    let finished = state == ImportState::Finished;
    ImportReport {
        href: "/banen/bestand/1".to_owned(),
        state,
        counts,
        links: count_links(t, counts, 3),
        shown: shown(t, "import-refused-title", refused, Vec::new()),
        undo_until: finished.then(|| "maandag 23 november om 14:00 uur".to_owned()),
        left_alone: if state == ImportState::Undone { 2 } else { 0 },
        employers_undone: if state == ImportState::Undone { 3 } else { 0 },
        l,
    }
}

fn account_rows() -> Vec<AccountRow> {
    let row = |name: &str, email: &str, roles: Vec<Role>, state| AccountRow {
        href: "/beheer/accounts/1".to_owned(),
        name: name.to_owned(),
        email: email.to_owned(),
        roles,
        organisation: "Bibliotheek Almere".to_owned(),
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
    add(
        "opening",
        &OpeningPage {
            l: visitor(t, "/werk/1"),
            o: detail(),
            paused: false,
            markup: String::new(),
            choosing: None,
            queue: None,
        },
    );
    add(
        "opening-hers",
        &OpeningPage {
            l: seeker(t, "/werk/1"),
            o: detail(),
            paused: false,
            markup: String::new(),
            choosing: Some(seeker_pages::choosing(t, super::seeker::Said::Nothing)),
            queue: None,
        },
    );
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
            paused: true,
            markup: String::new(),
            choosing: None,
            queue: None,
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
            search: String::new(),
            found: Vec::new(),
            others: RegisterTasks::others(t, false, false),
        },
    );
    add(
        "register-2-wrong",
        &RegisterTasks {
            l: wrong(visitor(t, "/aanmelden/2"), &[("taken", "tasks-missing")]),
            edit: false,
            groups: groups(false),
            search: "vliegen".to_owned(),
            found: Vec::new(),
            others: RegisterTasks::others(t, false, false),
        },
    );
    add(
        "register-3",
        &RegisterWhen {
            l: visitor(t, "/aanmelden/3"),
            edit: false,
            dayparts: daypart_choices(t, [Daypart::Morning, Daypart::Weekend].into_iter().collect()),
            days: Vec::new(),
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
            days: Vec::new(),
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
            form: None,
        },
    );
    add(
        "code-wrong",
        &EnterCode {
            l: wrong(visitor(t, "/inloggen/code"), &[("code", "code-wrong")]),
            code_for: CodeFor::SigningIn,
            sent_to: None,
            form: None,
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

    seeker_pages::add(t, &mut add);
    queue::add(t, &mut add);

    add(
        "desk",
        &Desk {
            l: manager(t, "/werkplek"),
            today: day(2026, 11, 22),
            waiting: Some(Waiting { people: 3, overdue: true }),
            calls: 2,
            asked: vec![still_open(0), still_open(1)],
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
            waiting: None,
            calls: 0,
            asked: Vec::new(),
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
        own: search == "linde",
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
            site: SiteFields::default(),
            contact: ContactFields { name: "123456782".to_owned(), ..ContactFields::default() },
        },
    );
    let employer = |path| {
        layout(t, Reader::Staff { name: "Fatma Yilmaz".to_owned(), roles: vec![Role::Employer] }, path)
    };
    let site_row = |number: u8| SiteRow {
        href: format!("/werkgever/1/vestiging/{number}"),
        name: "Keuken".to_owned(),
        address: "Kerkgracht 2, 1315 RC Almere".to_owned(),
        region: "Flevoland".to_owned(),
    };
    let contact_row = |number| ContactRow {
        href: format!("/werkgever/1/contact/{number}"),
        site: if number == 1 { String::new() } else { "Keuken".to_owned() },
        since: day(2026, 11, 22),
        number,
    };
    let employer_page = |l, by_manager, labour_conflict, jobs| EmployerPage {
        l,
        row: employer_row(),
        by_manager,
        sites: vec![site_row(1), site_row(2)],
        contacts: vec![contact_row(1), contact_row(2)],
        regions: vec![
            RegionRow {
                code: "AM11".to_owned(),
                name: "Flevoland".to_owned(),
                manager: "Marieke de Boer".to_owned(),
                choices: if by_manager {
                    vec![Choice::new("1", "Marieke de Boer".to_owned(), true)]
                } else {
                    Vec::new()
                },
            },
            RegionRow {
                code: "AM01".to_owned(),
                name: "Groningen".to_owned(),
                manager: String::new(),
                choices: Vec::new(),
            },
        ],
        labour_conflict,
        new_job: "/baan/nieuw?werkgever=1".to_owned(),
        jobs,
    };
    add("employer", &employer_page(manager(t, "/werkgever/1"), true, false, job_rows()));
    add(
        "employer-new",
        &EmployerPage {
            contacts: Vec::new(),
            ..employer_page(
                Layout { notice: Some(Notice::Info("De Linde".to_owned())), ..manager(t, "/werkgever/1") },
                true,
                true,
                Vec::new(),
            )
        },
    );
    add("employer-own", &employer_page(employer("/werkgever/1"), false, false, job_rows()));
    add(
        "employer-change",
        &ChangeEmployer {
            l: manager(t, "/werkgever/1/wijzigen"),
            href: "/werkgever/1".to_owned(),
            name: "De Linde".to_owned(),
            conflict: vec![Choice::new("ja", t.get("employer-conflict-yes"), true)],
        },
    );
    let site = |l, known| SitePage {
        l,
        employer_href: "/werkgever/1".to_owned(),
        employer: "De Linde".to_owned(),
        action: "/werkgever/1/vestiging/1".to_owned(),
        known,
        site: SiteFields { name: "Keuken".to_owned(), ..SiteFields::default() },
    };
    add("site-new", &site(employer("/werkgever/1/vestiging/nieuw"), false));
    add(
        "site-wrong",
        &site(wrong(employer("/werkgever/1/vestiging/1"), &[("postcode", "site-has-openings")]), true),
    );
    let contact = |l, shown: bool| ContactPage {
        l,
        employer_href: "/werkgever/1".to_owned(),
        employer: "De Linde".to_owned(),
        action: "/werkgever/1/contact/1/wijzigen".to_owned(),
        delete: if shown { "/werkgever/1/contact/1/wissen".to_owned() } else { String::new() },
        shown: shown.then(|| ContactFields {
            name: "Fatma Yilmaz".to_owned(),
            reach: "06 12 34 56 78".to_owned(),
            work: "teamleider keuken".to_owned(),
        }),
        contact: ContactFields::default(),
        sites: vec![Choice::new("1", "Keuken, Almere".to_owned(), false)],
    };
    add("contact-new", &contact(manager(t, "/werkgever/1/contact/nieuw"), false));
    add("contact-shown", &contact(manager(t, "/werkgever/1/contact/1"), true));
    let purpose = |l, is_told, by_employer| AskPurpose {
        l,
        action: "/mens/1".to_owned(),
        back: "/mensen".to_owned(),
        whose: t.one("people-code", "code", "K7W-3QD"),
        is_told,
        purposes: crate::web::staff::employer::purposes(t, "", by_employer),
    };
    add("purpose", &purpose(manager(t, "/mens/1"), true, false));
    add("purpose-employer", &purpose(employer("/interesse/1/contact"), true, true));
    add(
        "purpose-wrong",
        &purpose(wrong(manager(t, "/werkgever/1/contact/1"), &[("doel", "purpose-missing")]), false, false),
    );
    let reach = |shared: bool, reach: Option<Reached>| ReachPage {
        l: employer("/interesse/1/contact"),
        confirm: if shared || reach.is_none() { String::new() } else { "/mens/1/uitkering".to_owned() },
        benefits: vec![Choice::new("none", t.get("benefit-none"), false)],
        back: "/bedrijf/interesse".to_owned(),
        code: if shared { String::new() } else { "K7W-3QD".to_owned() },
        shared,
        reach,
    };
    let reached = |contact: &str| Reached {
        name: "Samira".to_owned(),
        contact: contact.to_owned(),
        second: String::new(),
        channel: t.get("channel-sms"),
        remark: if contact.is_empty() { "Ik werk graag met mensen.".to_owned() } else { String::new() },
    };
    add("reach", &reach(true, Some(reached("06 12 34 56 78"))));
    add("reach-letter", &reach(false, Some(reached(""))));
    add("reach-not-shared", &reach(true, None));
    add("reach-no-adviser", &reach(false, None));
    add("interest", &interest(t, employer("/bedrijf/interesse"), false, true));
    add("interest-manager", &interest(t, manager(t, "/interesse"), true, true));
    add("interest-none", &interest(t, employer("/bedrijf/interesse"), false, false));
    add("open-file", &open_file(t, employer("/bedrijf/mensen"), false, true));
    add("open-file-none", &open_file(t, manager(t, "/mensen"), true, false));
    add("open-file-manager", &open_file(t, manager(t, "/mensen"), true, true));
    add(
        "desks",
        &Desks {
            l: manager(t, "/loketten"),
            rows: vec![
                DeskRow {
                    href: "/loket/1".to_owned(),
                    name: "Werkgeversservicepunt Flevoland".to_owned(),
                    kind: super::desks::kind_words(t, DeskKind::Wsp),
                    region: "Flevoland".to_owned(),
                    town: "Almere".to_owned(),
                    phone: "036 000 00 00".to_owned(),
                    checked: Some(day(2026, 11, 2)),
                },
                DeskRow {
                    href: String::new(),
                    name: "Leerwerkloket Groningen".to_owned(),
                    kind: super::desks::kind_words(t, DeskKind::LearnWork),
                    region: "Groningen".to_owned(),
                    town: "Groningen".to_owned(),
                    phone: String::new(),
                    checked: None,
                },
            ],
        },
    );
    add(
        "desk-change",
        &ChangeDesk {
            l: manager(t, "/loket/1"),
            action: "/loket/1".to_owned(),
            about: super::desks::kind_words(t, DeskKind::Rmt),
            name: "Team Werk Flevoland".to_owned(),
            town: "Almere".to_owned(),
            phone: "036 000 00 00".to_owned(),
            email: "team@voorbeeld.nl".to_owned(),
            website: "https://voorbeeld.nl".to_owned(),
        },
    );
    let referral = |name: &str, state, overdue, tries| ReferralRow {
        href: format!("/verwijzingen/{name}"),
        name: name.to_owned(),
        contact: if tries == 1 { String::new() } else { "06 12 34 56 78".to_owned() },
        question: if tries == 0 { "Kan ik een cursus doen?".to_owned() } else { String::new() },
        desk: "Leerwerkloket Flevoland".to_owned(),
        state,
        since: day(2026, 11, 18),
        answer_by: day(2026, 11, 20).and_hms_opt(17, 0, 0).unwrap(),
        overdue,
        tries,
    };
    let referrals = |rows, only_open| Referrals { l: manager(t, "/verwijzingen"), rows, only_open };
    add("referrals-before", &referrals(None, true));
    add("referrals-none", &referrals(Some(Vec::new()), true));
    add(
        "referrals",
        &referrals(
            Some(vec![
                referral("Samira", ReferralState::Open, true, 0),
                referral("Piet", ReferralState::NotReached, false, 1),
                referral("Jo", ReferralState::Spoken, false, 2),
                referral("Eva", ReferralState::Closed, false, 2),
                referral("Bo", ReferralState::Withdrawn, false, 2),
            ]),
            false,
        ),
    );
    let erasure = |confirmed: &[&str], clean, overdue| ErasureRow {
        id: "seeker_00000000000000000000000000000007".to_owned(),
        at: day(2026, 11, 12),
        confirmed: confirmed.iter().map(|name| (*name).to_owned()).collect(),
        clean,
        overdue,
    };
    add("erasures-none", &Erasures { l: administrator(t, "/beheer/gewist"), rows: Vec::new() });
    add(
        "erasures",
        &Erasures {
            l: administrator(t, "/beheer/gewist"),
            rows: vec![
                erasure(&["portal"], None, true),
                erasure(&[], None, false),
                erasure(&["matcher", "portal"], Some(day(2026, 11, 13)), false),
            ],
        },
    );
    let stuck_row = |kind: &str, note: &str| StuckRow {
        letter: "matcher/matcher/0192f3a1-7c00-7000-8000-000000000001".to_owned(),
        at: "matcher".to_owned(),
        from: if kind.is_empty() { String::new() } else { "vacancies".to_owned() },
        kind: kind.to_owned(),
        about: if kind.is_empty() {
            String::new()
        } else {
            "3f2a9c54-0d6e-4b7e-9a41-5b8a1c2d3e4f".to_owned()
        },
        reason: if kind.is_empty() {
            "expected value at line 1 column 1".to_owned()
        } else {
            "store: error returned from database: value too long for type character varying(12)".to_owned()
        },
        attempts: 6,
        since: day(2026, 11, 22).and_hms_opt(7, 5, 0).unwrap(),
        field: format!("reden-matcher-{}", if kind.is_empty() { "nonsense" } else { kind }),
        note: note.to_owned(),
    };
    let stuck = |l: Layout, rows: Vec<StuckRow>, away: Vec<String>, pages| Stuck {
        l: Layout { stuck: rows.len() as u32, ..l },
        total: rows.len() as u64,
        rows,
        away,
        pager: pager("/beheer/vastgelopen", 1, pages),
    };
    let here = || administrator(t, "/beheer/vastgelopen");
    let two = |note| vec![stuck_row("opening_paused.v1", note), stuck_row("", "")];
    add("stuck-none", &stuck(here(), Vec::new(), Vec::new(), 1));
    add("stuck", &stuck(here(), two(""), vec!["notifier".to_owned()], 3));
    let refused = wrong(here(), &[("reden-matcher-opening_paused.v1", "note-empty")]);
    add("stuck-wrong", &stuck(refused, two(""), Vec::new(), 1));
    let colleagues = |l| Colleagues {
        l,
        employer: "De Linde".to_owned(),
        rows: account_rows()
            .into_iter()
            .enumerate()
            .map(|(at, account)| ColleagueRow { account, may_end: at < 1 })
            .collect(),
        name: String::new(),
        email: String::new(),
    };
    add("colleagues", &colleagues(employer("/bedrijf/collegas")));
    add(
        "colleagues-wrong",
        &colleagues(wrong(
            employer("/bedrijf/collegas"),
            &[("naam", "name-empty"), ("email", "email-taken")],
        )),
    );
    add("company", &Company { l: visitor(t, "/bedrijf"), own: None });
    let own = |jobs: Vec<JobRow>, asked, waiting| {
        Some(OwnCompany {
            name: "De Linde".to_owned(),
            href: "/werkgever/1".to_owned(),
            waiting,
            asked,
            jobs,
            pager: pager("/bedrijf", 1, 2),
        })
    };
    let waiting = Some(Waiting { people: 1, overdue: false });
    add(
        "company-jobs",
        &Company { l: employer("/bedrijf"), own: own(job_rows(), vec![still_open(0)], waiting) },
    );
    add("company-new", &Company { l: employer("/bedrijf"), own: own(Vec::new(), Vec::new(), None) });
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
    let job_route = |l, filled: bool| JobRoute {
        l,
        action: "/baan/nieuw".to_owned(),
        edit: filled,
        employers: employer_choices(filled),
        routes: JobForm::routes(t, filled.then_some(Route::LearnWork)),
        hidden: vec![("titel".to_owned(), "Medewerker \"keuken\"".to_owned())],
    };
    add("job-route", &job_route(manager(t, "/baan/nieuw"), false));
    add(
        "job-route-wrong",
        &job_route(
            wrong(
                manager(t, "/baan/nieuw"),
                &[("werkgever", "employer-missing"), ("soort", "route-missing")],
            ),
            true,
        ),
    );
    for (name, route) in [
        ("job-form-open-hiring", Route::OpenHiring),
        ("job-form-learn-work", Route::LearnWork),
        ("job-form-jobcarving", Route::Jobcarving),
        ("job-form-basic", Route::BasicJob),
        ("job-form-participation", Route::ParticipationJob),
        ("job-form-trial", Route::TrialPlacement),
    ] {
        let form = job_form(t, manager(t, "/baan/nieuw"), route, true);
        // The tasks are seen in full on the page of a regular job.
        add(name, &JobForm { groups: groups(true).into_iter().skip(4).take(2).collect(), ..form });
    }
    add("job-form-carving-new", &job_form(t, manager(t, "/baan/nieuw"), Route::Jobcarving, false));
    add("job-form", &job_form(t, manager(t, "/baan/nieuw"), Route::Regular, false));
    add(
        "job-form-wrong",
        &job_form(
            t,
            wrong(
                manager(t, "/baan/nieuw"),
                &[
                    ("soort", "route-missing"),
                    ("taken", "tasks-missing"),
                    ("start_dag_1", "date-missing"),
                    ("eis_diploma", "open-hiring-asks"),
                    ("uren_max", "hours-order"),
                    ("postcode", "postcode-form"),
                ],
            ),
            Route::OpenHiring,
            true,
        ),
    );
    add(
        "job-edit",
        &JobForm {
            edit: true,
            version: Some(3),
            seen: vec!["wording-age".to_owned()],
            action: "/baan/1/wijzigen".to_owned(),
            ..job_form(t, manager(t, "/baan/1/wijzigen"), Route::Regular, true)
        },
    );
    let job_check = |open_already| JobCheck {
        l: manager(t, "/baan/nieuw"),
        action: "/baan/nieuw".to_owned(),
        o: detail(),
        advice: if open_already { Vec::new() } else { advice() },
        hidden: vec![("titel".to_owned(), "Medewerker \"keuken\"".to_owned())],
        may_be_draft: !open_already,
        open_already,
    };
    add("job-check", &job_check(false));
    add("job-check-change", &job_check(true));
    add("job-paused", &job_page(manager(t, "/baan/1"), OpeningState::Paused, None));
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

    let mine = vec![
        MineRow {
            href: "/banen/bestand/1".to_owned(),
            started: "zondag 22 november om 14:00 uur".to_owned(),
            state: t.get("import-state-judged"),
            rows: 1_705,
        },
        MineRow {
            href: "/banen/bestand/2".to_owned(),
            started: "zondag 22 november om 9:00 uur".to_owned(),
            state: t.get("import-state-undone"),
            rows: 1,
        },
    ];
    add("upload", &Upload { l: manager(t, "/banen/bestand"), mine });
    let refused = |error: FieldError| {
        let l = manager(t, "/banen/bestand");
        Upload { l: Layout { errors: vec![("bestand".to_owned(), error)], ..l }, mine: Vec::new() }
    };
    add("upload-wrong", &refused(FieldError::new("file-large")));
    let at = [("line", "3"), ("column", "14")];
    let args = at.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    add("upload-json-wrong", &refused(FieldError { code: "file-json".to_owned(), args }));
    let heading = |at: usize, heading: &str, column: Option<ImportColumn>, samples: &[&str]| HeadingRow {
        field: format!("k{at}"),
        heading: heading.to_owned(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        choices: ImportColumn::ALL
            .map(|known| Choice::new(known.name(), known.name().replace('_', " "), column == Some(known)))
            .to_vec(),
    };
    let columns = |l: Layout, missing: &[&str]| ImportColumns {
        l,
        href: "/banen/bestand/1".to_owned(),
        headings: vec![
            heading(0, "Referentie", Some(ImportColumn::Kenmerk), &["A-1", "A-2", "A-3"]),
            heading(
                1,
                "Functietitel",
                Some(ImportColumn::Functie),
                &["Kok", "Medewerker bediening en keuken"],
            ),
            heading(2, "", None, &[]),
            heading(3, "Opmerking", None, &["<b>let op</b>"]),
        ],
        missing: missing.iter().map(|name| (*name).to_owned()).collect(),
    };
    add("import-columns", &columns(manager(t, "/banen/bestand/1"), &[]));
    let refused_columns = wrong(manager(t, "/banen/bestand/1/kolommen"), &[("kolommen", "columns-number")]);
    add("import-columns-wrong", &columns(refused_columns, &["soort", "dagdelen"]));
    let counts = |placed, changed, unchanged, refused, waiting| ImportCounts {
        placed,
        changed,
        unchanged,
        refused,
        waiting,
    };
    let judged = |counts: ImportCounts, shown: Shown, notes: Vec<String>| ImportJudged {
        l: manager(t, "/banen/bestand/1"),
        href: "/banen/bestand/1".to_owned(),
        counts,
        links: count_links(t, counts, 3),
        tasks: if shown.refused.is_empty() { Vec::new() } else { vec!["ramen wassen".to_owned()] },
        notes,
        shown,
    };
    let notes = vec![
        t.one("import-note-tasks", "count", 12_u32),
        t.one("import-note-cut", "count", 1_u32),
        t.one("import-note-pay", "count", 7_u32),
    ];
    let mending = shown(t, "import-refused-title", refused_rows(t), Vec::new());
    add("import-judged", &judged(counts(412, 80, 1204, 9, 0), mending, notes));
    let good =
        vec![GoodRow { row: 2, opening: Some("/baan/1".to_owned()) }, GoodRow { row: 3, opening: None }];
    add(
        "import-judged-changed",
        &judged(counts(412, 80, 1204, 0, 0), shown(t, "import-shown-changed", Vec::new(), good), Vec::new()),
    );
    add(
        "import-judged-nothing",
        &judged(
            counts(0, 0, 1204, 0, 0),
            shown(t, "import-refused-title", Vec::new(), Vec::new()),
            Vec::new(),
        ),
    );
    for (name, state, numbers, refused) in [
        ("import-judging", ImportState::Judging, counts(5200, 40, 760, 3, 14_000), Vec::new()),
        ("import-running", ImportState::Running, counts(5200, 40, 760, 3, 14_000), Vec::new()),
        ("import-partly", ImportState::Finished, counts(412, 80, 1204, 9, 0), refused_rows(t)),
        ("import-one", ImportState::Finished, counts(1, 0, 0, 1, 0), refused_rows(t)),
        ("import-done", ImportState::Finished, counts(412, 0, 0, 0, 0), Vec::new()),
        ("import-undoing", ImportState::Undoing, counts(412, 80, 0, 0, 0), Vec::new()),
        ("import-undone", ImportState::Undone, counts(412, 80, 0, 0, 0), Vec::new()),
    ] {
        add(name, &report(manager(t, "/banen/bestand/1"), state, numbers, refused));
    }
    add(
        "import-undo",
        &ImportUndo {
            l: manager(t, "/banen/bestand/1/terug"),
            href: "/banen/bestand/1".to_owned(),
            counts: counts(412, 1, 0, 0, 0),
        },
    );

    let rights = |roles: &[Role], filled| RightsForm {
        roles: role_choices(t, roles),
        organisation: "Bibliotheek Almere".to_owned(),
        regions: vec![
            Choice::new("AM11", "Flevoland".to_owned(), filled),
            Choice::new("AM01", "Groningen".to_owned(), false),
        ],
        employers: employer_choices(filled),
    };
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
            rights: rights(&[], false),
        },
    );
    for (name, number) in [("account", 0), ("account-invited", 1), ("account-ended", 2)] {
        let row = account_rows()[number].clone();
        add(
            name,
            &AccountPage {
                l: administrator(t, "/beheer/accounts/1"),
                rights: rights(&row.roles, number == 0),
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
    helper::add(t, &mut add);
    line::add(t, &mut add);
    for happened in Happened::ALL {
        let name = match happened {
            Happened::NotUnderstood => "failure-400",
            Happened::NoAccess => "failure-403",
            Happened::NotFound => "failure-404",
            Happened::WrongMethod => "failure-405",
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
        add(
            name,
            &Failure { l: reader, happened, code: String::new(), request_id: "0192f3a1-7c".to_owned() },
        );
    }
    samples
}
