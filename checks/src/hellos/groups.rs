//! Key exchange groups and their names (RFC 8446 section 4.2.7, RFC 8422, RFC 7027, and IANA's registry
//! of TLS supported groups).

/// The group's name, as the JDK and IANA write it; its number where it has none here.
pub fn name(id: u16) -> String {
    match GROUPS.iter().find(|(known, _)| *known == id) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("group 0x{id:04x}"),
    }
}

/// Every group that a client can offer in this protocol version, the usual ones first. The hybrid
/// groups exist in TLS 1.3 only.
pub fn of(version: u16) -> impl Iterator<Item = u16> {
    let hybrid = |id: u16| id >> 8 == 0x11;
    GROUPS.iter().map(|(id, _)| *id).filter(move |id| !hybrid(*id) || version == super::suites::TLS13)
}

const GROUPS: &[(u16, &str)] = &[
    (0x001d, "x25519"),
    (0x0017, "secp256r1"),
    (0x0018, "secp384r1"),
    (0x0019, "secp521r1"),
    (0x001e, "x448"),
    (0x0100, "ffdhe2048"),
    (0x0101, "ffdhe3072"),
    (0x0102, "ffdhe4096"),
    (0x0103, "ffdhe6144"),
    (0x0104, "ffdhe8192"),
    (0x11ec, "X25519MLKEM768"),
    (0x11eb, "SecP256r1MLKEM768"),
    (0x11ed, "SecP384r1MLKEM1024"),
    (0x001f, "brainpoolP256r1tls13"),
    (0x0020, "brainpoolP384r1tls13"),
    (0x0021, "brainpoolP512r1tls13"),
    (0x001a, "brainpoolP256r1"),
    (0x001b, "brainpoolP384r1"),
    (0x001c, "brainpoolP512r1"),
    (0x0016, "secp256k1"),
    (0x0015, "secp224r1"),
    (0x0013, "secp192r1"),
    (0x000e, "sect571r1"),
    (0x000d, "sect571k1"),
    (0x000c, "sect409r1"),
    (0x000b, "sect409k1"),
    (0x000a, "sect283r1"),
    (0x0009, "sect283k1"),
    (0x0007, "sect233r1"),
    (0x0006, "sect233k1"),
];
