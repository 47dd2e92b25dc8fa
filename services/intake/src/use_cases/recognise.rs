//! Finds or keeps the people behind names and contacts, and sends each a code.

use std::collections::HashMap;

use chassis::{Caller, Fault, Tx};
use proto::{
    ChallengeId, Problem, Role, SeekerId, Status,
    intake::{AtDesk, ContactPurpose, Newcomer, Purpose, Recognise, Recognised},
};

use super::{
    arrive::contact_confirmed,
    of_person::hear,
    start_challenge::{For, Request, start_challenges},
    welcome::welcome_arrival,
};
use crate::{
    App,
    domain::{
        arrival::{self, Arrival, Checked, ways},
        challenge::REGISTRATION_LIFE,
        contact::Contact,
        may::{Act, may},
    },
    store::{
        arrivals::{self, ArrivalRow},
        challenges, consents,
        contacts::{self, NewLook},
        crypt,
        seekers::{self, Holder, NewSeeker, SeekerRow},
    },
};

/// Most people in one call.
const MOST_PEOPLE: usize = 500;

/// Somebody in the list, whose form is sound.
struct Comer<'a> {
    given: &'a Newcomer,
    checked: Checked,
    index: Option<[u8; 32]>,
}

impl Comer<'_> {
    fn arrival(&self) -> Arrival {
        Arrival {
            name: self.checked.name.clone(),
            contact: self.checked.contact.as_ref().map(|contact| contact.normalised().to_owned()),
            language: self.given.language,
        }
    }
}

/// Those who come by themselves are taken together, in a few statements; whoever stands at a desk, one by one.
pub async fn recognise(
    app: &App,
    tx: &mut Tx,
    caller: &Caller,
    command: &Recognise,
) -> Result<Vec<Recognised>, Fault> {
    may(&caller.actor, Act::Recognise, app.chassis.config.profile)?;
    let people = app.open(&command.people)?;
    if people.len() > MOST_PEOPLE {
        return Err(Problem::new(Status::Invalid, "people-too-many").with("most", MOST_PEOPLE).into());
    }
    let comers: Vec<_> = people.iter().map(|given| comer(app, given)).collect();
    let sound = || comers.iter().filter_map(|comer| comer.as_ref().ok());

    // Whoever gets one of these contacts at this moment, gets it before or after.
    let mut turns: Vec<&[u8]> =
        sound().filter_map(|comer| comer.index.as_ref().map(|index| &index[..])).collect();
    turns.sort_unstable();
    turns.dedup();
    challenges::take_turns_of(tx.conn(), &turns).await?;

    let alone: Vec<_> = sound()
        .filter(|comer| comer.given.desk.is_none())
        .filter_map(|comer| Some((comer, comer.checked.contact.as_ref()?, comer.index.as_ref()?)))
        .collect();
    let mut recognised = by_themselves(app, tx, &alone).await?.into_iter();
    let mut answers = Vec::with_capacity(comers.len());
    for comer in &comers {
        answers.push(match comer {
            Err(problems) => Recognised::Refused { problems: problems.clone() },
            Ok(comer) => match &comer.given.desk {
                None => recognised.next().expect("one for each of them"),
                Some(desk) => at_desk(app, tx, comer, desk).await?,
            },
        });
    }
    Ok(answers)
}

fn comer<'a>(app: &App, given: &'a Newcomer) -> Result<Comer<'a>, Vec<proto::FieldProblem>> {
    let checked = arrival::newcomer(given)?;
    let index =
        checked.contact.as_ref().map(|contact| crypt::contact_index(app.vault(), contact.normalised()));
    Ok(Comer { given, checked, index })
}

/// The same work and the same rows whoever a contact belongs to: one that is known is expected like any other.
async fn by_themselves(
    app: &App,
    tx: &mut Tx,
    comers: &[(&Comer<'_>, &Contact, &[u8; 32])],
) -> Result<Vec<Recognised>, Fault> {
    if comers.is_empty() {
        return Ok(Vec::new());
    }
    let (now, chance) = (tx.now(), tx.chance());
    let contacts: Vec<&[u8]> = comers.iter().map(|(.., index)| index.as_slice()).collect();
    let holders = seekers::holders(tx.conn(), &contacts).await?;
    let holders: HashMap<&[u8], &Holder> =
        holders.iter().map(|holder| (holder.contact_index.as_slice(), holder)).collect();

    // Each contact once: the first that was typed.
    let mut first: HashMap<&[u8], &Comer<'_>> = HashMap::new();
    for (comer, _, index) in comers {
        first.entry(index.as_slice()).or_insert(comer);
    }
    let expected: Vec<_> = first
        .iter()
        .map(|(index, comer)| {
            let seeker_id = holders.get(index).map_or_else(|| chance.uuid_v4(), |holder| holder.seeker_id);
            let (data_key, key) = app.vault().new_owner(&*chance, seeker_id);
            let body = key.encrypt(&*chance, crypt::ARRIVAL, &comer.arrival());
            ArrivalRow { contact_index: index.to_vec(), seeker_id, data_key, body }
        })
        .collect();
    let is_known: Vec<_> =
        expected.iter().map(|arrival| holders.contains_key(arrival.contact_index.as_slice())).collect();
    let ids: HashMap<_, _> =
        arrivals::expect(tx.conn(), &expected, &is_known, now).await?.into_iter().collect();

    let requests: Vec<_> = comers
        .iter()
        .map(|(comer, contact, index)| {
            let language = holders.get(index.as_slice()).and_then(|holder| holder.language());
            Request {
                contact,
                language: language.unwrap_or(comer.given.language),
                what_for: For::SignIn { registration_id: None },
                recipient: Some(ids[index.as_slice()]),
                is_known: true,
            }
        })
        .collect();
    let asked: Vec<_> = requests.iter().zip(comers).map(|(request, (.., index))| (request, *index)).collect();
    let challenges = start_challenges(app, tx, &asked).await?;
    let answer = |((_, contact, index), challenge): (&(&Comer<'_>, &Contact, &[u8; 32]), ChallengeId)| {
        let holder = holders.get(index.as_slice());
        let adviser = holder.is_some_and(|holder| holder.adviser);
        let second_number = holder.is_some_and(|holder| holder.second_number);
        Recognised::Person {
            seeker_id: SeekerId(ids[index.as_slice()]),
            ways: ways(Some(contact), second_number, adviser),
            challenge_id: Some(challenge),
        }
    };
    Ok(comers.iter().zip(challenges).map(answer).collect())
}

/// Somebody whom a professional has before her: she is a person at once, and confirms what was expected. Who shares a
/// contact is told from who holds it by her first name.
async fn at_desk(app: &App, tx: &mut Tx, comer: &Comer<'_>, desk: &AtDesk) -> Result<Recognised, Fault> {
    let now = tx.now();
    let holder = match &comer.index {
        Some(index) => seekers::lock_by_contact(tx.conn(), index).await?,
        None => None,
    };
    let known = match &comer.index {
        Some(index) if desk.shared => {
            let name = crypt::name_index(app.vault(), &comer.checked.name);
            seekers::lock_by_contact_and_name(tx.conn(), index, &name).await?
        }
        _ => None,
    };
    // Whoever came with this contact before under this first name is she; anybody else who uses it is new.
    let is_holder = |known: &SeekerRow| holder.as_ref().is_some_and(|one| one.seeker_id == known.seeker_id);
    let shares = known.as_ref().map_or(holder.is_some() && desk.shared, |known| !is_holder(known));
    let found = known.or(holder.filter(|_| !shares));
    let expected = match &comer.index {
        // The confirmation that is expected is that of who holds the contact.
        Some(index) if !shares => arrivals::take(tx.conn(), index, now - REGISTRATION_LIFE).await?,
        _ => None,
    };
    let (mut second_number, mut adviser) = (false, false);
    let seeker_id = if let Some(found) = found {
        hear(tx, &found).await?;
        // Whose record joined another one is the person of that one.
        let seeker_id = found.merged_into.unwrap_or(found.seeker_id);
        let person = seekers::find(tx.conn(), seeker_id).await?;
        second_number = person.is_some_and(|person| person.second_number.is_some());
        adviser = consents::said_by(tx.conn(), seeker_id).await?.yes(Purpose::Adviser);
        SeekerId(seeker_id)
    } else {
        let given = expected.as_ref().map(|arrival| SeekerId(arrival.seeker_id));
        let person = |row: NewSeeker| {
            let row = NewSeeker { herself: false, ..row };
            if shares {
                // The contact is somebody else's: messages reach her there, codes do not.
                return NewSeeker { contact_hint_index: row.contact_index, contact_index: None, ..row };
            }
            row
        };
        let added = welcome_arrival(app, tx, given, &comer.arrival(), person).await?;
        // Only what takes no turns can have taken the contact in this very moment; a repeat finds it.
        added.ok_or_else(Problem::unavailable)?
    };
    if let Some(arrival) = expected {
        contact_confirmed(tx, arrival.seeker_id).await?;
    }
    let look = NewLook {
        seeker_id: seeker_id.0,
        account_id: desk.account_id.0,
        role: Role::Helper,
        organisation: comer.checked.organisation.as_deref().unwrap_or_default(),
        purpose: ContactPurpose::InLine,
    };
    contacts::look(tx.conn(), &look, now).await?;
    let ways = ways(comer.checked.contact.as_ref(), second_number, adviser);
    Ok(Recognised::Person { seeker_id, ways, challenge_id: None })
}
