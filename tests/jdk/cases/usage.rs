//! What a certificate may be used for.

use super::Book;
use crate::der::seq;
use crate::forge::{
    ANY_USAGE, BASIC_CONSTRAINTS, CLIENT_AUTH, CODE_SIGNING, CRL_SIGN, DIGITAL_SIGNATURE, EXPECTED, EXTENDED_KEY_USAGE,
    KEY_AGREEMENT, KEY_CERT_SIGN, KEY_ENCIPHERMENT, Kind, SERVER_AUTH, alternative_names, basic_constraints, dns,
    extended_key_usage, extension, key_usage, netscape_type, oid_list,
};

pub fn write(book: &mut Book<'_>) {
    let forge = book.forge;
    let leaf = || forge.leaf();
    let root = book.root.clone();
    let usages: Vec<(&str, Vec<&str>)> = vec![
        ("server", vec![SERVER_AUTH]),
        ("client", vec![CLIENT_AUTH]),
        ("any", vec![ANY_USAGE]),
        ("any-and-client", vec![CLIENT_AUTH, ANY_USAGE]),
        ("code-signing", vec![CODE_SIGNING]),
        ("code-signing-and-server", vec![CODE_SIGNING, SERVER_AUTH]),
        ("netscape-step-up", vec!["2.16.840.1.113730.4.1"]),
        ("microsoft-step-up", vec!["1.3.6.1.4.1.311.10.3.3"]),
    ];
    for (name, usages) in &usages {
        let certificate = leaf().with(extended_key_usage(usages)).signed_by(&book.middle);
        book.leaf(format!("usage/extended-{name}"), &certificate);
        book.case(format!("usage/extended-{name}-trusted-itself"), &[&certificate], &[&certificate]);
        let critical = extension(EXTENDED_KEY_USAGE, true, &oid_list(usages));
        let certificate = leaf().with(critical).signed_by(&book.middle);
        book.leaf(format!("usage/extended-{name}-critical"), &certificate);
        let middle = forge.authority("Usage CA").with(extended_key_usage(usages)).signed_by(&root);
        let certificate = leaf().signed_by(&middle);
        book.case(format!("usage/extended-{name}-of-the-intermediate"), &[&certificate, &middle], &[&root]);
        let critical = extension(EXTENDED_KEY_USAGE, true, &oid_list(usages));
        let middle = forge.authority("Usage CA").with(critical).signed_by(&root);
        let certificate = leaf().signed_by(&middle);
        book.case(format!("usage/extended-{name}-critical-of-the-intermediate"), &[&certificate, &middle], &[&root]);
        let authority = forge.authority("Usage Root").with(extended_key_usage(usages)).self_signed();
        let certificate = leaf().signed_by(&authority);
        book.case(format!("usage/extended-{name}-of-the-root"), &[&certificate], &[&authority]);
    }
    let absent = leaf().without(EXTENDED_KEY_USAGE).signed_by(&book.middle);
    book.leaf("usage/extended-absent", &absent);
    let empty = leaf().with(extension(EXTENDED_KEY_USAGE, false, &seq(&[]))).signed_by(&book.middle);
    book.leaf("usage/extended-empty", &empty);
    let malformed = leaf().with(extension(EXTENDED_KEY_USAGE, false, b"what")).signed_by(&book.middle);
    book.leaf("usage/extended-malformed", &malformed);

    let rsa = forge.shared_key(Kind::Rsa(2048));
    for (name, bits) in [
        ("signature", vec![DIGITAL_SIGNATURE]),
        ("signature-and-encipherment", vec![DIGITAL_SIGNATURE, KEY_ENCIPHERMENT]),
        ("encipherment", vec![KEY_ENCIPHERMENT]),
        ("agreement", vec![KEY_AGREEMENT]),
        ("cert-sign", vec![KEY_CERT_SIGN]),
        ("cert-sign-and-crl-sign", vec![KEY_CERT_SIGN, CRL_SIGN]),
        ("non-repudiation", vec![1]),
        ("empty", vec![]),
    ] {
        let certificate = leaf().with(key_usage(&bits)).signed_by(&book.middle);
        book.leaf(format!("usage/key-{name}"), &certificate);
        book.case(format!("usage/key-{name}-trusted-itself"), &[&certificate], &[&certificate]);
        let certificate = leaf().key(&rsa).with(key_usage(&bits)).signed_by(&book.middle);
        book.leaf(format!("usage/key-{name}-rsa"), &certificate);
        let authority = leaf().with(basic_constraints(true, None)).with(key_usage(&bits));
        book.leaf(format!("usage/authority-as-leaf-key-{name}"), &authority.signed_by(&root.clone()));
        let certificate = leaf().with(basic_constraints(true, None)).with(key_usage(&bits)).signed_by(&book.middle);
        book.leaf(format!("usage/authority-below-intermediate-as-leaf-key-{name}"), &certificate);
        let certificate = leaf().with(basic_constraints(true, None)).with(key_usage(&bits)).self_signed();
        book.case(format!("usage/self-signed-authority-as-leaf-key-{name}"), &[&certificate], &[&certificate]);
    }
    let certificate = leaf().with(basic_constraints(true, None)).signed_by(&book.middle);
    book.leaf("usage/authority-as-leaf", &certificate);
    let certificate = leaf().with(basic_constraints(true, Some(0))).signed_by(&book.middle);
    book.leaf("usage/authority-of-length-zero-as-leaf", &certificate);
    let certificate = leaf().without(BASIC_CONSTRAINTS).signed_by(&book.middle);
    book.leaf("usage/leaf-without-basic-constraints", &certificate);
    let certificate =
        leaf().with(extension(BASIC_CONSTRAINTS, false, &seq(&[crate::der::int(&[0])]))).signed_by(&book.middle);
    book.leaf("usage/leaf-with-a-path-length", &certificate);
    let odd_bits = extension("2.5.29.15", true, &crate::der::tlv(3, &[0, 0x80]));
    book.leaf("usage/key-signature-with-trailing-zeros", &leaf().with(odd_bits).signed_by(&book.middle));
    let malformed = extension("2.5.29.15", true, b"what");
    book.leaf("usage/key-malformed", &leaf().with(malformed).signed_by(&book.middle));
    let lenient = extension("2.5.29.15", false, &crate::der::named_bits(&[KEY_ENCIPHERMENT]));
    book.leaf("usage/key-encipherment-not-critical", &leaf().with(lenient).signed_by(&book.middle));

    for (name, bits) in
        [("client", vec![0]), ("server", vec![1]), ("both", vec![0, 1]), ("authority", vec![5]), ("empty", vec![])]
    {
        let certificate = leaf().with(netscape_type(&bits)).signed_by(&book.middle);
        book.leaf(format!("usage/netscape-{name}"), &certificate);
        let certificate = leaf().without(EXTENDED_KEY_USAGE).with(netscape_type(&bits)).signed_by(&book.middle);
        book.leaf(format!("usage/netscape-{name}-without-extended"), &certificate);
        let middle = forge.authority("Usage CA").with(netscape_type(&bits)).signed_by(&root);
        let certificate = leaf().signed_by(&middle);
        book.case(format!("usage/netscape-{name}-of-the-intermediate"), &[&certificate, &middle], &[&root]);
        let middle = forge.authority("Usage CA").without(BASIC_CONSTRAINTS).with(netscape_type(&bits)).signed_by(&root);
        let certificate = leaf().signed_by(&middle);
        book.case(
            format!("usage/netscape-{name}-of-the-intermediate-without-basic-constraints"),
            &[&certificate, &middle],
            &[&root],
        );
    }
    let critical = extension("2.16.840.1.113730.1.1", true, &crate::der::named_bits(&[1]));
    book.leaf("usage/netscape-server-critical", &leaf().with(critical).signed_by(&book.middle));
    let names = alternative_names(&[dns(EXPECTED)]);
    let critical = extension("2.16.840.1.113730.1.13", true, &crate::der::utf8("a comment"));
    book.leaf("usage/netscape-comment-critical", &leaf().with(names).with(critical).signed_by(&book.middle));
}
