//! From evidence to closed enums: one file a subject. Look-alikes are weighed here and nowhere else.

pub mod certified;
pub mod chain;
pub mod client_certificate;
pub mod clock;
pub mod coverage;
pub mod gateways;
pub mod given_certificate;
pub mod interception;
pub mod key;
pub mod listener;
pub mod local;
pub mod members;
pub mod name;
pub mod offers;
pub mod reach;
pub mod tls;
