//! The services of this program, by name.

use std::sync::Arc;

use chassis::{Config, Service};
use proto::Service as Name;
use reference::{Reference, ReferenceError};

/// Puts one service together. The only place that knows them all.
pub fn service(name: Name, reference: &Arc<Reference>) -> Service {
    match name {
        Name::Notifier => notifier::service(),
        Name::Intake => intake::service(reference.clone()),
        Name::Vacancies => vacancies::service(reference.clone()),
        Name::OpenHiring => open_hiring::service(),
        Name::Matcher => matcher::service(reference.clone()),
        Name::Portal => portal::service(reference.clone()),
    }
}

/// Every service, in the order in which they start.
pub fn all(reference: &Arc<Reference>) -> Vec<Service> {
    Name::ALL.into_iter().map(|name| service(name, reference)).collect()
}

/// The reference data that the settings name, or the small tables of the program.
pub fn reference(config: &Config) -> Result<Arc<Reference>, ReferenceError> {
    Reference::load(config.reference.as_deref()).map(Arc::new)
}
