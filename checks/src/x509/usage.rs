//! What a certificate may be used for.

use std::fmt;

use crate::model::text::safe;

/// Which side presents the certificate.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Purpose {
    /// A TLS server.
    Server,
    /// A TLS client.
    Client,
}

impl Purpose {
    /// The extended key usage that permits it (RFC 5280 section 4.2.1.12).
    pub const fn usage(self) -> &'static str {
        match self {
            Self::Server => "serverAuth",
            Self::Client => "clientAuth",
        }
    }
}

/// The bits of a key usage extension (RFC 5280 section 4.2.1.3), the first one lowest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct KeyUsage(pub(super) u16);

impl KeyUsage {
    /// The bit's names, in the extension's order.
    const NAMES: [&str; 9] = [
        "digitalSignature",
        "nonRepudiation",
        "keyEncipherment",
        "dataEncipherment",
        "keyAgreement",
        "keyCertSign",
        "cRLSign",
        "encipherOnly",
        "decipherOnly",
    ];

    /// May sign handshakes.
    pub const fn digital_signature(self) -> bool {
        self.0 & 1 != 0
    }

    /// May sign certificates.
    pub const fn key_cert_sign(self) -> bool {
        self.0 & (1 << 5) != 0
    }

    /// Has a bit that stands for a kind of cryptography (`sun.security.provider.certpath.AlgorithmChecker`).
    pub(super) const fn has_primitive(self) -> bool {
        self.0 & 0b111_1111 != 0
    }

    /// The names of the bits that are set.
    pub fn names(self) -> Vec<&'static str> {
        Self::NAMES.iter().enumerate().filter(|(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name).collect()
    }
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.names().as_slice() {
            [] => f.write_str("nothing"),
            names => f.write_str(&names.join(", ")),
        }
    }
}

/// The name of an extended key usage's object identifier.
pub(super) fn purpose_name(oid: &str) -> String {
    match oid {
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        other => return safe(other, 80),
    }
    .to_owned()
}
