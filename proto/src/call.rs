//! Commands and queries: typed request/reply.

use serde::{Serialize, de::DeserializeOwned};

use crate::Service;

/// Whether a call changes something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Asks for a change. Carries an idempotency key: a repeat within 7 days gets the first answer.
    Command,
    /// Asks for an answer and changes nothing.
    Query,
}

/// A typed request to one service, answered by any of its replicas.
pub trait Call: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The answer.
    type Reply: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Who answers.
    const TO: Service;
    /// The last part of the subject.
    const VERB: &'static str;
    /// Command or query.
    const KIND: Kind;
    /// Which services may ask; the NATS permissions follow from it.
    const CALLERS: &'static [Service];

    /// The subject below the root, e.g. `cmd.intake.register`.
    fn subject() -> String {
        format!("cmd.{}.{}", Self::TO.name(), Self::VERB)
    }
}

/// The form of a request, whoever answers it. Every [`Call`] has one service that answers; what every service
/// answers in the same way ([`crate::dead_letters`]) is only this.
pub trait Request: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The answer.
    type Reply: Serialize + DeserializeOwned + Send + Sync + 'static;
    /// The last part of the subject.
    const VERB: &'static str;
    /// Command or query.
    const KIND: Kind;
}

impl<C: Call> Request for C {
    type Reply = C::Reply;
    const VERB: &'static str = C::VERB;
    const KIND: Kind = C::KIND;
}

/// A call as a row in a table, for permissions and documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallSpec {
    /// Who answers.
    pub to: Service,
    /// The last part of the subject.
    pub verb: &'static str,
    /// Command or query.
    pub kind: Kind,
    /// Which services may ask.
    pub callers: &'static [Service],
}

impl CallSpec {
    /// The row of a call.
    pub const fn of<C: Call>() -> Self {
        Self { to: C::TO, verb: C::VERB, kind: C::KIND, callers: C::CALLERS }
    }

    /// The row of a request that this service answers to the portal, as all others do.
    pub const fn common<R: Request>(to: Service) -> Self {
        Self { to, verb: R::VERB, kind: R::KIND, callers: &[Service::Portal] }
    }

    /// The subject below the root.
    pub fn subject(&self) -> String {
        format!("cmd.{}.{}", self.to.name(), self.verb)
    }
}

/// Declares the calls of one service as a table:
/// `command register: Register => Registered, from Portal;`
macro_rules! calls {
    ($to:ident { $($kind:ident $verb:literal: $call:ty => $reply:ty, from $($caller:ident)+;)* }) => {
        $(impl $crate::call::Call for $call {
            type Reply = $reply;
            const TO: $crate::Service = $crate::Service::$to;
            const VERB: &'static str = $verb;
            const KIND: $crate::call::Kind = $crate::call::calls!(@kind $kind);
            const CALLERS: &'static [$crate::Service] = &[$($crate::Service::$caller),+];
        })*
        /// Every call this service answers.
        pub const CALLS: &[$crate::call::CallSpec] = &[$($crate::call::CallSpec::of::<$call>()),*];
    };
    (@kind command) => { $crate::call::Kind::Command };
    (@kind query) => { $crate::call::Kind::Query };
}
pub(crate) use calls;
