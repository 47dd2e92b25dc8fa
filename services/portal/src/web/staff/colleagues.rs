//! The people of one employer: they see each other, invite a colleague and end a colleague's account.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use proto::{EmployerId, Problem, portal::Invitee, vacancies::Employer};

use crate::{
    pages::{
        Layout,
        accounts::{AccountState, ColleagueRow, Colleagues},
    },
    store::{accounts, invitations},
    use_cases::invite_colleague,
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{
            EMPLOYERS,
            accounts::{Who, end_one, find, mend},
            stop,
        },
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/bedrijf/collegas", Staff(EMPLOYERS), || get(list).post(invite)),
        route("/bedrijf/collegas/{id}/stoppen", Staff(EMPLOYERS), || post(end)),
    ]
}

fn own_employer(visit: &Visit) -> Result<EmployerId, Stop> {
    visit.staff()?.employer_id.ok_or_else(|| stop(Problem::not_found("employer")))
}

/// `/bedrijf/collegas`
pub(crate) async fn list(visit: Visit) -> Result<Response, Stop> {
    page(&shown(&visit, visit.layout(), &Fields::default()).await?)
}

async fn shown(visit: &Visit, l: Layout, form: &Fields) -> Result<Colleagues, Stop> {
    let employer_id = own_employer(visit)?;
    let pool = visit.app.chassis.store.pool();
    let accounts = accounts::of_employer(pool, employer_id).await?.into_iter().map(Who::Account);
    let invited = invitations::of_employer(pool, employer_id).await?.into_iter().map(Who::Invited);
    let mut rows = Vec::new();
    for who in accounts.chain(invited) {
        let account = who.row(visit, |id| format!("/bedrijf/collegas/{id}"))?;
        let may_end = may_end(visit, &who)? && !matches!(account.state, AccountState::Ended(_));
        rows.push(ColleagueRow { account, may_end });
    }
    rows.sort_by_key(|row| {
        (matches!(row.account.state, AccountState::Ended(_)), row.account.name.to_lowercase())
    });
    let employer = visit.ask(&Employer { employer_id }).await.map_err(stop)?.line.name;
    Ok(Colleagues {
        l,
        employer,
        rows,
        name: form.get("naam").to_owned(),
        email: form.get("email").to_owned(),
    })
}

/// Whether the reader may end this one: a colleague who is nothing but that, and not herself.
fn may_end(visit: &Visit, who: &Who) -> Result<bool, Stop> {
    let own = match who {
        Who::Account(account) => account.id() == visit.staff()?.account_id,
        Who::Invited(_) => false,
    };
    Ok(!own && invite_colleague::is_colleague(&who.rights(), own_employer(visit)?))
}

/// Invites a colleague for the reader's own employer.
pub(crate) async fn invite(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let employer_id = own_employer(&visit)?;
    let regions = visit.staff()?.regions.clone();
    let invitee = Invitee { name: form.get("naam").to_owned(), email: form.get("email").to_owned() };
    let invited = invite_colleague::invite_colleague(&visit.app, &invitee, employer_id, regions).await;
    match invited.map_err(|fault| fault.into_problem("inviting a colleague")) {
        Ok(()) => Ok(go_to("/bedrijf/collegas", [notice("notice-invited")])),
        Err(problem) => {
            let l = visit.layout_refused(&form, &mend(problem)?);
            page_with(StatusCode::BAD_REQUEST, &shown(&visit, l, &form).await?)
        }
    }
}

/// Ends a colleague's account, or takes her invitation back.
pub(crate) async fn end(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    if !may_end(&visit, &who)? {
        return Err(stop(Problem::not_found("account")));
    }
    end_one(&visit, &who).await.map_err(stop)?;
    Ok(go_to("/bedrijf/collegas", [notice("notice-account-ended")]))
}
