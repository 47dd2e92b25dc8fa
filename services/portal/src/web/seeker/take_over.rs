//! With the code of a letter or message: taking over what a helper filled in, or "this was not me".

use axum::{http::StatusCode, response::Response};
use proto::{
    FieldProblem, Problem, Sealed, Service, Status,
    intake::{CodeSent, DisownRegistration, LetterOutcome, TakeOver, VisitorNetwork},
};

use super::{codes, language};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        helper::{NotMeDone, NotMePage, TakeOverPage},
    },
    web::{
        fields::Fields,
        once::Once,
        stop::Stop,
        visit::{Visit, go_to, page, page_with},
    },
};

/// Characters of a code as typed.
const LONGEST_CODE: usize = 40;

fn form_page(l: Layout, form: &Fields) -> TakeOverPage {
    TakeOverPage {
        code: form.get("code").to_owned(),
        choices: TakeOverPage::choices(l.t, form.get("wat")),
        contact: form.get("contact").to_owned(),
        l,
    }
}

/// From where she visits, for counting wrong codes.
fn network(visit: &Visit) -> Option<VisitorNetwork> {
    let hash = visit.app.vault().keyed_hash(format!("letter codes {}", visit.network).as_bytes());
    let (first, _) = hash.split_first_chunk::<16>()?;
    (!visit.network.is_empty()).then(|| VisitorNetwork(uuid::Uuid::from_bytes(*first)))
}

/// `/overnemen`
pub(super) async fn form(visit: Visit) -> Result<Response, Stop> {
    page(&form_page(visit.layout(), &Fields::default()))
}

fn refused(visit: &Visit, form: &Fields, problems: Vec<FieldProblem>) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, &Problem::fields(problems));
    page_with(StatusCode::BAD_REQUEST, &form_page(l, form))
}

/// Takes the code and what she wants. Taking over sends a code to her contact; "not me" first says what goes.
pub(super) async fn take(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let code: String = form.get("code").chars().take(LONGEST_CODE).collect();
    let mut problems = Vec::new();
    if code.is_empty() {
        problems.push(FieldProblem::new("code", "code-missing"));
    }
    let takes_over = match form.get("wat") {
        "overnemen" => true,
        "niet-ik" => false,
        _ => {
            problems.push(FieldProblem::new("wat", "choice-missing"));
            false
        }
    };
    if takes_over && !form.has("contact") {
        problems.push(FieldProblem::new("contact", "contact-empty"));
    }
    if !problems.is_empty() {
        return refused(&visit, &form, problems);
    }
    if !takes_over {
        let kept = visit.seal(Service::Portal, &code).base64;
        return page(&NotMePage { l: visit.layout(), kept });
    }
    let language = language(&visit);
    let once = Once::of(&visit, &form, &("take over", &code, form.get("contact"), language, &visit.network));
    let call = TakeOver {
        code: once.seal(Service::Intake, &code),
        contact: once.seal(Service::Intake, &form.get("contact").to_owned()),
        language,
        network: network(&visit),
    };
    match codes::in_even_time(once.ask(&call)).await {
        Ok(LetterOutcome::CodeSent { challenge_id }) => {
            let cookie = codes::waits_for(&visit, CodeSent { challenge_id }, form.get("contact"));
            Ok(go_to("/inloggen/code", [cookie]))
        }
        Ok(LetterOutcome::UnknownCode | LetterOutcome::Erased) => {
            refused(&visit, &form, vec![FieldProblem::new("code", "letter-code-unknown")])
        }
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            refused(&visit, &form, problem.fields)
        }
        Err(problem) => Err(problem.into()),
    }
}

/// "Dit was ik niet", confirmed.
pub(super) async fn not_me(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let kept = Sealed::<String>::from_base64(form.get("code-bewaard").to_owned());
    let code = visit.app.chassis.keys.open(&kept).map_err(|_| Happened::NotUnderstood)?;
    let once = Once::of(&visit, &form, &("not me", &code, &visit.network));
    let call = DisownRegistration { code: once.seal(Service::Intake, &code), network: network(&visit) };
    match codes::in_even_time(once.ask(&call)).await? {
        LetterOutcome::Erased => page(&NotMeDone { l: visit.layout() }),
        LetterOutcome::UnknownCode | LetterOutcome::CodeSent { .. } => {
            refused(&visit, &form, vec![FieldProblem::new("code", "letter-code-unknown")])
        }
    }
}
