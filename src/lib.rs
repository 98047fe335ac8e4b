//! farlink says why an Elasticsearch remote cluster link is broken, and what to change.

pub mod report;
pub mod wire;
