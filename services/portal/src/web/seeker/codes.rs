//! Codes: asking for one, bringing one back, and leaving.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode},
    response::Response,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use proto::{
    ChallengeId, FieldProblem, OpeningId, Problem, SeekerId, Service, Status, TicketId,
    intake::{CodeOutcome, CodeSent, ConfirmCode, RequestCode},
};
use serde::{Deserialize, Serialize};

use super::{draft::Draft, identity, language, queue, register};
use crate::{
    pages::{
        Layout,
        sign_in::{CodeFor, EnterCode, SignIn, partly_hidden},
    },
    store::sessions::{self, Of},
    use_cases::sign_in_staff,
    web::{
        cookies,
        fields::Fields,
        once::Once,
        stop::Stop,
        visit::{Visit, Who, go_to, notice, page, page_with},
    },
};

/// The least time before we say that a code is on its way: the same for a contact that we know and
/// for one that we do not.
const BEFORE_ANSWERING: Duration = Duration::from_millis(400);
/// How long the browser keeps what it asked for, in minutes: longer than a code works.
const MINUTES: i64 = 60;
/// Characters of a code as typed.
const LONGEST_CODE: usize = 40;

/// How long a code that was asked for can be brought back, and pressing twice gives the first answer: longer
/// than a code works.
const WAITS: TimeDelta = TimeDelta::minutes(15);

/// What this browser waits for, sealed by the portal to itself.
#[derive(Serialize, Deserialize)]
struct Waiting {
    challenge_id: ChallengeId,
    /// As typed.
    contact: String,
    /// When it was asked for.
    since: DateTime<Utc>,
    /// The line that she stands in, when she came for one.
    #[serde(default)]
    line: Option<Line>,
}

/// A place in line that shows itself when the code comes back.
#[derive(Serialize, Deserialize)]
pub(super) struct Line {
    /// The opening.
    pub(super) opening_id: OpeningId,
    /// Her place.
    pub(super) ticket_id: TicketId,
    /// Her first name, as typed.
    pub(super) name: String,
    /// On which first days she wants to begin; whoever put her number there before may have said something else.
    #[serde(default)]
    pub(super) first_days: Vec<NaiveDate>,
}

/// Takes as long as the slowest of usual answers, whatever the answer is.
pub(super) async fn in_even_time<T>(answer: impl Future<Output = T>) -> T {
    tokio::join!(answer, tokio::time::sleep(BEFORE_ANSWERING)).0
}

/// The cookie that keeps which code this browser waits for.
pub(super) fn waits_for(visit: &Visit, sent: CodeSent, contact: &str) -> HeaderValue {
    keep_waiting(visit, sent.challenge_id, contact, None)
}

/// The same for who came for a place in line.
pub(super) fn waits_in_line(
    visit: &Visit,
    challenge_id: ChallengeId,
    contact: &str,
    line: Line,
) -> HeaderValue {
    keep_waiting(visit, challenge_id, contact, Some(line))
}

fn keep_waiting(visit: &Visit, challenge_id: ChallengeId, contact: &str, line: Option<Line>) -> HeaderValue {
    let waiting = Waiting { challenge_id, contact: contact.to_owned(), since: visit.now, line };
    visit.keep(cookies::CHALLENGE, &waiting, Some(MINUTES))
}

/// `/inloggen`
pub(super) async fn sign_in(visit: Visit) -> Result<Response, Stop> {
    if matches!(visit.who, Who::Seeker(_)) {
        return Ok(go_to("/mijn", None));
    }
    page(&SignIn { l: visit.layout(), contact: String::new() })
}

/// Sends a code, if there is somebody to send it to; the answer is the same.
pub(super) async fn ask_for_code(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let contact = form.get("contact");
    match in_even_time(request(&visit, &form, contact)).await {
        Ok(cookie) => Ok(go_to("/inloggen/code", [cookie])),
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            let l = visit.layout_refused(&form, &problem);
            page_with(StatusCode::BAD_REQUEST, &SignIn { l, contact: contact.to_owned() })
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn request(visit: &Visit, form: &Fields, contact: &str) -> Result<HeaderValue, Problem> {
    let language = language(visit);
    let once = Once::of(visit, form, &(contact, language));
    let call = RequestCode { contact: once.seal(Service::Intake, &contact.to_owned()), language };
    Ok(waits_for(visit, once.ask(&call).await?, contact))
}

/// `/inloggen/code`
pub(super) async fn of_signing_in(visit: Visit) -> Result<Response, Stop> {
    if matches!(visit.who, Who::Seeker(_)) {
        return Ok(go_to("/mijn", None));
    }
    if waiting(&visit).is_none() {
        return Ok(go_to("/inloggen", None));
    }
    page(&ask(&visit, visit.layout(), CodeFor::SigningIn))
}

/// `/aanmelden/code`
pub(super) async fn of_registering(visit: Visit) -> Result<Response, Stop> {
    if matches!(visit.who, Who::Seeker(_)) {
        return Ok(go_to("/mijn", None));
    }
    match Draft::kept(&visit).first_missing() {
        Some(missing) if waiting(&visit).is_none() => Ok(go_to(&format!("/aanmelden/{missing}"), None)),
        _ => page(&ask(&visit, visit.layout(), CodeFor::Registering)),
    }
}

/// `/rij/code`
pub(super) async fn of_line(visit: Visit) -> Result<Response, Stop> {
    let line = waiting(&visit).and_then(|waiting| waiting.line);
    match (&visit.who, line) {
        (Who::Seeker(_), Some(line)) => Ok(go_to(&queue::ticket_href(line.ticket_id), None)),
        (Who::Seeker(_), None) => Ok(go_to("/mijn", None)),
        (_, Some(_)) => page(&ask(&visit, visit.layout(), CodeFor::Line)),
        (_, None) => Ok(go_to("/inloggen", None)),
    }
}

fn waiting(visit: &Visit) -> Option<Waiting> {
    visit.kept(cookies::CHALLENGE)
}

fn ask(visit: &Visit, l: Layout, code_for: CodeFor) -> EnterCode {
    // Who comes back reads that a code comes if we know her; who registers reads where it goes.
    let sent_to = match code_for {
        CodeFor::SigningIn => None,
        CodeFor::Registering | CodeFor::NewContact | CodeFor::OldContact | CodeFor::Line => {
            waiting(visit).map(|waiting| partly_hidden(&waiting.contact))
        }
    };
    let line = waiting(visit).and_then(|waiting| waiting.line).filter(|_| code_for == CodeFor::Line);
    EnterCode { l, code_for, sent_to, form: line.map(|line| queue::sign_up_href(line.opening_id)) }
}

/// `/mijn/gegevens/contact/code`
pub(super) async fn of_new_contact(visit: Visit) -> Result<Response, Stop> {
    if waiting(&visit).is_none() {
        return Ok(go_to("/mijn/gegevens/contact", None));
    }
    page(&ask(&visit, visit.layout(), CodeFor::NewContact))
}

/// `/mijn/gegevens/contact/oud`
pub(super) async fn of_old_contact(visit: Visit) -> Result<Response, Stop> {
    if waiting(&visit).is_none() {
        return Ok(go_to("/mijn/gegevens/contact", None));
    }
    page(&ask(&visit, visit.layout(), CodeFor::OldContact))
}

/// Takes the code that shows that the old contact is still hers.
pub(super) async fn finish_old_contact(visit: Visit, form: Fields) -> Result<Response, Stop> {
    finish(&visit, &form, CodeFor::OldContact).await
}

/// Takes the code that makes a new contact hers.
pub(super) async fn finish_new_contact(visit: Visit, form: Fields) -> Result<Response, Stop> {
    finish(&visit, &form, CodeFor::NewContact).await
}

/// Takes the code that finishes a registration.
pub(super) async fn finish_registering(visit: Visit, form: Fields) -> Result<Response, Stop> {
    finish(&visit, &form, CodeFor::Registering).await
}

/// Takes the code that shows her place in line.
pub(super) async fn finish_line(visit: Visit, form: Fields) -> Result<Response, Stop> {
    finish(&visit, &form, CodeFor::Line).await
}

/// Takes the code of someone who comes back.
pub(super) async fn finish_signing_in(visit: Visit, form: Fields) -> Result<Response, Stop> {
    finish(&visit, &form, CodeFor::SigningIn).await
}

async fn finish(visit: &Visit, form: &Fields, code_for: CodeFor) -> Result<Response, Stop> {
    if form.has("opnieuw") {
        return again(visit, form, code_for).await;
    }
    let code: String = form.get("code").chars().take(LONGEST_CODE).collect();
    let refuse = |problem: FieldProblem| {
        let l = visit.layout_refused(form, &Problem::fields(vec![problem]));
        page_with(StatusCode::BAD_REQUEST, &ask(visit, l, code_for))
    };
    if code.is_empty() {
        return refuse(FieldProblem::new("code", "code-missing"));
    }
    let Some(Waiting { challenge_id, line, .. }) =
        waiting(visit).filter(|waiting| visit.now - waiting.since < WAITS)
    else {
        return refuse(FieldProblem::new("code", "code-expired"));
    };
    let once = Once::of(visit, form, &(challenge_id, &code));
    let call = ConfirmCode { challenge_id, code: once.seal(Service::Intake, &code) };
    match once.ask(&call).await? {
        CodeOutcome::Confirmed { .. } if code_for == CodeFor::NewContact => {
            let gone = [cookies::CHALLENGE, cookies::RELEASED].map(cookies::remove);
            Ok(go_to("/mijn/gegevens", gone.into_iter().chain([notice("notice-contact-changed")])))
        }
        CodeOutcome::Confirmed { seeker_id, .. } if code_for == CodeFor::OldContact => {
            let set = [cookies::remove(cookies::CHALLENGE), identity::released(visit, seeker_id)];
            Ok(go_to("/mijn/gegevens/contact", set))
        }
        CodeOutcome::Confirmed { seeker_id, new } => {
            let (to, told) = match (code_for, line) {
                (CodeFor::Line, Some(line)) => {
                    let ticket_id = queue::is_hers(visit, &line, seeker_id).await;
                    (queue::ticket_href(ticket_id), Some("notice-queue-in-line"))
                }
                _ => (visit.back().unwrap_or_else(|| "/mijn".to_owned()), new.then_some("notice-welcome")),
            };
            welcome(visit, seeker_id, &to, told).await
        }
        CodeOutcome::Wrong { tries_left } => {
            refuse(FieldProblem::new("code", "code-wrong-tries").with("tries", tries_left))
        }
        CodeOutcome::Expired => refuse(FieldProblem::new("code", "code-expired")),
    }
}

/// Begins her session under a new token; the one before ends.
async fn welcome(
    visit: &Visit,
    seeker_id: SeekerId,
    to: &str,
    told: Option<&'static str>,
) -> Result<Response, Stop> {
    let mut tx = visit.app.chassis.store.begin().await?;
    if let Some(before) = &visit.token {
        sessions::end(tx.conn(), before).await?;
    }
    let (token, now) = (tx.chance().token(), tx.now());
    sessions::begin(tx.conn(), &token, &Of::Seeker(seeker_id.0), now).await?;
    tx.commit().await?;
    let mut set = vec![
        cookies::keep(cookies::SESSION, &token, None),
        cookies::remove(cookies::CHALLENGE),
        cookies::remove(cookies::DRAFT),
        cookies::remove(cookies::BACK),
    ];
    set.extend(told.map(notice));
    Ok(go_to(to, set))
}

/// Sends another code: of the same registration, or to the same contact.
async fn again(visit: &Visit, form: &Fields, code_for: CodeFor) -> Result<Response, Stop> {
    if code_for == CodeFor::Line {
        let Some(Waiting { contact, line: Some(line), .. }) = waiting(visit) else {
            return Ok(go_to("/inloggen", None));
        };
        let sent = in_even_time(queue::code_again(visit, &line, &contact)).await?;
        return Ok(go_to("/rij/code", [sent, notice("notice-code-again")]));
    }
    let draft = Draft::kept(visit);
    let (path, sent) = match code_for {
        CodeFor::Registering if draft.first_missing().is_none() => {
            ("/aanmelden/code", in_even_time(register::send(visit, form, &draft)).await)
        }
        CodeFor::NewContact => {
            let Some(Waiting { contact, .. }) = waiting(visit) else {
                return Ok(go_to("/mijn/gegevens/contact", None));
            };
            let sent = in_even_time(identity::send(visit, form, &contact)).await;
            ("/mijn/gegevens/contact/code", sent)
        }
        CodeFor::OldContact => return identity::release(visit, form).await,
        CodeFor::Registering | CodeFor::SigningIn | CodeFor::Line => {
            let (path, start) = match code_for {
                CodeFor::Registering => ("/aanmelden/code", "/aanmelden/1"),
                CodeFor::SigningIn | CodeFor::NewContact | CodeFor::OldContact | CodeFor::Line => {
                    ("/inloggen/code", "/inloggen")
                }
            };
            let Some(Waiting { contact, .. }) = waiting(visit) else { return Ok(go_to(start, None)) };
            (path, in_even_time(request(visit, form, &contact)).await)
        }
    };
    Ok(go_to(path, [sent?, notice("notice-code-again")]))
}

/// `/uitloggen`, for everyone who is signed in: ends the session here, and takes from the browser what
/// it kept of her. Someone else may use it next.
pub(super) async fn sign_out(visit: Visit) -> Result<Response, Stop> {
    if let Some(token) = &visit.token {
        sign_in_staff::sign_out(&visit.app, token).await?;
    }
    let kept = [
        cookies::SESSION,
        cookies::DRAFT,
        cookies::CHALLENGE,
        cookies::RELEASED,
        cookies::NEAR,
        cookies::BACK,
    ];
    let gone = kept.map(cookies::remove);
    Ok(go_to("/", gone))
}
