//! Another number or address: by who still has the old one, or at a desk with a reason.

use chrono::TimeDelta;
use proto::{
    Actor, ChallengeId, Problem, Role, SeekerId, Status,
    intake::{
        ChangeContact, ChangeContactAtDesk, CodeOutcome, ConfirmContactAtDesk, ContactChanged,
        ContactPurpose, ContactReason, MyLooks, ReleaseContact, Released,
    },
    notifier::Template,
};

use crate::support::{Stage, VISITOR, account, not, samira};

const NEW: &str = "0687654321";

impl Stage {
    async fn asks_for(&self, seeker_id: SeekerId, contact: &str) -> Result<ChallengeId, Problem> {
        let call = ChangeContact { seeker_id, contact: self.sealed(&contact.to_owned()) };
        Ok(self.test.ask(&Actor::Seeker { seeker_id }, &call).await?.challenge_id)
    }

    async fn at_desk(
        &self,
        actor: &Actor,
        seeker_id: SeekerId,
        contact: &str,
    ) -> Result<ChallengeId, Problem> {
        let contact = self.sealed(&contact.to_owned());
        let call = ChangeContactAtDesk { seeker_id, contact, reason: ContactReason::PhoneLost };
        Ok(self.test.ask(actor, &call).await?.challenge_id)
    }

    async fn confirm_at_desk(
        &self,
        actor: &Actor,
        challenge_id: ChallengeId,
        code: &str,
    ) -> Result<CodeOutcome, Problem> {
        let code = self.sealed(&code.to_owned());
        let organisation = "Bibliotheek Almere".to_owned();
        self.test.ask(actor, &ConfirmContactAtDesk { challenge_id, code, organisation }).await
    }
}

#[tokio::test]
async fn a_session_without_the_old_telephone_gets_no_new_number() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let me = Actor::Seeker { seeker_id };
    let refused = stage.asks_for(seeker_id, NEW).await.unwrap_err();
    assert_eq!((refused.status, refused.code.as_str()), (Status::Conflict, "old-contact-first"));
    // A wrong code frees nothing, and another code of hers is no code for this.
    let Released::CodeSent { challenge_id } =
        stage.test.ask(&me, &ReleaseContact { seeker_id }).await.unwrap()
    else {
        panic!("she has a number of her own")
    };
    let code = stage.code(challenge_id).await;
    let wrong = stage.test.ask(&me, &stage.confirm_call(challenge_id, not(&code))).await.unwrap();
    assert_eq!(wrong, CodeOutcome::Wrong { tries_left: 4 });
    assert_eq!(stage.confirm(challenge_id, &code).await, CodeOutcome::Expired, "it signs nobody in");
    let sign_in = stage.request_code("0612345678").await;
    let other = stage.code(sign_in).await;
    stage.confirm(sign_in, &other).await;
    assert_eq!(stage.asks_for(seeker_id, NEW).await.unwrap_err().code, "old-contact-first");
    // The right one does, for half an hour, and for one change.
    let right = stage.test.ask(&me, &stage.confirm_call(challenge_id, &code)).await.unwrap();
    assert_eq!(right, CodeOutcome::Confirmed { seeker_id, new: false });
    let challenge = stage.asks_for(seeker_id, NEW).await.unwrap();
    let code = stage.code(challenge).await;
    let changed = stage.test.ask(&me, &stage.confirm_call(challenge, &code)).await.unwrap();
    assert_eq!(changed, CodeOutcome::Confirmed { seeker_id, new: false });
    assert_eq!(stage.asks_for(seeker_id, "0611111111").await.unwrap_err().code, "old-contact-first");
    stage.release(seeker_id).await;
    stage.test.clock.advance(TimeDelta::minutes(31));
    assert_eq!(stage.asks_for(seeker_id, "0611111111").await.unwrap_err().code, "old-contact-first");
    stage.close().await;
}

#[tokio::test]
async fn at_a_desk_a_reason_takes_the_place_of_the_old_code_and_she_reads_it() {
    let stage = Stage::open().await;
    let seeker_id = stage.join(&samira()).await;
    let (helper, other) = (account(1, Role::Helper, &[]), account(2, Role::Helper, &[]));
    for actor in [VISITOR, Actor::Seeker { seeker_id }, account(3, Role::Employer, &[])] {
        assert_eq!(stage.at_desk(&actor, seeker_id, NEW).await.unwrap_err().status, Status::Forbidden);
    }
    let challenge = stage.at_desk(&helper, seeker_id, NEW).await.unwrap();
    let code = stage.code(challenge).await;
    let me = Actor::Seeker { seeker_id };
    assert_eq!(stage.confirm(challenge, &code).await, CodeOutcome::Expired, "it signs nobody in");
    let hers = stage.test.ask(&me, &stage.confirm_call(challenge, &code)).await.unwrap();
    assert_eq!(hers, CodeOutcome::Expired, "nor is it hers to bring back");
    assert_eq!(stage.confirm_at_desk(&other, challenge, &code).await.unwrap(), CodeOutcome::Expired);
    let wrong = stage.confirm_at_desk(&helper, challenge, not(&code)).await.unwrap();
    assert_eq!(wrong, CodeOutcome::Wrong { tries_left: 4 });
    assert_eq!(stage.details(seeker_id).await.contact.as_deref(), Some("+31612345678"));
    let changed = stage.confirm_at_desk(&helper, challenge, &code).await.unwrap();
    assert_eq!(changed, CodeOutcome::Confirmed { seeker_id, new: false });

    assert_eq!(stage.details(seeker_id).await.contact.as_deref(), Some("+31687654321"));
    assert_eq!(stage.versions::<ContactChanged>(seeker_id).await, [1], "so no offer goes there for a day");
    let told = stage.notices(Template::ContactChanged, 1).await;
    assert_eq!(told[0].to, "+31612345678", "the old one is told");
    let looks = stage.test.ask(&me, &MyLooks { seeker_id }).await.unwrap();
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (looks[0].purpose, looks[0].organisation.as_str()),
        (ContactPurpose::PhoneLost, "Bibliotheek Almere")
    );
    stage.close().await;
}
