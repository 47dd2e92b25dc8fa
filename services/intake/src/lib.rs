//! Intake: job-seekers, how to reach them, what they want, what they agreed to.
//!
//! What always holds here:
//!
//! - **Nothing is published before a code came back.** A registration is only encrypted bytes until
//!   then, and gone after 48 hours.
//! - **One contact, one person.** A unique index over a keyed hash of the contact decides, also when
//!   two confirmations come at one moment; the second signs in and brings her wishes along. Who gets
//!   letters only, or shares the telephone of someone who was here first, is found by no contact.
//! - **Nobody learns whose contact is known.** Registering and asking for a code give the same answer,
//!   do the same work and leave the same rows; a code that was never sent answers to guesses like
//!   any other, and cannot be guessed, because it is no code.
//! - **A code works once, for ten minutes and five tries; three messages an hour per contact.** What
//!   goes beyond is silent.
//! - **Who someone is stands encrypted under her own key**; she is found by a keyed hash. What goes out
//!   is the anonymous profile: square kilometre, municipality, region, wishes. Never the postcode.
//! - **Consent is a row, never an update.** Yes and no per purpose, with text version, moment and
//!   channel; the last one counts, at once.
//! - **Nobody says yes for her.** A helper passes on a no as it is; a yes needs a code from her own
//!   telephone or mailbox, the record of a call, or her signature. A code that a helper asked for signs
//!   nobody in.
//! - **Who was registered with help hears it**, by message or letter, with a code to erase it all; the
//!   helper's access ends after 14 days by itself, and never shows needs or background.
//! - **Every look at contact data is written down before the answer leaves**, and needs a ground that
//!   holds at that moment: her consent and the adviser's region, or a share with that employer.
//! - **What someone needs never leaves.** No event, list or answer to anyone else says that there are
//!   needs.
//! - **A message is handed over at least once and accepted once.** The sealed notice and its key are
//!   made in the transaction that makes it necessary, so that a repeat after a crash is the same request.
//! - **Background joins to nothing.** Entry point and benefit are told under an id of their own, on the
//!   hour, together with those of everyone else of that hour, without a trace. What is taken back is
//!   erased the same way, and what is left goes on under another id.
//! - **Who is erased is gone.** Rows, key, payloads and answers go in one transaction with `seeker_erased`; a
//!   number and a moment stay, so that nothing brings her back, and so that everybody's confirmation is seen.

pub mod domain;
pub mod events;
#[cfg(feature = "faults")]
pub mod proof;
pub mod queries;
pub mod schedule;
pub mod store;
pub mod use_cases;

use std::sync::Arc;

use chassis::{Chassis, Fault, Handles, Service, Vault};
use proto::{Problem, Sealed, Status, intake as calls};
use reference::Reference;
use serde::de::DeserializeOwned;
use sqlx::migrate::Migrator;

/// The tables of intake.
pub static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// The state of intake.
pub struct App {
    /// What every service has in hand.
    pub chassis: Chassis,
    /// Postcodes and tasks.
    pub reference: Arc<Reference>,
}

impl Handles for App {
    fn chassis(&self) -> &Chassis {
        &self.chassis
    }
}

impl App {
    /// The keys of people's data.
    pub(crate) fn vault(&self) -> &Vault {
        self.chassis.keys.vault().expect("intake keeps personal data, so its keys hold a vault")
    }

    /// Where people find the pages, without a slash at the end.
    pub(crate) fn public_address(&self) -> String {
        let config = &self.chassis.config;
        config.public_address.clone().unwrap_or_else(|| format!("http://{}", config.http))
    }

    /// Opens what was sealed for intake.
    pub(crate) fn open<T: DeserializeOwned>(&self, sealed: &Sealed<T>) -> Result<T, Fault> {
        self.chassis.keys.open(sealed).map_err(|error| {
            tracing::warn!(%error, "a sealed box stays closed");
            Problem::new(Status::Invalid, "sealed-unreadable").into()
        })
    }
}

/// Intake, ready to be started.
pub fn service(reference: Arc<Reference>) -> Service {
    Service::new(
        proto::Service::Intake,
        &MIGRATOR,
        move |chassis| {
            Box::pin(async move {
                let app = App { chassis, reference };
                use_cases::start_desks(&app).await?;
                Ok(app)
            })
        },
        |wiring| {
            let wiring = wiring
                .announces::<calls::ProfilePublished>(|app, tx, after| {
                    Box::pin(events::announce::profiles(app, tx, after))
                })
                .announces::<calls::WaysChanged>(|app, tx, after| {
                    Box::pin(events::announce::ways(app, tx, after))
                })
                .announces::<calls::SeekerErased>(|app, tx, after| {
                    Box::pin(events::announce::erased(app, tx, after))
                })
                .announces::<calls::EntryPointTold>(|app, tx, after| {
                    Box::pin(events::announce::entry_points(app, tx, after))
                })
                .announces::<calls::BenefitTold>(|app, tx, after| {
                    Box::pin(events::announce::benefits(app, tx, after))
                })
                .announces::<calls::BackgroundErased>(|app, tx, after| {
                    Box::pin(events::announce::backgrounds_erased(app, tx, after))
                })
                // Told when a place in line waits for it; told anew it would confirm nothing.
                .moments(&["contact_confirmed", "contact_changed"])
                .command::<calls::Register>(|app, tx, caller, command| {
                    Box::pin(use_cases::register(app, tx, caller, command))
                })
                .command::<calls::Recognise>(|app, tx, caller, command| {
                    Box::pin(use_cases::recognise(app, tx, caller, command))
                })
                .command::<calls::ConfirmArrival>(|app, tx, caller, command| {
                    Box::pin(use_cases::confirm_arrival(app, tx, caller, command))
                })
                .command::<calls::RequestCode>(|app, tx, caller, command| {
                    Box::pin(use_cases::request_code(app, tx, caller, command))
                })
                .command::<calls::ConfirmCode>(|app, tx, caller, command| {
                    Box::pin(use_cases::confirm_code(app, tx, caller, command))
                })
                .query::<calls::MyDetails>(|app, caller, query| {
                    Box::pin(queries::my_details(app, caller, query))
                })
                .command::<calls::ChangeWishes>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_wishes(app, tx, caller, command))
                })
                .command::<calls::ChangeNeeds>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_needs(app, tx, caller, command))
                })
                .command::<calls::ChangeBackground>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_background(app, tx, caller, command))
                })
                .command::<calls::ConfirmBackground>(|app, tx, caller, command| {
                    Box::pin(use_cases::confirm_background(app, tx, caller, command))
                })
                .command::<calls::ChangeIdentity>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_identity(app, tx, caller, command))
                })
                .command::<calls::ReleaseContact>(|app, tx, caller, command| {
                    Box::pin(use_cases::release_contact(app, tx, caller, command))
                })
                .command::<calls::ChangeContactAtDesk>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_contact_at_desk(app, tx, caller, command))
                })
                .command::<calls::ConfirmContactAtDesk>(|app, tx, caller, command| {
                    Box::pin(use_cases::confirm_contact_at_desk(app, tx, caller, command))
                })
                .command::<calls::ChangeContact>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_contact(app, tx, caller, command))
                })
                .command::<calls::SetSecondNumber>(|app, tx, caller, command| {
                    Box::pin(use_cases::set_second_number(app, tx, caller, command))
                })
                .command::<calls::SetConsent>(|app, tx, caller, command| {
                    Box::pin(use_cases::set_consent(app, tx, caller, command))
                })
                .command::<calls::OpenContact>(|app, tx, caller, command| {
                    Box::pin(use_cases::open_contact(app, tx, caller, command))
                })
                .command::<calls::ShareContact>(|app, tx, caller, command| {
                    Box::pin(use_cases::share_contact(app, tx, caller, command))
                })
                .query::<calls::WhoTexts>(|app, caller, query| {
                    Box::pin(queries::who_texts(app, caller, query))
                })
                .query::<calls::ReachOf>(|app, caller, query| Box::pin(queries::reach(app, caller, query)))
                .command::<calls::RequestHelpedCode>(|app, tx, caller, command| {
                    Box::pin(use_cases::request_helped_code(app, tx, caller, command))
                })
                .command::<calls::RegisterAssisted>(|app, tx, caller, command| {
                    Box::pin(use_cases::register_assisted(app, tx, caller, command))
                })
                .query::<calls::MyPeople>(|app, caller, query| {
                    Box::pin(queries::my_people(app, caller, query))
                })
                .command::<calls::SetHelperAccess>(|app, tx, caller, command| {
                    Box::pin(use_cases::set_helper_access(app, tx, caller, command))
                })
                .command::<calls::DisownRegistration>(|app, tx, caller, command| {
                    Box::pin(use_cases::disown_registration(app, tx, caller, command))
                })
                .command::<calls::TakeOver>(|app, tx, caller, command| {
                    Box::pin(use_cases::take_over(app, tx, caller, command))
                })
                .query::<calls::MyLooks>(|app, caller, query| Box::pin(queries::my_looks(app, caller, query)))
                .command::<calls::Pause>(|app, tx, caller, command| {
                    Box::pin(use_cases::pause(app, tx, caller, command))
                })
                .command::<calls::StillLooking>(|app, tx, caller, command| {
                    Box::pin(use_cases::still_looking(app, tx, caller, command))
                })
                .command::<calls::SetDigest>(|app, tx, caller, command| {
                    Box::pin(use_cases::set_digest(app, tx, caller, command))
                })
                .query::<calls::MyExport>(|app, caller, query| {
                    Box::pin(queries::my_export(app, caller, query))
                })
                .query::<calls::Duplicates>(|app, caller, query| {
                    Box::pin(queries::duplicates(app, caller, query))
                })
                .command::<calls::DecideDuplicate>(|app, tx, caller, command| {
                    Box::pin(use_cases::decide_duplicate(app, tx, caller, command))
                })
                .query::<calls::DesksFor>(|app, caller, query| {
                    Box::pin(queries::desks_for(app, caller, query))
                })
                .query::<calls::Desks>(|app, caller, query| Box::pin(queries::desks(app, caller, query)))
                .command::<calls::ChangeDesk>(|app, tx, caller, command| {
                    Box::pin(use_cases::change_desk(app, tx, caller, command))
                })
                .command::<calls::ReferMe>(|app, tx, caller, command| {
                    Box::pin(use_cases::refer_me(app, tx, caller, command))
                })
                .command::<calls::WithdrawReferral>(|app, tx, caller, command| {
                    Box::pin(use_cases::withdraw_referral(app, tx, caller, command))
                })
                .command::<calls::Referrals>(|app, tx, caller, command| {
                    Box::pin(use_cases::list_referrals(app, tx, caller, command))
                })
                .command::<calls::FollowUpReferral>(|app, tx, caller, command| {
                    Box::pin(use_cases::follow_up_referral(app, tx, caller, command))
                })
                .command::<calls::EraseMe>(|app, tx, caller, command| {
                    Box::pin(use_cases::erase_me(app, tx, caller, command))
                })
                .query::<calls::Erasures>(|app, caller, query| {
                    Box::pin(queries::erasures(app, caller, query))
                })
                .events(|app, tx, events| Box::pin(events::consume::apply(app, tx, events)))
                .after_restore(|app, tx, told| Box::pin(use_cases::after_restore(app, tx, told)))
                .command::<calls::LoadDemoPeople>(|app, tx, caller, command| {
                    Box::pin(use_cases::load_demo_people(app, tx, caller, command))
                });
            schedule::add(wiring)
        },
    )
}
