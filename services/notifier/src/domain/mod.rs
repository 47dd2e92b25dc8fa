//! Pure rules: who may ask, what can be sent, how it reads. No I/O, no clock, no chance.

pub mod gsm7;
pub mod letter;
pub mod may;
pub mod notice;
pub mod quiet;
pub mod ticket;
pub mod when;
pub mod work;
