//! Certificates, judged as the JDK judges them, because Elasticsearch's TLS is the JDK's.
//!
//! [`Certificate`] has the facts. [`analyse`] builds every path from a served chain to the trusted
//! authorities and says of each where it stops; its verdict is the one that the JDK's trust manager
//! comes to ([`Jdk`]), with every fault named rather than the first. [`hostname`] has its rule for
//! names, and [`strict`] what stricter clients would say.

mod algorithm;
mod analysis;
mod anchors;
mod certificate;
mod constraints;
mod curve;
mod distinguished_name;
mod effort;
mod ends;
mod extensions;
mod general_name;
mod graph;
pub mod hostname;
mod key;
pub mod limits;
mod memo;
mod numbers;
mod path;
mod policies;
mod readable;
mod refusal;
mod search;
mod signature;
pub mod strict;
mod subtree;
mod unassigned;
mod usage;

pub use algorithm::{Digest, Pss, SignatureAlgorithm};
pub use analysis::{Analysis, AnchorFacts, Candidate, Verdict, analyse};
pub use anchors::Anchors;
pub use certificate::{BasicConstraints, Certificate, Fingerprint};
pub use constraints::{Breach, NameConstraints};
pub use distinguished_name::DistinguishedName;
pub use general_name::GeneralName;
pub use key::{Key, KeyAlgorithm};
pub use memo::certificate as read;
#[doc(hidden)]
pub use memo::forget;
pub use readable::Fault;
pub use refusal::{Place, Reason, Refusal};
pub use usage::{KeyUsage, Purpose};

/// The generations of the JDK that Elasticsearch runs on and whose judgement differs.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Jdk {
    /// JDK 17, which Elasticsearch 8 requires at least.
    V17,
    /// JDK 25, which the newest releases ship.
    V25,
}

impl Jdk {
    /// Both, the older first.
    pub const ALL: [Self; 2] = [Self::V17, Self::V25];

    /// The major version.
    pub const fn version(self) -> &'static str {
        match self {
            Self::V17 => "17",
            Self::V25 => "25",
        }
    }
}
