//! Registered with help: how consent is shown, who is told, taking over, "this was not me".

use chassis::harness::eventually;
use chrono::TimeDelta;
use proto::{
    AccountId, Actor, ChallengeId, Problem, Role, SeekerId, Status,
    intake::{
        AssistedOutcome, AssistedReach, AssistedRegistration, ChangeWishes, CodeOutcome, ConsentGiven,
        ConsentOutcome, DisownRegistration, HelpedPerson, HelperIntroduction, LetterOutcome, MyPeople, Need,
        Purpose, RegisterAssisted, RequestHelpedCode, SetConsent, SetHelperAccess, TakeOver, VisitorNetwork,
    },
    notifier::{NoticeContent, Template},
    work::{Channel, Language},
};
use uuid::Uuid;

use crate::support::{Stage, VISITOR, account, not, samira, wishes};

fn helper() -> Actor {
    account(50, Role::Helper, &[])
}

fn reached_by(contact: &str, shared: bool) -> AssistedReach {
    AssistedReach::Contact { contact: contact.to_owned(), channel: Channel::Sms, shared }
}

fn by_letter() -> AssistedReach {
    AssistedReach::Letter {
        street: "Kanariestraat 7".to_owned(),
        postcode: "1315 RC".to_owned(),
        town: "Almere".to_owned(),
    }
}

fn read_aloud() -> ConsentGiven {
    ConsentGiven::ReadAloud { record: "gesprek 2026-117".to_owned() }
}

fn ada() -> AssistedRegistration {
    AssistedRegistration {
        wishes: wishes(),
        name: "Ada".to_owned(),
        reach: reached_by("0612345678", false),
        consents: vec![Purpose::OpenFile],
        consent_text_version: "2026-11".to_owned(),
        how: read_aloud(),
        entry_point: None,
        language: Language::Nl,
        helper: HelperIntroduction { name: "Fatma".to_owned(), organisation: "De Buurt".to_owned() },
    }
}

impl Stage {
    async fn assist(&self, given: &AssistedRegistration) -> Result<AssistedOutcome, Problem> {
        self.test.ask(&helper(), &RegisterAssisted { registration: self.sealed(given) }).await
    }

    /// Registers someone with help; the code to take over is there when she gets a letter.
    async fn assisted(&self, given: &AssistedRegistration) -> (SeekerId, Option<String>) {
        match self.assist(given).await.unwrap() {
            AssistedOutcome::Registered { seeker_id, take_over_code, .. } => {
                (seeker_id, take_over_code.map(|sealed| self.opened(&sealed)))
            }
            other => panic!("{other:?}"),
        }
    }

    async fn helped_code(&self, actor: &Actor, contact: &str) -> ChallengeId {
        let call = RequestHelpedCode {
            contact: self.sealed(&contact.to_owned()),
            language: Language::Nl,
            organisation: "De Buurt".to_owned(),
        };
        self.test.ask(actor, &call).await.unwrap().challenge_id
    }

    fn by_code(&self, challenge_id: ChallengeId, code: &str) -> ConsentGiven {
        ConsentGiven::Code { challenge_id, code: self.sealed(&code.to_owned()) }
    }

    async fn say_for(
        &self,
        actor: &Actor,
        seeker_id: SeekerId,
        given: bool,
        how: ConsentGiven,
    ) -> Result<ConsentOutcome, Problem> {
        let text_version = "2026-11".to_owned();
        let call = SetConsent { seeker_id, purpose: Purpose::Adviser, given, text_version, how };
        self.test.ask(actor, &call).await
    }

    async fn my_people(&self, actor: &Actor) -> Vec<HelpedPerson> {
        let sealed = self.test.ask(actor, &MyPeople {}).await.unwrap();
        self.opened(&sealed)
    }

    /// The code of the message that told her.
    async fn code_of_the_message(&self, of_somebody_else: bool) -> String {
        let told = self.notices(Template::Helped, 1).await.remove(0);
        let NoticeContent::Helped { code, page, helper, organisation, shared } = told.content else {
            panic!("it is of that kind")
        };
        assert!(page.ends_with("/overnemen"), "{page}");
        assert_eq!(shared, of_somebody_else, "whose the contact is");
        assert_eq!((helper.as_str(), organisation.as_str()), ("Fatma", "De Buurt"));
        code
    }

    async fn take_over(&self, code: &str, contact: &str) -> LetterOutcome {
        let call = TakeOver {
            code: self.sealed(&code.to_owned()),
            contact: self.sealed(&contact.to_owned()),
            language: Language::Nl,
            network: None,
        };
        self.test.ask(&VISITOR, &call).await.unwrap()
    }

    async fn disown(&self, actor: &Actor, code: &str) -> Result<LetterOutcome, Problem> {
        self.disown_from(actor, code, None).await
    }

    async fn disown_from(
        &self,
        actor: &Actor,
        code: &str,
        network: Option<VisitorNetwork>,
    ) -> Result<LetterOutcome, Problem> {
        self.test.ask(actor, &DisownRegistration { code: self.sealed(&code.to_owned()), network }).await
    }

    async fn change_wishes_as(&self, actor: &Actor, seeker_id: SeekerId) -> Result<(), Problem> {
        let mut other = wishes();
        other.any_task = true;
        let call = ChangeWishes { seeker_id, wishes: self.sealed(&other) };
        self.test.ask(actor, &call).await
    }
}

#[tokio::test]
async fn read_aloud_and_told_by_message_who_helped() {
    let stage = Stage::open().await;
    let (seeker_id, code) = stage.assisted(&ada()).await;
    assert_eq!(code, None, "she gets it by message");
    let profile = stage.profiles().await.remove(0);
    assert!(profile.seeker_id == seeker_id && profile.open_file && !profile.adviser);
    stage.code_of_the_message(false).await;
    let details = stage.details(seeker_id).await;
    assert_eq!((details.name.as_str(), details.contact.as_deref()), ("Ada", Some("+31612345678")));
    assert_eq!(details.consents.len(), 3, "the no as well as the yes");
    for consent in &details.consents {
        assert_eq!((consent.how.as_str(), consent.with_help_of.as_deref()), ("read_aloud", Some("De Buurt")));
    }
    assert_eq!(details.helpers.len(), 1);
    assert_eq!(details.helpers[0].helper.name, "Fatma");
    let people = stage.my_people(&helper()).await;
    assert_eq!((people.len(), people[0].name.as_str(), people[0].took_over), (1, "Ada", false));
    assert!(stage.my_people(&account(51, Role::Helper, &[])).await.is_empty());

    // She signs in as anyone does.
    let back = stage.request_code("0612345678").await;
    let code = stage.code(back).await;
    assert_eq!(stage.confirm(back, &code).await, CodeOutcome::Confirmed { seeker_id, new: false });
    assert!(stage.my_people(&helper()).await[0].took_over);
    stage.close().await;
}

#[tokio::test]
async fn on_paper_with_a_date() {
    let stage = Stage::open().await;
    let today = chassis::clock::day(stage.test.clock.machine_now());
    let paper = |signed_on| ConsentGiven::Paper { kept_at: "kast 3".to_owned(), signed_on };
    let tomorrow = AssistedRegistration { how: paper(today + TimeDelta::days(1)), ..ada() };
    let problem = stage.assist(&tomorrow).await.unwrap_err();
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
        ("how.signed_on", "signed-in-future")
    );
    let (seeker_id, _) = stage.assisted(&AssistedRegistration { how: paper(today), ..ada() }).await;
    assert_eq!(stage.details(seeker_id).await.consents[0].how, "paper");
    stage.close().await;
}

#[tokio::test]
async fn a_code_read_out_shows_her_yes_and_signs_nobody_in() {
    let stage = Stage::open().await;
    let challenge = stage.helped_code(&helper(), "0612345678").await;
    let code = stage.code(challenge).await;
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Expired, "it is no code to come in");
    let told = stage.notices(Template::HelpedCode, 1).await.remove(0);
    let says = |content| matches!(content, NoticeContent::HelpedCode { organisation, .. } if organisation == "De Buurt");
    assert!(says(told.content));
    let with = |how| AssistedRegistration { how, ..ada() };
    let wrong = stage.assist(&with(stage.by_code(challenge, not(&code)))).await.unwrap();
    assert!(matches!(wrong, AssistedOutcome::WrongCode { tries_left: 4 }), "{wrong:?}");
    // Neither for another contact nor for another helper.
    let elsewhere = AssistedRegistration {
        reach: reached_by("0612345679", false),
        ..with(stage.by_code(challenge, &code))
    };
    assert!(matches!(stage.assist(&elsewhere).await.unwrap(), AssistedOutcome::CodeExpired));
    let other = account(51, Role::Helper, &[]);
    let call = RegisterAssisted { registration: stage.sealed(&with(stage.by_code(challenge, &code))) };
    assert!(matches!(stage.test.ask(&other, &call).await.unwrap(), AssistedOutcome::CodeExpired));
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    let (seeker_id, _) = stage.assisted(&with(stage.by_code(challenge, &code))).await;
    assert_eq!(stage.details(seeker_id).await.consents[0].how, "code");
    stage.close().await;
}

#[tokio::test]
async fn a_helper_passes_on_a_no_but_a_yes_only_with_evidence() {
    let stage = Stage::open().await;
    let (seeker_id, _) = stage.assisted(&ada()).await;
    let problem = stage.say_for(&helper(), seeker_id, true, ConsentGiven::Herself).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "consent-needs-evidence");
    let mut own_word = ada();
    own_word.how = ConsentGiven::Herself;
    own_word.reach = reached_by("0612345670", false);
    assert_eq!(stage.assist(&own_word).await.unwrap_err().fields[0].code, "consent-needs-evidence");

    let challenge = stage.helped_code(&helper(), "0612345678").await;
    let code = stage.code(challenge).await;
    let wrong = stage.by_code(challenge, not(&code));
    let outcome = stage.say_for(&helper(), seeker_id, true, wrong).await.unwrap();
    assert_eq!(outcome, ConsentOutcome::WrongCode { tries_left: 4 });
    assert!(!stage.profiles().await.pop().unwrap().adviser);
    let right = stage.by_code(challenge, &code);
    assert_eq!(stage.say_for(&helper(), seeker_id, true, right).await.unwrap(), ConsentOutcome::Done);
    assert!(stage.profiles().await.pop().unwrap().adviser);
    let said = stage.details(seeker_id).await.consents[1].clone();
    assert_eq!((said.how.as_str(), said.with_help_of.as_deref()), ("code", Some("De Buurt")));
    stage.say_for(&helper(), seeker_id, false, ConsentGiven::Herself).await.unwrap();
    assert!(!stage.profiles().await.pop().unwrap().adviser);
    // She herself needs nobody's record.
    let herself = Actor::Seeker { seeker_id };
    let problem = stage.say_for(&herself, seeker_id, true, read_aloud()).await.unwrap_err();
    assert_eq!(problem.fields[0].code, "consent-how-herself");
    stage.say_for(&herself, seeker_id, true, ConsentGiven::Herself).await.unwrap();
    // Nobody else passes anything on.
    let other = account(51, Role::Helper, &[]);
    let problem = stage.say_for(&other, seeker_id, false, ConsentGiven::Herself).await.unwrap_err();
    assert_eq!(problem.status, Status::Forbidden);
    stage.close().await;
}

#[tokio::test]
async fn a_helper_sees_and_changes_wishes_for_14_days_unless_she_extends_or_ends_it() {
    let stage = Stage::open().await;
    let (seeker_id, _) = stage.assisted(&ada()).await;
    let herself = Actor::Seeker { seeker_id };
    let needs = proto::intake::ChangeNeeds { seeker_id, needs: stage.sealed(&vec![Need::Seat]) };
    stage.test.ask(&herself, &needs).await.unwrap();
    let seen = stage.details_for(&helper(), seeker_id).await.unwrap();
    assert!(seen.needs.is_empty() && seen.background.is_none() && seen.helpers.len() == 1);
    stage.change_wishes_as(&helper(), seeker_id).await.unwrap();
    let refused = stage.test.ask(&helper(), &needs).await.unwrap_err();
    assert_eq!(refused.status, Status::Forbidden);

    let access = |account_id, go_on| SetHelperAccess { seeker_id, account_id, go_on };
    let helper_id = AccountId(Uuid::from_u128(50));
    stage.test.clock.advance(TimeDelta::days(13));
    let call = access(helper_id, true);
    assert_eq!(stage.test.ask(&helper(), &call).await.unwrap_err().status, Status::Forbidden);
    stage.test.ask(&herself, &call).await.unwrap();
    stage.test.clock.advance(TimeDelta::days(13));
    stage.change_wishes_as(&helper(), seeker_id).await.unwrap();
    stage.test.clock.advance(TimeDelta::days(1));
    let ended = stage.change_wishes_as(&helper(), seeker_id).await.unwrap_err();
    assert_eq!(ended.status, Status::Forbidden);
    assert!(stage.my_people(&helper()).await.is_empty());

    stage.test.ask(&herself, &access(helper_id, true)).await.unwrap();
    stage.test.ask(&herself, &access(helper_id, false)).await.unwrap();
    assert!(stage.details_for(&helper(), seeker_id).await.is_err());
    assert!(stage.details(seeker_id).await.helpers[0].ended_at.is_some());
    let nobody = access(AccountId(Uuid::from_u128(99)), true);
    assert_eq!(stage.test.ask(&herself, &nobody).await.unwrap_err().code, "helper-unknown");
    stage.close().await;
}

#[tokio::test]
async fn who_gets_letters_takes_over_with_the_code_on_the_card() {
    let stage = Stage::open().await;
    let given = AssistedRegistration { reach: by_letter(), ..ada() };
    let (seeker_id, card) = stage.assisted(&given).await;
    let card = card.expect("there is a card to print");
    assert_eq!(card.len(), 11, "{card}");
    assert_eq!(stage.details(seeker_id).await.contact, None);
    assert!(stage.inbox.all().is_empty());

    assert_eq!(stage.take_over("CDFGH-JKMNP", "0612345678").await, LetterOutcome::UnknownCode);
    let typed = card.to_lowercase().replace('-', " ");
    let LetterOutcome::CodeSent { challenge_id } = stage.take_over(&typed, "0612345678").await else {
        panic!("the code is hers")
    };
    let code = stage.code(challenge_id).await;
    assert_eq!(stage.confirm(challenge_id, &code).await, CodeOutcome::Confirmed { seeker_id, new: false });
    assert_eq!(stage.details(seeker_id).await.contact.as_deref(), Some("+31612345678"));
    assert_eq!(stage.number("select count(*) from seekers where letter is not null").await, 0);
    assert!(stage.my_people(&helper()).await[0].took_over);
    // The card is used.
    assert_eq!(stage.take_over(&card, "0612345679").await, LetterOutcome::UnknownCode);
    assert_eq!(stage.disown(&VISITOR, &card).await.unwrap(), LetterOutcome::UnknownCode);
    stage.close().await;
}

#[tokio::test]
async fn a_card_works_for_60_days() {
    let stage = Stage::open().await;
    let given = AssistedRegistration { reach: by_letter(), ..ada() };
    let (_, card) = stage.assisted(&given).await;
    stage.test.clock.advance(TimeDelta::days(60));
    assert_eq!(stage.take_over(&card.unwrap(), "0612345678").await, LetterOutcome::UnknownCode);
    stage.close().await;
}

#[tokio::test]
async fn this_was_not_me_erases_the_registration() {
    let stage = Stage::open().await;
    let (seeker_id, _) = stage.assisted(&ada()).await;
    let code = stage.code_of_the_message(false).await;
    assert_eq!(stage.disown(&VISITOR, &code).await.unwrap(), LetterOutcome::Erased);
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    assert_eq!(stage.disown(&VISITOR, &code).await.unwrap(), LetterOutcome::UnknownCode);
    eventually("it is told", async || {
        stage
            .stream(proto::Stream::Facts)
            .await
            .iter()
            .any(|message| message.contains("seeker_erased") && message.contains(&seeker_id.0.to_string()))
    })
    .await;
    assert!(stage.my_people(&helper()).await.is_empty());
    let gone = stage.change_wishes_as(&helper(), seeker_id).await.unwrap_err();
    assert_eq!(gone.status, Status::Forbidden);
    stage.close().await;
}

#[tokio::test]
async fn guessing_codes_of_letters_ends_after_five_misses_an_hour() {
    let stage = Stage::open().await;
    let (_, card) = stage.assisted(&AssistedRegistration { reach: by_letter(), ..ada() }).await;
    let card = card.unwrap();
    let guesser = Actor::Seeker { seeker_id: SeekerId(Uuid::from_u128(7)) };
    let guesses = (0..8).map(|_| stage.disown(&guesser, "CDFGH-JKMNP"));
    let outcomes = futures::future::join_all(guesses).await;
    let missed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(missed, 5, "{outcomes:?}");
    let problem = stage.disown(&guesser, &card).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::TooMany, "letter-codes-too-many"));
    stage.test.clock.advance(TimeDelta::hours(1));
    assert_eq!(stage.disown(&guesser, &card).await.unwrap(), LetterOutcome::Erased);
    stage.close().await;
}

#[tokio::test]
async fn wrong_codes_of_one_network_stop_it_and_nobody_else() {
    let stage = Stage::open().await;
    let (_, card) = stage.assisted(&AssistedRegistration { reach: by_letter(), ..ada() }).await;
    let card = card.unwrap();
    let network = |number| Some(VisitorNetwork(Uuid::from_u128(number)));
    let guesses = (0..8).map(|_| stage.disown_from(&VISITOR, "CDFGH-JKMNP", network(1)));
    let outcomes = futures::future::join_all(guesses).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 5, "{outcomes:?}");
    let problem = stage.disown_from(&VISITOR, &card, network(1)).await.unwrap_err();
    assert_eq!((problem.status, problem.code.as_str()), (Status::TooMany, "letter-codes-too-many"));
    // From many networks, or where they cannot be told apart, all together are stopped.
    for other in 0..59 {
        for _ in 0..5 {
            let outcome = stage.disown_from(&VISITOR, "CDFGH-JKMNP", network(100 + other)).await;
            assert_eq!(outcome.unwrap(), LetterOutcome::UnknownCode);
        }
    }
    for from in [network(2), None] {
        assert_eq!(stage.disown_from(&VISITOR, &card, from).await.unwrap_err().status, Status::TooMany);
    }
    stage.test.clock.advance(TimeDelta::hours(1));
    assert_eq!(stage.disown_from(&VISITOR, &card, network(2)).await.unwrap(), LetterOutcome::Erased);
    stage.close().await;
}

#[tokio::test]
async fn a_shared_contact_stays_with_who_was_there_first() {
    let stage = Stage::open().await;
    let first = stage.join(&samira()).await;
    let problem = stage.assist(&ada()).await.unwrap_err();
    assert_eq!(
        (problem.fields[0].field.as_str(), problem.fields[0].code.as_str()),
        ("contact", "contact-known")
    );
    let shared = AssistedRegistration { reach: reached_by("0612345678", true), ..ada() };
    let (second, code) = stage.assisted(&shared).await;
    assert!(second != first && code.is_none());
    // The message reaches her there; signing in with it is signing in as the first.
    let message = stage.code_of_the_message(true).await;
    let back = stage.request_code("0612345678").await;
    let code = stage.code(back).await;
    assert_eq!(stage.confirm(back, &code).await, CodeOutcome::Confirmed { seeker_id: first, new: false });
    // With a telephone of her own she takes over; the one she shared is told nothing.
    let LetterOutcome::CodeSent { challenge_id } = stage.take_over(&message, "0612345679").await else {
        panic!("the code is hers")
    };
    let code = stage.code(challenge_id).await;
    let outcome = stage.confirm(challenge_id, &code).await;
    assert_eq!(outcome, CodeOutcome::Confirmed { seeker_id: second, new: false });
    assert_eq!(stage.details(first).await.contact.as_deref(), Some("+31612345678"));
    assert_eq!(stage.details(second).await.contact.as_deref(), Some("+31612345679"));
    stage.notices(Template::ContactChanged, 0).await;
    stage.close().await;
}

#[tokio::test]
async fn everything_wrong_is_told_at_once_and_only_helpers_register_others() {
    let stage = Stage::open().await;
    let mut wrong = ada();
    wrong.name = String::new();
    wrong.helper.organisation = String::new();
    wrong.how = ConsentGiven::Herself;
    let problem = stage.assist(&wrong).await.unwrap_err();
    let codes: Vec<_> = problem.fields.iter().map(|field| field.code.as_str()).collect();
    assert_eq!(codes, ["name-empty", "consent-needs-evidence", "organisation-empty"]);
    let call = RegisterAssisted { registration: stage.sealed(&ada()) };
    for actor in [VISITOR, account(1, Role::Employer, &[]), account(2, Role::Administrator, &[])] {
        assert_eq!(stage.test.ask(&actor, &call).await.unwrap_err().status, Status::Forbidden, "{actor:?}");
    }
    assert_eq!(stage.number("select count(*) from seekers").await, 0);
    stage.close().await;
}
