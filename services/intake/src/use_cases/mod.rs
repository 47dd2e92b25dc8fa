//! What intake does, one sentence per file. The listing is the feature list.

mod change_wishes;
mod confirm_code;
mod forget_unconfirmed;
mod load_demo_people;
mod register;
mod request_code;
mod set_consent;
mod start_challenge;
mod tell_entry_points;
mod welcome;

pub use change_wishes::change_wishes;
pub use confirm_code::confirm_code;
pub use forget_unconfirmed::forget_unconfirmed;
pub use load_demo_people::load_demo_people;
pub use register::register;
pub use request_code::request_code;
pub use set_consent::set_consent;
pub use tell_entry_points::tell_entry_points;
