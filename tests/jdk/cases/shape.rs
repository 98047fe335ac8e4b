//! Odd encodings and extensions.

use super::{Book, Presented};
use crate::der::{Der, boolean, int, octets, seq, tlv, utf8};
use crate::forge::{
    ANY_USAGE, COMMON_NAME, Draft, EXPECTED, Extension, ORGANISATION, alternative_names, basic_constraints, cn,
    crl_distribution_points, dn, dns, extension, inhibit_any_policy, key_usage, oid_list, policies,
    require_explicit_policy, subject_key_id, unknown,
};

const NOT_LOADED: Presented = Presented::Nobody("OpenSSL does not load it");

const POLICY: &str = "1.3.6.1.4.1.55555.2";

pub fn write(book: &mut Book<'_>) {
    extensions(book);
    policy(book);
    serials(book);
    strings(book);
    versions(book);
}

/// The same oddity on a leaf, on an intermediate, on a root that is trusted, and on a leaf that is.
fn everywhere(book: &mut Book<'_>, name: &str, odd: impl for<'a> Fn(Draft<'a>) -> Draft<'a>) {
    let forge = book.forge;
    let root = book.root.clone();
    let leaf = odd(forge.leaf()).signed_by(&book.middle);
    book.leaf(format!("shape/{name}-leaf"), &leaf);
    book.case(format!("shape/{name}-leaf-trusted-itself"), &[&leaf], &[&leaf]);
    let middle = odd(forge.authority("Odd CA")).signed_by(&root);
    let leaf = forge.leaf().signed_by(&middle);
    book.case(format!("shape/{name}-intermediate"), &[&leaf, &middle], &[&root]);
    book.case(format!("shape/{name}-intermediate-trusted"), &[&leaf, &middle], &[&middle]);
    let root = odd(forge.authority("Odd Root")).self_signed();
    let leaf = forge.leaf().signed_by(&root);
    book.case(format!("shape/{name}-root"), &[&leaf], &[&root]);
    book.case(format!("shape/{name}-root-served"), &[&leaf, &root], &[&root]);
    let stranger = odd(forge.authority("Odd Stranger")).self_signed();
    let leaf = forge.leaf().signed_by(&book.middle);
    let (middle, root) = (book.middle.clone(), book.root.clone());
    book.case(format!("shape/{name}-stranger-served"), &[&leaf, &middle, &stranger], &[&root]);
    book.case(format!("shape/{name}-stranger-trusted"), &[&leaf, &middle], &[&stranger, &root]);
}

fn extensions(book: &mut Book<'_>) {
    type Make = fn() -> Extension;
    let rows: &[(&str, Make)] = &[
        ("unknown-critical", || unknown(true)),
        ("unknown", || unknown(false)),
        ("crl-points", || crl_distribution_points(false)),
        ("crl-points-critical", || crl_distribution_points(true)),
        ("freshest-crl-critical", || {
            extension(
                "2.5.29.46",
                true,
                &seq(&[seq(&[tlv(0xa0, &tlv(0xa0, &tlv(0x86, b"http://crl.lab.example/d")))])]),
            )
        }),
        ("authority-information-critical", || {
            let ocsp = seq(&[crate::der::oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, b"http://ocsp.lab.example/")]);
            extension("1.3.6.1.5.5.7.1.1", true, &seq(&[ocsp]))
        }),
        ("subject-information-critical", || {
            let place = seq(&[crate::der::oid("1.3.6.1.5.5.7.48.5"), tlv(0x86, b"http://ca.lab.example/")]);
            extension("1.3.6.1.5.5.7.1.11", true, &seq(&[place]))
        }),
        ("must-staple", || extension("1.3.6.1.5.5.7.1.24", false, &seq(&[int(&[5])]))),
        ("must-staple-critical", || extension("1.3.6.1.5.5.7.1.24", true, &seq(&[int(&[5])]))),
        ("private-key-period-critical", || extension("2.5.29.16", true, &seq(&[tlv(0x81, b"20200101000000Z")]))),
        ("private-key-period-over", || extension("2.5.29.16", false, &seq(&[tlv(0x81, b"20200101000000Z")]))),
        ("issuer-alternative-critical", || extension("2.5.29.18", true, &seq(&[dns("ca.lab.example")]))),
        ("subject-directory-attributes-critical", || extension("2.5.29.9", true, &seq(&[]))),
        ("key-identifier-critical", || extension("2.5.29.14", true, &octets(&[3; 20]))),
        ("authority-identifier-critical", || extension("2.5.29.35", true, &seq(&[]))),
        ("authority-identifier-empty", || extension("2.5.29.35", false, &seq(&[]))),
        ("authority-identifier-malformed", || extension("2.5.29.35", false, b"what")),
        ("key-identifier-malformed", || extension("2.5.29.14", false, b"what")),
        ("key-identifier-malformed-critical", || extension("2.5.29.14", true, b"what")),
        ("crl-points-malformed", || extension("2.5.29.31", false, b"what")),
        ("policies-malformed", || extension("2.5.29.32", false, b"what")),
        ("basic-constraints-malformed", || extension("2.5.29.19", true, b"what")),
        ("basic-constraints-malformed-not-critical", || extension("2.5.29.19", false, b"what")),
        ("certificate-transparency-poison", || extension("1.3.6.1.4.1.11129.2.4.3", true, &crate::der::null())),
        ("unknown-empty", || extension("1.3.6.1.4.1.55555.1", false, &[])),
    ];
    for (name, make) in rows {
        everywhere(book, name, |draft| draft.with(make()));
    }
    everywhere(book, "unknown-twice", |draft| draft.with(unknown(false)).also(unknown(false)));
    everywhere(book, "key-identifier-twice", |draft| {
        draft.with(subject_key_id(&[1; 20])).also(subject_key_id(&[1; 20]))
    });
    everywhere(book, "usage-twice", |draft| draft.with(key_usage(&[0, 5])).also(key_usage(&[0, 5])));
    everywhere(book, "names-twice", |draft| {
        draft.names(&[dns(EXPECTED)]).also(alternative_names(&[dns("es-2.lab.example")]))
    });
    everywhere(book, "critical-said-false", |draft| {
        // DER leaves out what is the default.
        let value = seq(&[crate::der::oid("1.3.6.1.4.1.55555.1"), boolean(false), octets(&utf8("x"))]);
        draft.also(Extension::raw("1.3.6.1.4.1.55555.1", value))
    });
    everywhere(book, "no-extensions", |draft| draft.bare().without_any());
    everywhere(book, "usage-of-the-other-side", |draft| {
        draft.with(extension("2.5.29.37", false, &oid_list(&[ANY_USAGE]))).with(basic_constraints(true, None))
    });
}

fn policy(book: &mut Book<'_>) {
    everywhere(book, "policy", |draft| draft.with(policies(false, &[POLICY])));
    everywhere(book, "policy-critical", |draft| draft.with(policies(true, &[POLICY])));
    everywhere(book, "policy-any", |draft| draft.with(policies(false, &["2.5.29.32.0"])));
    everywhere(book, "policy-twice-named", |draft| draft.with(policies(false, &[POLICY, POLICY])));
    everywhere(book, "policy-mapping", |draft| {
        let pair = seq(&[crate::der::oid(POLICY), crate::der::oid("1.3.6.1.4.1.55555.3")]);
        draft.with(policies(false, &[POLICY])).with(extension("2.5.29.33", true, &seq(&[pair])))
    });
    everywhere(book, "inhibit-any-policy", |draft| draft.with(inhibit_any_policy(0)));

    let forge = book.forge;
    let root = book.root.clone();
    for skip in [0, 1, 2] {
        for (name, above, below) in [
            ("nowhere", None, None),
            ("in-both", Some(POLICY), Some(POLICY)),
            ("in-the-leaf", None, Some(POLICY)),
            ("in-the-intermediate", Some(POLICY), None),
            ("different", Some(POLICY), Some("1.3.6.1.4.1.55555.3")),
            ("any-above", Some("2.5.29.32.0"), Some(POLICY)),
            ("any-below", Some(POLICY), Some("2.5.29.32.0")),
        ] {
            let authority = forge.authority("Policy CA").with(require_explicit_policy(skip));
            let middle = add(authority, above).signed_by(&root);
            let leaf = add(forge.leaf(), below).signed_by(&middle);
            book.case(format!("shape/explicit-policy-{skip}-{name}"), &[&leaf, &middle], &[&root]);
            let authority =
                forge.authority("Policy CA").with(require_explicit_policy(skip)).with(inhibit_any_policy(0));
            let middle = add(authority, above).signed_by(&root);
            let leaf = add(forge.leaf(), below).signed_by(&middle);
            book.case(format!("shape/explicit-policy-{skip}-{name}-any-inhibited"), &[&leaf, &middle], &[&root]);
        }
    }
    everywhere(book, "explicit-policy-0", |draft| draft.with(require_explicit_policy(0)));
}

fn serials(book: &mut Book<'_>) {
    for (name, serial) in [
        ("zero", vec![0]),
        ("negative", vec![0x80, 1]),
        ("minus-one", vec![0xff]),
        ("of-20-bytes", vec![0x7f; 20]),
        ("of-21-bytes", vec![0x7f; 21]),
        ("of-40-bytes", vec![0x7f; 40]),
        ("with-leading-zeros", vec![0, 0, 1]),
        ("empty", vec![]),
    ] {
        if ["with-leading-zeros", "empty"].contains(&name) {
            not_loaded(book, &format!("serial-{name}"), |draft| draft.serial(&serial));
        } else {
            everywhere(book, &format!("serial-{name}"), |draft| draft.serial(&serial));
        }
    }
}

fn add<'a>(draft: Draft<'a>, policy: Option<&str>) -> Draft<'a> {
    match policy {
        Some(policy) => draft.with(policies(false, &[policy])),
        None => draft,
    }
}

/// As `everywhere`, but asked of the trust manager alone.
fn not_loaded(book: &mut Book<'_>, name: &str, odd: impl for<'a> Fn(Draft<'a>) -> Draft<'a>) {
    let from = book.cases.len();
    everywhere(book, name, odd);
    for case in &mut book.cases[from..] {
        case.presented(NOT_LOADED);
    }
}

/// Names that are the same to a reader and not the same bytes: RFC 5280 section 7.1.
fn strings(book: &mut Book<'_>) {
    let forge = book.forge;
    let printable = |text: &str| tlv(0x13, text.as_bytes());
    let teletex = |text: &str| tlv(0x14, text.as_bytes());
    let wide = |text: &str| tlv(0x1e, &text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>());
    let name = |value: Der| dn(&[(ORGANISATION, utf8("Lab")), (COMMON_NAME, value)]);
    let rows: Vec<(&str, Der, Der)> = vec![
        ("utf8-printable", name(utf8("Lab CA")), name(printable("Lab CA"))),
        ("printable-teletex", name(printable("Lab CA")), name(teletex("Lab CA"))),
        ("utf8-bmp", name(utf8("Lab CA")), name(wide("Lab CA"))),
        ("utf8-bmp-not-ascii", name(utf8("B\u{fc}cher CA")), name(wide("B\u{fc}cher CA"))),
        ("other-case", name(utf8("Lab CA")), name(utf8("LAB ca"))),
        ("other-case-printable", name(printable("Lab CA")), name(printable("LAB ca"))),
        ("more-space", name(utf8("Lab CA")), name(utf8("Lab   CA"))),
        ("space-around", name(utf8("Lab CA")), name(utf8(" Lab CA "))),
        ("composed", name(utf8("B\u{fc}cher CA")), name(utf8("Bu\u{308}cher CA"))),
        ("other-order", name(utf8("Lab CA")), dn(&[(COMMON_NAME, utf8("Lab CA")), (ORGANISATION, utf8("Lab"))])),
        ("other", name(utf8("Lab CA")), name(utf8("Lab CA 2"))),
        ("both-teletex", name(teletex("Lab CA")), name(teletex("Lab CA"))),
        ("both-bmp", name(wide("Lab CA")), name(wide("Lab CA"))),
        ("both-not-utf8", name(tlv(0x0c, b"Lab \xff CA")), name(tlv(0x0c, b"Lab \xff CA"))),
        ("both-empty-value", name(utf8("")), name(utf8(""))),
        (
            "both-unknown-attribute",
            dn(&[("1.3.6.1.4.1.55555.9", utf8("x"))]),
            dn(&[("1.3.6.1.4.1.55555.9", utf8("x"))]),
        ),
        (
            "unknown-attribute-other-string",
            dn(&[("1.3.6.1.4.1.55555.9", utf8("x"))]),
            dn(&[("1.3.6.1.4.1.55555.9", printable("x"))]),
        ),
        (
            "domain-component",
            dn(&[("0.9.2342.19200300.100.1.25", tlv(0x16, b"lab"))]),
            dn(&[("0.9.2342.19200300.100.1.25", tlv(0x16, b"LAB"))]),
        ),
    ];
    let from = book.cases.len();
    for (row, subject, issuer) in rows {
        let root = book.root.clone();
        let middle = forge.authority("-").subject(subject.clone()).signed_by(&root);
        let leaf = forge.leaf().issuer(issuer.clone()).signed_by(&middle);
        book.case(format!("shape/strings-{row}-intermediate"), &[&leaf, &middle], &[&root]);
        book.case(format!("shape/strings-{row}-intermediate-trusted"), &[&leaf, &middle], &[&middle]);
        let own = forge.authority("-").subject(subject.clone()).self_signed();
        let leaf = forge.leaf().issuer(issuer.clone()).signed_by(&own);
        book.case(format!("shape/strings-{row}-root"), &[&leaf], &[&own]);
        book.case(format!("shape/strings-{row}-root-served"), &[&leaf, &own], &[&own]);
        let own = forge.authority("-").subject(subject).issuer(issuer.clone()).self_signed();
        let leaf = forge.leaf().issuer(issuer).signed_by(&own);
        book.case(format!("shape/strings-{row}-self-issued-root"), &[&leaf], &[&own]);
    }
    for case in book.cases[from..].iter_mut().filter(|case| case.name.contains("not-utf8")) {
        case.presented(NOT_LOADED);
    }
}

fn versions(book: &mut Book<'_>) {
    let forge = book.forge;
    let leaf = forge.leaf().subject(cn(EXPECTED)).version_1().signed_by(&book.middle);
    book.leaf("shape/version-1-leaf", &leaf);
    book.case("shape/version-1-leaf-trusted-itself", &[&leaf], &[&leaf]);
    let leaf = forge.leaf().subject(cn(EXPECTED)).version_1().self_signed();
    book.case("shape/version-1-self-signed-trusted", &[&leaf], &[&leaf]);
    everywhere(book, "version-2-with-extensions", |draft| draft.version(1));
    everywhere(book, "version-4", |draft| draft.version(3));
}
