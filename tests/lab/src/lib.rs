//! An embedded estate of Elasticsearch-like clusters on loopback, with faults that can be switched on.
//! Every building block can be used alone; all of its tasks end when its value is dropped.

pub mod address;
pub mod authority;
pub mod door;
mod error;
pub mod estate;
mod failure;
mod files;
mod frame;
pub mod handshake;
pub mod key;
mod links;
mod listener;
pub mod name_server;
pub mod node;
pub mod proxy;
pub mod rest;
mod rest_answer;
pub mod tls;

pub use error::LabError;
