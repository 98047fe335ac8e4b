//! Which certificates are served, in which order, and which are trusted.

use super::Book;
use crate::forge::{
    Certificate, EXPECTED, Forge, authority_by_serial, basic_constraints, cn, dn, dns, key_usage, subject_key_id,
};

pub fn write(book: &mut Book<'_>) {
    order(book);
    trust(book);
    alternatives(book);
    identifiers(book);
    leaves(book);
}

/// A root and this many intermediates below it, the lowest first.
fn ladder(forge: &Forge, count: usize) -> (Certificate, Vec<Certificate>) {
    let root = forge.authority("Ladder Root").self_signed();
    let mut rungs: Vec<Certificate> = Vec::new();
    for number in 0..count {
        let rung = forge.authority(&format!("Rung {number}")).signed_by(rungs.last().unwrap_or(&root));
        rungs.push(rung);
    }
    rungs.reverse();
    (root, rungs)
}

fn order(book: &mut Book<'_>) {
    let forge = book.forge;
    let (root, middle) = (book.root.clone(), book.middle.clone());
    let leaf = forge.leaf().signed_by(&middle);
    let lower = forge.authority("Lab Lower CA").signed_by(&middle);
    let deep = forge.leaf().signed_by(&lower);
    let strangers: Vec<Certificate> =
        (0..3).map(|number| forge.authority(&format!("Stranger {number}")).self_signed()).collect();

    book.case("chain/good", &[&leaf, &middle], &[&root]).dial("127.0.0.1", Some(EXPECTED));
    book.case("chain/root-served", &[&leaf, &middle, &root], &[&root]);
    book.case("chain/missing-intermediate", &[&leaf], &[&root]);
    book.case("chain/missing-intermediate-root-served", &[&leaf, &root], &[&root]);
    book.case("chain/two-intermediates", &[&deep, &lower, &middle], &[&root]);
    book.case("chain/two-intermediates-reversed", &[&deep, &middle, &lower], &[&root]);
    book.case("chain/all-reversed-behind-the-leaf", &[&deep, &root, &middle, &lower], &[&root]);
    book.case("chain/missing-lower", &[&deep, &middle], &[&root]);
    book.case("chain/missing-upper", &[&deep, &lower], &[&root]);
    let shuffled = [&deep, &strangers[0], &middle, &strangers[1], &lower, &strangers[2]];
    book.case("chain/shuffled-with-strangers", &shuffled, &[&root]);
    book.case("chain/strangers-behind", &[&leaf, &middle, &strangers[0], &strangers[1]], &[&root]);
    book.case("chain/leaf-twice", &[&leaf, &leaf, &middle], &[&root]);
    book.case("chain/intermediate-twice", &[&leaf, &middle, &middle], &[&root]);
    let twin = forge.leaf().signed_by(&middle);
    book.case("chain/another-leaf-behind", &[&leaf, &twin, &middle], &[&root]);
    book.case("chain/strangers-only", &[&leaf, &strangers[0]], &[&root]);
    book.case("chain/strangers-only-trusted", &[&leaf, &middle], &[&strangers[0], &strangers[1]]);
    book.case("chain/root-among-strangers-trusted", &[&leaf, &middle], &[&strangers[0], &root, &strangers[1]]);

    for count in [4, 5, 6, 7, 9] {
        let (root, rungs) = ladder(forge, count);
        let leaf = forge.leaf().signed_by(&rungs[0]);
        let served = |rungs: Vec<&Certificate>| [vec![&leaf], rungs].concat().into_iter().cloned().collect::<Vec<_>>();
        let orders: [(&str, Vec<Certificate>); 5] = [
            ("in-order", served(rungs.iter().collect())),
            ("reversed", served(rungs.iter().rev().collect())),
            ("last-two-swapped", {
                let mut order: Vec<&Certificate> = rungs.iter().collect();
                order.swap(count - 1, count - 2);
                served(order)
            }),
            ("first-two-swapped", {
                let mut order: Vec<&Certificate> = rungs.iter().collect();
                order.swap(0, 1);
                served(order)
            }),
            ("in-order-with-root-and-stranger", served(rungs.iter().chain([&root, &strangers[0]]).collect())),
        ];
        for (name, served) in orders {
            book.case(format!("chain/{count}-intermediates-{name}"), &served.iter().collect::<Vec<_>>(), &[&root]);
        }
        let order: Vec<&Certificate> = std::iter::once(&leaf).chain(&rungs).collect();
        book.case(format!("chain/{count}-intermediates-lowest-trusted"), &order, &[&rungs[0]]);
        book.case(format!("chain/{count}-intermediates-middle-trusted"), &order, &[&rungs[2]]);
        let missing: Vec<&Certificate> = order.iter().copied().take(count).collect();
        book.case(format!("chain/{count}-intermediates-highest-missing"), &missing, &[&root]);
        book.case(format!("chain/{count}-intermediates-highest-trusted-not-served"), &missing, &[&rungs[count - 1]]);
        book.case(
            format!("chain/{count}-intermediates-all-trusted-none-served"),
            &[&leaf],
            &[&rungs.iter().collect::<Vec<_>>()[..], &[&root]].concat(),
        );
    }
}

fn trust(book: &mut Book<'_>) {
    let forge = book.forge;
    let (root, middle) = (book.root.clone(), book.middle.clone());
    let leaf = forge.leaf().signed_by(&middle);

    book.case("chain/intermediate-trusted", &[&leaf, &middle], &[&middle]);
    book.case("chain/intermediate-trusted-not-served", &[&leaf], &[&middle]);
    book.case("chain/intermediate-and-root-trusted-not-served", &[&leaf], &[&middle, &root]);
    book.case("chain/leaf-trusted", &[&leaf, &middle], &[&leaf]);
    book.case("chain/leaf-trusted-alone", &[&leaf], &[&leaf]).dial("localhost", None);
    book.case("chain/another-leaf-trusted", &[&leaf, &middle], &[&forge.leaf().signed_by(&middle)]);

    // The same name and key as the served certificate, in another certificate that is trusted.
    let renewed = forge.leaf().key(&leaf.key).serial(&[0x55, 0x66]).signed_by(&middle);
    book.case("chain/leaf-renewed-with-same-key-trusted", &[&leaf], &[&renewed]);
    book.case("chain/leaf-renewed-with-same-key-trusted-issuer-served", &[&leaf, &middle], &[&renewed]);
    let expired = forge.leaf().key(&leaf.key).days(-90, -1).signed_by(&middle);
    book.case("chain/leaf-expired-renewed-with-same-key-trusted", &[&expired], &[&leaf]);
    let elsewhere = forge.leaf().key(&leaf.key).self_signed();
    book.case("chain/leaf-of-same-name-and-key-self-signed-trusted", &[&leaf], &[&elsewhere]);
    let unnamed = forge.leaf().key(&leaf.key).names(&[dns("es-2.lab.example")]).signed_by(&middle);
    book.case("chain/leaf-of-same-name-and-key-for-another-host-trusted", &[&leaf], &[&unnamed]);
    book.case("chain/leaf-for-another-host-of-same-name-and-key-trusted", &[&unnamed], &[&leaf]);
    let stranger = forge.leaf().self_signed();
    book.case("chain/leaf-of-same-name-other-key-trusted", &[&leaf, &middle], &[&stranger]);
    book.case(
        "chain/leaf-of-same-key-other-name-trusted",
        &[&leaf],
        &[&forge.leaf().key(&leaf.key).subject(cn("other")).self_signed()],
    );

    let own = forge.leaf().self_signed();
    book.case("chain/self-signed-trusted", &[&own], &[&own]).dial("localhost", None);
    book.case("chain/self-signed-not-trusted", &[&own], &[&root]);
    let again = forge.leaf().key(&own.key).serial(&[0x77]).self_signed();
    book.case("chain/self-signed-renewed-with-same-key-trusted", &[&own], &[&again]);
    let other = forge.leaf().self_signed();
    book.case("chain/self-signed-same-name-other-key-trusted", &[&own], &[&other]);
    let authority = forge.authority("es-1").names(&[dns(EXPECTED)]).self_signed();
    book.case("chain/self-signed-authority-trusted", &[&authority], &[&authority]);
    let broken = forge.leaf().issuer(cn("es-1")).subject(cn("es-1")).signed_by(&root);
    book.case("chain/self-issued-with-another-signature", &[&broken, &root], &[&root]);

    let reissued = forge.authority("Lab Root").key(&root.key).serial(&[0x66]).self_signed();
    book.case("chain/root-reissued-with-same-key-trusted", &[&leaf, &middle], &[&reissued]);
    book.case("chain/root-reissued-with-same-key-trusted-old-served", &[&leaf, &middle, &root], &[&reissued]);
    let impostor = forge.authority("Lab Root").self_signed();
    book.case("chain/root-same-name-other-key-trusted", &[&leaf, &middle], &[&impostor]);
    book.case("chain/root-same-name-other-key-trusted-own-served", &[&leaf, &middle, &root], &[&impostor]);
    book.case("chain/root-same-name-both-keys-trusted", &[&leaf, &middle], &[&impostor, &root]);
    book.case("chain/root-same-name-impostor-served-too", &[&leaf, &middle, &impostor], &[&root]);
    let impostor = forge.authority("Lab Root").key_id(&root.key_id).self_signed();
    book.case("chain/root-same-name-same-id-other-key-trusted", &[&leaf, &middle], &[&impostor]);
    book.case("chain/root-same-name-same-id-both-trusted", &[&leaf, &middle], &[&impostor, &root]);
    let impostor = forge.authority("Lab Root").bare().self_signed();
    book.case("chain/root-same-name-without-id-both-trusted", &[&leaf, &middle], &[&impostor, &root]);
    let impostor = forge.authority("Lab Issuing CA").signed_by(&root);
    book.case("chain/intermediate-same-name-other-key-served", &[&leaf, &impostor], &[&root]);
    book.case("chain/intermediate-same-name-both-served", &[&leaf, &impostor, &middle], &[&root]);
    book.case("chain/intermediate-same-name-other-key-trusted", &[&leaf, &middle], &[&impostor, &root]);
    book.case("chain/intermediate-same-name-other-key-alone-trusted", &[&leaf, &middle], &[&impostor]);
    let renamed = forge.authority("Other Root").key(&root.key).self_signed();
    book.case("chain/root-same-key-other-name-trusted", &[&leaf, &middle], &[&renamed]);

    let tampered = |certificate: &Certificate| {
        let mut certificate = certificate.clone();
        *certificate.der.last_mut().unwrap() ^= 1;
        certificate
    };
    book.case("chain/leaf-signature-wrong", &[&tampered(&leaf), &middle], &[&root]);
    book.case("chain/intermediate-signature-wrong", &[&leaf, &tampered(&middle)], &[&root]);
    book.case("chain/root-signature-wrong", &[&leaf, &middle], &[&tampered(&root)]);
    book.case("chain/root-signature-wrong-served", &[&leaf, &middle, &tampered(&root)], &[&root]);
}

/// Cross-signed authorities: more than one way up.
fn alternatives(book: &mut Book<'_>) {
    let forge = book.forge;
    let (root, middle) = (book.root.clone(), book.middle.clone());
    let other = forge.authority("Other Root").self_signed();
    let leaf = forge.leaf().signed_by(&middle);
    let cross =
        |days: (i64, i64)| forge.authority("Lab Issuing CA").key(&middle.key).days(days.0, days.1).signed_by(&other);
    let alive = cross((-30, 900));
    book.case("chain/cross-signed-own-first", &[&leaf, &middle, &alive], &[&root]);
    book.case("chain/cross-signed-other-first", &[&leaf, &alive, &middle], &[&root]);
    book.case("chain/cross-signed-other-only", &[&leaf, &alive], &[&root]);
    book.case("chain/cross-signed-both-trusted", &[&leaf, &alive, &middle], &[&root, &other]);
    let dead = cross((-90, -1));
    book.case("chain/cross-signed-dead-first", &[&leaf, &dead, &middle], &[&root, &other]);
    book.case("chain/cross-signed-dead-last", &[&leaf, &middle, &dead], &[&root, &other]);
    book.case("chain/cross-signed-dead-first-its-root-alone-trusted", &[&leaf, &dead, &middle], &[&other]);

    // The root itself signed by an older root, as public authorities do.
    let bridge = forge.authority("Lab Root").key(&root.key).signed_by(&other);
    book.case("chain/root-cross-signed-new-trusted", &[&leaf, &middle, &bridge], &[&root]);
    book.case("chain/root-cross-signed-old-trusted", &[&leaf, &middle, &bridge], &[&other]);
    book.case("chain/root-cross-signed-both-trusted", &[&leaf, &middle, &bridge], &[&root, &other]);
    book.case("chain/root-cross-signed-old-served-too", &[&leaf, &middle, &bridge, &other], &[&root]);
    let dead = forge.authority("Lab Root").key(&root.key).days(-90, -1).signed_by(&other);
    book.case("chain/root-cross-signed-dead-new-trusted", &[&leaf, &middle, &dead], &[&root]);
    book.case("chain/root-cross-signed-dead-both-trusted", &[&leaf, &middle, &dead, &other], &[&root, &other]);
    book.case("chain/root-cross-signed-dead-old-trusted", &[&leaf, &middle, &dead], &[&other]);

    // Two authorities that signed each other, and no way out.
    let one = forge.authority("One").self_signed();
    let two = forge.authority("Two").signed_by(&one);
    let back = forge.authority("One").key(&one.key).signed_by(&two);
    let leaf = forge.leaf().signed_by(&two);
    book.case("chain/loop", &[&leaf, &two, &back], &[&root]);
    book.case("chain/loop-with-a-way-out", &[&leaf, &two, &back, &one], &[&one]);

    // The same intermediate without the constraint that kills the branch.
    let narrow = forge.authority("Path CA").with(basic_constraints(true, Some(0))).signed_by(&root);
    let lower = forge.authority("Lower CA").signed_by(&narrow);
    let wide = forge.authority("Path CA").key(&narrow.key).signed_by(&root);
    let leaf = forge.leaf().signed_by(&lower);
    book.case("chain/narrow-branch-first", &[&leaf, &lower, &narrow, &wide], &[&root]);
    book.case("chain/wide-branch-first", &[&leaf, &lower, &wide, &narrow], &[&root]);
    book.case("chain/narrow-branch-only", &[&leaf, &lower, &narrow], &[&root]);
    let not_signing = forge.authority("Path CA").key(&narrow.key).with(key_usage(&[0])).signed_by(&root);
    book.case("chain/not-signing-branch-first", &[&leaf, &lower, &not_signing, &wide], &[&root]);
}

/// Subject and authority key identifiers that do not agree.
fn identifiers(book: &mut Book<'_>) {
    let forge = book.forge;
    let root = book.root.clone();
    let other_id = [7_u8; 20];
    let renewed = forge.authority("Lab Root").key(&root.key).key_id(&other_id).self_signed();
    let middle = forge.authority("Lab Issuing CA").signed_by(&root);
    let leaf = forge.leaf().signed_by(&middle);
    let direct = forge.leaf().signed_by(&root);
    book.case("identifiers/root-renewed-with-other-id", &[&leaf, &middle], &[&renewed]);
    book.case("identifiers/root-renewed-with-other-id-old-served", &[&leaf, &middle, &root], &[&renewed]);
    book.case("identifiers/root-renewed-with-other-id-both-trusted", &[&leaf, &middle], &[&renewed, &root]);
    book.case("identifiers/root-renewed-with-other-id-of-the-leaf", &[&direct], &[&renewed]);
    let bare = forge.authority("Lab Root").key(&root.key).bare().self_signed();
    book.case("identifiers/root-renewed-without-id", &[&leaf, &middle], &[&bare]);
    book.case("identifiers/root-renewed-without-id-of-the-leaf", &[&direct], &[&bare]);
    let bare_middle = forge.authority("Lab Issuing CA").bare().signed_by(&root);
    let below = forge.leaf().signed_by(&bare_middle);
    book.case("identifiers/intermediate-without-any", &[&below, &bare_middle], &[&root]);
    book.case("identifiers/intermediate-without-any-root-with-other", &[&below, &bare_middle], &[&renewed]);
    let bare_leaf = forge.leaf().bare().signed_by(&middle);
    book.case("identifiers/leaf-without-any", &[&bare_leaf, &middle], &[&root]);

    let swapped = forge.authority("Lab Issuing CA").key(&middle.key).key_id(&other_id).signed_by(&root);
    book.case("identifiers/intermediate-renewed-with-other-id", &[&leaf, &swapped], &[&root]);
    book.case("identifiers/intermediate-renewed-with-other-id-trusted", &[&leaf], &[&swapped]);
    book.case("identifiers/intermediate-renewed-with-other-id-trusted-and-served", &[&leaf, &swapped], &[&swapped]);
    let lower = forge.authority("Lower CA").signed_by(&middle);
    let deep = forge.leaf().signed_by(&lower);
    book.case("identifiers/upper-renewed-with-other-id", &[&deep, &lower, &swapped], &[&root]);
    book.case("identifiers/upper-renewed-with-other-id-out-of-order", &[&deep, &swapped, &lower], &[&root]);

    for (name, issuer, serial, id) in [
        ("right", root.issuer.clone(), root.serial.clone(), None),
        ("right-with-id", root.issuer.clone(), root.serial.clone(), Some(root.key_id.clone())),
        ("wrong-serial", root.issuer.clone(), vec![0x12, 0x34], None),
        ("wrong-serial-with-id", root.issuer.clone(), vec![0x12, 0x34], Some(root.key_id.clone())),
        ("wrong-name", cn("Nobody"), root.serial.clone(), None),
        ("wrong-name-with-id", cn("Nobody"), root.serial.clone(), Some(root.key_id.clone())),
        ("right-with-wrong-id", root.issuer.clone(), root.serial.clone(), Some(vec![9; 20])),
    ] {
        let by_serial = authority_by_serial(id.as_deref(), &issuer, &serial);
        let middle = forge.authority("Lab Issuing CA").with(by_serial).signed_by(&root);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("identifiers/intermediate-by-serial-{name}"), &[&leaf, &middle], &[&root]);
        let by_serial = authority_by_serial(id.as_deref(), &issuer, &serial);
        let leaf = forge.leaf().with(by_serial).signed_by(&root);
        book.case(format!("identifiers/leaf-by-serial-{name}"), &[&leaf], &[&root]);
    }
    // The leaf names its intermediate by serial; a renewed intermediate has another.
    let by_serial = authority_by_serial(Some(&middle.key_id), &middle.issuer, &middle.serial);
    let leaf = forge.leaf().with(by_serial).signed_by(&middle);
    let renewed = forge.authority("Lab Issuing CA").key(&middle.key).signed_by(&root);
    book.case("identifiers/leaf-by-serial-of-a-renewed-intermediate", &[&leaf, &renewed], &[&root]);
    book.case("identifiers/leaf-by-serial-of-a-renewed-intermediate-trusted", &[&leaf], &[&renewed]);

    let empty = forge.authority("Lab Root").key(&root.key).with(subject_key_id(&[])).self_signed();
    book.case("identifiers/root-with-empty-id", &[&direct], &[&empty]);
}

/// Leaves that are odd as members of a chain.
fn leaves(book: &mut Book<'_>) {
    let forge = book.forge;
    let root = book.root.clone();
    let leaf = forge.leaf().signed_by(&root);
    let below = forge.leaf().subject(cn("es-2")).signed_by(&leaf);
    book.case("chain/leaf-signed-by-a-leaf", &[&below, &leaf], &[&root]);
    book.case("chain/leaf-signed-by-a-trusted-leaf", &[&below], &[&leaf]);
    book.case("chain/authority-served-as-the-leaf", &[&book.middle.clone(), &root], &[&root]);
    book.case("chain/root-served-as-the-leaf", &[&root], &[&root]);
    let unnamed = forge.authority("-").subject(dn(&[])).signed_by(&root);
    let leaf = forge.leaf().signed_by(&unnamed);
    book.case("chain/intermediate-with-empty-subject", &[&leaf, &unnamed], &[&root]);
    let same = forge.leaf().subject(root.subject.clone()).signed_by(&root);
    book.case("chain/leaf-named-like-its-root", &[&same], &[&root]);
    let same = forge.leaf().subject(book.middle.subject.clone()).signed_by(&book.middle);
    book.leaf("chain/leaf-named-like-its-intermediate", &same);
}
