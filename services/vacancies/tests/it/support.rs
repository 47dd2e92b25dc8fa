//! Actors, builders and looks behind the scenes.

use std::sync::{Arc, LazyLock};

use chassis::harness::TestPlatform;
use proto::{
    AccountId, Actor, EmployerId, OpeningId, Problem, Role, Service as Name, Status, Stream,
    vacancies::{
        AddEmployer, Carved, CarvedTask, Employer, LearnWork, LearnWorkKind, OpeningDetails, PostOpening,
        ResultDocument, Site, SiteDetails, SourceJob, Start, Terms,
    },
    work::{Daypart, Days, Hours, Route},
};
use reference::Reference;
use serde_json::Value;
use uuid::Uuid;

pub(crate) static REFERENCE: LazyLock<Arc<Reference>> = LazyLock::new(|| Arc::new(Reference::small()));

pub(crate) async fn start() -> TestPlatform {
    TestPlatform::start(vec![vacancies::service(REFERENCE.clone())]).await
}

fn account(number: u128, role: Role, employer_id: Option<EmployerId>, regions: &[&str]) -> Actor {
    Actor::Account {
        account_id: AccountId(Uuid::from_u128(number)),
        roles: vec![role],
        employer_id,
        regions: regions.iter().map(|region| (*region).to_owned()).collect(),
    }
}

/// An account manager of Flevoland.
pub(crate) fn flevoland() -> Actor {
    account(1, Role::AccountManager, None, &["AM11"])
}

/// The account of [`flevoland`].
pub(crate) fn her_account() -> AccountId {
    AccountId(Uuid::from_u128(1))
}

/// An account manager of Groot Amsterdam, who has nothing to do with Flevoland.
pub(crate) fn elsewhere() -> Actor {
    let region = region_of("1012");
    assert_ne!(region, "AM11");
    account(2, Role::AccountManager, None, &[&region])
}

pub(crate) fn employer_account(employer_id: EmployerId) -> Actor {
    account(3, Role::Employer, Some(employer_id), &[])
}

pub(crate) fn administrator() -> Actor {
    account(4, Role::Administrator, None, &[])
}

pub(crate) fn region_of(postcode: &str) -> String {
    REFERENCE.places.locate(&postcode.parse().unwrap()).unwrap().region.to_string()
}

pub(crate) fn linde() -> AddEmployer {
    AddEmployer {
        name: "De Linde".into(),
        kvk_number: "12345678".into(),
        site: site("1315 RC"),
        contact: None,
    }
}

pub(crate) fn site(postcode: &str) -> SiteDetails {
    SiteDetails { name: String::new(), street: String::new(), postcode: postcode.into() }
}

pub(crate) async fn sites(test: &TestPlatform, employer_id: EmployerId) -> Vec<Site> {
    test.ask(&administrator(), &Employer { employer_id }).await.unwrap().sites
}

/// Good terms of each route, for one place, 16 to 24 hours a week and the task of [`kitchen`].
pub(crate) fn terms(route: Route) -> Terms {
    let text = || "Een vaste begeleider werkt mee.".to_owned();
    match route {
        Route::Regular => Terms::Regular {},
        Route::OpenHiring => {
            Terms::OpenHiring { starts: vec![Start { on: "2099-01-05".parse().unwrap(), places: 1 }] }
        }
        Route::LearnWork => Terms::LearnWork(LearnWork {
            kind: LearnWorkKind::ThirdPath,
            school: "ROC van Flevoland".into(),
            recognised_company: true,
            result: ResultDocument::PracticalStatement,
            months: 6,
            learning_hours: 4,
            working_hours: 20,
        }),
        Route::Jobcarving => Terms::Jobcarving(Carved {
            sources: vec![SourceJob { title: "Verzorgende".into(), people: 8 }],
            tasks: vec![CarvedTask {
                task: "schoonmaken.vloeren".into(),
                source: 0,
                tenths_of_hours: 180,
                qualified_only: false,
            }],
            relieves: text(),
        }),
        Route::BasicJob => Terms::BasicJob { made_fit: text(), guidance_hours: 2 },
        Route::ParticipationJob => Terms::ParticipationJob { learns: text(), months: 12, premium: true },
        Route::TrialPlacement => Terms::TrialPlacement { weeks: 8, contract_months: 7, goal: text() },
    }
}

pub(crate) async fn add_linde(test: &TestPlatform) -> EmployerId {
    test.ask(&flevoland(), &linde()).await.unwrap()
}

pub(crate) fn kitchen() -> OpeningDetails {
    OpeningDetails {
        terms: Terms::Regular {},
        title: "Medewerker keuken".into(),
        tasks: vec!["schoonmaken.vloeren".into()],
        description: "Fijn werk".into(),
        site_id: None,
        postcode: "1315 RC".into(),
        hours: Hours { min: 16, max: 24 },
        dayparts: [Daypart::Morning].into_iter().collect(),
        days: Days::default(),
        starts_on: None,
        closes_on: None,
        places: 1,
        pay_cents_per_hour: Some(1_520),
        cao: String::new(),
        requirements: vec![],
        self_checks: vec![],
        support: vec![],
    }
}

pub(crate) async fn post(
    test: &TestPlatform,
    employer_id: EmployerId,
    details: OpeningDetails,
    publish: bool,
) -> OpeningId {
    test.ask(&flevoland(), &PostOpening { employer_id, details, publish }).await.unwrap()
}

pub(crate) fn refused<T: std::fmt::Debug>(result: Result<T, Problem>) -> (Status, String) {
    let problem = result.unwrap_err();
    (problem.status, problem.code)
}

/// `field code` of every field to mend.
pub(crate) fn fields<T: std::fmt::Debug>(result: Result<T, Problem>) -> Vec<String> {
    let problem = result.unwrap_err();
    assert_eq!(problem.code, "fields-invalid");
    problem.fields.iter().map(|field| format!("{} {}", field.field, field.code)).collect()
}

/// The facts in the stream with this name, as `data`, in order.
pub(crate) async fn facts(test: &TestPlatform, name: &str) -> Vec<Value> {
    let part = format!(".{name}.");
    let all = stream_messages(test).await;
    all.into_iter()
        .filter(|(subject, _)| subject.contains(&part))
        .map(|(_, body)| serde_json::from_str::<Value>(&body).unwrap()["data"].clone())
        .collect()
}

/// Every message of the stream: subject and body.
pub(crate) async fn stream_messages(test: &TestPlatform) -> Vec<(String, String)> {
    let context = async_nats::jetstream::new(test.nats());
    let mut stream = context.get_stream(test.names().stream(Stream::Facts)).await.unwrap();
    let state = stream.info().await.unwrap().state.clone();
    let mut messages = Vec::new();
    for seq in state.first_sequence.max(1)..=state.last_sequence {
        let message = stream.get_raw_message(seq).await.unwrap();
        messages.push((message.subject.to_string(), String::from_utf8(message.payload.to_vec()).unwrap()));
    }
    messages
}

/// A number from this service's tables.
pub(crate) async fn count(test: &TestPlatform, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(test.pool(Name::Vacancies)).await.unwrap()
}
