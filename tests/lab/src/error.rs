//! Why a part of the estate could not be started.
//! Faults that the estate plays on purpose are never errors here.

use std::io;

/// Why a part of the estate could not be started.
#[derive(Debug, thiserror::Error)]
pub enum LabError {
    /// A certificate could not be issued: the options ask for something a certificate cannot say.
    #[error("cannot issue the certificate of {subject}")]
    Certificate {
        /// The common name asked for.
        subject: String,
        /// What the issuing library said.
        source: rcgen::Error,
    },
    /// An identity or a trust anchor does not make a usable TLS configuration.
    #[error("cannot configure TLS")]
    Tls(#[from] rustls::Error),
    /// No trust anchor was given for required client certificates, or it is unusable.
    #[error("cannot verify client certificates")]
    ClientVerifier(#[from] rustls::server::VerifierBuilderError),
    /// The operating system refused a socket or a file.
    #[error("cannot {operation}")]
    Io {
        /// What was being done, in words.
        operation: String,
        /// What the operating system said.
        source: io::Error,
    },
}

impl LabError {
    /// Gives the function that wraps an I/O error with `operation`, in words.
    pub(crate) fn io(operation: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let operation = operation.into();
        move |source| Self::Io { operation, source }
    }
}
