//! Whom a chain may end at: the certificates of a trust file, or the public roots.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

use rustls_pki_types::{CertificateDer, TrustAnchor};
use webpki::anchor_from_trusted_cert;
use x509_parser::prelude::{FromDer, SubjectPublicKeyInfo};

use super::readable::Fault;
use super::{Certificate, DistinguishedName, Fingerprint, Key, memo};
use crate::model::evidence::Der;

/// The trusted authorities of a link.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    certificates: Vec<Arc<Certificate>>,
    fingerprints: HashSet<Fingerprint>,
    by_subject: HashMap<Vec<String>, Vec<usize>>,
    public: bool,
    /// The first that cannot be read, by its place.
    unreadable: Option<(usize, Fault, Option<Arc<Certificate>>)>,
    /// As webpki reads them.
    strict: OnceLock<Vec<TrustAnchor<'static>>>,
}

impl Anchors {
    /// The certificates of a trust file; what the JDK cannot read is left out, and costs it the file.
    pub fn of_file(certificates: &[Der]) -> Self {
        let read: Vec<_> = certificates.iter().map(memo::certificate).collect();
        let unreadable = read.iter().enumerate().find_map(|(place, certificate)| match certificate {
            None => Some((place, Fault::NotACertificate, None)),
            Some(certificate) => certificate.fault.map(|fault| (place, fault, Some(Arc::clone(certificate)))),
        });
        let readable = read.into_iter().flatten().filter(|certificate| certificate.fault.is_none());
        let certificates: Vec<_> = readable.collect();
        let mut by_subject: HashMap<_, Vec<_>> = HashMap::new();
        for (place, certificate) in certificates.iter().enumerate() {
            by_subject.entry(certificate.subject.relative_names().to_vec()).or_default().push(place);
        }
        let fingerprints = certificates.iter().map(|certificate| certificate.fingerprint).collect();
        Self { certificates, fingerprints, by_subject, unreadable, ..Self::default() }
    }

    /// The public roots, as the JDK and browsers ship them.
    pub fn public_roots() -> Self {
        Self { public: true, ..Self::default() }
    }

    /// The certificates of the trust file.
    pub fn certificates(&self) -> &[Arc<Certificate>] {
        &self.certificates
    }

    /// The place of the first certificate in the trust file that the JDK cannot read, and why. It then
    /// uses none of them (`java.security.cert.CertificateFactory.generateCertificates`).
    pub fn unreadable(&self) -> Option<(usize, Fault)> {
        self.unreadable.as_ref().map(|(place, fault, _)| (*place, *fault))
    }

    /// That certificate, where anything of it can be read.
    pub(super) fn unreadable_certificate(&self) -> Option<&Arc<Certificate>> {
        self.unreadable.as_ref().and_then(|(_, _, certificate)| certificate.as_ref())
    }

    /// Whether these are the public roots.
    pub const fn is_public(&self) -> bool {
        self.public
    }

    /// Whether `certificate` itself is trusted.
    pub(super) fn contains(&self, certificate: &Certificate) -> bool {
        self.fingerprints.contains(&certificate.fingerprint)
    }

    /// Whether a trusted certificate has the subject and the key of `certificate`, which the JDK then
    /// takes for another issue of the same authority (`sun.security.validator.PKIXValidator`).
    pub(super) fn contains_key_of(&self, certificate: &Certificate) -> bool {
        self.named(&certificate.subject).any(|anchor| anchor.key().fingerprint == certificate.key.fingerprint)
    }

    /// Every authority whose name `certificate` gives as its issuer.
    pub(super) fn issuers<'a>(&'a self, certificate: &Certificate) -> impl Iterator<Item = Anchor<'a>> {
        self.named(&certificate.issuer)
    }

    /// The anchors as webpki wants them; what it cannot read is left out.
    pub(super) fn strict(&self) -> &[TrustAnchor<'static>] {
        self.strict.get_or_init(|| {
            let file = self.certificates.iter().filter_map(|anchor| {
                let der = CertificateDer::from(anchor.der().0.as_slice());
                anchor_from_trusted_cert(&der).ok().map(|anchor| anchor.to_owned())
            });
            let public = webpki_roots::TLS_SERVER_ROOTS.iter().filter(|_| self.public).cloned();
            file.chain(public).collect()
        })
    }

    fn named<'a>(&'a self, name: &DistinguishedName) -> impl Iterator<Item = Anchor<'a>> {
        let file = match self.certificates.as_slice() {
            // The usual trust file; most names are equal or different at first sight.
            [one] if one.subject == *name => &[0],
            [_] => &[][..],
            _ => self.by_subject.get(name.relative_names()).map(Vec::as_slice).unwrap_or_default(),
        };
        let public = if self.public { PUBLIC.get(name.relative_names()).map(Vec::as_slice) } else { None };
        let file = file.iter().map(|place| Anchor::File(&self.certificates[*place]));
        file.chain(public.unwrap_or_default().iter().map(Anchor::Public))
    }
}

/// One trusted authority.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor<'a> {
    /// A certificate of the trust file.
    File(&'a Arc<Certificate>),
    /// A public root, of which only name and key are known here.
    Public(&'a PublicRoot),
}

/// A public root.
#[derive(Debug)]
pub(super) struct PublicRoot {
    subject: DistinguishedName,
    key: Key,
}

impl<'a> Anchor<'a> {
    pub(super) fn subject(self) -> &'a DistinguishedName {
        match self {
            Self::File(certificate) => &certificate.subject,
            Self::Public(root) => &root.subject,
        }
    }

    pub(super) fn key(self) -> &'a Key {
        match self {
            Self::File(certificate) => &certificate.key,
            Self::Public(root) => &root.key,
        }
    }

    pub(super) fn certificate(self) -> Option<&'a Arc<Certificate>> {
        match self {
            Self::File(certificate) => Some(certificate),
            Self::Public(_) => None,
        }
    }
}

/// By the form of their names that counts for comparing.
static PUBLIC: LazyLock<HashMap<Vec<String>, Vec<PublicRoot>>> = LazyLock::new(|| {
    let mut roots: HashMap<_, Vec<_>> = HashMap::new();
    for root in webpki_roots::TLS_SERVER_ROOTS {
        let subject = DistinguishedName::read(&sequence(root.subject.as_ref()));
        let info = sequence(root.subject_public_key_info.as_ref());
        if let Ok((_, info)) = SubjectPublicKeyInfo::from_der(&info) {
            roots
                .entry(subject.relative_names().to_vec())
                .or_default()
                .push(PublicRoot { subject, key: Key::read(&info) });
        }
    }
    roots
});

/// A trust anchor holds the content of its structures without the outer SEQUENCE.
fn sequence(content: &[u8]) -> Vec<u8> {
    let mut der = vec![0x30];
    match content.len() {
        length @ 0..=0x7f => der.push(length as u8),
        length @ 0x80..=0xff => der.extend([0x81, length as u8]),
        length => der.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    der.extend_from_slice(content);
    der
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_public_root_can_be_found_by_its_name() {
        let found: usize = PUBLIC.values().map(Vec::len).sum();
        assert_eq!(found, webpki_roots::TLS_SERVER_ROOTS.len());
        assert!(PUBLIC.values().flatten().all(|root| root.key.bits >= 256), "a key that was not understood");
    }
}
