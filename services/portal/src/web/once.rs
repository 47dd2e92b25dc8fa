//! A form that comes twice is taken once, also when what it sends is sealed, and whichever replica of the
//! portal gets the second.
//!
//! The key of the call is made from what was typed, and the boxes in it from that key
//! ([`chassis::Keys::seal_again`]): so the second call is the first to the byte, and its service answers it
//! with the first answer. Nothing of it is kept here.

use proto::{Actor, Call, Problem, Sealed, Service};
use serde::Serialize;
use uuid::{Builder, Uuid};

use crate::web::{fields::Fields, visit::Visit};

/// What one form says to one service.
pub(in crate::web) struct Once<'a> {
    visit: &'a Visit,
    key: Uuid,
}

impl<'a> Once<'a> {
    /// The same for the same form with the same content, and for no other.
    pub(in crate::web) fn of(visit: &'a Visit, form: &Fields, content: &impl Serialize) -> Self {
        let form_key: Uuid = form.get("key").parse().unwrap_or_else(|_| visit.app.chassis.chance.uuid_v4());
        Self { visit, key: key_of(visit, &(form_key, content)) }
    }

    /// Seals a part of what it says. Everything sealed must stand in the content.
    pub(in crate::web) fn seal<T: Serialize>(&self, to: Service, value: &T) -> Sealed<T> {
        self.visit.app.chassis.keys.seal_again(to, self.key, value)
    }

    /// Says it; however often, it happens once.
    pub(in crate::web) async fn ask<C: Call>(&self, call: &C) -> Result<C::Reply, Problem> {
        self.ask_by(&self.visit.actor(), call).await
    }

    /// The same by the portal itself, for what only the portal may ask.
    pub(in crate::web) async fn ask_as_portal<C: Call>(&self, call: &C) -> Result<C::Reply, Problem> {
        self.ask_by(&Actor::Service { service: Service::Portal }, call).await
    }

    async fn ask_by<C: Call>(&self, actor: &Actor, call: &C) -> Result<C::Reply, Problem> {
        self.visit.app.chassis.bus.hasty().call_with_key(actor, self.key, call).await
    }
}

/// The key of what is said: the same for the same, and for nothing else. Nobody can make it but us.
pub(in crate::web) fn key_of(visit: &Visit, content: &impl Serialize) -> Uuid {
    let said = serde_json::to_vec(content).expect("what is said is plain JSON");
    let vault = visit.app.chassis.keys.vault().expect("the portal has a vault");
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&vault.keyed_hash(&said)[..16]);
    Builder::from_random_bytes(bytes).into_uuid()
}
