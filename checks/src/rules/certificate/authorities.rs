//! The file with the trusted authorities: what else is in it, and whether they are authorities.

use crate::catalogue::certificate::{CERTIFICATE_AUTHORITY_FILE_INVALID, CERTIFICATE_AUTHORITY_IS_LEAF};
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Finding, Severity};
use crate::model::link::Trust;
use crate::model::text::safe;
use crate::rules::config::describe;
use crate::x509::Anchors;

/// What is wrong with the authority file that was given.
pub(in crate::rules) fn authorities(evidence: &LinkEvidence) -> Vec<Finding> {
    let Trust::Authorities { certificates, file, faults, .. } = &evidence.link.trust else { return Vec::new() };
    let file = safe(file, 200);
    let mut findings = Vec::new();
    if let Some(fault) = faults.first() {
        let finding = Finding::new(
            &CERTIFICATE_AUTHORITY_FILE_INVALID,
            &file,
            format!("the authority file {file} {}", describe(*fault)),
        )
        .fix("give the PEM certificate of the authority that signed the remote's certificate, and nothing else");
        // With certificates in it the file still serves.
        findings.push(if certificates.is_empty() { finding } else { finding.severity(Severity::Warning) });
    } else if certificates.is_empty() {
        findings.push(Finding::new(
            &CERTIFICATE_AUTHORITY_FILE_INVALID,
            &file,
            format!("the authority file {file} has no certificate"),
        ));
    }
    let anchors = Anchors::of_file(certificates);
    let read = anchors.certificates();
    if !read.is_empty() && read.iter().all(|certificate| !certificate.is_authority() && !certificate.is_self_issued()) {
        findings.push(
            Finding::new(
                &CERTIFICATE_AUTHORITY_IS_LEAF,
                &file,
                format!("the authority file {file} holds no authority, only {}", read[0].label()),
            )
            .detail("A certificate that is trusted by itself works until it is renewed.")
            .fix("give the certificate of the authority that signed it"),
        );
    }
    findings
}
