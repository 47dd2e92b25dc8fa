//! What she says to a proposal, and whether the employer may see her name.

use axum::{extract::Path, response::Response};
use proto::{
    OpeningId, Status,
    intake::ShareContact,
    matcher::{Mark, MarkProposal, MyMarks, NotForMe, RecordShown},
};

use super::{mine, openings};
use crate::{
    pages::failures::Happened,
    web::{
        fields::Fields,
        stop::Stop,
        visit::{Visit, go_to, notice},
    },
};

/// "Ik wil dit", "Niets voor mij", or taking it back. Saying the same twice changes nothing.
pub(super) async fn take_choice(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let opening_id: OpeningId = id.parse().map_err(|_| Happened::NotFound)?;
    let mark = match form.get("keuze") {
        "wil" => Mark::Wanted,
        "niet" => Mark::NotForMe { reason: NotForMe::from_name(form.get("reden")) },
        "terug" => Mark::TakenBack,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    say(&visit, opening_id, mark).await?;
    let own_page = mine::href(opening_id);
    Ok(match mark {
        Mark::Wanted => go_to(&own_page, [notice("notice-wanted")]),
        Mark::TakenBack => go_to(&own_page, [notice("notice-taken-back")]),
        Mark::NotForMe { .. } => go_to("/mijn", [notice("notice-not-for-me")]),
    })
}

async fn say(visit: &Visit, opening_id: OpeningId, mark: Mark) -> Result<(), Stop> {
    let seeker_id = visit.seeker()?;
    let command = MarkProposal { seeker_id, opening_id, mark };
    match visit.ask(&command).await {
        // What she saw is told to the matcher beside the page; she can be quicker.
        Err(problem) if matches!(problem.status, Status::NotFound | Status::Conflict) => {
            let found = mine::proposals(visit, mine::MOST.into()).await?;
            let (Some(proposal), Some(profile_version)) =
                (found.proposals.iter().find(|one| one.opening_id == opening_id), found.profile_version)
            else {
                return Err(problem.into());
            };
            let shown = RecordShown {
                seeker_id,
                proposals: vec![proposal.clone()],
                profile_version,
                made_with: found.made_with.clone(),
            };
            visit.ask(&shown).await?;
            Ok(visit.ask(&command).await?)
        }
        said => Ok(said?),
    }
}

/// Shares her name and contact with the employer of an opening that she wants, or takes it back.
pub(super) async fn take_contact(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let share = match form.get("mag") {
        "ja" => true,
        "nee" => false,
        _ => return Err(Happened::NotUnderstood.into()),
    };
    let seeker_id = visit.seeker()?;
    let what_she_said = MyMarks { seeker_id };
    let (looked, marks) = tokio::join!(openings::look_up(&visit, &id), visit.ask(&what_she_said));
    let openings::Looked::Open(opening) = looked? else { return Err(Happened::Gone.into()) };
    let marks = marks?;
    let mark = marks.iter().find(|mark| mark.opening_id == opening.opening_id).ok_or(Happened::NotFound)?;
    let command =
        ShareContact { seeker_id, proposal_id: mark.proposal_id, employer_id: opening.employer_id, share };
    visit.ask(&command).await?;
    let told = if share { "notice-shared" } else { "notice-share-stopped" };
    Ok(go_to(&mine::href(opening.opening_id), [notice(told)]))
}
