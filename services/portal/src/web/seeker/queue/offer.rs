//! What she says to an offer. A link only opens the page: a button decides.

use axum::{extract::Path, response::Response};
use proto::{
    PlaceId, TicketId,
    open_hiring::{Answer, AnswerOffer},
};

use super::{ticket::not_now, ticket_href};
use crate::{
    pages::failures::Happened,
    web::{
        fields::Fields,
        once::Once,
        stop::Stop,
        visit::{Visit, go_to, notice},
    },
};

/// What the form says.
fn answer_of(form: &Fields) -> Option<Answer> {
    Some(match form.get("antwoord") {
        "ja" => Answer::Yes { leave_others: form.get("andere") == "uit" },
        "nee" => Answer::No,
        "later" => Answer::Later,
        "andere-dag" => Answer::NotThatDay,
        _ => return None,
    })
}

/// `/mijn/rij/{id}/antwoord`
pub(super) async fn answer(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let ticket_id: TicketId = id.parse().map_err(|_| Happened::NotFound)?;
    let place_id: PlaceId = form.get("plaats").parse().map_err(|_| Happened::NotUnderstood)?;
    let answer = answer_of(&form).ok_or(Happened::NotUnderstood)?;
    let once = Once::of(&visit, &form, &(ticket_id, place_id, answer));
    match once.ask(&AnswerOffer { ticket_id, place_id, answer }).await {
        Ok(_) => {
            let told = match answer {
                Answer::Yes { .. } => "notice-offer-yes",
                Answer::No => "notice-offer-no",
                Answer::NotThatDay => "notice-offer-other-day",
                Answer::Later => "notice-queue-paused",
            };
            Ok(go_to(&ticket_href(ticket_id), [notice(told)]))
        }
        Err(problem) => not_now(&visit, &id, problem).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_places_stay_unless_she_says_otherwise() {
        let said = |form: &str| answer_of(&Fields::parse(form.as_bytes()));
        assert_eq!(said("antwoord=ja"), Some(Answer::Yes { leave_others: false }));
        assert_eq!(said("antwoord=ja&andere=houden"), Some(Answer::Yes { leave_others: false }));
        assert_eq!(said("antwoord=ja&andere=uit"), Some(Answer::Yes { leave_others: true }));
        assert_eq!(said("antwoord=nee&andere=uit"), Some(Answer::No), "only a yes leaves other lines");
        assert_eq!(said("antwoord=later"), Some(Answer::Later));
        assert_eq!(said("antwoord=andere-dag"), Some(Answer::NotThatDay));
        assert_eq!(said("antwoord=misschien"), None);
    }
}
