//! From evidence to closed enums: one file a subject. Look-alikes are weighed here and nowhere else.

pub mod certified;
pub mod chain;
pub mod client_certificate;
pub mod given_certificate;
pub mod key;
pub mod listener;
pub mod local;
pub mod name;
pub mod offers;
pub mod reach;
pub mod tls;
