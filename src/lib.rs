//! farlink says why an Elasticsearch remote cluster link is broken, and what to change.
//!
//! The pipeline is [`link`] (what to diagnose), [`run`] and [`probe`] (evidence), `farlink_checks`
//! (judgement), and [`report`] (rendering); [`read`] asks a local cluster, [`wire`] is the
//! transport protocol, [`server_date`] what a peer's clock says, and [`cli`] holds one file a command.

pub mod cli;
pub mod link;
pub mod probe;
pub mod read;
pub mod report;
pub mod run;
pub mod secret;
pub mod serve;
pub mod server_date;
pub mod usage;
pub mod wire;
