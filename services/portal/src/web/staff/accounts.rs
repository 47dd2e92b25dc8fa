//! An administrator invites people, changes what they may do, and ends accounts.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    AccountId, FieldProblem, InvitationId, Problem, Role,
    portal::{Invite as InviteCommand, Invitee},
};

use crate::{
    domain::account::Rights,
    pages::{
        self, Choice, Layout,
        accounts::{AccountPage, AccountRow, AccountState, Accounts, Invite, RightsForm, role_choices},
    },
    store::{
        accounts::{self, AccountRow as StoredAccount, Personal},
        crypt,
        invitations::{self, InvitationRow},
    },
    use_cases::{change_invitation, end_account, invite},
    web::{
        fields::Fields,
        guard::Access::Staff,
        routes::{Route, route},
        staff::{ADMINISTRATORS, employers, stop, with_fields},
        stop::Stop,
        visit::{Visit, go_to, notice, page, page_with},
    },
};

/// The routes of this part.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        route("/beheer/accounts", Staff(ADMINISTRATORS), || get(list)),
        route("/beheer/accounts/nieuw", Staff(ADMINISTRATORS), || get(new).post(send_invitation)),
        route("/beheer/accounts/{id}", Staff(ADMINISTRATORS), || get(one).post(change)),
        route("/beheer/accounts/{id}/stoppen", Staff(ADMINISTRATORS), || post(end)),
        route("/beheer/accounts/{id}/opnieuw", Staff(ADMINISTRATORS), || post(send_again)),
    ]
}

/// An account, or an invitation that waits for an answer.
pub(crate) enum Who {
    /// An account, ended or not.
    Account(StoredAccount),
    /// An invitation that nobody accepted yet.
    Invited(InvitationRow),
}

impl Who {
    pub(crate) fn rights(&self) -> Rights {
        match self {
            Self::Account(account) => account.rights(),
            Self::Invited(invitation) => invitation.rights(),
        }
    }

    pub(crate) fn personal(&self, visit: &Visit) -> Result<Personal, Stop> {
        let (data_key, owner, personal) = match self {
            Self::Account(account) => (&account.data_key, account.account_id, &account.personal),
            Self::Invited(invitation) => {
                (&invitation.data_key, invitation.invitation_id, &invitation.personal)
            }
        };
        Ok(visit.app.vault().owner(data_key, owner)?.decrypt(crypt::PERSONAL, personal)?)
    }

    /// What a list says; `page` makes the address of its page.
    pub(crate) fn row(&self, visit: &Visit, page: impl FnOnce(&str) -> String) -> Result<AccountRow, Stop> {
        let (id, state) = match self {
            Self::Account(account) => {
                let state =
                    account.ended_at.map_or(AccountState::Active, |at| AccountState::Ended(clock::day(at)));
                (account.id().to_string(), state)
            }
            Self::Invited(invitation) => {
                let until = AccountState::Invited(clock::day(invitation.expires_at));
                (InvitationId(invitation.invitation_id).to_string(), until)
            }
        };
        let Personal { name, email } = self.personal(visit)?;
        let rights = self.rights();
        let roles = rights.roles.into_iter().map(Into::into).collect();
        Ok(AccountRow { href: page(&id), name, email, roles, organisation: rights.organisation, state })
    }
}

/// The page of an account.
pub(crate) fn href(id: &str) -> String {
    format!("/beheer/accounts/{id}")
}

/// Ids carry what they are, so one address serves both.
pub(crate) async fn find(visit: &Visit, id: &str) -> Result<Who, Stop> {
    let pool = visit.app.chassis.store.pool();
    let found = if id.starts_with(InvitationId::PREFIX) {
        match id.parse::<InvitationId>() {
            Ok(id) => invitations::find_open(pool, id.0).await?.map(Who::Invited),
            Err(_) => None,
        }
    } else {
        match id.parse::<AccountId>() {
            Ok(id) => accounts::by_id(pool, id).await?.map(Who::Account),
            Err(_) => None,
        }
    };
    found.ok_or_else(|| stop(Problem::not_found("account")))
}

/// `/beheer/accounts`
pub(crate) async fn list(visit: Visit) -> Result<Response, Stop> {
    let pool = visit.app.chassis.store.pool();
    let accounts = accounts::all(pool).await?.into_iter().map(Who::Account);
    let invited = invitations::open(pool).await?.into_iter().map(Who::Invited);
    let mut rows: Vec<AccountRow> =
        accounts.chain(invited).map(|who| who.row(&visit, href)).collect::<Result<_, _>>()?;
    rows.sort_by_key(|row| (matches!(row.state, AccountState::Ended(_)), row.name.to_lowercase()));
    page(&Accounts { l: visit.layout(), rows })
}

/// What was ticked and typed on a form of rights.
fn typed_rights(visit: &Visit, form: &Fields) -> Rights {
    let of_code = |code: &str| pages::Role::ALL.into_iter().find(|role| role.code() == code).map(Role::from);
    let known =
        |code: &str| code.parse().ok().and_then(|code| visit.app.reference.regions.get(code)).is_some();
    Rights {
        roles: form.all("rol").filter_map(of_code).collect(),
        employer_id: form.get("werkgever").parse().ok(),
        regions: form.all("regio").filter(|code| known(code)).map(str::to_owned).collect(),
        organisation: form.get("organisatie").to_owned(),
    }
}

/// The choices of a form of rights.
async fn rights_form(visit: &Visit, rights: &Rights, search: &str) -> Result<RightsForm, Stop> {
    let roles: Vec<pages::Role> = rights.roles.iter().copied().map(Into::into).collect();
    let mut regions: Vec<Choice> = visit
        .app
        .reference
        .regions
        .all()
        .iter()
        .map(|region| {
            let code = region.code.to_string();
            Choice::new(&code, region.name.clone(), rights.regions.contains(&code))
        })
        .collect();
    regions.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(RightsForm {
        roles: role_choices(visit.t(), &roles),
        regions,
        organisation: rights.organisation.clone(),
        employers: employers::choices(visit, rights.employer_id, search).await?,
    })
}

async fn invite_page(visit: &Visit, l: Layout, form: &Fields) -> Result<Invite, Stop> {
    Ok(Invite {
        l,
        name: form.get("naam").to_owned(),
        email: form.get("email").to_owned(),
        rights: rights_form(visit, &typed_rights(visit, form), form.get("zoek_werkgever")).await?,
    })
}

/// `/beheer/accounts/nieuw`
pub(crate) async fn new(visit: Visit) -> Result<Response, Stop> {
    page(&invite_page(&visit, visit.layout(), &Fields::default()).await?)
}

/// Invites someone. The message with the code follows within seconds.
pub(crate) async fn send_invitation(visit: Visit, form: Fields) -> Result<Response, Stop> {
    if form.get("doe") == "zoek" {
        return page(&invite_page(&visit, visit.layout(), &form).await?);
    }
    let invitee = Invitee { name: form.get("naam").to_owned(), email: form.get("email").to_owned() };
    let Err(problem) = invite_one(&visit, &invitee, typed_rights(&visit, &form)).await else {
        return Ok(go_to("/beheer/accounts", [notice("notice-invited")]));
    };
    let l = visit.layout_refused(&form, &mend(problem)?);
    page_with(StatusCode::BAD_REQUEST, &invite_page(&visit, l, &form).await?)
}

/// A problem at the fields of our forms, or the end of the request.
pub(crate) fn mend(problem: Problem) -> Result<Problem, Stop> {
    match problem.code.as_str() {
        "account-exists" => Ok(Problem::fields(vec![FieldProblem::new("email", "email-taken")])),
        "last-administrator" => Ok(Problem::fields(vec![FieldProblem::new("rol", "last-administrator")])),
        _ => with_fields(crate::web::view::at_fields(problem, |field| match field.field.as_str() {
            "rollen" => "rol".to_owned(),
            "regios" => "regio".to_owned(),
            other => other.to_owned(),
        })),
    }
}

/// Invites someone, in place of an open invitation for the same address.
pub(crate) async fn invite_one(visit: &Visit, invitee: &Invitee, rights: Rights) -> Result<(), Problem> {
    let app = &visit.app;
    // Whom it is for travels beside it: this one stays inside the portal.
    let command = InviteCommand {
        invitee: visit.seal(proto::Service::Portal, invitee),
        roles: rights.roles,
        employer_id: rights.employer_id,
        regions: rights.regions,
        organisation: rights.organisation,
    };
    let inviting = async {
        let mut tx = app.chassis.store.begin().await?;
        invite::invite_in(app, &mut tx, invitee, &command).await?;
        tx.commit().await?;
        Ok(())
    };
    inviting.await.map_err(|fault: chassis::Fault| fault.into_problem("inviting someone"))
}

async fn account_page(
    visit: &Visit,
    l: Layout,
    who: &Who,
    rights: &Rights,
    search: &str,
) -> Result<AccountPage, Stop> {
    let may_end = match who {
        Who::Account(account) if account.roles().contains(&Role::Administrator) => {
            accounts::count_other_administrators(visit.app.chassis.store.pool(), account.id()).await? > 0
        }
        Who::Account(_) | Who::Invited(_) => true,
    };
    let rights = rights_form(visit, rights, search).await?;
    Ok(AccountPage { l, row: who.row(visit, href)?, rights, may_end })
}

/// `/beheer/accounts/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    page(&account_page(&visit, visit.layout(), &who, &who.rights(), "").await?)
}

/// Changes what someone may do, and for whom.
pub(crate) async fn change(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    let rights = typed_rights(&visit, &form);
    if form.get("doe") == "zoek" {
        let search = form.get("zoek_werkgever");
        return page(&account_page(&visit, visit.layout(), &who, &rights, search).await?);
    }
    let answer = match &who {
        Who::Account(account) => end_account::change_rights(&visit.app, account.id(), &rights).await,
        Who::Invited(invitation) => {
            change_invitation::change_rights(&visit.app, invitation.invitation_id, &rights).await
        }
    };
    match answer.map_err(|fault| fault.into_problem("changing an account")) {
        Ok(()) => Ok(go_to(&href(&id), [notice("notice-account-saved")])),
        Err(problem) => refused(&visit, &who, &form, &rights, problem).await,
    }
}

async fn refused(
    visit: &Visit,
    who: &Who,
    form: &Fields,
    rights: &Rights,
    problem: Problem,
) -> Result<Response, Stop> {
    let l = visit.layout_refused(form, &mend(problem)?);
    let page = account_page(visit, l, who, rights, form.get("zoek_werkgever")).await?;
    page_with(StatusCode::BAD_REQUEST, &page)
}

/// Ends an account, or takes an invitation back.
pub(crate) async fn end(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    match end_one(&visit, &who).await {
        Ok(()) => Ok(go_to("/beheer/accounts", [notice("notice-account-ended")])),
        Err(problem) => refused(&visit, &who, &form, &who.rights(), problem).await,
    }
}

/// Ends an account, or takes an invitation back.
pub(crate) async fn end_one(visit: &Visit, who: &Who) -> Result<(), Problem> {
    let answer = match who {
        Who::Account(account) => end_account::end_account(&visit.app, account.id()).await,
        Who::Invited(invitation) => change_invitation::withdraw(&visit.app, invitation.invitation_id).await,
    };
    answer.map_err(|fault| fault.into_problem("ending an account"))
}

/// Sends a new code in place of the old one.
pub(crate) async fn send_again(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    if let Who::Invited(_) = &who {
        let Personal { name, email } = who.personal(&visit)?;
        invite_one(&visit, &Invitee { name, email }, who.rights()).await.map_err(stop)?;
    }
    Ok(go_to("/beheer/accounts", [notice("notice-invited")]))
}
