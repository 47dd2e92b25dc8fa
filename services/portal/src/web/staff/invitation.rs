//! Someone accepts an invitation: its code, then a password and an app for codes.

use axum::{http::StatusCode, response::Response, routing::get};
use proto::{FieldProblem, Problem};
use uuid::Uuid;

use crate::{
    pages::{
        Layout,
        failures::Happened,
        sign_in::{AcceptInvitation, InvitationCode, QrCode},
    },
    use_cases::accept_invitation::{self, Accepting},
    web::{
        cookies,
        fields::Fields,
        guard::Access::{Invited, Public},
        routes::{Route, route},
        staff::{stop, with_fields},
        stop::Stop,
        visit::{Visit, Who, go_to, page, page_with},
    },
};

/// Minutes that a browser keeps the session in which an account is made.
const MINUTES: i64 = 60;

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/uitnodiging", Public, || get(ask_code).post(give_code)),
        route("/uitnodiging/account", Invited, || get(account).post(make_account)),
    ]
}

/// `/uitnodiging`
pub(crate) async fn ask_code(visit: Visit) -> Result<Response, Stop> {
    page(&InvitationCode { l: visit.layout(), email: String::new() })
}

/// Checks the code of an invitation.
pub(crate) async fn give_code(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let (email, code) = (form.get("email"), form.get("code"));
    let mut wrong = Vec::new();
    if email.is_empty() {
        wrong.push(FieldProblem::new("email", "email-missing"));
    }
    if code.is_empty() {
        wrong.push(FieldProblem::new("code", "code-missing"));
    }
    let answer = if wrong.is_empty() {
        let brought = accept_invitation::bring_code(&visit.app, email, code).await;
        brought.map_err(|fault| fault.into_problem("checking an invitation"))
    } else {
        Err(Problem::fields(wrong))
    };
    match answer {
        Ok(token) => {
            Ok(go_to("/uitnodiging/account", [cookies::keep(cookies::SESSION, &token, Some(MINUTES))]))
        }
        Err(problem) => {
            let l = visit.layout_refused(&form, &with_fields(problem)?);
            page_with(StatusCode::BAD_REQUEST, &InvitationCode { l, email: email.to_owned() })
        }
    }
}

/// Whose invitation it is: the session's token, the invitation, the secret for the app.
fn invited(visit: &Visit) -> Result<(&str, Uuid, &[u8]), Stop> {
    match (&visit.who, &visit.token) {
        (Who::Invited(id, secret), Some(token)) => Ok((token, *id, secret)),
        _ => Err(Happened::SessionEnded { staff: true }.into()),
    }
}

async fn account_page(visit: &Visit, l: Layout) -> Result<AcceptInvitation, Stop> {
    let (_, id, secret) = invited(visit)?;
    let mut tx = visit.app.chassis.store.begin().await?;
    let opened = accept_invitation::accepting(&visit.app, &mut tx, id, secret).await;
    let Accepting { personal, factor } =
        opened.map_err(|fault| stop(fault.into_problem("opening an invitation")))?;
    let otpauth = factor.address();
    Ok(AcceptInvitation {
        l,
        name: personal.name,
        email: personal.email,
        secret: factor.base32(),
        qr: picture(&otpauth),
        otpauth,
    })
}

/// The address as a picture; without one the secret can be typed.
fn picture(address: &str) -> Option<QrCode> {
    let code = qrcode::QrCode::new(address).ok()?;
    let dark = code.to_colors().into_iter().map(|color| color == qrcode::Color::Dark).collect();
    Some(QrCode::new(dark, code.width()))
}

/// `/uitnodiging/account`
pub(crate) async fn account(visit: Visit) -> Result<Response, Stop> {
    page(&account_page(&visit, visit.layout()).await?)
}

/// Makes the account and signs her in.
pub(crate) async fn make_account(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let (token, id, secret) = invited(&visit)?;
    let password = form.pairs().iter().find(|(name, _)| name == "wachtwoord").map_or("", |(_, value)| value);
    let made =
        accept_invitation::make_account(&visit.app, token, id, secret, password.to_owned(), form.get("code"))
            .await;
    match made.map_err(|fault| fault.into_problem("making an account")) {
        Ok(token) => Ok(go_to("/personeel", [cookies::keep(cookies::SESSION, &token, None)])),
        Err(problem) => {
            let l = visit.layout_refused(&form, &with_fields(problem)?);
            page_with(StatusCode::BAD_REQUEST, &account_page(&visit, l).await?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_for_the_app_fits_a_picture() {
        let address = "otpauth://totp/Dichterbij:fatma.de.vries%40wsp-flevoland.example?secret=KRSXG5CTMVRXEZLUKN2XAZLSKNSWG4TF&issuer=Dichterbij";
        assert!(picture(address).is_some());
    }
}
