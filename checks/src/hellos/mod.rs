//! What each hand-built ClientHello offers, as data: the numbers on the wire and their names.
//!
//! [`jdk`] is what Elasticsearch offers; [`suites`] and [`groups`] are the registries behind it.

pub mod groups;
pub mod jdk;
pub mod suites;

use crate::model::hello::Hello;

/// What a ClientHello offers, in its order of preference.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Content {
    /// Protocol versions as on the wire, the newest first.
    pub versions: &'static [u16],
    /// Cipher suites (RFC 8446 appendix B.4, RFC 5246 appendix A.5).
    pub suites: Vec<u16>,
    /// `supported_groups` (RFC 8446 section 4.2.7).
    pub groups: Vec<u16>,
    /// `signature_algorithms` (RFC 8446 section 4.2.3); none before TLS 1.2.
    pub signatures: &'static [u16],
    /// `signature_algorithms_cert`, where it is sent.
    pub certificate_signatures: &'static [u16],
}

/// What `hello` offers.
pub fn content(hello: Hello) -> Content {
    let all = |versions| Content {
        versions,
        suites: suites::of(versions[0]).collect(),
        groups: groups::of(versions[0]).collect(),
        signatures: if versions[0] >= suites::TLS12 { ALL_SIGNATURES } else { &[] },
        certificate_signatures: &[],
    };
    match hello {
        Hello::NewJdk => as_jdk(jdk::Jdk::From24),
        Hello::OldJdk => as_jdk(jdk::Jdk::Before24),
        Hello::Tls13 => all(&[suites::TLS13]),
        Hello::Tls12 => all(&[suites::TLS12]),
        Hello::Tls11 => all(&[suites::TLS11]),
        Hello::Tls10 => all(&[suites::TLS10]),
    }
}

fn as_jdk(jdk: jdk::Jdk) -> Content {
    Content {
        versions: jdk::VERSIONS,
        suites: jdk::suites(jdk).filter_map(suites::id).collect(),
        groups: jdk::GROUPS.to_vec(),
        signatures: jdk::signatures(jdk),
        certificate_signatures: jdk::signatures(jdk::Jdk::Before24),
    }
}

/// Every signature scheme of IANA's registry that certificates are signed with, SHA-1 and MD5 last.
const ALL_SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x081a, 0x081b, 0x081c, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b,
    0x0401, 0x0501, 0x0601, 0x0402, 0x0502, 0x0602, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_hello_offers_fits_its_version_and_is_offered_once() {
        for hello in Hello::ALL {
            let content = content(hello);
            let mut suites = content.suites.clone();
            suites.sort_unstable();
            suites.dedup();
            assert_eq!(suites.len(), content.suites.len(), "{hello:?}");
            let thirteen = |suite: &u16| suite >> 8 == 0x13 || matches!(suite, 0xc6 | 0xc7);
            assert_eq!(content.versions.contains(&suites::TLS13), content.suites.iter().any(thirteen), "{hello:?}");
            assert_eq!(content.versions == [suites::TLS13], content.suites.iter().all(thirteen), "{hello:?}");
            assert_eq!(content.versions[0] >= suites::TLS12, !content.signatures.is_empty(), "{hello:?}");
        }
    }

    #[test]
    fn the_broad_hellos_offer_all_that_a_jdk_enables() {
        for jdk in [Hello::NewJdk, Hello::OldJdk] {
            let offered: Vec<u16> =
                [Hello::Tls13, Hello::Tls12].into_iter().flat_map(|hello| content(hello).suites).collect();
            assert!(content(jdk).suites.iter().all(|suite| offered.contains(suite)));
            assert!(content(jdk).groups.iter().all(|group| content(Hello::Tls12).groups.contains(group)));
            assert!(content(jdk).signatures.iter().all(|scheme| ALL_SIGNATURES.contains(scheme)));
        }
    }
}
