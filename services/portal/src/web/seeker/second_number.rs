//! A second telephone number: of somebody who knows where she is. The same page for her and for her helper.

use axum::{http::StatusCode, response::Response};
use proto::{
    Problem, SeekerId, Service, Status,
    intake::{Details, SecondNumber, SetSecondNumber},
};

use super::mine::{layout, told};
use crate::{
    pages::{
        Layout,
        profile::{EditSecondNumber, second_number_words},
    },
    texts::Texts,
    web::{
        fields::Fields,
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// Whose page it is.
pub(in crate::web) struct Of {
    /// Whose number.
    pub(in crate::web) seeker_id: SeekerId,
    /// The page before.
    pub(in crate::web) back: String,
    /// Its address.
    pub(in crate::web) action: String,
    /// Whether she herself reads it.
    pub(in crate::web) hers: bool,
}

fn hers(visit: &Visit) -> Result<Of, Stop> {
    Ok(Of {
        seeker_id: visit.seeker()?,
        back: "/mijn/gegevens".to_owned(),
        action: "/mijn/gegevens/tweede-nummer".to_owned(),
        hers: true,
    })
}

/// `/mijn/gegevens/tweede-nummer`
pub(super) async fn form(visit: Visit) -> Result<Response, Stop> {
    let details = told(&visit).await?;
    ask(layout(&visit, &details), &hers(&visit)?, &details)
}

/// Keeps it, or takes it back.
pub(super) async fn take(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let of = hers(&visit)?;
    keep(&visit, &of, &form).await
}

/// The number in words; empty when there is none.
pub(in crate::web) fn words(t: Texts, details: &Details) -> String {
    details
        .second_number
        .as_ref()
        .map(|second| second_number_words(t, &view::spelled(&second.number), &second.whose))
        .unwrap_or_default()
}

/// The page with what she told.
pub(in crate::web) fn ask(l: Layout, of: &Of, details: &Details) -> Result<Response, Stop> {
    let kept = details.second_number.as_ref();
    page(&EditSecondNumber {
        l,
        action: of.action.clone(),
        back: of.back.clone(),
        hers: of.hers,
        is_given: kept.is_some(),
        number: kept.map(|second| view::spelled(&second.number)).unwrap_or_default(),
        whose: kept.map(|second| second.whose.clone()).unwrap_or_default(),
    })
}

/// Keeps what was typed, or shows why not.
pub(in crate::web) async fn keep(visit: &Visit, of: &Of, form: &Fields) -> Result<Response, Stop> {
    let given = SecondNumber { number: form.get("nummer").to_owned(), whose: form.get("van").to_owned() };
    let (number, told) =
        if form.has("weg") { (None, "notice-second-gone") } else { (Some(given.clone()), "notice-saved") };
    let call = SetSecondNumber { seeker_id: of.seeker_id, number: visit.seal(Service::Intake, &number) };
    match visit.ask(&call).await {
        Ok(()) => Ok(go_to(&of.back, [notice(told)])),
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            let problem: Problem = view::at_fields(problem, |field| match field.field.as_str() {
                "number" => "nummer".to_owned(),
                _ => "van".to_owned(),
            });
            let l = visit.layout_refused(form, &problem);
            let again = EditSecondNumber {
                l,
                action: of.action.clone(),
                back: of.back.clone(),
                hers: of.hers,
                is_given: false,
                number: given.number,
                whose: given.whose,
            };
            page_with(StatusCode::BAD_REQUEST, &again)
        }
        Err(problem) => Err(problem.into()),
    }
}
