//! The cases in which we do not say what the JDK says, and why.

use farlink_checks::x509::Jdk;

/// A case that differs.
pub struct Divergence {
    pub case: &'static str,
    pub jdks: &'static [Jdk],
    pub reason: &'static str,
}

const BOTH: &[Jdk] = &Jdk::ALL;

const ED448: &str = "farlink cannot check a signature with Ed448 and leaves the verdict open; the JDK accepts";

const ONE_KEY: &str = "two trusted certificates have one name and one key, and only one of them may vouch: the JDK refuses when it looks at the other one first, farlink takes the one that may";

const SELF_ISSUED: &str = "the served certificate bears its issuer's name, is out of order, and another certificate of that name stands beside the trusted one: the JDK gives up at whichever it looks at first, farlink goes on";

pub const DIVERGENCES: &[Divergence] = &[
    Divergence { case: "algorithms/intermediate-ed448", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/intermediate-ed448-trusted", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448-of-the-leaf", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448-served", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/upper-ed448", jdks: BOTH, reason: ED448 },
    Divergence { case: "random::self-issued-leaf-1", jdks: BOTH, reason: SELF_ISSUED },
    Divergence { case: "random::two-authorities-of-one-key-1", jdks: &[Jdk::V17], reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-2", jdks: BOTH, reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-3", jdks: BOTH, reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-4", jdks: &[Jdk::V25], reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-5", jdks: &[Jdk::V25], reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-6", jdks: &[Jdk::V17], reason: ONE_KEY },
    Divergence { case: "random::self-issued-leaf-2", jdks: BOTH, reason: SELF_ISSUED },
    Divergence { case: "random::two-authorities-of-one-key-7", jdks: &[Jdk::V17], reason: ONE_KEY },
    Divergence { case: "random::two-authorities-of-one-key-8", jdks: BOTH, reason: ONE_KEY },
];
