//! What may be asked of intake.

mod desks;
mod duplicates;
mod erasures;
mod my_details;
mod my_export;
mod my_looks;
mod my_people;
mod reach;
mod who_texts;

pub use desks::{desks, desks_for};
pub use duplicates::duplicates;
pub use erasures::erasures;
pub use my_details::my_details;
pub use my_export::my_export;
pub use my_looks::my_looks;
pub use my_people::my_people;
pub use reach::reach;
pub use who_texts::who_texts;
