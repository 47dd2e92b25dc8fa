//! An administrator invites people, changes what they may do, and ends accounts.

use axum::{
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chassis::clock;
use proto::{
    AccountId, EmployerId, FieldProblem, InvitationId, Problem, Role,
    portal::{Invite as InviteCommand, Invitee},
};

use crate::{
    pages::{
        self, Choice, Layout,
        accounts::{AccountPage, AccountRow, AccountState, Accounts, Invite, role_choices},
    },
    store::{
        accounts::{self, AccountRow as StoredAccount, Personal, Sealer},
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
enum Who {
    Account(StoredAccount),
    Invited(InvitationRow),
}

impl Who {
    fn roles(&self) -> Vec<Role> {
        match self {
            Self::Account(account) => account.roles(),
            Self::Invited(invitation) => invitation.roles(),
        }
    }

    fn employer_id(&self) -> Option<EmployerId> {
        match self {
            Self::Account(account) => account.employer(),
            Self::Invited(invitation) => invitation.employer_id.map(EmployerId),
        }
    }

    fn regions(&self) -> &[String] {
        match self {
            Self::Account(account) => &account.regions,
            Self::Invited(invitation) => &invitation.regions,
        }
    }

    fn personal(&self, visit: &Visit) -> Result<Personal, Stop> {
        let sealer = Sealer::new(&visit.app.chassis.keys);
        Ok(match self {
            Self::Account(account) => {
                sealer.open_personal(&account.data_key, account.account_id, &account.personal)?
            }
            Self::Invited(invitation) => {
                sealer.open_personal(&invitation.data_key, invitation.invitation_id, &invitation.personal)?
            }
        })
    }

    fn row(&self, visit: &Visit) -> Result<AccountRow, Stop> {
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
        let roles = self.roles().into_iter().map(Into::into).collect();
        Ok(AccountRow { href: format!("/beheer/accounts/{id}"), name, email, roles, state })
    }
}

/// Ids carry what they are, so one address serves both.
async fn find(visit: &Visit, id: &str) -> Result<Who, Stop> {
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
        accounts.chain(invited).map(|who| who.row(&visit)).collect::<Result<_, _>>()?;
    rows.sort_by_key(|row| (matches!(row.state, AccountState::Ended(_)), row.name.to_lowercase()));
    page(&Accounts { l: visit.layout(), rows })
}

fn typed_roles(form: &Fields) -> Vec<Role> {
    let of_code = |code: &str| pages::Role::ALL.into_iter().find(|role| role.code() == code).map(Role::from);
    form.all("rol").filter_map(of_code).collect()
}

async fn invite_page(visit: &Visit, l: Layout, form: &Fields) -> Result<Invite, Stop> {
    let roles: Vec<pages::Role> = typed_roles(form).into_iter().map(Into::into).collect();
    let chosen = form.get("regio");
    let regions = visit.app.reference.regions.all().iter();
    let mut regions: Vec<Choice> = regions
        .map(|region| {
            Choice::new(&region.code.to_string(), region.name.clone(), region.code.to_string() == chosen)
        })
        .collect();
    regions.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(Invite {
        l,
        name: form.get("naam").to_owned(),
        email: form.get("email").to_owned(),
        roles: role_choices(visit.t(), &roles),
        regions,
        employers: employers::choices(visit, form.get("werkgever").parse().ok()).await?,
    })
}

/// `/beheer/accounts/nieuw`
pub(crate) async fn new(visit: Visit) -> Result<Response, Stop> {
    page(&invite_page(&visit, visit.layout(), &Fields::default()).await?)
}

/// Invites someone. The message with the code follows within seconds.
pub(crate) async fn send_invitation(visit: Visit, form: Fields) -> Result<Response, Stop> {
    let known =
        |code: &str| code.parse().ok().and_then(|code| visit.app.reference.regions.get(code)).is_some();
    let regions: Vec<String> = form.all("regio").filter(|code| known(code)).map(str::to_owned).collect();
    let employer_id: Option<EmployerId> = form.get("werkgever").parse().ok();
    let invitee = Invitee { name: form.get("naam").to_owned(), email: form.get("email").to_owned() };
    let roles = typed_roles(&form);
    let Err(problem) = invite_one(&visit, &invitee, roles, employer_id, regions).await else {
        return Ok(go_to("/beheer/accounts", [notice("notice-invited")]));
    };
    let problem = if problem.code == "account-exists" {
        Problem::fields(vec![FieldProblem::new("email", "email-taken")])
    } else {
        with_fields(crate::web::view::at_fields(problem, |field| match field.field.as_str() {
            "rollen" => "rol".to_owned(),
            "regios" => "regio".to_owned(),
            other => other.to_owned(),
        }))?
    };
    let l = visit.layout_refused(&form, &problem);
    page_with(StatusCode::BAD_REQUEST, &invite_page(&visit, l, &form).await?)
}

async fn invite_one(
    visit: &Visit,
    invitee: &Invitee,
    roles: Vec<Role>,
    employer_id: Option<EmployerId>,
    regions: Vec<String>,
) -> Result<(), Problem> {
    let app = &visit.app;
    // Whom it is for travels beside it: this one stays inside the portal.
    let command =
        InviteCommand { invitee: visit.seal(proto::Service::Portal, invitee), roles, employer_id, regions };
    let inviting = async {
        let mut tx = app.chassis.store.begin().await?;
        invite::invite_in(app, &mut tx, invitee, &command).await?;
        tx.commit().await?;
        Ok(())
    };
    inviting.await.map_err(|fault: chassis::Fault| fault.into_problem("inviting someone"))
}

async fn account_page(visit: &Visit, l: Layout, who: &Who, roles: &[Role]) -> Result<AccountPage, Stop> {
    let ticked: Vec<pages::Role> = roles.iter().copied().map(Into::into).collect();
    let may_end = match who {
        Who::Account(account) if account.roles().contains(&Role::Administrator) => {
            accounts::count_other_administrators(visit.app.chassis.store.pool(), account.id()).await? > 0
        }
        Who::Account(_) | Who::Invited(_) => true,
    };
    Ok(AccountPage { l, row: who.row(visit)?, roles: role_choices(visit.t(), &ticked), may_end })
}

/// `/beheer/accounts/{id}`
pub(crate) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    page(&account_page(&visit, visit.layout(), &who, &who.roles()).await?)
}

/// Changes what someone may do. Employer and regions stay as they were invited.
pub(crate) async fn change(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    let roles = typed_roles(&form);
    let answer = match missing_for(&who, &roles) {
        Some(problem) => Err(Problem::fields(vec![problem])),
        None => match &who {
            Who::Account(account) => {
                end_account::change_rights(&visit.app, account.id(), &roles, who.employer_id(), who.regions())
                    .await
            }
            Who::Invited(invitation) => {
                change_invitation::change_roles(&visit.app, invitation.invitation_id, &roles).await
            }
        }
        .map_err(|fault| fault.into_problem("changing an account")),
    };
    let Err(problem) = answer else {
        return Ok(go_to(&format!("/beheer/accounts/{id}"), [notice("notice-account-saved")]));
    };
    refused(&visit, &who, &form, &roles, problem).await
}

/// What a role needs that this account was not invited with.
fn missing_for(who: &Who, roles: &[Role]) -> Option<FieldProblem> {
    if roles.is_empty() {
        Some(FieldProblem::new("rol", "roles-empty"))
    } else if roles.contains(&Role::Employer) && who.employer_id().is_none() {
        Some(FieldProblem::new("rol", "role-needs-employer"))
    } else if roles.contains(&Role::AccountManager) && who.regions().is_empty() {
        Some(FieldProblem::new("rol", "role-needs-region"))
    } else {
        None
    }
}

async fn refused(
    visit: &Visit,
    who: &Who,
    form: &Fields,
    roles: &[Role],
    problem: Problem,
) -> Result<Response, Stop> {
    let problem = if problem.code == "last-administrator" {
        Problem::fields(vec![FieldProblem::new("rol", "last-administrator")])
    } else {
        with_fields(problem)?
    };
    let l = visit.layout_refused(form, &problem);
    page_with(StatusCode::BAD_REQUEST, &account_page(visit, l, who, roles).await?)
}

/// Ends an account, or takes an invitation back.
pub(crate) async fn end(visit: Visit, Path(id): Path<String>, form: Fields) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    let answer = match &who {
        Who::Account(account) => end_account::end_account(&visit.app, account.id()).await,
        Who::Invited(invitation) => change_invitation::withdraw(&visit.app, invitation.invitation_id).await,
    };
    match answer.map_err(|fault| fault.into_problem("ending an account")) {
        Ok(()) => Ok(go_to("/beheer/accounts", [notice("notice-account-ended")])),
        Err(problem) => refused(&visit, &who, &form, &who.roles(), problem).await,
    }
}

/// Sends a new code in place of the old one.
pub(crate) async fn send_again(visit: Visit, Path(id): Path<String>) -> Result<Response, Stop> {
    let who = find(&visit, &id).await?;
    if let Who::Invited(_) = &who {
        let Personal { name, email } = who.personal(&visit)?;
        let invitee = Invitee { name, email };
        let regions = who.regions().to_vec();
        invite_one(&visit, &invitee, who.roles(), who.employer_id(), regions).await.map_err(stop)?;
    }
    Ok(go_to("/beheer/accounts", [notice("notice-invited")]))
}
