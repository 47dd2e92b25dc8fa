//! Desks that help people, the referrals to them, and the erasures that an administrator watches.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    DeskId, FieldProblem, Problem, ReferralId, Role,
    intake::{
        ChangeDesk as Change, Desk, Desks as AskDesks, Erasure, Erasures as AskErasures, FollowUpReferral,
        ReferralLine, ReferralState, Referrals as AskReferrals,
    },
};

use crate::{
    pages::{
        Layout, Notice,
        desks::{ChangeDesk, DeskRow, Desks, ErasureRow, Erasures, ReferralRow, Referrals, kind_words},
        failures::Happened,
    },
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{ADMINISTRATORS, DESK_KEEPERS, MANAGERS, stop, with_fields},
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// Erasures on one page.
const MOST_ERASURES: u16 = 200;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/loketten", Staff(DESK_KEEPERS), || get(desks)),
        route("/loket/{id}", Staff(DESK_KEEPERS), || get(ask_change).post(change)),
        route("/verwijzingen", Staff(MANAGERS), || get(ask_referrals).post(referrals)),
        route("/verwijzingen/{id}", Staff(MANAGERS), || post(follow_up)),
        route("/beheer/gewist", Staff(ADMINISTRATORS), || get(erasures)),
    ]
}

fn may_change(visit: &Visit, desk: &Desk) -> Result<bool, Stop> {
    let staff = visit.staff()?;
    Ok(staff.roles.contains(&Role::Administrator) || staff.regions.contains(&desk.region))
}

/// `/loketten`
pub(crate) async fn desks(visit: Visit) -> Result<Response, Stop> {
    let found = visit.ask(&AskDesks {}).await.map_err(stop)?;
    let row = |desk: &Desk| {
        Ok(DeskRow {
            href: if may_change(&visit, desk)? { format!("/loket/{}", desk.desk_id) } else { String::new() },
            name: desk.name.clone(),
            kind: kind_words(visit.t(), desk.kind),
            region: view::region(&visit, &desk.region),
            town: desk.town.clone(),
            phone: desk.phone.clone(),
            checked: desk.checked_at.map(clock::day),
        })
    };
    let rows = found.iter().map(row).collect::<Result<Vec<_>, Stop>>()?;
    page(&Desks { l: visit.layout(), rows })
}

async fn find(visit: &Visit, id: &str) -> Result<Desk, Stop> {
    let not_found = || stop(Problem::not_found("desk"));
    let desk_id: DeskId = id.parse().map_err(|_| not_found())?;
    let found = visit.ask(&AskDesks {}).await.map_err(stop)?;
    let desk = found.into_iter().find(|desk| desk.desk_id == desk_id).ok_or_else(not_found)?;
    if may_change(visit, &desk)? { Ok(desk) } else { Err(Happened::NoAccess.into()) }
}

fn change_page(visit: &Visit, l: Layout, desk: &Desk) -> ChangeDesk {
    let (kind, region) = (kind_words(visit.t(), desk.kind), view::region(visit, &desk.region));
    ChangeDesk {
        l,
        action: format!("/loket/{}", desk.desk_id),
        about: format!("{kind}, {region}"),
        name: desk.name.clone(),
        town: desk.town.clone(),
        phone: desk.phone.clone(),
        email: desk.email.clone(),
        website: desk.website.clone(),
    }
}

/// `/loket/{id}`
pub(crate) async fn ask_change(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let desk = find(&visit, &id).await?;
    page(&change_page(&visit, visit.layout(), &desk))
}

/// Mends a desk; saving it as it is says that someone checked it.
pub(crate) async fn change(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let known = find(&visit, &id).await?;
    let typed = |name: &str| form.get(name).to_owned();
    let desk = Desk {
        name: typed("naam"),
        town: typed("plaats"),
        phone: typed("telefoon"),
        email: typed("email"),
        website: typed("website"),
        ..known
    };
    let command = Change {
        desk_id: desk.desk_id,
        name: desk.name.clone(),
        town: desk.town.clone(),
        phone: desk.phone.clone(),
        email: desk.email.clone(),
        website: desk.website.clone(),
    };
    match visit.ask_with_key(&form, &command).await {
        Ok(()) => Ok(go_to("/loketten", [notice("notice-desk-saved")])),
        Err(problem) => {
            let problem = with_fields(view::at_fields(problem, form_name))?;
            let l = visit.layout_refused(&form, &problem);
            page_with(StatusCode::BAD_REQUEST, &change_page(&visit, l, &desk))
        }
    }
}

fn form_name(problem: &FieldProblem) -> String {
    match problem.field.as_str() {
        "name" => "naam",
        "town" => "plaats",
        "phone" => "telefoon",
        other => other,
    }
    .to_owned()
}

/// `/verwijzingen`: nothing is shown before the button, because each name shown is written down.
pub(crate) async fn ask_referrals(visit: Visit) -> Result<Response, Stop> {
    page(&Referrals { l: visit.layout(), rows: None, only_open: true })
}

/// Shows the referrals to the desks of the region.
pub(crate) async fn referrals(visit: Visit, form: Fields) -> Result<Response, Stop> {
    list(&visit, visit.layout(), form.get("toon") != "alle").await
}

async fn list(visit: &Visit, l: Layout, only_open: bool) -> Result<Response, Stop> {
    let sealed = visit.ask(&AskReferrals { only_open }).await.map_err(stop)?;
    let lines: Vec<ReferralLine> = visit.open(&sealed)?;
    let row = |line: ReferralLine| ReferralRow {
        href: format!("/verwijzingen/{}", line.referral.referral_id),
        name: line.name,
        contact: line.contact.as_deref().map(view::spelled).unwrap_or_default(),
        question: line.question,
        desk: line.referral.desk_name,
        state: line.referral.state,
        since: clock::day(line.referral.since),
        answer_by: clock::local(line.referral.answer_by),
        overdue: line.overdue,
        tries: line.tries,
    };
    page(&Referrals { l, rows: Some(lines.into_iter().map(row).collect()), only_open })
}

/// Writes down what the desk did, and shows the list again.
pub(crate) async fn follow_up(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let referral_id: ReferralId = id.parse().map_err(|_| stop(Problem::not_found("referral")))?;
    let state = match form.get("staat") {
        "not_reached" => ReferralState::NotReached,
        "spoken" => ReferralState::Spoken,
        "closed" => ReferralState::Closed,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    visit.ask_with_key(&form, &FollowUpReferral { referral_id, state }).await.map_err(stop)?;
    let mut l = visit.layout();
    "/verwijzingen".clone_into(&mut l.path);
    l.notice = Some(Notice::Done(visit.t().get("referral-saved")));
    list(&visit, l, true).await
}

/// `/beheer/gewist`
pub(crate) async fn erasures(visit: Visit) -> Result<Response, Stop> {
    let wanted = AskErasures { only_open: false, limit: MOST_ERASURES };
    let mut found = visit.ask(&wanted).await.map_err(stop)?;
    // Late ones first; the order of the answer, newest first, otherwise stays.
    found.sort_by_key(|erasure| !erasure.overdue);
    let row = |erasure: &Erasure| ErasureRow {
        id: erasure.seeker_id.to_string(),
        at: clock::day(erasure.at),
        confirmed: erasure.confirmed.keys().map(ToString::to_string).collect(),
        clean: erasure.streams_clean_at.map(clock::day),
        overdue: erasure.overdue,
    };
    page(&Erasures { l: visit.layout(), rows: found.iter().map(row).collect() })
}
