//! A second number: hers to give and to take back, seen by her and by who calls it, and by nobody else.

use proto::{
    AccountId, Actor, Problem, Role, SeekerId, Service as Name, Status,
    intake::{
        AtDesk, ChangeContact, CodeOutcome, EraseMe, MyExport, Newcomer, Purpose, Recognise, Recognised,
        SecondNumber, SetConsent, SetSecondNumber, WaysChanged,
    },
    open_hiring::Ways,
    work::Language,
};
use uuid::Uuid;

use crate::{
    support::{Stage, VISITOR, account, samira},
    texting::PORTAL,
};

const SECOND: &str = "+31365301234";

impl Stage {
    async fn gives(&self, actor: &Actor, of: SeekerId, number: Option<(&str, &str)>) -> Result<(), Problem> {
        let number =
            number.map(|(number, whose)| SecondNumber { number: number.to_owned(), whose: whose.to_owned() });
        let call = SetSecondNumber { seeker_id: of, number: self.sealed(&number) };
        self.test.ask(actor, &call).await
    }

    /// How she can be reached, as it was told, one after the other.
    async fn ways(&self, seeker_id: SeekerId) -> Vec<(i64, Ways)> {
        let facts = self.stream(proto::Stream::Facts).await;
        let told = facts.iter().filter(|message| message.contains("ways_changed"));
        let told = told.map(|message| {
            let (_, body) = message.split_once(' ').unwrap();
            serde_json::from_str::<proto::CloudEvent<WaysChanged>>(body).unwrap().data
        });
        told.filter(|told| told.seeker_id == seeker_id).map(|told| (told.version, told.ways)).collect()
    }
}

fn ways(second_number: bool) -> Ways {
    Ways { message: true, call: true, second_number, adviser: false }
}

#[tokio::test]
async fn she_gives_another_and_takes_it_back_and_each_is_told_without_the_number() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let me = Actor::Seeker { seeker_id };
    stage.gives(&me, seeker_id, Some(("036 530 12 34", " mijn  zus "))).await.unwrap();
    let kept = SecondNumber { number: SECOND.to_owned(), whose: "mijn zus".to_owned() };
    assert_eq!(stage.details(seeker_id).await.second_number, Some(kept.clone()));
    let export = stage.opened(&stage.test.ask(&me, &MyExport { seeker_id }).await.unwrap());
    assert_eq!(export.details.second_number, Some(kept), "it is in her copy");
    assert_eq!(stage.reached_by(SECOND).await, [seeker_id]);
    stage.gives(&me, seeker_id, Some(("0687654321", ""))).await.unwrap();
    assert!(stage.reached_by(SECOND).await.is_empty());
    stage.gives(&me, seeker_id, None).await.unwrap();
    assert_eq!(stage.details(seeker_id).await.second_number, None);
    assert!(stage.reached_by("+31687654321").await.is_empty());
    assert_eq!(stage.ways(seeker_id).await, [(1, ways(true)), (2, ways(true)), (3, ways(false))]);
    let all = stage.stream(proto::Stream::Facts).await.concat();
    assert!(!all.contains("365301234") && !all.contains("zus"));
    let dump = stage.test.dump_of(Name::Intake).await;
    assert!(!dump.contains("365301234") && !dump.contains("mijn zus"), "it stands readable nowhere");
    stage.close().await;
}

#[tokio::test]
async fn it_goes_with_her_and_nobody_else_gives_it() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let me = Actor::Seeker { seeker_id };
    let stranger = Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(5)) };
    for actor in [VISITOR, stranger, account(1, Role::Helper, &["AM11"]), PORTAL] {
        let refused = stage.gives(&actor, seeker_id, Some(("0365301234", ""))).await.unwrap_err();
        assert_eq!(refused.status, Status::Forbidden, "{actor:?}");
    }
    for (number, code) in
        [("", "contact-empty"), ("06 12 34 56 78", "second-is-first"), ("a@example.nl", "second-needs-phone")]
    {
        let refused = stage.gives(&me, seeker_id, Some((number, ""))).await.unwrap_err();
        assert_eq!((refused.fields[0].field.as_str(), refused.fields[0].code.as_str()), ("number", code));
    }
    stage.gives(&me, seeker_id, Some(("0365301234", ""))).await.unwrap();
    stage.test.ask(&me, &EraseMe { seeker_id }).await.unwrap();
    assert!(stage.reached_by(SECOND).await.is_empty());
    stage.close().await;
}

#[tokio::test]
async fn how_she_is_reached_follows_her_contact_and_her_yes_to_an_adviser() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let me = Actor::Seeker { seeker_id };
    stage.gives(&me, seeker_id, Some(("0365301234", ""))).await.unwrap();
    let yes = SetConsent {
        seeker_id,
        purpose: Purpose::Adviser,
        given: true,
        text_version: "2026-11".to_owned(),
        how: proto::intake::ConsentGiven::Herself,
    };
    stage.test.ask(&me, &yes).await.unwrap();
    stage.release(seeker_id).await;
    let call = ChangeContact { seeker_id, contact: stage.sealed(&"a@example.nl".to_owned()) };
    let challenge = stage.test.ask(&me, &call).await.unwrap().challenge_id;
    let code = stage.code(challenge).await;
    let outcome = stage.test.ask(&me, &stage.confirm_call(challenge, &code)).await.unwrap();
    assert_eq!(outcome, CodeOutcome::Confirmed { seeker_id, new: false });
    let told = stage.ways(seeker_id).await;
    let by_mail = Ways { message: true, call: false, second_number: true, adviser: true };
    assert_eq!(told.last(), Some(&(3, by_mail)), "{told:?}");
    // A sign-up from then on says so too, by herself and at a desk.
    for desk in [None, Some(false)] {
        let newcomer = Newcomer {
            name: "Samira".to_owned(),
            contact: "a@example.nl".to_owned(),
            language: Language::Nl,
            desk: desk.map(|shared| AtDesk {
                account_id: AccountId(Uuid::from_u128(8)),
                organisation: "Bibliotheek Almere".to_owned(),
                shared,
            }),
        };
        let call = Recognise { people: stage.sealed(&vec![newcomer]) };
        match stage.test.ask(&PORTAL, &call).await.unwrap().remove(0) {
            Recognised::Person { ways, .. } => assert_eq!(ways, by_mail, "{desk:?}"),
            Recognised::Refused { problems } => panic!("{problems:?}"),
        }
    }
    stage.close().await;
}
