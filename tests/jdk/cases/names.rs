//! Which names a certificate stands for.

use super::{Book, Case};
use crate::der::{Der, seq, tlv, utf8};
use crate::forge::{
    COMMON_NAME, EXPECTED, ORGANISATION, SUBJECT_ALTERNATIVE_NAME, alternative_names, cn, critical_alternative_names,
    directory, dn, dns, email, extension, ip, other_name, uri,
};

/// Asked of the trust manager for every certificate here, as the dialled host.
const ASKED: &[&str] = &[
    EXPECTED,
    "ES-1.Lab.Example",
    "es-1.lab.example.",
    "es-2.lab.example",
    "es-1.other.example",
    "a.es-1.lab.example",
    "lab.example",
    "example",
    "es_1.lab.example",
    "-es.lab.example",
    "xn--bcher-kva.lab.example",
    "b\u{fc}cher.lab.example",
    "xn--es-1-6na.lab.example",
    "es-1",
    "es",
    "localhost",
    "127.0.0.1",
    "10.1.2.3",
    "::1",
    "0:0:0:0:0:0:0:1",
    "2001:db8::7",
    "[2001:db8::7]",
    "com",
    "co.uk",
    "es.co.uk",
    "es-1.github.io",
];

/// Asked of the trust manager for every certificate here, as the server name.
const AS_SERVER_NAME: &[&str] = &[
    "es-2.lab.example",
    "es-1.lab.example.",
    "es_1.lab.example",
    "-es.lab.example",
    "b\u{fc}cher.lab.example",
    "es-1",
    "127.0.0.1",
    "::1",
];

pub fn write(book: &mut Book<'_>) {
    let common = |name: &str| cn(name);
    let unnamed = || cn("node");
    for (name, names) in [
        ("dns", vec![dns(EXPECTED)]),
        ("dns-another", vec![dns("es-2.lab.example")]),
        ("dns-localhost", vec![dns("localhost")]),
        ("dns-several", vec![dns("es-9.lab.example"), dns("localhost"), dns(EXPECTED)]),
        ("dns-upper-case", vec![dns("ES-1.LAB.EXAMPLE")]),
        ("dns-trailing-dot", vec![dns("es-1.lab.example.")]),
        ("dns-leading-dot", vec![dns(".lab.example")]),
        ("dns-leading-space", vec![dns(" es-1.lab.example")]),
        ("dns-trailing-space", vec![dns("es-1.lab.example ")]),
        ("dns-double-dot", vec![dns("es-1..lab.example")]),
        ("dns-underscore", vec![dns("es_1.lab.example"), dns(EXPECTED)]),
        ("dns-underscore-only", vec![dns("es_1.lab.example")]),
        ("dns-empty-beside", vec![dns(""), dns(EXPECTED)]),
        ("dns-blank-beside", vec![dns(" "), dns(EXPECTED)]),
        ("dns-not-ascii-beside", vec![tlv(0x82, b"b\xfccher.lab.example"), dns(EXPECTED)]),
        ("dns-starts-with-a-digit", vec![dns("1es.lab.example"), dns(EXPECTED)]),
        ("dns-starts-with-a-hyphen", vec![dns("-es.lab.example"), dns(EXPECTED)]),
        ("dns-punycode", vec![dns("xn--bcher-kva.lab.example")]),
        ("dns-nul", vec![dns("es-1.lab.example\0.evil.example")]),
        ("dns-one-label", vec![dns("es-1")]),
        ("dns-is-an-address", vec![dns("127.0.0.1")]),
        ("dns-is-an-address-of-six", vec![dns("::1")]),
        ("wildcard", vec![dns("*.lab.example")]),
        ("wildcard-upper-case", vec![dns("*.LAB.EXAMPLE")]),
        ("wildcard-too-shallow", vec![dns("*.example")]),
        ("wildcard-too-deep", vec![dns("*.eu.lab.example")]),
        ("wildcard-of-itself", vec![dns("*.es-1.lab.example")]),
        ("wildcard-alone", vec![dns("*")]),
        ("wildcard-dot", vec![dns("*.")]),
        ("wildcard-alone-beside", vec![dns("*"), dns(EXPECTED)]),
        ("wildcard-before-a-hyphen", vec![dns("es-*.lab.example")]),
        ("wildcard-at-the-start", vec![dns("*-1.lab.example")]),
        ("wildcard-inside", vec![dns("e*1.lab.example")]),
        ("wildcard-inside-of-nothing", vec![dns("es-1*.lab.example")]),
        ("wildcard-twice-in-a-label", vec![dns("*s*.lab.example")]),
        ("wildcard-middle", vec![dns("es-1.*.example")]),
        ("wildcard-last", vec![dns("es-1.lab.*")]),
        ("wildcard-left-and-middle", vec![dns("*.*.example")]),
        ("wildcard-everywhere", vec![dns("*.*.*")]),
        ("wildcard-one-label", vec![dns("es*")]),
        ("wildcard-in-punycode", vec![dns("xn--*.lab.example")]),
        ("wildcard-public-suffix", vec![dns("*.com"), dns("*.co.uk"), dns("*.github.io")]),
        ("wildcard-trailing-dot", vec![dns("*.lab.example.")]),
        ("address", vec![ip("127.0.0.1")]),
        ("address-of-six", vec![ip("::1")]),
        ("addresses", vec![ip("127.0.0.1"), ip("2001:db8::7"), dns(EXPECTED)]),
        ("address-another", vec![ip("10.1.2.3")]),
        ("address-mapped", vec![ip("::ffff:127.0.0.1")]),
        ("address-of-five-bytes", vec![tlv(0x87, &[127, 0, 0, 1, 0]), dns(EXPECTED)]),
        ("email-only", vec![email("es-1@lab.example")]),
        ("email-is-the-name", vec![email(EXPECTED)]),
        ("uri-only", vec![uri("https://es-1.lab.example/")]),
        ("uri-relative-beside", vec![uri("es-1.lab.example"), dns(EXPECTED)]),
        ("directory-only", vec![directory(&cn(EXPECTED))]),
        ("other-name-only", vec![other_name(EXPECTED)]),
        ("other-name-beside", vec![other_name("es-1"), dns(EXPECTED)]),
        ("registered-id-beside", vec![tlv(0x88, &[0x2a, 3, 4]), dns(EXPECTED)]),
        ("x400-beside", vec![tlv(0xa3, &seq(&[])), dns(EXPECTED)]),
        ("unknown-kind-beside", vec![tlv(0x8a, b"what"), dns(EXPECTED)]),
        ("none-at-all", vec![]),
        ("a-thousand", (0..1000).map(|at| dns(&format!("n{at}.lab.example"))).chain([dns(EXPECTED)]).collect()),
    ] {
        let leaf = book.forge.leaf().subject(unnamed()).names(&names).signed_by(&book.middle);
        ask(book.leaf(format!("names/{name}"), &leaf));
        if name.starts_with("address")
            || name.contains("other-name")
            || name.ends_with("-only")
            || name == "none-at-all"
        {
            let leaf = book.forge.leaf().subject(common(EXPECTED)).names(&names).signed_by(&book.middle);
            ask(book.leaf(format!("names/common-beside-{name}"), &leaf));
        }
    }

    for (name, subject) in [
        ("common", common(EXPECTED)),
        ("common-localhost", common("localhost")),
        ("common-upper-case", common("ES-1.LAB.EXAMPLE")),
        ("common-trailing-dot", common("es-1.lab.example.")),
        ("common-wildcard", common("*.lab.example")),
        ("common-wildcard-partial", common("es-*.lab.example")),
        ("common-wildcard-middle", common("es-1.*.example")),
        ("common-underscore", common("es_1.lab.example")),
        ("common-address", common("127.0.0.1")),
        ("common-with-a-space", common(" es-1.lab.example")),
        ("common-not-ascii", common("b\u{fc}cher.lab.example")),
        ("common-printable", dn(&[(COMMON_NAME, tlv(0x13, EXPECTED.as_bytes()))])),
        ("common-teletex", dn(&[(COMMON_NAME, tlv(0x14, EXPECTED.as_bytes()))])),
        ("common-bmp", dn(&[(COMMON_NAME, tlv(0x1e, &wide(EXPECTED)))])),
        ("common-universal", dn(&[(COMMON_NAME, tlv(0x1c, &wider(EXPECTED)))])),
        ("common-first-of-two", dn(&[(COMMON_NAME, utf8(EXPECTED)), (COMMON_NAME, utf8("es-2.lab.example"))])),
        ("common-second-of-two", dn(&[(COMMON_NAME, utf8("es-2.lab.example")), (COMMON_NAME, utf8(EXPECTED))])),
        ("common-then-organisation", dn(&[(COMMON_NAME, utf8(EXPECTED)), (ORGANISATION, utf8("Lab"))])),
        ("organisation-then-common", dn(&[(ORGANISATION, utf8("Lab")), (COMMON_NAME, utf8(EXPECTED))])),
        ("common-in-one-rdn-with-another", one_rdn(&[(ORGANISATION, utf8("Lab")), (COMMON_NAME, utf8(EXPECTED))])),
        ("common-twice-in-one-rdn", one_rdn(&[(COMMON_NAME, utf8(EXPECTED)), (COMMON_NAME, utf8("es-2.lab.example"))])),
        ("organisation-only", dn(&[(ORGANISATION, utf8(EXPECTED))])),
        ("nothing", dn(&[])),
    ] {
        let draft = book.forge.leaf().subject(subject).without(SUBJECT_ALTERNATIVE_NAME);
        let leaf = draft.signed_by(&book.middle);
        ask(book.leaf(format!("names/{name}-without-alternative"), &leaf));
    }

    // A JDK takes 32,768 bytes in one message of a handshake.
    for (name, count) in [("just-small-enough", 1550), ("too-many-for-a-message", 1700)] {
        let names: Vec<Der> =
            (0..count).map(|at| dns(&format!("n{at:04}.lab.example"))).chain([dns(EXPECTED)]).collect();
        let leaf = book.forge.leaf().names(&names).signed_by(&book.middle);
        book.leaf(format!("names/{name}"), &leaf);
    }

    for (name, subject, names) in [
        ("empty-subject-critical", dn(&[]), critical_alternative_names(&[dns(EXPECTED)])),
        ("empty-subject-not-critical", dn(&[]), alternative_names(&[dns(EXPECTED)])),
        ("critical", cn("node"), critical_alternative_names(&[dns(EXPECTED)])),
        ("critical-other-name", cn(EXPECTED), critical_alternative_names(&[other_name(EXPECTED)])),
        ("malformed", cn(EXPECTED), extension(SUBJECT_ALTERNATIVE_NAME, false, b"not names")),
        ("malformed-critical", cn(EXPECTED), extension(SUBJECT_ALTERNATIVE_NAME, true, b"not names")),
        ("malformed-inside", cn(EXPECTED), extension(SUBJECT_ALTERNATIVE_NAME, false, &seq(&[vec![0x82, 0x40, b'e']]))),
        ("common-beside-another", cn(EXPECTED), alternative_names(&[dns("es-2.lab.example")])),
        ("common-beside-a-wildcard", cn(EXPECTED), alternative_names(&[dns("*.other.example")])),
    ] {
        let leaf = book.forge.leaf().subject(subject).with(names).signed_by(&book.middle);
        ask(book.leaf(format!("names/{name}"), &leaf));
    }
}

fn ask(case: &mut Case) {
    case.dial("127.0.0.1", Some(EXPECTED)).dial("localhost", None).dial("127.0.0.1", None);
    for name in ASKED {
        case.dial(name, None);
    }
    for name in AS_SERVER_NAME {
        case.dial("10.9.9.9", Some(name));
    }
}

fn one_rdn(attributes: &[(&str, Der)]) -> Der {
    let values: Vec<Der> =
        attributes.iter().map(|(kind, value)| seq(&[crate::der::oid(kind), value.clone()])).collect();
    seq(&[crate::der::set(&values)])
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn wider(text: &str) -> Vec<u8> {
    text.chars().flat_map(|letter| u32::from(letter).to_be_bytes()).collect()
}
