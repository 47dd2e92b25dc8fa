//! One employer: its sites, its contact persons, who looks after it. For account managers of its
//! regions, and for its own people.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    AccountId, ContactId, EmployerId, FieldProblem, Problem, Role, Service, SiteId,
    intake::ContactPurpose,
    vacancies::{
        ChangeEmployer as Change, DeleteContact, Employer, EmployerView, EndSite, SaveContact, SaveSite,
        SetAccountManager, ShowContact, Site,
    },
};

use crate::{
    pages::{
        Choice, Layout,
        employers::{
            AskPurpose, ChangeEmployer, ContactFields, ContactPage, ContactRow, EmployerPage, RegionRow,
            SiteFields, SitePage, SiteRow,
        },
    },
    store::accounts,
    texts::Texts,
    web::{
        fields::Fields,
        guard::Access::Staff,
        once::Once,
        routes::{Route, route},
        staff::{
            MANAGERS, WRITERS,
            accounts::Who,
            by_manager,
            desk::jobs_of,
            employers::{contact_fields, form_name, href, row, site_fields, typed_contact, typed_site},
            stop, with_fields,
        },
        stop::Stop,
        view,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/werkgever/{id}", Staff(WRITERS), || get(employer)),
        route("/werkgever/{id}/wijzigen", Staff(WRITERS), || get(ask_change).post(change)),
        route("/werkgever/{id}/adviseur", Staff(MANAGERS), || post(set_manager)),
        route("/werkgever/{id}/vestiging/nieuw", Staff(WRITERS), || get(new_site).post(add_site)),
        route("/werkgever/{id}/vestiging/{site}", Staff(WRITERS), || get(site).post(save_site)),
        route("/werkgever/{id}/vestiging/{site}/stoppen", Staff(WRITERS), || post(end_site)),
        route("/werkgever/{id}/contact/nieuw", Staff(WRITERS), || get(new_contact).post(add_contact)),
        route("/werkgever/{id}/contact/{contact}", Staff(WRITERS), || get(ask_purpose).post(show_contact)),
        route("/werkgever/{id}/contact/{contact}/wijzigen", Staff(WRITERS), || post(save_contact)),
        route("/werkgever/{id}/contact/{contact}/wissen", Staff(WRITERS), || post(delete_contact)),
    ]
}

async fn find(visit: &Visit, id: &str) -> Result<EmployerView, Stop> {
    let employer_id: EmployerId = id.parse().map_err(|_| stop(Problem::not_found("employer")))?;
    visit.ask(&Employer { employer_id }).await.map_err(stop)
}

/// The name of a site, or of its place when it has none.
pub(crate) fn site_name(site: &Site) -> String {
    if site.details.name.is_empty() { site.place.clone() } else { site.details.name.clone() }
}

/// `/werkgever/{id}`
pub(crate) async fn employer(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let base = href(found.line.employer_id);
    let by_manager = by_manager(&visit)?;
    let site = |site: &Site| SiteRow {
        href: format!("{base}/vestiging/{}", site.site_id),
        name: site_name(site),
        address: address(site),
        region: view::region(&visit, &site.region),
    };
    let site_of = |id: Option<SiteId>| {
        let site = id.and_then(|id| found.sites.iter().find(|site| site.site_id == id));
        site.map(site_name).unwrap_or_default()
    };
    let contacts = found.contacts.iter().enumerate().map(|(at, contact)| ContactRow {
        href: format!("{base}/contact/{}", contact.contact_id),
        site: site_of(contact.site_id),
        since: clock::day(contact.since),
        number: at + 1,
    });
    page(&EmployerPage {
        l: visit.layout(),
        row: row(&found.line),
        by_manager,
        sites: found.sites.iter().map(site).collect(),
        contacts: contacts.collect(),
        regions: regions(&visit, &found).await?,
        labour_conflict: found.labour_conflict,
        new_job: format!("/baan/nieuw?werkgever={}", found.line.employer_id),
        jobs: jobs_of(&visit, found.line.employer_id, 0).await?.0,
    })
}

fn address(site: &Site) -> String {
    let place = format!("{} {}", site.details.postcode, site.place);
    if site.details.street.is_empty() { place } else { format!("{}, {place}", site.details.street) }
}

/// Who looks after an employer where; the reader may choose in her own regions.
async fn regions(visit: &Visit, found: &EmployerView) -> Result<Vec<RegionRow>, Stop> {
    let staff = visit.staff()?;
    let accounts: Vec<Who> =
        accounts::all(visit.app.chassis.store.pool()).await?.into_iter().map(Who::Account).collect();
    let mut rows = Vec::new();
    for region in &found.regions {
        let may_choose =
            staff.roles.contains(&Role::AccountManager) && staff.regions.contains(&region.region);
        let (mut manager, mut choices) = (String::new(), Vec::new());
        for who in &accounts {
            let Who::Account(account) = who else { continue };
            let holds = region.account_manager == Some(account.id());
            let is_choice = may_choose && account.may_manage_in(&region.region);
            if !holds && !is_choice {
                continue;
            }
            let name = who.personal(visit)?.name;
            if is_choice {
                choices.push(Choice::new(&account.id().to_string(), name.clone(), holds));
            }
            if holds {
                manager = name;
            }
        }
        choices.sort_by(|a, b| a.label.cmp(&b.label));
        let name = view::region(visit, &region.region);
        rows.push(RegionRow { code: region.region.clone(), name, manager, choices });
    }
    Ok(rows)
}

/// Takes an employer over in a region, or hands it over.
pub(crate) async fn set_manager(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let account_id: Option<AccountId> = form.get("adviseur").parse().ok();
    if let Some(account_id) = account_id {
        let account = accounts::by_id(visit.app.chassis.store.pool(), account_id).await?;
        if !account.is_some_and(|account| account.may_manage_in(form.get("regio"))) {
            return Err(stop(Problem::not_found("account")));
        }
    }
    let command = SetAccountManager {
        employer_id: found.line.employer_id,
        region: form.get("regio").to_owned(),
        account_id,
    };
    visit.ask_with_key(&form, &command).await.map_err(stop)?;
    Ok(go_to(&href(found.line.employer_id), [notice("notice-manager-set")]))
}

fn change_page(
    visit: &Visit,
    l: Layout,
    found: &EmployerView,
    form: &Fields,
) -> Result<ChangeEmployer, Stop> {
    let conflict = if by_manager(visit)? {
        let words = visit.t().get("employer-conflict-yes");
        vec![Choice::new("ja", words, form.get("conflict") == "ja")]
    } else {
        Vec::new()
    };
    Ok(ChangeEmployer { l, href: href(found.line.employer_id), name: form.get("naam").to_owned(), conflict })
}

/// `/werkgever/{id}/wijzigen`
pub(crate) async fn ask_change(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let conflict = if found.labour_conflict { "ja" } else { "" };
    let form: Fields =
        [("naam".to_owned(), found.line.name.clone()), ("conflict".to_owned(), conflict.to_owned())]
            .into_iter()
            .collect();
    page(&change_page(&visit, visit.layout(), &found, &form)?)
}

/// Changes the name, and for account managers whether a labour conflict stops its openings.
pub(crate) async fn change(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let labour_conflict =
        if by_manager(&visit)? { form.get("conflict") == "ja" } else { found.labour_conflict };
    let command =
        Change { employer_id: found.line.employer_id, name: form.get("naam").to_owned(), labour_conflict };
    match visit.ask_with_key(&form, &command).await {
        Ok(()) => Ok(go_to(&href(found.line.employer_id), [notice("notice-employer-saved")])),
        Err(problem) => {
            let problem = with_fields(view::at_fields(problem, |field| form_name(&field.field)))?;
            let l = visit.layout_refused(&form, &problem);
            page_with(StatusCode::BAD_REQUEST, &change_page(&visit, l, &found, &form)?)
        }
    }
}

fn site_page(l: Layout, found: &EmployerView, known: Option<SiteId>, site: SiteFields) -> SitePage {
    let employer_href = href(found.line.employer_id);
    let last = known.map_or_else(|| "nieuw".to_owned(), |id| id.to_string());
    SitePage {
        l,
        action: format!("{employer_href}/vestiging/{last}"),
        employer_href,
        employer: found.line.name.clone(),
        known: known.is_some(),
        site,
    }
}

/// `/werkgever/{id}/vestiging/nieuw`
pub(crate) async fn new_site(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    page(&site_page(visit.layout(), &found, None, SiteFields::default()))
}

/// Adds a site.
pub(crate) async fn add_site(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    keep_site(&visit, &found, None, &form).await
}

fn own_site<'a>(found: &'a EmployerView, site: &str) -> Result<&'a Site, Stop> {
    let site_id: Option<SiteId> = site.parse().ok();
    let known = found.sites.iter().find(|site| Some(site.site_id) == site_id);
    known.ok_or_else(|| stop(Problem::not_found("site")))
}

/// `/werkgever/{id}/vestiging/{site}`
pub(crate) async fn site(visit: Visit, Path((id, site)): Path<(String, String)>) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let site = own_site(&found, &site)?;
    page(&site_page(visit.layout(), &found, Some(site.site_id), site_fields(&site.details)))
}

/// Changes a site.
pub(crate) async fn save_site(
    visit: Visit,
    Path((id, site)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let site_id = own_site(&found, &site)?.site_id;
    keep_site(&visit, &found, Some(site_id), &form).await
}

async fn keep_site(
    visit: &Visit,
    found: &EmployerView,
    site_id: Option<SiteId>,
    form: &Fields,
) -> Result<Response, Stop> {
    let details = typed_site(form);
    let shown = site_fields(&details);
    let command = SaveSite { employer_id: found.line.employer_id, site_id, details };
    match visit.ask_with_key(form, &command).await {
        Ok(_) => Ok(go_to(&href(found.line.employer_id), [notice("notice-site-saved")])),
        Err(problem) => {
            let problem = with_fields(view::at_fields(problem, |field| form_name(&field.field)))?;
            let l = visit.layout_refused(form, &problem);
            page_with(StatusCode::BAD_REQUEST, &site_page(l, found, site_id, shown))
        }
    }
}

/// Takes a site out of use; the last one and one with open openings stay.
pub(crate) async fn end_site(
    visit: Visit,
    Path((id, site)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let site = own_site(&found, &site)?;
    match visit.ask_with_key(&form, &EndSite { site_id: site.site_id }).await {
        Ok(()) => Ok(go_to(&href(found.line.employer_id), [notice("notice-site-ended")])),
        Err(problem) => {
            let problem = if matches!(problem.code.as_str(), "site-is-last" | "site-has-openings") {
                Problem::fields(vec![FieldProblem::new("postcode", problem.code)])
            } else {
                with_fields(view::at_fields(problem, |_| "postcode".to_owned()))?
            };
            let l = visit.layout_refused(&form, &problem);
            let shown = site_page(l, &found, Some(site.site_id), site_fields(&site.details));
            page_with(StatusCode::BAD_REQUEST, &shown)
        }
    }
}

fn sites_to_choose(found: &EmployerView, chosen: &str) -> Vec<Choice> {
    let choice = |site: &Site| {
        let id = site.site_id.to_string();
        Choice::new(&id, format!("{}, {}", site_name(site), address(site)), id == chosen)
    };
    found.sites.iter().map(choice).collect()
}

fn contact_page(
    l: Layout,
    found: &EmployerView,
    known: Option<ContactId>,
    site: &str,
    contact: ContactFields,
) -> ContactPage {
    let employer_href = href(found.line.employer_id);
    let base = known.map(|id| format!("{employer_href}/contact/{id}"));
    ContactPage {
        l,
        action: base
            .as_ref()
            .map_or_else(|| format!("{employer_href}/contact/nieuw"), |base| format!("{base}/wijzigen")),
        delete: base.map(|base| format!("{base}/wissen")).unwrap_or_default(),
        employer_href,
        employer: found.line.name.clone(),
        shown: None,
        contact,
        sites: sites_to_choose(found, site),
    }
}

/// `/werkgever/{id}/contact/nieuw`
pub(crate) async fn new_contact(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    page(&contact_page(visit.layout(), &found, None, "", ContactFields::default()))
}

/// Adds a contact person.
pub(crate) async fn add_contact(
    visit: Visit,
    Path(id): Path<String>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    keep_contact(&visit, &found, None, &form).await
}

fn own_contact(found: &EmployerView, contact: &str) -> Result<ContactId, Stop> {
    let contact_id: Option<ContactId> = contact.parse().ok();
    let known = contact_id.filter(|id| found.contacts.iter().any(|contact| contact.contact_id == *id));
    known.ok_or_else(|| stop(Problem::not_found("contact")))
}

/// The purposes to choose from; `by_employer` when the employer itself asks about someone who wants its job.
pub(crate) fn purposes(t: Texts, chosen: &str, by_employer: bool) -> Vec<Choice> {
    let words = |purpose: ContactPurpose| match purpose {
        ContactPurpose::TalkAboutWork => "purpose-talk",
        ContactPurpose::Appointment if by_employer => "purpose-appointment-with-her",
        ContactPurpose::Appointment => "purpose-appointment",
        ContactPurpose::Offer | ContactPurpose::SecondNumber => "purpose-offer",
        ContactPurpose::FirstDay => "purpose-first-day",
        ContactPurpose::Correction
        | ContactPurpose::PhoneLost
        | ContactPurpose::OldEnded
        | ContactPurpose::Miswritten => "purpose-correction",
        ContactPurpose::InLine => "purpose-in-line",
    };
    let choice = |purpose: &ContactPurpose| {
        Choice::new(purpose.name(), t.get(words(*purpose)), purpose.name() == chosen)
    };
    // The others belong to a place in line.
    [ContactPurpose::TalkAboutWork, ContactPurpose::Appointment, ContactPurpose::Correction]
        .iter()
        .map(choice)
        .collect()
}

/// The purpose that was chosen, or what to say when none was.
pub(crate) fn typed_purpose(form: &Fields) -> Result<ContactPurpose, Problem> {
    ContactPurpose::from_name(form.get("doel"))
        .ok_or_else(|| Problem::fields(vec![FieldProblem::new("doel", "purpose-missing")]))
}

fn purpose_page(visit: &Visit, l: Layout, found: &EmployerView, contact_id: ContactId) -> AskPurpose {
    let back = href(found.line.employer_id);
    AskPurpose {
        l,
        action: format!("{back}/contact/{contact_id}"),
        whose: visit.t().one("contact-of", "employer", &found.line.name),
        back,
        is_told: false,
        purposes: purposes(visit.t(), "", false),
    }
}

/// `/werkgever/{id}/contact/{contact}`: for what she is needed.
pub(crate) async fn ask_purpose(
    visit: Visit,
    Path((id, contact)): Path<(String, String)>,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let contact_id = own_contact(&found, &contact)?;
    page(&purpose_page(&visit, visit.layout(), &found, contact_id))
}

/// Shows a contact person once, as the answer to the purpose.
pub(crate) async fn show_contact(
    visit: Visit,
    Path((id, contact)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let contact_id = own_contact(&found, &contact)?;
    let purpose = match typed_purpose(&form) {
        Ok(purpose) => purpose,
        Err(problem) => {
            let l = visit.layout_refused(&form, &problem);
            return page_with(StatusCode::BAD_REQUEST, &purpose_page(&visit, l, &found, contact_id));
        }
    };
    let sealed = visit.ask(&ShowContact { contact_id, purpose }).await.map_err(stop)?;
    let shown = contact_fields(&visit.open(&sealed)?);
    let line = found.contacts.iter().find(|line| line.contact_id == contact_id);
    let site = line.and_then(|line| line.site_id).map(|id| id.to_string()).unwrap_or_default();
    let form = contact_page(visit.layout(), &found, Some(contact_id), &site, shown.clone());
    page(&ContactPage { shown: Some(shown), ..form })
}

/// Changes a contact person.
pub(crate) async fn save_contact(
    visit: Visit,
    Path((id, contact)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let contact_id = own_contact(&found, &contact)?;
    keep_contact(&visit, &found, Some(contact_id), &form).await
}

async fn keep_contact(
    visit: &Visit,
    found: &EmployerView,
    contact_id: Option<ContactId>,
    form: &Fields,
) -> Result<Response, Stop> {
    let contact = typed_contact(form);
    let (employer_id, site_id) = (found.line.employer_id, form.get("vestiging").parse().ok());
    let once = Once::of(visit, form, &(employer_id, contact_id, site_id, &contact));
    let sealed = once.seal(Service::Vacancies, &contact);
    let command = SaveContact { employer_id, contact_id, site_id, contact: sealed };
    match once.ask(&command).await {
        Ok(_) => Ok(go_to(&href(found.line.employer_id), [notice("notice-contact-saved")])),
        Err(problem) => {
            let problem = with_fields(view::at_fields(problem, |field| form_name(&field.field)))?;
            let l = visit.layout_refused(form, &problem);
            let shown = contact_page(l, found, contact_id, form.get("vestiging"), contact_fields(&contact));
            page_with(StatusCode::BAD_REQUEST, &shown)
        }
    }
}

/// Deletes a contact person.
pub(crate) async fn delete_contact(
    visit: Visit,
    Path((id, contact)): Path<(String, String)>,
    form: Fields,
) -> Result<Response, Stop> {
    let found = find(&visit, &id).await?;
    let contact_id = own_contact(&found, &contact)?;
    visit.ask_with_key(&form, &DeleteContact { contact_id }).await.map_err(stop)?;
    Ok(go_to(&href(found.line.employer_id), [notice("notice-contact-deleted")]))
}
