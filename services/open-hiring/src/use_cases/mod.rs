//! What this service does, one sentence per file.

pub(crate) mod after_restore;
pub(crate) mod answer_by_text;
pub(crate) mod answer_offer;
pub(crate) mod change_queue;
pub(crate) mod change_ticket;
pub(crate) mod choose_days;
pub(crate) mod follow_opening;
pub(crate) mod forget_seeker;
pub(crate) mod hear_contact;
pub(crate) mod hear_ways;
pub(crate) mod in_hand;
pub(crate) mod move_on;
pub(crate) mod open_queue;
pub(crate) mod publish_heads;
pub(crate) mod report_call;
pub(crate) mod set_right;
pub(crate) mod sign_up;
pub(crate) mod tell_first_day;
