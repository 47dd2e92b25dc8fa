//! People who want a job, the answers of employers, and contact data for one purpose.

use axum::{
    extract::{Path, RawQuery},
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    OpenFileId, OpeningId, Problem, ProposalId, Service, Status,
    intake::{Benefit, ConfirmBackground, ContactGround, OpenContact, Reach},
    matcher::{AnswerInterest, EmployerAnswer, Interest, InterestIn},
    vacancies::{Employer, OpeningView, OpeningsById},
    work::Channel,
};

use crate::{
    pages::{
        Choice, Layout,
        employers::AskPurpose,
        failures::Happened,
        interest::{InterestLine, InterestList, ReachPage, Reached},
        profile::{benefit_name, second_number_words},
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            EMPLOYERS, MANAGERS, PER_PAGE, WRITERS, by_manager,
            desk::opening_href,
            employer::{purposes, typed_purpose},
            openings::{person_card, short_code},
            query, stop,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/bedrijf/interesse", Staff(EMPLOYERS), || get(own)),
        route("/interesse", Staff(MANAGERS), || get(of_region)),
        route("/interesse/{id}/antwoord", Staff(WRITERS), || post(answer)),
        route("/interesse/{id}/contact", Staff(WRITERS), || get(ask_shared).post(show_shared)),
        route("/mens/{id}", Staff(MANAGERS), || get(ask_adviser).post(show_adviser)),
        route("/mens/{id}/uitkering", Staff(MANAGERS), || post(confirm_benefit)),
    ]
}

fn list_href(by_manager: bool) -> &'static str {
    if by_manager { "/interesse" } else { "/bedrijf/interesse" }
}

/// `/bedrijf/interesse`: who wants to work here.
pub(crate) async fn own(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    list(&visit, &address, false, address.get("toon") == "open").await
}

/// `/interesse`: who waits for an answer in the region.
pub(crate) async fn of_region(visit: Visit, address: RawQuery) -> Result<Response, Stop> {
    let address = query(address);
    list(&visit, &address, true, address.get("toon") != "alle").await
}

async fn list(visit: &Visit, address: &Fields, by_manager: bool, only_open: bool) -> Result<Response, Stop> {
    let number = view::page_number(address);
    let opening_id: Option<OpeningId> = address.get("baan").parse().ok();
    let employer_id = if by_manager { None } else { visit.staff()?.employer_id };
    let wanted = InterestIn { opening_id, employer_id, only_open, page: number - 1, per_page: PER_PAGE };
    let found = visit.ask(&wanted).await.map_err(stop)?;
    let mut opening_ids: Vec<OpeningId> = found.rows.iter().map(|row| row.opening_id).collect();
    opening_ids.sort_unstable();
    opening_ids.dedup();
    let openings = if opening_ids.is_empty() {
        Vec::new()
    } else {
        visit.ask(&OpeningsById { opening_ids }).await.map_err(stop)?
    };
    let base = list_href(by_manager);
    let filter = opening_id.map(|id| format!("baan={id}&")).unwrap_or_default();
    let shown = |open: bool| format!("{base}?{filter}toon={}", if open { "open" } else { "alle" });
    page(&InterestList {
        l: visit.layout(),
        by_manager,
        rows: found.rows.iter().map(|row| line(visit, row, &openings)).collect(),
        total: found.total,
        pager: view::pager(shown(only_open), number, found.total, PER_PAGE),
        other: shown(!only_open),
        only_open,
    })
}

fn line(visit: &Visit, row: &Interest, openings: &[OpeningView]) -> InterestLine {
    // A job that closed meanwhile is not among them; the person and the answer still are.
    let opening = openings.iter().find(|opening| opening.opening_id == row.opening_id);
    let gone = || visit.t().get("interest-job-gone");
    InterestLine {
        href: format!("/interesse/{}", row.proposal_id),
        job: opening.map_or_else(gone, |opening| opening.details.title.clone()),
        job_href: opening_href(row.opening_id),
        employer: opening.map(|opening| opening.employer_name.clone()).unwrap_or_default(),
        person: person_card(visit, &row.person),
        at: clock::day(row.at),
        answer_by: clock::local(row.answer_by),
        overdue: row.overdue,
        answer: row.answer.map(|(answer, at)| (answer, clock::day(at))),
    }
}

fn parse(id: &str) -> Result<ProposalId, Stop> {
    id.parse().map_err(|_| stop(Problem::not_found("proposal")))
}

/// Answers someone who wants a job; she is told at once.
pub(crate) async fn answer(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let proposal_id = parse(&id)?;
    let answer = EmployerAnswer::from_name(form.get("antwoord"))
        .ok_or_else(|| Stop::new(crate::pages::failures::Happened::NotUnderstood))?;
    visit.ask_with_key(&form, &AnswerInterest { proposal_id, answer }).await.map_err(stop)?;
    let done = if answer == EmployerAnswer::Meet { "notice-answer-meet" } else { "notice-answer-not-now" };
    Ok(go_to(list_href(by_manager(&visit)?), [notice(done)]))
}

/// Whose contact data are asked, and what the pages around it say.
struct Asked {
    ground: ContactGround,
    action: String,
    back: String,
    code: String,
    whose: String,
    by_employer: bool,
}

impl Asked {
    fn shared(visit: &Visit, id: &str) -> Result<Self, Stop> {
        let proposal_id = parse(id)?;
        let by_manager = by_manager(visit)?;
        Ok(Self {
            ground: ContactGround::Shared { proposal_id },
            action: format!("/interesse/{proposal_id}/contact"),
            back: list_href(by_manager).to_owned(),
            by_employer: !by_manager,
            code: String::new(),
            whose: visit.t().get("reach-of-shared"),
        })
    }

    fn adviser(visit: &Visit, id: &str) -> Result<Self, Stop> {
        let open_file_id: OpenFileId = id.parse().map_err(|_| stop(Problem::not_found("person")))?;
        let code = short_code(open_file_id);
        Ok(Self {
            ground: ContactGround::Adviser { open_file_id },
            action: format!("/mens/{open_file_id}"),
            back: "/mensen".to_owned(),
            whose: visit.t().one("people-code", "code", &code),
            code,
            by_employer: false,
        })
    }

    fn page(self, visit: &Visit, l: Layout) -> AskPurpose {
        AskPurpose {
            l,
            action: self.action,
            back: self.back,
            whose: self.whose,
            is_told: true,
            purposes: purposes(visit.t(), "", self.by_employer),
        }
    }
}

/// `/interesse/{id}/contact`: for what her contact data are needed.
pub(crate) async fn ask_shared(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    page(&Asked::shared(&visit, &id)?.page(&visit, visit.layout()))
}

/// Shows what she shared with the employer, once.
pub(crate) async fn show_shared(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let asked = Asked::shared(&visit, &id)?;
    show(&visit, asked, &form).await
}

/// `/mens/{id}`: for what an adviser needs her contact data.
pub(crate) async fn ask_adviser(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    page(&Asked::adviser(&visit, &id)?.page(&visit, visit.layout()))
}

/// Shows her contact data to an adviser, if she agreed to that.
pub(crate) async fn show_adviser(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let asked = Asked::adviser(&visit, &id)?;
    show(&visit, asked, &form).await
}

async fn show(visit: &Visit, asked: Asked, form: &Fields) -> Result<Response, Stop> {
    let purpose = match typed_purpose(form) {
        Ok(purpose) => purpose,
        Err(problem) => {
            let l = visit.layout_refused(form, &problem);
            return page_with(StatusCode::BAD_REQUEST, &asked.page(visit, l));
        }
    };
    let command = OpenContact { ground: asked.ground, purpose, organisation: organisation(visit).await? };
    let reach = match visit.ask(&command).await {
        Ok(sealed) => Some(reached(visit, visit.open(&sealed)?)),
        // No ground holds at this moment: she did not share it, or took it back.
        Err(problem) if matches!(problem.status, Status::Forbidden | Status::NotFound | Status::Gone) => None,
        Err(problem) => return Err(stop(problem)),
    };
    let l = visit.layout();
    let confirm = match asked.ground {
        ContactGround::Adviser { open_file_id } if reach.is_some() => {
            format!("/mens/{open_file_id}/uitkering")
        }
        _ => String::new(),
    };
    let benefits =
        Benefit::ALL.iter().map(|&benefit| Choice::new(benefit.name(), benefit_name(l.t, benefit), false));
    page(&ReachPage {
        back: asked.back,
        code: asked.code,
        shared: matches!(asked.ground, ContactGround::Shared { .. }),
        reach,
        confirm,
        benefits: benefits.collect(),
        l,
    })
}

/// Confirms from what someone lives, beside what she says herself; with her consent only.
pub(crate) async fn confirm_benefit(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let open_file_id: OpenFileId = id.parse().map_err(|_| Happened::NotFound)?;
    let benefit = Benefit::from_name(form.get("uitkering")).ok_or(Happened::NotUnderstood)?;
    let benefit = visit.seal(Service::Intake, &benefit);
    let command = ConfirmBackground { open_file_id, benefit, organisation: organisation(&visit).await? };
    visit.ask(&command).await.map_err(stop)?;
    Ok(go_to("/mensen", [notice("notice-benefit-confirmed")]))
}

/// How to reach someone, in words.
pub(crate) fn reached(visit: &Visit, reach: Reach) -> Reached {
    let channel = match reach.channel {
        Channel::Sms => "channel-sms",
        Channel::Call => "channel-call",
        Channel::Email => "channel-email",
    };
    Reached {
        name: reach.name,
        contact: reach.contact.as_deref().map(view::spelled).unwrap_or_default(),
        second: reach
            .second_number
            .map(|second| second_number_words(visit.t(), &view::spelled(&second.number), &second.whose))
            .unwrap_or_default(),
        channel: visit.t().get(channel),
        remark: reach.remark,
    }
}

/// The organisation of who looks, as the person will read it: for people of an employer its name.
pub(crate) async fn organisation(visit: &Visit) -> Result<String, Stop> {
    let staff = visit.staff()?;
    match staff.employer_id {
        Some(employer_id) if staff.organisation.is_empty() => {
            Ok(visit.ask(&Employer { employer_id }).await.map_err(stop)?.line.name)
        }
        _ => Ok(staff.organisation.clone()),
    }
}
