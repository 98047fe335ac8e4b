//! Connections to other people's clusters: questions are executed here, and answered with evidence.
//!
//! Which question comes next is not decided here. [`attempt::ask`] executes one; the other modules
//! are the layers it walks through, in the order of the path: [`dns`], [`tcp`], [`tls`], [`transport`].

pub mod attempt;
pub mod dns;
pub mod earlier;
mod hello;
mod hosts;
mod http;
mod line;
mod offer;
pub mod seams;
pub mod served;
mod server_hello;
mod tap;
pub(crate) mod tcp;
pub mod tls;
mod transport;

#[cfg(test)]
pub(crate) mod stage;
