//! Registering someone together with her: one page, a code when she says yes by her own telephone, and the
//! card she takes home.

use axum::{http::StatusCode, response::Response};
use chassis::clock;
use chrono::{DateTime, Utc};
use proto::{
    ChallengeId, FieldProblem, Problem, Sealed, Service, Status,
    intake::{
        AssistedOutcome, AssistedRegistration, CodeSent, ConsentGiven, HelperIntroduction, RegisterAssisted,
        RequestHelpedCode,
    },
};
use serde::{Deserialize, Serialize};

use super::together::{Together, field_of};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        helper::{HelperCard, HelperCode, HelperRegister},
        register::CONSENT_TEXT_VERSION,
    },
    web::{
        cookies,
        fields::Fields,
        once::Once,
        stop::Stop,
        view,
        visit::{Visit, go_to, page, page_with},
    },
};

/// How long the card can be shown again, in minutes.
const CARD_MINUTES: i64 = 30;
/// How long the last choice of where people come in is kept: 90 days.
const VIA_MINUTES: i64 = 60 * 24 * 90;
/// Characters of a code as typed.
const LONGEST_CODE: usize = 40;

/// A form that waits for the code from her telephone; stands sealed in the page.
#[derive(Serialize, Deserialize)]
struct Waiting {
    together: Together,
    challenge_id: ChallengeId,
}

/// What stands on the card; kept sealed in the helper's browser until she prints it.
#[derive(Serialize, Deserialize)]
struct Card {
    name: String,
    organisation: String,
    helper: String,
    take_over_code: Option<String>,
    letter: Option<[String; 3]>,
    access_until: DateTime<Utc>,
}

fn form_page(visit: &Visit, l: Layout, together: &Together) -> HelperRegister {
    let (what, when) = (&together.what, &together.when);
    let groups =
        view::task_groups(visit, |group| what.groups.contains(group), |task| what.tasks.contains(task));
    HelperRegister {
        others: HelperRegister::others(l.t, what.any, false),
        dayparts: HelperRegister::dayparts(l.t, when.dayparts),
        hours: HelperRegister::hours(l.t, when.hours.as_deref()),
        reaches: HelperRegister::reaches(l.t, &together.reach),
        channels: HelperRegister::channels(l.t, together.channel),
        languages: HelperRegister::languages(together.language),
        consents: HelperRegister::consents(l.t, &together.consents),
        hows: HelperRegister::hows(l.t, &together.how),
        entry_points: HelperRegister::entry_points(l.t, &together.via),
        postcode: together.postcode.clone(),
        groups,
        name: together.name.clone(),
        contact: together.contact.clone(),
        street: together.street.clone(),
        letter_postcode: together.letter_postcode.clone(),
        town: together.town.clone(),
        record: together.record.clone(),
        kept_at: together.kept_at.clone(),
        signed_on: together.signed_on.clone(),
        l,
    }
}

/// `/hulp/aanmelden`
pub(super) async fn form(visit: Visit) -> Result<Response, Stop> {
    let via = visit.kept::<String>(cookies::HELPER_VIA).unwrap_or_default();
    let together = Together { via, ..Together::default() };
    page(&form_page(&visit, visit.layout(), &together))
}

fn refused(visit: &Visit, form: &Fields, problem: &Problem, together: &Together) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, problem);
    page_with(StatusCode::BAD_REQUEST, &form_page(visit, l, together))
}

/// Takes the form: asks for a code from her telephone, or registers at once.
pub(super) async fn take(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let (together, problems) = Together::of_form(&form, &visit.app.reference.tasks);
    if !problems.is_empty() {
        return refused(&visit, &form, &Problem::fields(problems), &together);
    }
    if !together.needs_code() {
        return register(&visit, &form, &together, None).await;
    }
    match send_code(&visit, &form, &together).await {
        Ok(sent) => code_page(&visit, visit.layout(), &together, sent.challenge_id, StatusCode::OK),
        Err(problem) if !problem.fields.is_empty() => {
            refused(&visit, &form, &view::at_fields(problem, |field| field_of(&field.field)), &together)
        }
        Err(problem) => Err(problem.into()),
    }
}

async fn send_code(visit: &Visit, form: &Fields, together: &Together) -> Result<CodeSent, Problem> {
    let organisation = visit.staff().map(|staff| staff.organisation.clone()).unwrap_or_default();
    let again = form.has("opnieuw");
    let once = Once::of(visit, form, &(&together.contact, together.language, &organisation, again));
    let call = RequestHelpedCode {
        contact: once.seal(Service::Intake, &together.contact),
        language: together.language,
        organisation,
    };
    once.ask(&call).await
}

fn code_page(
    visit: &Visit,
    l: Layout,
    together: &Together,
    challenge_id: ChallengeId,
    status: StatusCode,
) -> Result<Response, Stop> {
    let waiting = Waiting { together: together.clone(), challenge_id };
    let kept = visit.seal(Service::Portal, &waiting).base64;
    page_with(status, &HelperCode { l, name: together.name.clone(), kept })
}

/// Takes the code as she reads it out.
pub(super) async fn take_code(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let kept = Sealed::<Waiting>::from_base64(form.get("formulier").to_owned());
    let Ok(Waiting { together, challenge_id }) = visit.app.chassis.keys.open(&kept) else {
        return Ok(go_to("/hulp/aanmelden", None));
    };
    if form.has("opnieuw") {
        let sent = send_code(&visit, &form, &together).await?;
        return code_page(&visit, visit.layout(), &together, sent.challenge_id, StatusCode::OK);
    }
    let code: String = form.get("code").chars().take(LONGEST_CODE).collect();
    if code.is_empty() {
        let problem = Problem::fields(vec![FieldProblem::new("code", "code-missing")]);
        let l = visit.layout_refused(&form, &problem);
        return code_page(&visit, l, &together, challenge_id, StatusCode::BAD_REQUEST);
    }
    register(&visit, &form, &together, Some((challenge_id, code))).await
}

async fn register(
    visit: &Visit,
    form: &Fields,
    together: &Together,
    code: Option<(ChallengeId, String)>,
) -> Result<Response, Stop> {
    let staff = visit.staff()?;
    let once = Once::of(visit, form, &(together, &code, &staff.name, &staff.organisation));
    let challenge = code.as_ref().map(|(challenge_id, _)| *challenge_id);
    let how = code.map_or_else(
        || together.given(),
        |(challenge_id, code)| ConsentGiven::Code { challenge_id, code: once.seal(Service::Intake, &code) },
    );
    let helper = HelperIntroduction { name: staff.name.clone(), organisation: staff.organisation.clone() };
    let registration = AssistedRegistration {
        wishes: together.wishes(&visit.app.reference.tasks),
        name: together.name.clone(),
        reach: together.assisted_reach(),
        consents: together.consents.clone(),
        consent_text_version: CONSENT_TEXT_VERSION.to_owned(),
        how,
        entry_point: Some(together.via.clone()).filter(|via| !via.is_empty()),
        language: together.language,
        helper: helper.clone(),
    };
    let call = RegisterAssisted { registration: once.seal(Service::Intake, &registration) };
    let refuse_code = |problem: FieldProblem| {
        let l = visit.layout_refused(form, &Problem::fields(vec![problem]));
        match challenge {
            Some(challenge) => code_page(visit, l, together, challenge, StatusCode::BAD_REQUEST),
            None => Err(Happened::NotUnderstood.into()),
        }
    };
    match once.ask(&call).await {
        Ok(AssistedOutcome::Registered { take_over_code, access_until, .. }) => {
            let take_over_code = take_over_code.map(|sealed| visit.open(&sealed)).transpose()?;
            let letter = together
                .is_letter()
                .then(|| [together.street.clone(), together.letter_postcode.clone(), together.town.clone()]);
            let card = Card {
                name: together.name.clone(),
                organisation: helper.organisation,
                helper: helper.name,
                take_over_code,
                letter,
                access_until,
            };
            let kept = visit.keep(cookies::HELPER_CARD, &card, Some(CARD_MINUTES));
            let via = visit.keep(cookies::HELPER_VIA, &together.via, Some(VIA_MINUTES));
            Ok(go_to("/hulp/kaart", [kept, via]))
        }
        Ok(AssistedOutcome::WrongCode { tries_left }) => {
            refuse_code(FieldProblem::new("code", "code-wrong-tries").with("tries", tries_left))
        }
        Ok(AssistedOutcome::CodeExpired) => refuse_code(FieldProblem::new("code", "code-expired")),
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            refused(visit, form, &view::at_fields(problem, |field| field_of(&field.field)), together)
        }
        Err(problem) => Err(problem.into()),
    }
}

/// `/hulp/kaart`: what she takes home.
pub(super) async fn card(visit: Visit) -> Result<Response, Stop> {
    let Some(card) = visit.kept::<Card>(cookies::HELPER_CARD) else {
        return Ok(go_to("/hulp/mensen", None));
    };
    page(&HelperCard {
        l: visit.layout(),
        name: card.name,
        helper: card.helper,
        organisation: card.organisation,
        take_over_code: card.take_over_code,
        letter: card.letter,
        access_until: clock::day(card.access_until),
        written_on: clock::day(visit.now),
        address: visit.app.public_address(),
    })
}
