//! The elliptic curves that the JDK knows by name (`sun.security.util.CurveDB`).

/// A curve that a certificate's key may name.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Curve {
    /// The name that Java gives it.
    pub(super) name: &'static str,
    /// The size of its field in bits.
    pub(super) bits: u32,
}

impl Curve {
    /// The curve with this object identifier; `None` for one that keeps the JDK from reading a key.
    pub(super) fn of(oid: &str) -> Option<Self> {
        CURVES.iter().find(|(known, ..)| *known == oid).map(|(_, name, bits)| Self { name, bits: *bits })
    }
}

/// Whether the JDK checks signatures made on the curve of this name; it reads keys on many more
/// (`sun.security.ec.ECDSAOperations`).
pub(super) fn verifies(name: &str) -> bool {
    matches!(name, "secp256r1" | "secp384r1" | "secp521r1")
}

const CURVES: &[(&str, &str, u32)] = &[
    ("1.2.840.10045.3.1.7", "secp256r1", 256),
    ("1.3.132.0.34", "secp384r1", 384),
    ("1.3.132.0.35", "secp521r1", 521),
    ("1.2.840.10045.3.1.1", "secp192r1", 192),
    ("1.3.132.0.33", "secp224r1", 224),
    ("1.3.132.0.10", "secp256k1", 256),
    ("1.3.132.0.6", "secp112r1", 112),
    ("1.3.132.0.7", "secp112r2", 112),
    ("1.3.132.0.28", "secp128r1", 128),
    ("1.3.132.0.29", "secp128r2", 128),
    ("1.3.132.0.9", "secp160k1", 160),
    ("1.3.132.0.8", "secp160r1", 160),
    ("1.3.132.0.30", "secp160r2", 160),
    ("1.3.132.0.31", "secp192k1", 192),
    ("1.3.132.0.32", "secp224k1", 224),
    ("1.2.840.10045.3.1.2", "X9.62 prime192v2", 192),
    ("1.2.840.10045.3.1.3", "X9.62 prime192v3", 192),
    ("1.2.840.10045.3.1.4", "X9.62 prime239v1", 239),
    ("1.2.840.10045.3.1.5", "X9.62 prime239v2", 239),
    ("1.2.840.10045.3.1.6", "X9.62 prime239v3", 239),
    ("1.3.132.0.4", "sect113r1", 113),
    ("1.3.132.0.5", "sect113r2", 113),
    ("1.3.132.0.22", "sect131r1", 131),
    ("1.3.132.0.23", "sect131r2", 131),
    ("1.3.132.0.1", "sect163k1", 163),
    ("1.3.132.0.2", "sect163r1", 163),
    ("1.3.132.0.15", "sect163r2", 163),
    ("1.3.132.0.24", "sect193r1", 193),
    ("1.3.132.0.25", "sect193r2", 193),
    ("1.3.132.0.26", "sect233k1", 233),
    ("1.3.132.0.27", "sect233r1", 233),
    ("1.3.132.0.3", "sect239k1", 239),
    ("1.3.132.0.16", "sect283k1", 283),
    ("1.3.132.0.17", "sect283r1", 283),
    ("1.3.132.0.36", "sect409k1", 409),
    ("1.3.132.0.37", "sect409r1", 409),
    ("1.3.132.0.38", "sect571k1", 571),
    ("1.3.132.0.39", "sect571r1", 571),
    ("1.2.840.10045.3.0.5", "X9.62 c2tnb191v1", 191),
    ("1.2.840.10045.3.0.6", "X9.62 c2tnb191v2", 191),
    ("1.2.840.10045.3.0.7", "X9.62 c2tnb191v3", 191),
    ("1.2.840.10045.3.0.11", "X9.62 c2tnb239v1", 239),
    ("1.2.840.10045.3.0.12", "X9.62 c2tnb239v2", 239),
    ("1.2.840.10045.3.0.13", "X9.62 c2tnb239v3", 239),
    ("1.2.840.10045.3.0.18", "X9.62 c2tnb359v1", 359),
    ("1.2.840.10045.3.0.20", "X9.62 c2tnb431r1", 431),
    ("1.3.36.3.3.2.8.1.1.1", "brainpoolP160r1", 160),
    ("1.3.36.3.3.2.8.1.1.3", "brainpoolP192r1", 192),
    ("1.3.36.3.3.2.8.1.1.5", "brainpoolP224r1", 224),
    ("1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256),
    ("1.3.36.3.3.2.8.1.1.9", "brainpoolP320r1", 320),
    ("1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384),
    ("1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_curve_stands_there_once() {
        let names: std::collections::BTreeSet<_> = CURVES.iter().map(|(_, name, _)| name).collect();
        let oids: std::collections::BTreeSet<_> = CURVES.iter().map(|(oid, ..)| oid).collect();
        assert_eq!((names.len(), oids.len()), (CURVES.len(), CURVES.len()));
        assert!(CURVES.iter().filter(|(_, name, _)| verifies(name)).count() == 3);
    }
}
