//! Another number or address for who lost the old one: a professional has her before them, and says why.

use axum::{extract::Path, http::StatusCode, response::Response};
use proto::{
    ChallengeId, FieldProblem, Problem, Sealed, SeekerId, Service, Status,
    intake::{ChangeContactAtDesk, CodeOutcome, ConfirmContactAtDesk, ContactReason},
};

use crate::{
    pages::{Layout, failures::Happened, helper::DeskContact},
    web::{
        fields::Fields,
        once::Once,
        staff::interest::organisation,
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// Where it is done.
pub(in crate::web) fn href(seeker_id: SeekerId) -> String {
    format!("/hulp/nieuw-nummer/{seeker_id}")
}

fn of(id: &str) -> Result<SeekerId, Stop> {
    id.parse().map_err(|_| Happened::NotFound.into())
}

fn page_of(l: Layout, seeker_id: SeekerId, form: &Fields, kept: String) -> DeskContact {
    DeskContact {
        action: href(seeker_id),
        contact: form.get("contact").to_owned(),
        reasons: DeskContact::reasons(l.t, form.get("reden")),
        kept,
        l,
    }
}

/// `/hulp/nieuw-nummer/{id}`
pub(super) async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    page(&page_of(visit.layout(), of(&id)?, &Fields::default(), String::new()))
}

/// Sends a code to the new one; then takes it, as she read it out.
pub(super) async fn take(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let seeker_id = of(&id)?;
    let kept = form.get("formulier").to_owned();
    if !kept.is_empty() {
        return take_code(&visit, seeker_id, &form, kept).await;
    }
    let mut problems = Vec::new();
    let typed = form.get("contact").to_owned();
    if typed.is_empty() {
        problems.push(FieldProblem::new("contact", "contact-empty"));
    }
    let reason = ContactReason::from_name(form.get("reden"));
    if reason.is_none() {
        problems.push(FieldProblem::new("reden", "choice-missing"));
    }
    let (Some(reason), true) = (reason, problems.is_empty()) else {
        return refuse(&visit, seeker_id, &form, &Problem::fields(problems), String::new());
    };
    let once = Once::of(&visit, &form, &(seeker_id, &typed, reason));
    let call = ChangeContactAtDesk { seeker_id, contact: once.seal(Service::Intake, &typed), reason };
    match once.ask(&call).await {
        Ok(sent) => {
            let kept = visit.seal(Service::Portal, &sent.challenge_id).base64;
            page(&page_of(visit.layout(), seeker_id, &form, kept))
        }
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            refuse(&visit, seeker_id, &form, &problem, String::new())
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn take_code(
    visit: &Visit,
    seeker_id: SeekerId,
    form: &Fields,
    kept: String,
) -> Result<Response, Stop> {
    let challenge_id = visit.app.chassis.keys.open(&Sealed::<ChallengeId>::from_base64(kept.clone()));
    let challenge_id = challenge_id.map_err(|_| Happened::NotUnderstood)?;
    let code = form.get("code").to_owned();
    let wrong = |problem: FieldProblem| Problem::fields(vec![problem]);
    if code.is_empty() {
        return refuse(visit, seeker_id, form, &wrong(FieldProblem::new("code", "code-missing")), kept);
    }
    let once = Once::of(visit, form, &(challenge_id, &code));
    let code = once.seal(Service::Intake, &code);
    let call = ConfirmContactAtDesk { challenge_id, code, organisation: organisation(visit).await? };
    match once.ask(&call).await? {
        CodeOutcome::Confirmed { .. } => Ok(go_to(&href(seeker_id), [notice("notice-desk-contact")])),
        CodeOutcome::Wrong { tries_left } => {
            let problem = FieldProblem::new("code", "code-wrong-tries").with("tries", tries_left);
            refuse(visit, seeker_id, form, &wrong(problem), kept)
        }
        CodeOutcome::Expired => {
            refuse(visit, seeker_id, form, &wrong(FieldProblem::new("code", "code-expired")), kept)
        }
    }
}

fn refuse(
    visit: &Visit,
    seeker_id: SeekerId,
    form: &Fields,
    problem: &Problem,
    kept: String,
) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, problem);
    page_with(StatusCode::BAD_REQUEST, &page_of(l, seeker_id, form, kept))
}
