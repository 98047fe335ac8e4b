//! Dates: of leaves, intermediates and roots, and what trusting a certificate itself makes of them.

use jiff::SignedDuration;

use super::Book;
use crate::forge::EXPECTED;

pub fn write(book: &mut Book<'_>) {
    let forge = book.forge;
    let (root, middle) = (book.root.clone(), book.middle.clone());

    let leaf = forge.leaf().signed_by(&middle);
    let at = |days: i64| forge.now + SignedDuration::from_hours(24 * days);
    let second = SignedDuration::from_secs(1);
    let edge = at(700);
    book.leaf("validity/good", &leaf)
        .at(at(-2))
        .at(at(-1))
        .at(at(-1) - second)
        .at(at(699))
        .at(edge)
        .at(edge - second)
        .at(edge + second)
        .at(edge + SignedDuration::from_hours(24));

    let expired = forge.leaf().days(-90, -1).signed_by(&middle);
    book.leaf("validity/leaf-expired", &expired).dial("127.0.0.1", Some(EXPECTED));
    book.case("validity/leaf-expired-but-trusted-itself", &[&expired, &middle], &[&expired]);
    book.case("validity/leaf-expired-alone-but-trusted-itself", &[&expired], &[&expired]);
    book.case("validity/leaf-expired-trusted-beside-its-root", &[&expired, &middle], &[&root, &expired]);
    let early = forge.leaf().days(1, 90).signed_by(&middle);
    book.leaf("validity/leaf-not-yet", &early);
    book.case("validity/leaf-not-yet-but-trusted-itself", &[&early], &[&early]);
    let backwards = forge.leaf().days(1, -1).signed_by(&middle);
    book.leaf("validity/leaf-ends-before-it-starts", &backwards);
    let long = forge.leaf().days(-10, 365 * 30).signed_by(&middle);
    book.leaf("validity/leaf-of-thirty-years", &long);
    let own = forge.leaf().days(-90, -1).self_signed();
    book.case("validity/self-signed-expired-trusted", &[&own], &[&own]);

    for (name, days) in [("expired", (-90, -1)), ("not-yet", (1, 90))] {
        let middle = forge.authority("Lab Issuing CA").days(days.0, days.1).signed_by(&root);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("validity/intermediate-{name}"), &[&leaf, &middle], &[&root]);
        book.case(format!("validity/intermediate-{name}-trusted-itself"), &[&leaf, &middle], &[&middle]);

        let root = forge.authority("Lab Root").days(days.0, days.1).self_signed();
        let middle = forge.authority("Lab Issuing CA").signed_by(&root);
        let leaf = forge.leaf().signed_by(&middle);
        book.case(format!("validity/root-{name}"), &[&leaf, &middle], &[&root]);
        book.case(format!("validity/root-{name}-served-too"), &[&leaf, &middle, &root], &[&root]);
        let direct = forge.leaf().signed_by(&root);
        book.case(format!("validity/root-{name}-of-the-leaf"), &[&direct], &[&root]);
    }

    // The same authority twice: an old certificate and the one it was renewed with, both for the same key.
    let old = forge.authority("Lab Issuing CA").days(-90, -1).signed_by(&root);
    let new = forge.authority("Lab Issuing CA").key(&old.key).signed_by(&root);
    let leaf = forge.leaf().signed_by(&new);
    book.case("validity/intermediate-expired-then-renewed", &[&leaf, &old, &new], &[&root]);
    book.case("validity/intermediate-renewed-then-expired", &[&leaf, &new, &old], &[&root]);
    book.case("validity/intermediate-expired-served-renewed-trusted", &[&leaf, &old], &[&root, &new]);
    book.case("validity/intermediate-expired-served-renewed-alone-trusted", &[&leaf, &old], &[&new]);
    book.case("validity/intermediate-renewed-served-expired-trusted", &[&leaf, &new], &[&old]);
    book.case("validity/intermediate-renewed-served-expired-and-root-trusted", &[&leaf, &new], &[&old, &root]);

    let old = forge.authority("Lab Root").days(-900, -1).self_signed();
    let new = forge.authority("Lab Root").key(&old.key).self_signed();
    let leaf = forge.leaf().signed_by(&new);
    book.case("validity/root-expired-and-renewed-trusted", &[&leaf], &[&old, &new]);
    book.case("validity/root-expired-served-renewed-trusted", &[&leaf, &old], &[&new]);
    book.case("validity/root-renewed-served-expired-trusted", &[&leaf, &new], &[&old]);
}
