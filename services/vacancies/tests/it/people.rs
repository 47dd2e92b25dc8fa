use chassis::harness::TestPlatform;
use proto::{
    Actor, ContactId, EmployerId, Sealed, Service as Name, SiteId, Status,
    intake::ContactPurpose,
    vacancies::{AddEmployer, DeleteContact, Employer, EmployerContact, SaveContact, ShowContact},
};
use uuid::Uuid;

use crate::support::{
    administrator, count, elsewhere, employer_account, fields, flevoland, kitchen, linde, post, refused,
    sites, start, stream_messages,
};

const NAME: &str = "Fatma Yildiz-Zonnebloem";
const REACH: &str = "fatma.zonnebloem@example.org";

fn sealed(test: &TestPlatform, name: &str, reach: &str) -> Sealed<EmployerContact> {
    let work = "teamleider keukenzaken".into();
    let contact = EmployerContact { name: name.into(), reach: format!(" {reach} "), work };
    test.keys(Name::Portal).seal(Name::Vacancies, &contact)
}

async fn contacts(test: &TestPlatform, employer_id: EmployerId) -> Vec<(ContactId, Option<SiteId>)> {
    let view = test.ask(&flevoland(), &Employer { employer_id }).await.unwrap();
    view.contacts.into_iter().map(|line| (line.contact_id, line.site_id)).collect()
}

#[tokio::test]
async fn a_contact_is_seen_by_those_who_may_and_each_look_is_written_down() {
    let test = start().await;
    let contact = Some(sealed(&test, NAME, REACH));
    let id = test.ask(&flevoland(), &AddEmployer { contact, ..linde() }).await.unwrap();
    let [(contact_id, None)] = contacts(&test, id).await[..] else { panic!("one, for all sites") };
    let show = ShowContact { contact_id, purpose: ContactPurpose::Appointment };
    for actor in [flevoland(), employer_account(id)] {
        let seen = test.ask(&actor, &show).await.unwrap();
        let seen = test.keys(Name::Portal).open(&seen).unwrap();
        assert_eq!((seen.name.as_str(), seen.reach.as_str()), (NAME, REACH));
        assert_eq!(seen.work, "teamleider keukenzaken");
    }
    let view = test.ask(&administrator(), &Employer { employer_id: id }).await.unwrap();
    assert_eq!(view.contacts, [], "an administrator looks, but not at people");
    let other = employer_account(EmployerId(Uuid::nil()));
    for actor in [elsewhere(), other, administrator(), Actor::Visitor] {
        assert_eq!(refused(test.ask(&actor, &show).await).0, Status::Forbidden, "{actor:?}");
    }
    assert_eq!(count(&test, "select count(*) from contact_looks").await, 2, "only looks that saw something");
    let of_whom = "select count(*) from contact_looks where purpose = 'appointment'
                   and account_id = '00000000-0000-0000-0000-000000000001'";
    assert_eq!(count(&test, of_whom).await, 1);

    let nobody = ShowContact { contact_id: ContactId(Uuid::nil()), ..show };
    assert_eq!(refused(test.ask(&flevoland(), &nobody).await), (Status::NotFound, "contact-unknown".into()));
    test.stop().await;
}

#[tokio::test]
async fn several_contacts_come_change_and_go() {
    let test = start().await;
    let id = test.ask(&flevoland(), &linde()).await.unwrap();
    let site = sites(&test, id).await[0].site_id;
    let save = |contact_id, site_id, contact| SaveContact { employer_id: id, contact_id, site_id, contact };
    let one =
        test.ask(&flevoland(), &save(None, None, sealed(&test, "Anna", "a@example.org"))).await.unwrap();
    let own = employer_account(id);
    let two = test.ask(&own, &save(None, Some(site), sealed(&test, "Bo", "b@example.org"))).await.unwrap();
    assert_eq!(contacts(&test, id).await, [(one, None), (two, Some(site))]);

    let changed = save(Some(one), Some(site), sealed(&test, "Anna", "085 000 00 00"));
    assert_eq!(test.ask(&own, &changed).await.unwrap(), one);
    let show = ShowContact { contact_id: one, purpose: ContactPurpose::TalkAboutWork };
    let seen = test.keys(Name::Portal).open(&test.ask(&own, &show).await.unwrap()).unwrap();
    assert_eq!(seen.reach, "085 000 00 00");

    for actor in [elsewhere(), administrator(), Actor::Visitor] {
        assert_eq!(refused(test.ask(&actor, &changed).await).0, Status::Forbidden, "{actor:?}");
        let delete = DeleteContact { contact_id: one };
        assert_eq!(refused(test.ask(&actor, &delete).await).0, Status::Forbidden, "{actor:?}");
    }
    let nobody = save(Some(ContactId(Uuid::nil())), None, sealed(&test, "C", "c@example.org"));
    assert_eq!(refused(test.ask(&own, &nobody).await), (Status::NotFound, "contact-unknown".into()));
    let wrong = save(None, Some(SiteId(Uuid::nil())), sealed(&test, " ", "111222333"));
    assert_eq!(
        fields(test.ask(&own, &wrong).await),
        ["site_id site-unknown", "contact.name contact-name-empty", "contact.reach looks-like-bsn"]
    );
    let garbled = save(None, None, Sealed::from_base64("geen doos".into()));
    assert_eq!(fields(test.ask(&own, &garbled).await), ["contact contact-unreadable"]);

    test.ask(&own, &DeleteContact { contact_id: one }).await.unwrap();
    assert_eq!(contacts(&test, id).await, [(two, Some(site))]);
    let gone = test.ask(&own, &show).await;
    assert_eq!(refused(gone), (Status::NotFound, "contact-unknown".into()));
    assert_eq!(count(&test, "select count(*) from contact_looks").await, 1, "what was seen stays known");
    test.clock.advance(chrono::TimeDelta::days(366));
    test.stop().await;
}

#[tokio::test]
async fn a_contact_stands_nowhere_readable() {
    let test = start().await;
    let contact = Some(sealed(&test, NAME, REACH));
    let id = test.ask(&flevoland(), &AddEmployer { contact, ..linde() }).await.unwrap();
    post(&test, id, kitchen(), true).await;
    let [(contact_id, _)] = contacts(&test, id).await[..] else { panic!("one") };
    let show = ShowContact { contact_id, purpose: ContactPurpose::Correction };
    test.ask(&flevoland(), &show).await.unwrap();
    let contact = sealed(&test, NAME, "111222333");
    let bsn = SaveContact { employer_id: id, contact_id: Some(contact_id), site_id: None, contact };
    assert_eq!(fields(test.ask(&flevoland(), &bsn).await), ["contact.reach looks-like-bsn"]);

    // Every column of every table, every message of the stream, every metric.
    let dump = test.dump_of(Name::Vacancies).await;
    assert!(dump.contains("== employer_contacts.contact") && dump.contains("Medewerker keuken"));
    chassis::harness::eventually("the event is there", async || !stream_messages(&test).await.is_empty())
        .await;
    let stream: Vec<String> = stream_messages(&test).await.into_iter().map(|(_, body)| body).collect();
    let everywhere = [dump, stream.concat(), test.metrics()].concat().to_lowercase();
    for secret in ["zonnebloem", "fatma", "111222333", "keukenzaken"] {
        let hex = secret.bytes().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        assert!(!everywhere.contains(secret) && !everywhere.contains(&hex), "{secret}");
    }
    test.stop().await;
}
