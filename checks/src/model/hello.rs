//! The ClientHellos that are built by hand, to learn what a server supports that our TLS library
//! does not.

use serde::{Deserialize, Serialize};

/// A ClientHello built by hand. What each offers is in [`hellos`](crate::hellos).
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hello {
    /// What Elasticsearch offers on JDK 24 and later.
    NewJdk,
    /// What Elasticsearch offers on a JDK before 24.
    OldJdk,
    /// TLS 1.3 alone, with every suite and group there is.
    Tls13,
    /// TLS 1.2 alone, with every suite, group and signature.
    Tls12,
    /// TLS 1.1 alone, with every suite of its time.
    Tls11,
    /// TLS 1.0 alone, with every suite of its time.
    Tls10,
}

impl Hello {
    /// In the order in which they are asked: those that decide most come first.
    pub const ALL: [Self; 6] = [Self::NewJdk, Self::OldJdk, Self::Tls13, Self::Tls12, Self::Tls11, Self::Tls10];
}
