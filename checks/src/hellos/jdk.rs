//! What Elasticsearch offers as a TLS client: what the JDK enables, and of that what Elasticsearch's
//! own list leaves.
//!
//! Measured on OpenJDK 17.0.15 and Temurin 25.0.3: `SSLEngine.getEnabledProtocols`,
//! `getEnabledCipherSuites` and the bytes of its ClientHello. What is missing there is switched off by
//! the security property `jdk.tls.disabledAlgorithms`: TLS 1.0 and 1.1, RC4, DES, 3DES, anonymous and
//! unencrypted suites everywhere, from JDK 24 on `TLS_RSA_*` (JDK-8245545), and on 25 SHA-1 in handshake
//! signatures as well.

use super::suites::{TLS12, TLS13};

/// A generation of the JDK, by what its TLS client enables.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Jdk {
    /// Before 24, as long as no update takes over what 24 switched off.
    Before24,
    /// 24 and later.
    From24,
}

/// `SSLEngine.getEnabledProtocols` of a client; the same on both generations.
pub const VERSIONS: &[u16] = &[TLS13, TLS12];

/// The groups in both generations' ClientHello: x25519, secp256r1, secp384r1, secp521r1, x448,
/// ffdhe2048 to ffdhe8192.
pub const GROUPS: &[u16] = &[0x1d, 0x17, 0x18, 0x19, 0x1e, 0x100, 0x101, 0x102, 0x103, 0x104];

/// The default of `xpack.security.*.ssl.cipher_suites`, in its order (security settings of the
/// Elasticsearch reference, `XPackSettings.DEFAULT_CIPHERS`). It has no suite with DHE.
pub const ELASTICSEARCH_SUITES: &[&str] = &[
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
];

/// `SSLEngine.getEnabledCipherSuites` of a client that was told nothing.
pub fn default_suites(jdk: Jdk) -> impl Iterator<Item = &'static str> {
    DEFAULT_SUITES.iter().copied().filter(move |suite| jdk == Jdk::Before24 || !suite.starts_with("TLS_RSA_"))
}

/// What Elasticsearch offers on this JDK, in its order.
pub fn suites(jdk: Jdk) -> impl Iterator<Item = &'static str> {
    ELASTICSEARCH_SUITES.iter().copied().filter(move |suite| default_suites(jdk).any(|enabled| enabled == *suite))
}

/// `signature_algorithms` in its ClientHello.
pub const fn signatures(jdk: Jdk) -> &'static [u16] {
    const ALL: &[u16] = &[
        0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
        0x0402, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202,
    ];
    match jdk {
        Jdk::Before24 => ALL,
        // The last three are with SHA-1.
        Jdk::From24 => ALL.split_at(ALL.len() - 3).0,
    }
}

const DEFAULT_SUITES: &[&str] = &[
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
    "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256",
    "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
    "TLS_DHE_DSS_WITH_AES_256_CBC_SHA",
    "TLS_DHE_RSA_WITH_AES_128_CBC_SHA",
    "TLS_DHE_DSS_WITH_AES_128_CBC_SHA",
    "TLS_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA256",
    "TLS_RSA_WITH_AES_128_CBC_SHA256",
    "TLS_RSA_WITH_AES_256_CBC_SHA",
    "TLS_RSA_WITH_AES_128_CBC_SHA",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hellos::suites as registry;

    #[test]
    fn every_suite_has_its_number() {
        assert!(DEFAULT_SUITES.iter().all(|suite| registry::id(suite).is_some()));
    }

    #[test]
    fn the_generations_differ_in_rsa_key_exchange() {
        assert_eq!((suites(Jdk::Before24).count(), suites(Jdk::From24).count()), (23, 17));
        assert_eq!((default_suites(Jdk::Before24).count(), default_suites(Jdk::From24).count()), (36, 30));
        assert!(!signatures(Jdk::From24).contains(&0x0201) && signatures(Jdk::Before24).contains(&0x0201));
    }
}
