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

pub const DIVERGENCES: &[Divergence] = &[
    Divergence { case: "algorithms/intermediate-ed448", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/intermediate-ed448-trusted", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448-of-the-leaf", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/root-ed448-served", jdks: BOTH, reason: ED448 },
    Divergence { case: "algorithms/upper-ed448", jdks: BOTH, reason: ED448 },
];
