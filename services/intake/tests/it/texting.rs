//! Whose number a text message comes from.

use proto::{
    AccountId, Actor, ChallengeId, Problem, Role, SeekerId, Service as Name,
    intake::{
        AtDesk, ChangeContact, CodeOutcome, EraseMe, Newcomer, Recognise, Recognised, Registration, Texter,
        WhoTexts,
    },
    work::{Channel, Language},
};
use uuid::Uuid;

use crate::support::{Stage, VISITOR, account, samira};

pub(crate) const PORTAL: Actor = Actor::Service { service: Name::Portal };
pub(crate) const HERS: &str = "+31612345678";

impl Stage {
    pub(crate) async fn who_texts(&self, actor: &Actor, number: &str) -> Result<Vec<Texter>, Problem> {
        self.test.ask(actor, &WhoTexts { number: self.sealed(&number.to_owned()) }).await
    }

    /// The ids of everybody whom a number reaches.
    pub(crate) async fn reached_by(&self, number: &str) -> Vec<SeekerId> {
        let found = self.who_texts(&PORTAL, number).await.unwrap();
        found.into_iter().map(|texter| texter.seeker_id).collect()
    }

    async fn turns_up(
        &self,
        name: &str,
        contact: &str,
        shared: Option<bool>,
    ) -> (SeekerId, Option<ChallengeId>) {
        let desk = shared.map(|shared| AtDesk {
            account_id: AccountId(Uuid::from_u128(8)),
            organisation: "Bibliotheek Almere".to_owned(),
            shared,
        });
        let newcomer =
            Newcomer { name: name.to_owned(), contact: contact.to_owned(), language: Language::En, desk };
        let call = Recognise { people: self.sealed(&vec![newcomer]) };
        match self.test.ask(&PORTAL, &call).await.unwrap().remove(0) {
            Recognised::Person { seeker_id, challenge_id, .. } => (seeker_id, challenge_id),
            Recognised::Refused { problems } => panic!("{problems:?}"),
        }
    }
}

#[tokio::test]
async fn a_number_leads_to_who_has_it_and_to_who_shares_it() {
    let stage = Stage::open().await;
    let hers = stage.join(&samira()).await;
    let found = stage.who_texts(&PORTAL, HERS).await.unwrap();
    assert_eq!(found, [Texter { seeker_id: hers, language: Language::Nl }]);
    let (shares, _) = stage.turns_up("Jo", "0612345678", Some(true)).await;
    let mut both = [hers, shares];
    both.sort_unstable();
    assert_eq!(stage.reached_by(HERS).await, both);
    assert!(stage.reached_by("+31687654321").await.is_empty());
    stage.close().await;
}

#[tokio::test]
async fn a_number_without_its_code_is_nobodys() {
    let stage = Stage::open().await;
    let (waits, challenge) = stage.turns_up("Jo", "0687654321", None).await;
    assert!(stage.reached_by("+31687654321").await.is_empty());
    let (challenge, code) = (challenge.unwrap(), stage.code(challenge.unwrap()).await);
    stage.confirm(challenge, &code).await;
    assert_eq!(stage.reached_by("+31687654321").await, [waits]);
    stage.close().await;
}

#[tokio::test]
async fn another_number_takes_the_place_of_the_old_one_and_who_is_erased_is_nobody() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let me = Actor::Seeker { seeker_id };
    stage.release(seeker_id).await;
    let call = ChangeContact { seeker_id, contact: stage.sealed(&"0687654321".to_owned()) };
    let challenge = stage.test.ask(&me, &call).await.unwrap().challenge_id;
    assert_eq!(stage.reached_by(HERS).await, [seeker_id], "until the code came back");
    let code = stage.code(challenge).await;
    let outcome = stage.test.ask(&me, &stage.confirm_call(challenge, &code)).await.unwrap();
    assert_eq!(outcome, CodeOutcome::Confirmed { seeker_id, new: false });
    assert!(stage.reached_by(HERS).await.is_empty());
    assert_eq!(stage.reached_by("+31687654321").await, [seeker_id]);
    stage.test.ask(&me, &EraseMe { seeker_id }).await.unwrap();
    assert!(stage.reached_by("+31687654321").await.is_empty());
    stage.close().await;
}

#[tokio::test]
async fn only_the_portal_asks_and_an_address_is_no_number() {
    let stage = Stage::open().await;
    let by_mail = Registration { contact: "a@example.nl".to_owned(), channel: Channel::Email, ..samira() };
    let seeker_id = stage.join(&by_mail).await;
    for number in ["a@example.nl", "Bol.com", "", "3010"] {
        assert!(stage.reached_by(number).await.is_empty(), "{number}");
    }
    let manager = account(1, Role::AccountManager, &["AM11"]);
    for actor in [VISITOR, Actor::Seeker { seeker_id }, manager] {
        assert_eq!(stage.who_texts(&actor, HERS).await.unwrap_err().code, "forbidden", "{actor:?}");
    }
    stage.close().await;
}
