//! Staff sign in: a password, then a code by the clock.

use axum::{http::StatusCode, response::Response, routing::get};
use proto::{FieldProblem, Problem};

use crate::{
    pages::{
        failures::Happened,
        sign_in::{StaffCode, StaffSignIn},
    },
    use_cases::sign_in_staff,
    web::{
        cookies,
        fields::Fields,
        guard::Access::{HalfWay, Public, Staff},
        routes::{Route, route},
        staff::{EVERYONE, with_fields},
        stop::Stop,
        visit::{Visit, Who, go_to, page, page_with},
    },
};

/// Minutes that a browser keeps a session that is half-way.
const HALF_WAY_MINUTES: i64 = 10;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/personeel/inloggen", Public, || get(sign_in).post(give_password)),
        route("/personeel/code", HalfWay, || get(ask_code).post(give_code)),
        route("/personeel", Staff(EVERYONE), || get(home)),
    ]
}

/// `/personeel`: to her own first page.
pub(crate) async fn home(visit: Visit) -> Response {
    go_to(visit.layout().home(), None)
}

/// `/personeel/inloggen`
pub(crate) async fn sign_in(visit: Visit) -> Result<Response, Stop> {
    if matches!(visit.who, Who::Staff(_)) {
        return Ok(home(visit).await);
    }
    page(&StaffSignIn { l: visit.layout(), email: String::new() })
}

/// Checks the password; the code follows.
pub(crate) async fn give_password(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let email = form.get("email");
    // A password is taken as typed: spaces at its ends may belong to it.
    let password = form.pairs().iter().find(|(name, _)| name == "wachtwoord").map_or("", |(_, value)| value);
    let mut wrong = Vec::new();
    if email.is_empty() {
        wrong.push(FieldProblem::new("email", "email-missing"));
    }
    if password.is_empty() {
        wrong.push(FieldProblem::new("wachtwoord", "password-missing"));
    }
    let answer = if wrong.is_empty() {
        let given =
            sign_in_staff::give_password(&visit.app, email, password.to_owned(), &visit.network).await;
        given.map_err(|fault| fault.into_problem("checking a password"))
    } else {
        Err(Problem::fields(wrong))
    };
    match answer {
        Ok(token) => {
            end_session(&visit).await?;
            Ok(go_to("/personeel/code", [cookies::keep(cookies::SESSION, &token, Some(HALF_WAY_MINUTES))]))
        }
        Err(problem) => {
            let problem = if problem.code == "sign-in-wrong" {
                Problem::fields(vec![FieldProblem::new("email", "password-wrong")])
            } else {
                with_fields(problem)?
            };
            let l = visit.layout_refused(&form, &problem);
            page_with(StatusCode::BAD_REQUEST, &StaffSignIn { l, email: email.to_owned() })
        }
    }
}

/// Whatever session this browser had ends with a new sign-in (ASVS 7.2.4).
async fn end_session(visit: &Visit) -> Result<(), Stop> {
    if let Some(token) = &visit.token {
        sign_in_staff::sign_out(&visit.app, token).await?;
    }
    Ok(())
}

/// `/personeel/code`
pub(crate) async fn ask_code(visit: Visit) -> Result<Response, Stop> {
    page(&StaffCode { l: visit.layout() })
}

/// Checks the code and begins the session.
pub(crate) async fn give_code(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let (Who::HalfWay(account_id), Some(token)) = (&visit.who, &visit.token) else {
        return Err(Happened::SessionEnded { staff: true }.into());
    };
    let code = form.get("code");
    let answer = if code.is_empty() {
        Err(Problem::fields(vec![FieldProblem::new("code", "code-missing")]))
    } else {
        let given = sign_in_staff::give_code(&visit.app, token, *account_id, code, &visit.network).await;
        given.map_err(|fault| fault.into_problem("checking a code"))
    };
    match answer {
        Ok(token) => Ok(go_to("/personeel", [cookies::keep(cookies::SESSION, &token, None)])),
        Err(problem) => {
            let problem = with_fields(problem)?;
            page_with(StatusCode::BAD_REQUEST, &StaffCode { l: visit.layout_refused(&form, &problem) })
        }
    }
}
