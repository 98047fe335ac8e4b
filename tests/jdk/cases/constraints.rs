//! What an authority may sign: basic constraints, key usage and name constraints.

use super::{Book, Case};
use crate::der::{Der, boolean, seq, utf8};
use crate::forge::{
    BASIC_CONSTRAINTS, COMMON_NAME, CRL_SIGN, Certificate, DIGITAL_SIGNATURE, EXPECTED, KEY_CERT_SIGN, KEY_USAGE,
    ORGANISATION, SUBJECT_ALTERNATIVE_NAME, alternative_names, basic_constraints, cn, directory, dn, dns, email,
    extension, ip, key_usage, name_constraints, other_name, uri,
};

pub fn write(book: &mut Book<'_>) {
    authorities(book);
    lengths(book);
    names(book);
}

fn authorities(book: &mut Book<'_>) {
    let forge = book.forge;
    let root = book.root.clone();
    let authority = || forge.authority("Odd CA");
    let encoded_false = extension(BASIC_CONSTRAINTS, true, &seq(&[boolean(false)]));
    for (name, draft) in [
        ("not-an-authority", authority().with(basic_constraints(false, None))),
        ("not-an-authority-said-so", authority().with(encoded_false)),
        ("without-basic-constraints", authority().without(BASIC_CONSTRAINTS)),
        (
            "basic-constraints-not-critical",
            authority().with(extension(BASIC_CONSTRAINTS, false, &seq(&[boolean(true)]))),
        ),
        ("without-key-usage", authority().without(KEY_USAGE)),
        ("key-usage-without-cert-sign", authority().with(key_usage(&[DIGITAL_SIGNATURE, CRL_SIGN]))),
        ("key-usage-empty", authority().with(key_usage(&[]))),
        ("key-usage-with-more", authority().with(key_usage(&[DIGITAL_SIGNATURE, KEY_CERT_SIGN]))),
        ("version-1", authority().version_1()),
        ("without-anything", forge.draft(cn("Odd CA")).bare()),
    ] {
        let odd = draft.signed_by(&root);
        let leaf = forge.leaf().signed_by(&odd);
        book.case(format!("constraints/intermediate-{name}"), &[&leaf, &odd], &[&root]);
        book.case(format!("constraints/intermediate-{name}-trusted"), &[&leaf, &odd], &[&odd]);
        let lower = forge.authority("Lower CA").signed_by(&odd);
        let leaf = forge.leaf().signed_by(&lower);
        book.case(format!("constraints/upper-{name}"), &[&leaf, &lower, &odd], &[&root]);
    }
    let authority = || forge.authority("Odd Root");
    for (name, draft) in [
        ("not-an-authority", authority().with(basic_constraints(false, None))),
        ("without-basic-constraints", authority().without(BASIC_CONSTRAINTS)),
        ("without-key-usage", authority().without(KEY_USAGE)),
        ("key-usage-without-cert-sign", authority().with(key_usage(&[DIGITAL_SIGNATURE]))),
        ("version-1", authority().version_1()),
        ("without-anything", forge.draft(cn("Odd Root")).bare()),
    ] {
        let odd = draft.self_signed();
        let middle = forge.authority("Lab Issuing CA").signed_by(&odd);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("constraints/root-{name}"), &[&leaf, &middle], &[&odd]);
        book.case(format!("constraints/root-{name}-served"), &[&leaf, &middle, &odd], &[&odd]);
        let leaf = forge.leaf().signed_by(&odd);
        book.case(format!("constraints/root-{name}-of-the-leaf"), &[&leaf], &[&odd]);
    }
}

fn lengths(book: &mut Book<'_>) {
    let forge = book.forge;
    let limited = |name: &str, length, issuer: &Certificate| {
        forge.authority(name).with(basic_constraints(true, Some(length))).signed_by(issuer)
    };
    let root = book.root.clone();

    let zero = limited("Zero CA", 0, &root);
    let leaf = forge.leaf().signed_by(&zero);
    book.case("length/zero-kept", &[&leaf, &zero], &[&root]);
    let lower = forge.authority("Lower CA").signed_by(&zero);
    let leaf = forge.leaf().signed_by(&lower);
    book.case("length/zero-violated", &[&leaf, &lower, &zero], &[&root]);
    book.case("length/zero-violated-out-of-order", &[&leaf, &zero, &lower], &[&root]);
    book.case("length/zero-violated-but-trusted", &[&leaf, &lower, &zero], &[&zero]);
    book.case("length/zero-violated-but-trusted-not-served", &[&leaf, &lower], &[&zero]);
    // A leaf that is an authority counts as the end of the path.
    let authority = forge.authority("es-1").with(alternative_names(&[dns(EXPECTED)]));
    let leaf = authority.with(key_usage(&[DIGITAL_SIGNATURE, KEY_CERT_SIGN])).signed_by(&zero);
    book.case("length/zero-and-a-leaf-that-is-an-authority", &[&leaf, &zero], &[&root]);

    let one = limited("One CA", 1, &root);
    let second = forge.authority("Second CA").signed_by(&one);
    let leaf = forge.leaf().signed_by(&second);
    book.case("length/one-kept", &[&leaf, &second, &one], &[&root]);
    let third = forge.authority("Third CA").signed_by(&second);
    let leaf = forge.leaf().signed_by(&third);
    book.case("length/one-violated", &[&leaf, &third, &second, &one], &[&root]);
    let wider = limited("Wider CA", 5, &zero);
    let leaf = forge.leaf().signed_by(&wider);
    book.case("length/zero-then-more", &[&leaf, &wider, &zero], &[&root]);

    // Self-issued: the same name above and below, which RFC 5280 does not count.
    let again = forge.authority("Zero CA").signed_by(&zero);
    let leaf = forge.leaf().signed_by(&again);
    book.case("length/zero-and-self-issued", &[&leaf, &again, &zero], &[&root]);
    let lower = forge.authority("Lower CA").signed_by(&again);
    let leaf = forge.leaf().signed_by(&lower);
    book.case("length/zero-self-issued-then-another", &[&leaf, &lower, &again, &zero], &[&root]);

    for (name, length) in [("zero", 0), ("one", 1)] {
        let root = forge.authority("Short Root").with(basic_constraints(true, Some(length))).self_signed();
        let middle = forge.authority("Lab Issuing CA").signed_by(&root);
        let lower = forge.authority("Lower CA").signed_by(&middle);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("length/root-{name}-one-below"), &[&leaf, &middle], &[&root]);
        let leaf = forge.leaf().signed_by(&lower);
        book.case(format!("length/root-{name}-two-below"), &[&leaf, &lower, &middle], &[&root]);
        book.case(format!("length/root-{name}-two-below-served"), &[&leaf, &lower, &middle, &root], &[&root]);
    }
}

/// Its name, what is permitted and excluded, and the leaf's subject and alternative names.
type Row = (&'static str, Vec<Der>, Vec<Der>, Der, Vec<Der>);

fn names(book: &mut Book<'_>) {
    let subnet = |address: [u8; 4], mask: [u8; 4]| crate::der::tlv(0x87, &[address, mask].concat());
    let subnet_of_six = |prefix: u8| {
        let mut bytes = [0_u8; 32];
        bytes[0] = prefix;
        bytes[16] = 0xff;
        crate::der::tlv(0x87, &bytes)
    };
    let organisation = |name: &str| dn(&[(ORGANISATION, utf8(name))]);
    let member = |organisation: &str| dn(&[(ORGANISATION, utf8(organisation)), (COMMON_NAME, utf8("es-1"))]);
    let host = || vec![dns(EXPECTED)];
    let node = || cn("es-1");

    let rows: Vec<Row> = vec![
        ("dns-permitted", vec![dns("lab.example")], vec![], node(), host()),
        ("dns-permitted-exactly", vec![dns(EXPECTED)], vec![], node(), host()),
        ("dns-permitted-upper-case", vec![dns("LAB.Example")], vec![], node(), host()),
        ("dns-permitted-elsewhere", vec![dns("other.example")], vec![], node(), host()),
        ("dns-permitted-one-of-two", vec![dns("other.example"), dns("lab.example")], vec![], node(), host()),
        ("dns-permitted-leading-dot", vec![dns(".lab.example")], vec![], node(), host()),
        ("dns-permitted-leading-dot-of-itself", vec![dns(".es-1.lab.example")], vec![], node(), host()),
        ("dns-permitted-trailing-dot", vec![dns("lab.example.")], vec![], node(), host()),
        ("dns-permitted-part-of-a-label", vec![dns("ab.example")], vec![], node(), host()),
        ("dns-permitted-empty", vec![dns("")], vec![], node(), host()),
        ("dns-permitted-wildcard", vec![dns("*.lab.example")], vec![], node(), host()),
        (
            "dns-permitted-one-name-outside",
            vec![dns("lab.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), dns("es-1.other.example")],
        ),
        ("dns-permitted-wildcard-name", vec![dns("lab.example")], vec![], node(), vec![dns("*.lab.example")]),
        (
            "dns-permitted-wildcard-name-wider",
            vec![dns("es-1.lab.example")],
            vec![],
            node(),
            vec![dns("*.lab.example")],
        ),
        (
            "dns-permitted-and-an-address",
            vec![dns("lab.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        ("dns-permitted-no-dns-name", vec![dns("lab.example")], vec![], node(), vec![ip("127.0.0.1")]),
        ("dns-permitted-common-inside", vec![dns("lab.example")], vec![], cn(EXPECTED), vec![]),
        ("dns-permitted-common-outside", vec![dns("other.example")], vec![], cn(EXPECTED), vec![]),
        ("dns-permitted-common-no-host-name", vec![dns("other.example")], vec![], cn("Node 1 of the lab"), vec![]),
        ("dns-permitted-common-one-label", vec![dns("other.example")], vec![], node(), vec![]),
        (
            "dns-permitted-common-outside-address-beside",
            vec![dns("other.example")],
            vec![],
            cn(EXPECTED),
            vec![ip("127.0.0.1")],
        ),
        (
            "dns-permitted-common-outside-name-inside",
            vec![dns("lab.example")],
            vec![],
            cn("es-1.other.example"),
            host(),
        ),
        ("dns-excluded", vec![], vec![dns("lab.example")], node(), host()),
        ("dns-excluded-elsewhere", vec![], vec![dns("other.example")], node(), host()),
        ("dns-excluded-exactly", vec![], vec![dns(EXPECTED)], node(), host()),
        ("dns-excluded-below", vec![], vec![dns("a.es-1.lab.example")], node(), host()),
        ("dns-excluded-leading-dot", vec![], vec![dns(".lab.example")], node(), host()),
        ("dns-excluded-part-of-a-label", vec![], vec![dns("ab.example")], node(), host()),
        ("dns-excluded-empty", vec![], vec![dns("")], node(), host()),
        (
            "dns-excluded-covered-by-wildcard-name",
            vec![],
            vec![dns("es-1.lab.example")],
            node(),
            vec![dns("*.lab.example")],
        ),
        ("dns-excluded-common", vec![], vec![dns("lab.example")], cn(EXPECTED), vec![]),
        ("dns-permitted-and-excluded", vec![dns("lab.example")], vec![dns(EXPECTED)], node(), host()),
        (
            "address-permitted",
            vec![subnet([127, 0, 0, 0], [255, 0, 0, 0])],
            vec![],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        (
            "address-permitted-elsewhere",
            vec![subnet([10, 0, 0, 0], [255, 0, 0, 0])],
            vec![],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        ("address-permitted-no-address", vec![subnet([10, 0, 0, 0], [255, 0, 0, 0])], vec![], node(), host()),
        (
            "address-permitted-other-family",
            vec![subnet_of_six(0x20)],
            vec![],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        ("address-permitted-six", vec![subnet_of_six(0x20)], vec![], node(), vec![dns(EXPECTED), ip("2001:db8::7")]),
        (
            "address-permitted-odd-mask",
            vec![subnet([127, 0, 0, 0], [255, 0, 255, 0])],
            vec![],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        (
            "address-permitted-common-is-outside",
            vec![subnet([10, 0, 0, 0], [255, 0, 0, 0])],
            vec![],
            cn("127.0.0.1"),
            vec![],
        ),
        (
            "address-excluded",
            vec![],
            vec![subnet([127, 0, 0, 0], [255, 0, 0, 0])],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        (
            "address-excluded-elsewhere",
            vec![],
            vec![subnet([10, 0, 0, 0], [255, 0, 0, 0])],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        (
            "address-excluded-everything",
            vec![],
            vec![subnet([0; 4], [0; 4])],
            node(),
            vec![dns(EXPECTED), ip("127.0.0.1")],
        ),
        ("address-excluded-everything-no-address", vec![], vec![subnet([0; 4], [0; 4])], node(), host()),
        ("address-of-five-bytes", vec![crate::der::tlv(0x87, &[127, 0, 0, 0, 255])], vec![], node(), host()),
        ("directory-permitted", vec![directory(&organisation("Lab"))], vec![], member("Lab"), host()),
        ("directory-permitted-other-case", vec![directory(&organisation("LAB"))], vec![], member("Lab"), host()),
        ("directory-permitted-elsewhere", vec![directory(&organisation("Other"))], vec![], member("Lab"), host()),
        ("directory-permitted-subject-without", vec![directory(&organisation("Lab"))], vec![], node(), host()),
        ("directory-permitted-empty-subject", vec![directory(&organisation("Lab"))], vec![], dn(&[]), host()),
        (
            "directory-permitted-name-outside",
            vec![directory(&organisation("Lab"))],
            vec![],
            member("Lab"),
            vec![dns(EXPECTED), directory(&member("Other"))],
        ),
        ("directory-excluded", vec![], vec![directory(&organisation("Lab"))], member("Lab"), host()),
        ("directory-excluded-elsewhere", vec![], vec![directory(&organisation("Other"))], member("Lab"), host()),
        ("directory-excluded-empty", vec![], vec![directory(&dn(&[]))], member("Lab"), host()),
        ("email-permitted", vec![email("lab.example")], vec![], node(), vec![dns(EXPECTED), email("es@lab.example")]),
        (
            "email-permitted-elsewhere",
            vec![email("other.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), email("es@lab.example")],
        ),
        ("email-permitted-no-email", vec![email("other.example")], vec![], node(), host()),
        (
            "email-permitted-leading-dot",
            vec![email(".example")],
            vec![],
            node(),
            vec![dns(EXPECTED), email("es@lab.example")],
        ),
        (
            "email-permitted-mailbox",
            vec![email("es@lab.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), email("es@lab.example")],
        ),
        ("email-excluded", vec![], vec![email("lab.example")], node(), vec![dns(EXPECTED), email("es@lab.example")]),
        (
            "email-permitted-in-subject-outside",
            vec![email("other.example")],
            vec![],
            dn(&[("1.2.840.113549.1.9.1", crate::der::tlv(0x16, b"es@lab.example"))]),
            host(),
        ),
        ("uri-permitted", vec![uri("lab.example")], vec![], node(), vec![dns(EXPECTED), uri("https://lab.example/x")]),
        (
            "uri-permitted-leading-dot",
            vec![uri(".lab.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), uri("https://es-1.lab.example/x")],
        ),
        (
            "uri-permitted-elsewhere",
            vec![uri("other.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), uri("https://lab.example/x")],
        ),
        ("uri-permitted-no-uri", vec![uri("other.example")], vec![], node(), host()),
        ("uri-permitted-not-a-host", vec![uri("https://lab.example/")], vec![], node(), host()),
        ("uri-excluded", vec![], vec![uri("lab.example")], node(), vec![dns(EXPECTED), uri("https://lab.example/x")]),
        ("other-name-permitted", vec![other_name("es-1")], vec![], node(), host()),
        (
            "other-name-permitted-and-named",
            vec![other_name("es-1")],
            vec![],
            node(),
            vec![dns(EXPECTED), other_name("es-1")],
        ),
        ("other-name-excluded", vec![], vec![other_name("es-1")], node(), host()),
        (
            "other-name-excluded-and-named",
            vec![],
            vec![other_name("es-1")],
            node(),
            vec![dns(EXPECTED), other_name("es-2")],
        ),
        (
            "dns-permitted-other-name-beside",
            vec![dns("lab.example")],
            vec![],
            node(),
            vec![dns(EXPECTED), other_name("es-1")],
        ),
        ("registered-id-permitted", vec![crate::der::tlv(0x88, &[0x2a, 3])], vec![], node(), host()),
        ("nothing", vec![], vec![], node(), host()),
    ];
    let forge = book.forge;
    for (name, permitted, excluded, subject, names) in rows {
        let leaf = |issuer: &Certificate| {
            let draft = forge.leaf().subject(subject.clone());
            let draft = if names.is_empty() { draft.without(SUBJECT_ALTERNATIVE_NAME) } else { draft.names(&names) };
            draft.signed_by(issuer)
        };
        let root = book.root.clone();
        let constraint = || name_constraints(&permitted, &excluded);
        let authority = || {
            let subject = if name.starts_with("directory") {
                dn(&[(ORGANISATION, utf8("Lab")), (COMMON_NAME, utf8("CA"))])
            } else {
                cn("Constrained CA")
            };
            forge.authority("-").subject(subject).with(constraint())
        };
        let middle = authority().signed_by(&root);
        ask(book.case(format!("name-constraints/{name}"), &[&leaf(&middle), &middle], &[&root]));
        // As the first and as the second of two.
        let lower = forge.authority("Lower CA").subject(middle.subject.clone()).signed_by(&middle);
        book.case(format!("name-constraints/{name}-from-above"), &[&leaf(&lower), &lower, &middle], &[&root]);
        let root = authority().self_signed();
        book.case(format!("name-constraints/{name}-in-the-root"), &[&leaf(&root)], &[&root]);
        book.case(format!("name-constraints/{name}-in-the-root-served"), &[&leaf(&root), &root], &[&root]);
        book.case(
            format!("name-constraints/{name}-in-the-trusted-intermediate"),
            &[&leaf(&middle), &middle],
            &[&middle],
        );
    }

    let root = book.root.clone();
    let outer = forge.authority("Outer CA").with(name_constraints(&[dns("example")], &[])).signed_by(&root);
    for (name, inner) in [("narrower", "lab.example"), ("other", "other.example"), ("wider", "")] {
        let inner = forge.authority("Inner CA").with(name_constraints(&[dns(inner)], &[])).signed_by(&outer);
        let leaf = forge.leaf().signed_by(&inner);
        book.case(format!("name-constraints/nested-{name}"), &[&leaf, &inner, &outer], &[&root]);
    }
    let outer = forge.authority("Outer CA").with(name_constraints(&[dns("other.example")], &[])).signed_by(&root);
    let inner = forge.authority("Inner CA").with(name_constraints(&[dns("lab.example")], &[])).signed_by(&outer);
    let leaf = forge.leaf().signed_by(&inner);
    book.case("name-constraints/nested-disjoint", &[&leaf, &inner, &outer], &[&root]);
    let not_critical = extension("2.5.29.30", false, &seq(&[crate::der::tlv(0xa0, &seq(&[dns("other.example")]))]));
    let middle = forge.authority("Constrained CA").with(not_critical).signed_by(&root);
    let leaf = forge.leaf().signed_by(&middle);
    book.case("name-constraints/not-critical", &[&leaf, &middle], &[&root]);
    let on_the_leaf = forge.leaf().with(name_constraints(&[dns("other.example")], &[])).signed_by(&book.middle);
    book.leaf("name-constraints/on-the-leaf", &on_the_leaf);
    let minimum = crate::der::tlv(0xa0, &seq(&[dns("lab.example"), crate::der::tlv(0x80, &[1])]));
    let middle =
        forge.authority("Constrained CA").with(extension("2.5.29.30", true, &seq(&[minimum]))).signed_by(&root);
    let leaf = forge.leaf().signed_by(&middle);
    book.case("name-constraints/with-a-minimum", &[&leaf, &middle], &[&root]);
}

fn ask(case: &mut Case) {
    case.dial("127.0.0.1", None);
}
