//! An embedded estate of Elasticsearch-like clusters on loopback, with faults that can be switched on.
//! Every building block can be used alone; all of its tasks end when its value is dropped.

#![allow(clippy::disallowed_methods, reason = "the estate is the network: it opens its own sockets, on loopback only")]

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
mod node_options;
pub mod proxy;
mod remotes;
pub mod rest;
mod rest_answer;
mod rest_cluster;
mod rest_keys;
mod rest_nodes;
mod rest_replication;
pub mod tls;

pub use error::LabError;
