//! The behaviour of open-hiring through the bus, on real NATS and PostgreSQL.

mod clock;
mod erasure;
mod first_days;
mod offers;
mod proof;
mod queues;
mod set_right;
mod sign_up;
mod support;
mod texting;
mod ways;
