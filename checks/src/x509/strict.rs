//! What stricter clients say: webpki, which rustls verifies with, and which wants what RFC 5280 and
//! RFC 9525 want. Information only; Elasticsearch is none of them.

use std::fmt;
use std::time::Duration;

use jiff::Timestamp;
use rustls_pki_types::{
    AlgorithmIdentifier, CertificateDer, InvalidSignature, ServerName, SignatureVerificationAlgorithm, UnixTime,
};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, Error, KeyUsage, anchor_from_trusted_cert};

use super::signature::Signature;
use super::{Analysis, Anchors, Certificate, Key, KeyAlgorithm, Purpose, memo};

/// Whether a strict client accepts the chain of `analysis` for `name`; without a name, whether its
/// path holds.
///
/// # Errors
/// The reason, in a few words.
pub fn judge(
    analysis: &Analysis,
    anchors: &Anchors,
    name: Option<&str>,
    purpose: Purpose,
    at: Timestamp,
) -> Result<(), String> {
    let served: Vec<&Certificate> = analysis.served.iter().flatten().map(AsRef::as_ref).collect();
    let Some((leaf, above)) = served.split_first() else { return Err("no certificate".to_owned()) };
    let ders: Vec<CertificateDer<'_>> =
        anchors.certificates().iter().map(|anchor| anchor.der().0.as_slice().into()).collect();
    let mut roots: Vec<_> = ders.iter().filter_map(|der| anchor_from_trusted_cert(der).ok()).collect();
    if anchors.is_public() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let intermediates: Vec<CertificateDer<'_>> = above.iter().map(|c| c.der().0.as_slice().into()).collect();
    let checked: Vec<Checked<'_>> = ALL_VERIFICATION_ALGS
        .iter()
        .map(|algorithm| Checked { algorithm: *algorithm, served: &served, anchors })
        .collect();
    let algorithms: Vec<&dyn SignatureVerificationAlgorithm> = checked.iter().map(|c| c as _).collect();
    let usage = match purpose {
        Purpose::Server => KeyUsage::server_auth(),
        Purpose::Client => KeyUsage::client_auth(),
    };
    let time = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0)));
    let der = CertificateDer::from(leaf.der().0.as_slice());
    let end = EndEntityCert::try_from(&der).map_err(|error| words(&error))?;
    end.verify_for_usage(&algorithms, &roots, &intermediates, time, usage, None, None)
        .map_err(|error| words(&error))?;
    match name {
        None => Ok(()),
        Some(name) => {
            let name = ServerName::try_from(name).map_err(|_| format!("{name} is no host name"))?;
            end.verify_is_valid_for_subject_name(&name).map_err(|error| words(&error))
        }
    }
}

/// What webpki's error means, without the instants and names that it carries.
fn words(error: &Error) -> String {
    match error {
        Error::UnknownIssuer => "no path leads to a trusted authority",
        Error::CertExpired { .. } => "a certificate of the path has expired",
        Error::CertNotValidYet { .. } => "a certificate of the path is not valid yet",
        Error::CertNotValidForName(_) => "no subject alternative name is that name",
        Error::CaUsedAsEndEntity => "an authority is used as the certificate itself",
        Error::EndEntityUsedAsCa => "a certificate that is no authority issued another one",
        Error::RequiredEkuNotFoundContext(_) => "the extended key usage does not permit it",
        Error::NameConstraintViolation => "a name breaks the name constraints of an authority",
        Error::PathLenConstraintViolated => "more authorities stand below one than it allows",
        Error::UnsupportedCriticalExtension => "a critical extension is not known",
        Error::UnsupportedSignatureAlgorithmContext(_) | Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_) => {
            "a signature algorithm or key is not accepted"
        }
        Error::InvalidSignatureForPublicKey => "a signature does not hold",
        // The rest are about the encoding; the variant's name is what there is to say.
        other => {
            let name = format!("{other:?}");
            return name.split([' ', '(', '{']).next().unwrap_or_default().to_owned();
        }
    }
    .to_owned()
}

/// An algorithm that first looks whether the same signature was checked before.
struct Checked<'a> {
    algorithm: &'static dyn SignatureVerificationAlgorithm,
    served: &'a [&'a Certificate],
    anchors: &'a Anchors,
}

impl fmt::Debug for Checked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.algorithm.fmt(f)
    }
}

impl Checked<'_> {
    /// What is known of `message` and the key, where it is the same question that was answered.
    fn known(&self, public_key: &[u8], message: &[u8]) -> Option<Signature> {
        let certificate = self.served.iter().find(|certificate| certificate.signed_bytes() == message)?;
        let mut keys =
            self.served.iter().map(|c| &c.key).chain(self.anchors.certificates().iter().map(|anchor| &anchor.key));
        let key = keys.find(|key| key.bytes == public_key && is_strong(key))?;
        Some(memo::signature(certificate, key))
    }
}

/// Keys that webpki's algorithms take in every size that has this name.
fn is_strong(key: &Key) -> bool {
    match key.algorithm {
        KeyAlgorithm::Rsa => (2048..=8192).contains(&key.bits),
        KeyAlgorithm::Ec(_) | KeyAlgorithm::Ed25519 => true,
        _ => false,
    }
}

impl SignatureVerificationAlgorithm for Checked<'_> {
    fn verify_signature(&self, public_key: &[u8], message: &[u8], signature: &[u8]) -> Result<(), InvalidSignature> {
        match self.known(public_key, message) {
            Some(Signature::Valid) => Ok(()),
            Some(Signature::Invalid) => Err(InvalidSignature),
            Some(Signature::Unsupported) | None => self.algorithm.verify_signature(public_key, message, signature),
        }
    }

    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.algorithm.signature_alg_id()
    }
}
