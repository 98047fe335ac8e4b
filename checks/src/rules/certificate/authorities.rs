//! The file with the trusted authorities: what else is in it, and whether they are authorities.
//!
//! Elasticsearch reads it with the JDK's `CertificateFactory.generateCertificates`: PEM or DER, and one
//! block that is no certificate spoils the whole file. An empty result ends the node's start
//! (`PemUtils.readCertificates`).

use crate::catalogue::certificate::{CERTIFICATE_AUTHORITY_FILE_INVALID, CERTIFICATE_AUTHORITY_IS_LEAF};
use crate::model::evidence::LinkEvidence;
use crate::model::finding::{Finding, Severity};
use crate::model::link::{FileFault, Trust};
use crate::model::text::safe;
use crate::rules::config::describe;
use crate::x509::{Anchors, Fault};

/// What is wrong with the authority file that was given.
pub(in crate::rules) fn authorities(evidence: &LinkEvidence) -> Vec<Finding> {
    let Trust::Authorities { certificates, file, faults, .. } = &evidence.link.trust else { return Vec::new() };
    let file = safe(file, 200);
    let anchors = Anchors::of_file(certificates);
    let read = anchors.certificates();
    let mut findings = Vec::new();
    if let Some((fault, more)) = faults.split_first() {
        let mut finding = invalid(&file, *fault, read.len());
        finding.evidence.extend(more.iter().map(|fault| format!("{file} {}, too", describe(*fault))));
        findings.push(finding);
    } else if certificates.is_empty() {
        findings.push(
            Finding::new(
                &CERTIFICATE_AUTHORITY_FILE_INVALID,
                &file,
                format!("the authority file {file} has no certificate"),
            )
            .detail(format!("There is nothing to judge the remote's certificate by, and {DOES_NOT_START}"))
            .fix("put the certificate of the authority that signed the remote's certificate there as PEM (BEGIN CERTIFICATE)"),
        );
    }
    if let Some((place, fault)) = anchors.unreadable() {
        findings.push(unreadable(&file, fault).observed(format!("it is certificate {} of {file}", place + 1)));
    }
    if !read.is_empty() && read.iter().all(|certificate| !certificate.is_authority() && !certificate.is_self_issued()) {
        findings.push(
            Finding::new(
                &CERTIFICATE_AUTHORITY_IS_LEAF,
                &file,
                format!("the authority file {file} holds no authority, only {}", read[0].label()),
            )
            .detail("Elasticsearch then trusts this very certificate and nothing that is issued in its place: the link breaks at its renewal.")
            .fix(format!("put the authority that signed it, \"{}\", there, in {file} and in what the local nodes trust", read[0].issuer)),
        );
    }
    findings
}

/// A file with something in it that does not belong there, and with this many `usable` certificates.
fn invalid(file: &str, fault: FileFault, usable: usize) -> Finding {
    let finding = Finding::new(
        &CERTIFICATE_AUTHORITY_FILE_INVALID,
        file,
        format!("the authority file {file} {}", describe(fault)),
    );
    let finding = match (fault, usable) {
        (FileFault::Der, 1..) => {
            finding.detail("farlink and Elasticsearch read it all the same; most other tools, and Elastic Cloud and Kubernetes, want PEM.")
        }
        (_, 1..) => finding.detail(format!(
            "farlink judges by the {} it has. A node of Elasticsearch that is given this very file does not start: one block that is \
             no certificate spoils the whole file.",
            count(usable)
        )),
        (FileFault::NotACertificate, 0) => finding.detail(format!(
            "There is nothing to judge the remote's certificate by, and {DOES_NOT_START} It may be cut off, or have a block of another \
             kind only."
        )),
        _ => finding.detail(format!("There is nothing to judge the remote's certificate by, and {DOES_NOT_START}")),
    };
    let finding = match fault {
        FileFault::PrivateKey if usable == 0 => finding
            .fix("put the certificate of the authority there (ca.crt, BEGIN CERTIFICATE), not its key (ca.key)")
            .fix("move the key to where only its owner can read it, and replace it if the file was shared"),
        FileFault::PrivateKey => finding
            .fix(format!("remove the key: openssl x509 -in {file} -out authorities.pem for one certificate, or delete its block by hand"))
            .fix("if that file was given to others, the key is known to them: replace it"),
        FileFault::KeyStore => finding.fix(format!(
            "convert it: openssl pkcs12 -in {file} -cacerts -nokeys -out authorities.pem (for JKS first keytool -importkeystore -srckeystore {file} -destkeystore ca.p12 -deststoretype PKCS12)"
        ))
        .fix("or, on the local nodes, name it as ssl.truststore.path instead of ssl.certificate_authorities"),
        FileFault::Der => finding.fix(format!("convert it: openssl x509 -inform der -in {file} -out authorities.pem")),
        FileFault::WebPage => finding.fix("download the certificate again: what was saved is the page of a login or an error, not the file"),
        _ => finding.fix("put the certificate of the authority that signed the remote's certificate there as PEM (BEGIN CERTIFICATE), and nothing else"),
    };
    // With certificates in it the file still serves.
    if usable == 0 { finding } else { finding.severity(Severity::Warning) }
}

/// A file with a certificate that the JDK cannot read, which costs Elasticsearch all that are in it.
pub(super) fn unreadable(file: &str, fault: Fault) -> Finding {
    Finding::new(
        &CERTIFICATE_AUTHORITY_FILE_INVALID,
        file,
        format!("the authority file {file} has a certificate that the JDK cannot read"),
    )
    .detail(format!(
        "The JDK refuses it: {}. That costs Elasticsearch the whole file: {DOES_NOT_START}",
        fault.sentence()
    ))
    .fix("export that certificate again, compare with openssl x509 -noout -text, or leave it out if nothing needs it")
}

const DOES_NOT_START: &str = "a node of Elasticsearch does not start with such a file.";

fn count(certificates: usize) -> String {
    match certificates {
        1 => "certificate".to_owned(),
        n => format!("{n} certificates"),
    }
}
