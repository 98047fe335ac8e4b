//! One pass over links: every address of every link, until nothing more would be learnt.

pub mod link;
pub mod links;
pub mod local;
pub mod planned;
pub mod remote;
