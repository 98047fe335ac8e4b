//! The certificates in a file, whatever form it has: PEM, DER or PKCS#12.

use farlink_checks::model::evidence::Der;
use farlink_checks::model::link::FileFault;
use p12_keystore::Pkcs12Archive;
use p12_keystore::error::Error as StoreError;

use super::pem::{certificates, is_java_key_store};
use crate::secret::Password;

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bundle {
    /// Its certificates; that of a private key in the same store comes first.
    pub certificates: Vec<Der>,
    /// What else is in it that does not belong there.
    pub faults: Vec<FileFault>,
}

/// Why a file has no certificates to show.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum NoBundle {
    /// A PKCS#12 store, and no password was given.
    #[error("is a PKCS#12 store: give its password with --password-file")]
    PasswordMissing,
    /// A PKCS#12 store with another password.
    #[error("is a PKCS#12 store with another password than the one given")]
    PasswordWrong,
    /// A PKCS#12 store that cannot be read.
    #[error("is a PKCS#12 store that cannot be read")]
    StoreUnreadable,
    /// A Java key store of the old kind.
    #[error("is a Java key store: convert it with keytool -importkeystore -deststoretype PKCS12")]
    JavaKeyStore,
    /// Something else.
    #[error("has no certificate: {}", describe(*.0))]
    Nothing(FileFault),
}

/// Reads the certificates in `bytes`.
///
/// # Errors
/// [`NoBundle`] when there are none.
pub fn read(bytes: &[u8], password: Option<&Password>) -> Result<Bundle, NoBundle> {
    if is_java_key_store(bytes) {
        return Err(NoBundle::JavaKeyStore);
    }
    let (found, faults) = certificates(bytes);
    if !found.is_empty() {
        return Ok(Bundle { certificates: found, faults });
    }
    match faults.first() {
        Some(FileFault::Der) => Ok(Bundle { certificates: vec![Der(bytes.to_vec())], faults: Vec::new() }),
        Some(FileFault::KeyStore) => store(bytes, password),
        Some(fault) => Err(NoBundle::Nothing(*fault)),
        None => Err(NoBundle::Nothing(FileFault::Empty)),
    }
}

/// The certificates of a PKCS#12 store (RFC 7292).
fn store(bytes: &[u8], password: Option<&Password>) -> Result<Bundle, NoBundle> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, password.map(Password::expose).unwrap_or_default());
    let archive = archive.map_err(|error| match (error, password) {
        (StoreError::MacError(_), None) => NoBundle::PasswordMissing,
        (StoreError::MacError(_), Some(_)) => NoBundle::PasswordWrong,
        (_, None) => NoBundle::PasswordMissing,
        (_, Some(_)) => NoBundle::StoreUnreadable,
    })?;
    let keys: Vec<&[u8]> =
        archive.keys.iter().filter_map(|key| key.local_key_id.as_ref()).map(|id| id.0.as_slice()).collect();
    let mut bags: Vec<_> = archive.certs.iter().collect();
    // The key's own certificate leads its chain, wherever the store has it.
    bags.sort_by_key(|bag| !bag.local_key_id.as_deref().is_some_and(|id| keys.contains(&id)));
    let certificates: Vec<Der> = bags.iter().map(|bag| Der(bag.cert.as_der().to_vec())).collect();
    match certificates.is_empty() {
        true => Err(NoBundle::Nothing(FileFault::Empty)),
        false => Ok(Bundle { certificates, faults: Vec::new() }),
    }
}

const fn describe(fault: FileFault) -> &'static str {
    match fault {
        FileFault::Empty => "it is empty",
        FileFault::PrivateKey => "it holds a private key only",
        FileFault::WebPage => "it is an HTML page",
        FileFault::NoPem => "it is text without a PEM block",
        _ => "what is in it is none",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use rcgen::{CertifiedKey, generate_simple_self_signed};

    #[test]
    fn pem_and_der_hold_the_same_certificate_and_other_things_are_named() {
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(vec!["eu.example".into()]).unwrap();
        let der = Der(cert.der().to_vec());
        let pem = cert.pem();
        assert_eq!(read(pem.as_bytes(), None).unwrap().certificates, std::slice::from_ref(&der));
        assert_eq!(read(&der.0, None).unwrap().certificates, std::slice::from_ref(&der));
        let both = format!("{}{pem}{pem}", signing_key.serialize_pem());
        assert_eq!(read(both.as_bytes(), None).unwrap().certificates, [der.clone(), der]);
        for (bytes, fault) in [
            (b"".to_vec(), NoBundle::Nothing(FileFault::Empty)),
            (b"<!DOCTYPE html><html></html>".to_vec(), NoBundle::Nothing(FileFault::WebPage)),
            (signing_key.serialize_pem().into_bytes(), NoBundle::Nothing(FileFault::PrivateKey)),
            (vec![0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], NoBundle::JavaKeyStore),
        ] {
            assert_eq!(read(&bytes, None).unwrap_err(), fault);
        }
    }
}
