//! Someone a helper may still help: what she wants, whether she takes part, and a yes or no she gave.

use axum::{extract::Path, http::StatusCode, response::Response};
use proto::{
    FieldProblem, Problem, SeekerId, Service, Status,
    intake::{
        Availability, ChangeWishes, ConsentGiven, ConsentOutcome, Details, MyDetails, Pause, Purpose,
        SetConsent, StillLooking, Wishes,
    },
};

use super::{new_contact, together::field_of};
use crate::{
    pages::{
        Layout,
        failures::Happened,
        helper::{HelperConsent, HelperPerson, HelperWishes, SaidLine},
        register::{CONSENT_TEXT_VERSION, consent_sentence},
        work::{daypart_list, hours_words},
    },
    web::{
        fields::{self, Fields},
        seeker::{
            draft::{What, When},
            second_number::{self, Of},
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

async fn told(visit: &Visit, id: &str) -> Result<(SeekerId, Details), Stop> {
    let seeker_id: SeekerId = id.parse().map_err(|_| Happened::NotFound)?;
    match visit.ask(&MyDetails { seeker_id }).await {
        Ok(sealed) => Ok((seeker_id, visit.open(&sealed)?)),
        Err(problem) => Err(problem.into()),
    }
}

fn href(seeker_id: SeekerId) -> String {
    format!("/hulp/mens/{seeker_id}")
}

/// The last word per purpose.
fn said(details: &Details, purpose: Purpose) -> bool {
    details.consents.iter().rev().find(|consent| consent.purpose == purpose).is_some_and(|said| said.given)
}

/// `/hulp/mens/{id}`
pub(super) async fn person(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    let (l, wishes) = (visit.layout(), &details.wishes_so_far());
    let what = What::of_wishes(wishes, &visit.app.reference.tasks);
    let groups = visit.app.reference.tasks.groups().iter().filter(|group| what.groups.contains(&group.code));
    let groups = groups.map(|group| group.label(view::lang(&visit)).to_owned());
    let tasks = what.tasks.iter().map(|code| view::task_label(&visit, &code.as_str().into()));
    let any = what.any.then(|| l.t.get("register-tasks-any"));
    page(&HelperPerson {
        href: href(seeker_id),
        name: details.name.clone(),
        postcode: wishes.postcode.clone(),
        tasks: any.into_iter().chain(groups).chain(tasks).collect(),
        dayparts: daypart_list(l.t, wishes.dayparts),
        hours: wishes.hours.map(|hours| hours_words(l.t, hours)).unwrap_or_default(),
        second: second_number::words(l.t, &details),
        contact_href: new_contact::href(seeker_id),
        paused: matches!(details.availability, Availability::Paused { .. }),
        said: Purpose::ALL
            .iter()
            .map(|&purpose| SaidLine {
                words: consent_sentence(l.t, purpose),
                given: said(&details, purpose),
            })
            .collect(),
        l,
    })
}

/// Pauses her, or lets her take part again.
pub(super) async fn act(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let seeker_id: SeekerId = id.parse().map_err(|_| Happened::NotFound)?;
    let told = match form.get("doe") {
        "pauze" => {
            visit.ask_with_key(&form, &Pause { seeker_id, until: None }).await?;
            "notice-helped-paused"
        }
        "verder" => {
            visit.ask_with_key(&form, &StillLooking { seeker_id }).await?;
            "notice-helped-resumed"
        }
        _ => return Err(Happened::NotUnderstood.into()),
    };
    Ok(go_to(&href(seeker_id), [notice(told)]))
}

fn wishes_page(
    visit: &Visit,
    l: Layout,
    seeker_id: SeekerId,
    postcode: String,
    what: &What,
    when: &When,
) -> HelperWishes {
    let groups =
        view::task_groups(visit, |group| what.groups.contains(group), |task| what.tasks.contains(task));
    HelperWishes {
        href: href(seeker_id),
        postcode,
        groups,
        others: HelperWishes::others(l.t, what.any),
        dayparts: HelperWishes::dayparts(l.t, when.dayparts),
        hours: HelperWishes::hours(l.t, when.hours.as_deref()),
        l,
    }
}

/// `/hulp/mens/{id}/wensen`
pub(super) async fn wishes(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    let what = What::of_wishes(&details.wishes_so_far(), &visit.app.reference.tasks);
    let when = When::of_wishes(&details.wishes_so_far());
    page(&wishes_page(&visit, visit.layout(), seeker_id, details.wishes_so_far().postcode, &what, &when))
}

/// Changes where, what and when; what else she told stays.
pub(super) async fn take_wishes(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    let vocabulary = &visit.app.reference.tasks;
    let ((what, of_what), (when, of_when)) = (What::of_form(&form, vocabulary), When::of_form(&form));
    let postcode = form.get("postcode").to_owned();
    let refuse = |problem: &Problem| {
        let l = visit.layout_refused(&form, problem);
        let page = wishes_page(&visit, l, seeker_id, postcode.clone(), &what, &when);
        page_with(StatusCode::BAD_REQUEST, &page)
    };
    let problems: Vec<FieldProblem> = of_what.into_iter().chain(of_when).collect();
    if !problems.is_empty() {
        return refuse(&Problem::fields(problems));
    }
    let wishes = Wishes {
        postcode: postcode.clone(),
        tasks: what.all_tasks(vocabulary),
        any_task: what.any,
        dayparts: when.dayparts,
        hours: when.hours_a_week(),
        ..details.wishes_so_far()
    };
    match visit.ask(&ChangeWishes { seeker_id, wishes: visit.seal(Service::Intake, &wishes) }).await {
        Ok(()) => Ok(go_to(&href(seeker_id), [notice("notice-saved")])),
        Err(problem) if !problem.fields.is_empty() => {
            refuse(&view::at_fields(problem, |field| field_of(&field.field)))
        }
        Err(problem) => Err(problem.into()),
    }
}

fn second_number_of(seeker_id: SeekerId) -> Of {
    let back = href(seeker_id);
    Of { seeker_id, action: format!("{back}/tweede-nummer"), back, hers: false }
}

/// `/hulp/mens/{id}/tweede-nummer`
pub(super) async fn second(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    second_number::ask(visit.layout(), &second_number_of(seeker_id), &details)
}

/// Keeps the number that she gives, or takes it back for her.
pub(super) async fn take_second(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let seeker_id: SeekerId = id.parse().map_err(|_| Happened::NotFound)?;
    second_number::keep(&visit, &second_number_of(seeker_id), &form).await
}

/// `/hulp/mens/{id}/toestemming`
pub(super) async fn consent(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    page(&consent_page(visit.layout(), seeker_id, &details, &Fields::default()))
}

fn consent_page(l: Layout, seeker_id: SeekerId, details: &Details, form: &Fields) -> HelperConsent {
    HelperConsent {
        href: href(seeker_id),
        name: details.name.clone(),
        purposes: HelperConsent::purposes(l.t, form.get("doel"), |purpose| said(details, purpose)),
        answers: HelperConsent::answers(l.t, form.get("geef")),
        hows: HelperConsent::hows(l.t, form.get("hoe")),
        record: form.get("verslag").to_owned(),
        kept_at: form.get("bewaard").to_owned(),
        signed_on: form.get("getekend").to_owned(),
        l,
    }
}

/// Passes on a yes, with what shows it, or a no as it is.
pub(super) async fn take_consent(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let (seeker_id, details) = told(&visit, &id).await?;
    let mut problems = Vec::new();
    let mut wrong = |field: &str, code: &str| problems.push(FieldProblem::new(field, code));
    let purpose = Purpose::from_name(form.get("doel"));
    if purpose.is_none() {
        wrong("doel", "choice-missing");
    }
    let given = match form.get("geef") {
        "ja" => Some(true),
        "nee" => Some(false),
        _ => {
            wrong("geef", "choice-missing");
            None
        }
    };
    let how = match (given, form.get("hoe")) {
        (Some(false), _) => Some(ConsentGiven::Herself),
        (_, "voorgelezen") if form.has("verslag") => {
            Some(ConsentGiven::ReadAloud { record: form.get("verslag").to_owned() })
        }
        (_, "voorgelezen") => {
            wrong("verslag", "record-empty");
            None
        }
        (_, "papier") => match (form.has("bewaard"), fields::day(form.get("getekend"))) {
            (true, Some(signed_on)) => {
                Some(ConsentGiven::Paper { kept_at: form.get("bewaard").to_owned(), signed_on })
            }
            (kept, signed) => {
                if !kept {
                    wrong("bewaard", "kept-at-empty");
                }
                if signed.is_none() {
                    wrong("getekend", "date-malformed");
                }
                None
            }
        },
        _ => {
            wrong("hoe", "how-missing");
            None
        }
    };
    let refuse = |problem: &Problem| {
        let l = visit.layout_refused(&form, problem);
        page_with(StatusCode::BAD_REQUEST, &consent_page(l, seeker_id, &details, &form))
    };
    let (Some(purpose), Some(given), Some(how), true) = (purpose, given, how, problems.is_empty()) else {
        return refuse(&Problem::fields(problems));
    };
    let call = SetConsent { seeker_id, purpose, given, text_version: CONSENT_TEXT_VERSION.to_owned(), how };
    match visit.ask(&call).await {
        Ok(ConsentOutcome::Done) => Ok(go_to(&href(seeker_id), [notice("notice-saved")])),
        Ok(ConsentOutcome::WrongCode { .. } | ConsentOutcome::CodeExpired) => {
            Err(Happened::NotUnderstood.into())
        }
        Err(problem) if problem.status == Status::Invalid && !problem.fields.is_empty() => {
            refuse(&view::at_fields(problem, |field| field_of(&field.field)))
        }
        Err(problem) => Err(problem.into()),
    }
}
