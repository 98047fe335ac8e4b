//! Keys and certificates of every kind, also of those that no authority should issue.
//! P-256 keys and their signatures are made in process; OpenSSL makes the rest.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use rcgen::{PublicKeyData, SigningKey};

use crate::der::{Der, bits, boolean, int, named_bits, null, octets, oid, seq, set, time, tlv, utf8};

/// Runs OpenSSL, which must succeed.
pub fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output().expect("missing component: openssl");
    assert!(output.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
}

// --- keys ---------------------------------------------------------------------------------------------------------

pub struct Key {
    /// PKCS #8, PEM.
    pub file: PathBuf,
    pub public: Der,
    kind: Kind,
    in_process: Option<rcgen::KeyPair>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    P256,
    Curve(&'static str),
    ExplicitP256,
    Rsa(u16),
    RsaPss(u16),
    Dsa(u16),
    Ed25519,
    Ed448,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Signature {
    Ecdsa(&'static str),
    Rsa(&'static str),
    RsaPss(&'static str),
    Dsa(&'static str),
    Ed25519,
    Ed448,
}

impl Kind {
    fn signature(self) -> Signature {
        match self {
            Self::P256 | Self::ExplicitP256 => Signature::Ecdsa("sha256"),
            Self::Curve("P-384" | "brainpoolP384r1") => Signature::Ecdsa("sha384"),
            Self::Curve("P-521") => Signature::Ecdsa("sha512"),
            Self::Curve(_) => Signature::Ecdsa("sha256"),
            Self::Rsa(_) => Signature::Rsa("sha256"),
            Self::RsaPss(_) => Signature::RsaPss("sha256"),
            Self::Dsa(_) => Signature::Dsa("sha256"),
            Self::Ed25519 => Signature::Ed25519,
            Self::Ed448 => Signature::Ed448,
        }
    }

    /// The arguments of `openssl genpkey`.
    fn arguments(self) -> Vec<String> {
        let words = match self {
            Self::P256 => "EC ec_paramgen_curve:P-256".to_owned(),
            Self::Curve(name) => format!("EC ec_paramgen_curve:{name}"),
            Self::ExplicitP256 => "EC ec_paramgen_curve:P-256 ec_param_enc:explicit".to_owned(),
            Self::Rsa(size) => format!("RSA rsa_keygen_bits:{size}"),
            Self::RsaPss(size) => format!("RSA-PSS rsa_keygen_bits:{size}"),
            Self::Dsa(_) => unreachable!("DSA has a file of parameters"),
            Self::Ed25519 => "ED25519".to_owned(),
            Self::Ed448 => "ED448".to_owned(),
        };
        let mut words = words.split(' ').map(str::to_owned);
        let algorithm = words.next().unwrap();
        [vec!["-algorithm".to_owned(), algorithm], words.flat_map(|option| ["-pkeyopt".to_owned(), option]).collect()]
            .concat()
    }
}

impl Signature {
    /// The AlgorithmIdentifier: RFC 3279, 4055, 5758 and 8410.
    fn identifier(self) -> Der {
        let hash = |dotted: &str| seq(&[oid(dotted), null()]);
        match self {
            Self::Ecdsa("sha224") => seq(&[oid("1.2.840.10045.4.3.1")]),
            Self::Ecdsa("sha1") => seq(&[oid("1.2.840.10045.4.1")]),
            Self::Ecdsa("sha256") => seq(&[oid("1.2.840.10045.4.3.2")]),
            Self::Ecdsa("sha384") => seq(&[oid("1.2.840.10045.4.3.3")]),
            Self::Ecdsa("sha512") => seq(&[oid("1.2.840.10045.4.3.4")]),
            Self::Rsa("md5") => hash("1.2.840.113549.1.1.4"),
            Self::Rsa("sha1") => hash("1.2.840.113549.1.1.5"),
            Self::Rsa("sha256") => hash("1.2.840.113549.1.1.11"),
            Self::Rsa("sha224") => hash("1.2.840.113549.1.1.14"),
            Self::Rsa("sha384") => hash("1.2.840.113549.1.1.12"),
            Self::Rsa("sha512") => hash("1.2.840.113549.1.1.13"),
            // The defaults are SHA-1 and 20 bytes of salt.
            Self::RsaPss("sha1") => seq(&[oid("1.2.840.113549.1.1.10"), seq(&[])]),
            Self::RsaPss("sha256") => {
                let sha256 = hash("2.16.840.1.101.3.4.2.1");
                let mgf = seq(&[oid("1.2.840.113549.1.1.8"), sha256.clone()]);
                let parameters = [tlv(0xa0, &sha256), tlv(0xa1, &mgf), tlv(0xa2, &int(&[32]))];
                seq(&[oid("1.2.840.113549.1.1.10"), seq(&parameters)])
            }
            Self::Dsa("sha1") => seq(&[oid("1.2.840.10040.4.3")]),
            Self::Dsa("sha256") => seq(&[oid("2.16.840.1.101.3.4.3.2")]),
            Self::Ed25519 => seq(&[oid("1.3.101.112")]),
            Self::Ed448 => seq(&[oid("1.3.101.113")]),
            other => panic!("no identifier for {other:?}"),
        }
    }
}

impl Key {
    fn sign(&self, message: &[u8], signature: Signature) -> Vec<u8> {
        if let (Some(key), Signature::Ecdsa("sha256")) = (&self.in_process, signature) {
            return key.sign(message).unwrap();
        }
        let input = self.file.with_extension("tbs");
        std::fs::write(&input, message).unwrap();
        let (key, input) = (self.file.to_str().unwrap(), input.to_str().unwrap());
        match signature {
            Signature::Ed25519 | Signature::Ed448 => {
                openssl(&["pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", input])
            }
            Signature::RsaPss(hash) => {
                // As long as the hash.
                let padding = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"];
                openssl(&[&["dgst", &format!("-{hash}"), "-sign", key], &padding[..], &[input]].concat())
            }
            Signature::Ecdsa(hash) | Signature::Rsa(hash) | Signature::Dsa(hash) => {
                openssl(&["dgst", &format!("-{hash}"), "-sign", key, input])
            }
        }
    }
}

// --- the forge ----------------------------------------------------------------------------------------------------

pub struct Forge {
    pub folder: PathBuf,
    pub now: Timestamp,
    keys: Cell<u32>,
    shared: RefCell<BTreeMap<Kind, Rc<Key>>>,
}

impl Forge {
    pub fn new(folder: &Path, now: Timestamp) -> Self {
        Self { folder: folder.to_owned(), now, keys: Cell::new(0), shared: RefCell::default() }
    }

    /// A new P-256 key.
    pub fn key(&self) -> Rc<Key> {
        let key = rcgen::KeyPair::generate().unwrap();
        let file = self.file("key");
        std::fs::write(&file, key.serialize_pem()).unwrap();
        Rc::new(Key { file, public: key.subject_public_key_info(), kind: Kind::P256, in_process: Some(key) })
    }

    /// A new key of this kind.
    pub fn new_key(&self, kind: Kind) -> Rc<Key> {
        if kind == Kind::P256 {
            return self.key();
        }
        let file = self.file("key");
        let path = file.to_str().unwrap();
        if let Kind::Dsa(size) = kind {
            let parameters = self.file("parameters");
            let parameters = parameters.to_str().unwrap();
            let bits = format!("dsa_paramgen_bits:{size}");
            openssl(&["genpkey", "-genparam", "-algorithm", "DSA", "-pkeyopt", &bits, "-out", parameters]);
            openssl(&["genpkey", "-paramfile", parameters, "-out", path]);
        } else {
            let arguments = kind.arguments();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            openssl(&[&["genpkey", "-out", path], &arguments[..]].concat());
        }
        let public = openssl(&["pkey", "-in", path, "-pubout", "-outform", "DER"]);
        Rc::new(Key { file, public, kind, in_process: None })
    }

    /// One key of this kind for all who ask, for kinds that are slow to make.
    pub fn shared_key(&self, kind: Kind) -> Rc<Key> {
        let known = self.shared.borrow().get(&kind).cloned();
        known.unwrap_or_else(|| {
            let key = self.new_key(kind);
            self.shared.borrow_mut().insert(kind, Rc::clone(&key));
            key
        })
    }

    /// A certificate authority that nothing is wrong with, still to be signed.
    pub fn authority(&self, common_name: &str) -> Draft<'_> {
        let usage = key_usage(&[KEY_CERT_SIGN, CRL_SIGN]);
        self.draft(cn(common_name)).days(-30, 3650).with(basic_constraints(true, None)).with(usage)
    }

    /// A node's certificate that nothing is wrong with, still to be signed: what `elasticsearch-certutil` writes, with
    /// the usages that others add.
    pub fn leaf(&self) -> Draft<'_> {
        self.draft(cn("es-1"))
            .with(basic_constraints(false, None))
            .with(extended_key_usage(&[SERVER_AUTH, CLIENT_AUTH]))
            .with(alternative_names(&[dns(EXPECTED)]))
    }

    /// A certificate without extensions but for the key identifiers, still to be signed.
    pub fn draft(&self, subject: Der) -> Draft<'_> {
        let number = self.keys.get();
        Draft {
            forge: self,
            version: Some(2),
            serial: [&[0x40, 0x11][..], &number.to_be_bytes()].concat(),
            subject,
            key: None,
            key_id: None,
            valid: (SignedDuration::from_hours(-24), SignedDuration::from_hours(24 * 700)),
            signature: None,
            issuer: None,
            identifiers: true,
            extensions: Vec::new(),
        }
    }

    pub fn file(&self, extension: &str) -> PathBuf {
        self.keys.set(self.keys.get() + 1);
        self.folder.join(format!("{}.{extension}", self.keys.get()))
    }
}

/// The name that the checks ask for unless they say otherwise.
pub const EXPECTED: &str = "es-1.lab.example";

#[derive(Clone)]
pub struct Certificate {
    pub der: Der,
    pub subject: Der,
    pub issuer: Der,
    pub serial: Vec<u8>,
    pub key: Rc<Key>,
    pub key_id: Vec<u8>,
}

pub struct Extension {
    oid: &'static str,
    der: Der,
}

impl Extension {
    /// An extension whose whole element is given.
    pub fn raw(oid: &'static str, der: Der) -> Self {
        Self { oid, der }
    }
}

pub struct Draft<'a> {
    forge: &'a Forge,
    version: Option<u8>,
    serial: Vec<u8>,
    subject: Der,
    key: Option<Rc<Key>>,
    key_id: Option<Vec<u8>>,
    valid: (SignedDuration, SignedDuration),
    signature: Option<Signature>,
    issuer: Option<Der>,
    identifiers: bool,
    extensions: Vec<Extension>,
}

impl Draft<'_> {
    /// Adds an extension, in place of one of the same kind.
    pub fn with(mut self, extension: Extension) -> Self {
        self.extensions.retain(|known| known.oid != extension.oid);
        self.also(extension)
    }

    /// Adds an extension beside those of the same kind.
    pub fn also(mut self, extension: Extension) -> Self {
        self.extensions.push(extension);
        self
    }

    pub fn without(mut self, oid: &str) -> Self {
        self.extensions.retain(|known| known.oid != oid);
        self
    }

    pub fn without_any(mut self) -> Self {
        self.extensions.clear();
        self
    }

    /// The version as it is encoded, one less than it is called.
    pub fn version(mut self, encoded: u8) -> Self {
        self.version = Some(encoded);
        self
    }

    pub fn subject(mut self, subject: Der) -> Self {
        self.subject = subject;
        self
    }

    pub fn names(self, names: &[Der]) -> Self {
        self.with(alternative_names(names))
    }

    pub fn key(mut self, key: &Rc<Key>) -> Self {
        self.key = Some(Rc::clone(key));
        self
    }

    pub fn key_id(mut self, key_id: &[u8]) -> Self {
        self.key_id = Some(key_id.to_vec());
        self
    }

    pub fn serial(mut self, serial: &[u8]) -> Self {
        self.serial = serial.to_vec();
        self
    }

    /// Validity in days from now.
    pub fn days(self, from: i64, to: i64) -> Self {
        self.hours(24 * from, 24 * to)
    }

    pub fn hours(mut self, from: i64, to: i64) -> Self {
        self.valid = (SignedDuration::from_hours(from), SignedDuration::from_hours(to));
        self
    }

    pub fn signature(mut self, signature: Signature) -> Self {
        self.signature = Some(signature);
        self
    }

    /// Another issuer name than the subject of who signs.
    pub fn issuer(mut self, issuer: Der) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// Without subject and authority key identifiers, unless they are added by hand.
    pub fn bare(mut self) -> Self {
        self.identifiers = false;
        self
    }

    /// X.509 version 1 has no extensions.
    pub fn version_1(mut self) -> Self {
        self.version = None;
        self.extensions.clear();
        self.bare()
    }

    pub fn signed_by(self, issuer: &Certificate) -> Certificate {
        let name = self.issuer.clone().unwrap_or_else(|| issuer.subject.clone());
        let key = self.key.clone().unwrap_or_else(|| self.forge.key());
        self.finish(name, key, &issuer.key, &issuer.key_id)
    }

    pub fn self_signed(self) -> Certificate {
        let name = self.issuer.clone().unwrap_or_else(|| self.subject.clone());
        let key = self.key.clone().unwrap_or_else(|| self.forge.key());
        let key_id = self.key_id.clone().unwrap_or_else(|| key_id(&key.public));
        let signer = Rc::clone(&key);
        self.finish(name, key, &signer, &key_id)
    }

    fn finish(mut self, issuer: Der, key: Rc<Key>, signer: &Key, issuer_key_id: &[u8]) -> Certificate {
        let own = self.key_id.take().unwrap_or_else(|| key_id(&key.public));
        if self.identifiers {
            for extension in [subject_key_id(&own), authority_key_id(issuer_key_id)] {
                if self.extensions.iter().all(|known| known.oid != extension.oid) {
                    self.extensions.push(extension);
                }
            }
        }
        let signature = self.signature.unwrap_or_else(|| signer.kind.signature());
        let now = self.forge.now;
        let mut parts = Vec::new();
        parts.extend(self.version.map(|version| tlv(0xa0, &int(&[version]))));
        parts.extend([
            int(&self.serial),
            signature.identifier(),
            issuer.clone(),
            seq(&[time(now + self.valid.0), time(now + self.valid.1)]),
            self.subject.clone(),
            key.public.clone(),
        ]);
        if !self.extensions.is_empty() {
            let extensions: Vec<Der> = self.extensions.into_iter().map(|extension| extension.der).collect();
            parts.push(tlv(0xa3, &seq(&extensions)));
        }
        let body = seq(&parts);
        let der = seq(&[body.clone(), signature.identifier(), bits(&signer.sign(&body, signature))]);
        Certificate { der, subject: self.subject, issuer, serial: self.serial, key, key_id: own }
    }
}

/// Any 20 bytes that follow from the key will do.
fn key_id(public: &[u8]) -> Vec<u8> {
    let mut out = vec![0x5a_u8; 20];
    public.iter().enumerate().for_each(|(at, byte)| out[at % 20] = out[at % 20].rotate_left(3) ^ byte);
    out
}

// --- names --------------------------------------------------------------------------------------------------------

pub const COMMON_NAME: &str = "2.5.4.3";
pub const ORGANISATION: &str = "2.5.4.10";

/// A distinguished name of these attributes, each in its own RDN; the value is a whole element.
pub fn dn(attributes: &[(&str, Der)]) -> Der {
    let rdns: Vec<Der> = attributes.iter().map(|(kind, value)| set(&[seq(&[oid(kind), value.clone()])])).collect();
    seq(&rdns)
}

pub fn cn(name: &str) -> Der {
    dn(&[(COMMON_NAME, utf8(name))])
}

pub fn dns(name: &str) -> Der {
    tlv(0x82, name.as_bytes())
}

pub fn email(name: &str) -> Der {
    tlv(0x81, name.as_bytes())
}

pub fn uri(name: &str) -> Der {
    tlv(0x86, name.as_bytes())
}

pub fn ip(address: &str) -> Der {
    match address.parse().unwrap() {
        std::net::IpAddr::V4(address) => tlv(0x87, &address.octets()),
        std::net::IpAddr::V6(address) => tlv(0x87, &address.octets()),
    }
}

pub fn directory(name: &[u8]) -> Der {
    tlv(0xa4, name)
}

/// As `elasticsearch-certutil` writes a node's name: a common name in an otherName.
pub fn other_name(name: &str) -> Der {
    tlv(0xa0, &[oid(COMMON_NAME), tlv(0xa0, &utf8(name))].concat())
}

// --- extensions ---------------------------------------------------------------------------------------------------

pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
pub const KEY_USAGE: &str = "2.5.29.15";
pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
pub const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
pub const SUBJECT_KEY_IDENTIFIER: &str = "2.5.29.14";
pub const AUTHORITY_KEY_IDENTIFIER: &str = "2.5.29.35";

pub const DIGITAL_SIGNATURE: usize = 0;
pub const KEY_ENCIPHERMENT: usize = 2;
pub const KEY_AGREEMENT: usize = 4;
pub const KEY_CERT_SIGN: usize = 5;
pub const CRL_SIGN: usize = 6;

pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";
pub const CLIENT_AUTH: &str = "1.3.6.1.5.5.7.3.2";
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
pub const ANY_USAGE: &str = "2.5.29.37.0";

pub fn extension(id: &'static str, critical: bool, value: &[u8]) -> Extension {
    let mut parts = vec![oid(id)];
    if critical {
        parts.push(boolean(true));
    }
    parts.push(octets(value));
    Extension { oid: id, der: seq(&parts) }
}

pub fn basic_constraints(authority: bool, path_length: Option<u8>) -> Extension {
    let mut parts = Vec::new();
    if authority {
        parts.push(boolean(true));
    }
    parts.extend(path_length.map(|length| int(&[length])));
    extension(BASIC_CONSTRAINTS, true, &seq(&parts))
}

pub fn key_usage(set: &[usize]) -> Extension {
    extension(KEY_USAGE, true, &named_bits(set))
}

pub fn extended_key_usage(usages: &[&str]) -> Extension {
    extension(EXTENDED_KEY_USAGE, false, &oid_list(usages))
}

pub fn oid_list(ids: &[&str]) -> Der {
    seq(&ids.iter().map(|id| oid(id)).collect::<Vec<_>>())
}

pub fn alternative_names(names: &[Der]) -> Extension {
    extension(SUBJECT_ALTERNATIVE_NAME, false, &seq(names))
}

pub fn critical_alternative_names(names: &[Der]) -> Extension {
    extension(SUBJECT_ALTERNATIVE_NAME, true, &seq(names))
}

pub fn subject_key_id(id: &[u8]) -> Extension {
    extension(SUBJECT_KEY_IDENTIFIER, false, &octets(id))
}

pub fn authority_key_id(id: &[u8]) -> Extension {
    extension(AUTHORITY_KEY_IDENTIFIER, false, &seq(&[tlv(0x80, id)]))
}

/// The authority by name and serial number, with its key identifier when one is given.
pub fn authority_by_serial(id: Option<&[u8]>, issuer: &[u8], serial: &[u8]) -> Extension {
    let mut parts = Vec::new();
    parts.extend(id.map(|id| tlv(0x80, id)));
    parts.extend([tlv(0xa1, &directory(issuer)), tlv(0x82, serial)]);
    extension(AUTHORITY_KEY_IDENTIFIER, false, &seq(&parts))
}

pub fn name_constraints(permitted: &[Der], excluded: &[Der]) -> Extension {
    let subtrees =
        |names: &[Der]| names.iter().map(|name| seq(std::slice::from_ref(name))).collect::<Vec<_>>().concat();
    let mut parts = Vec::new();
    if !permitted.is_empty() {
        parts.push(tlv(0xa0, &subtrees(permitted)));
    }
    if !excluded.is_empty() {
        parts.push(tlv(0xa1, &subtrees(excluded)));
    }
    extension("2.5.29.30", true, &seq(&parts))
}

pub fn policies(critical: bool, ids: &[&str]) -> Extension {
    let ids: Vec<Der> = ids.iter().map(|id| seq(&[oid(id)])).collect();
    extension("2.5.29.32", critical, &seq(&ids))
}

/// `requireExplicitPolicy` after this many certificates.
pub fn require_explicit_policy(skip: u8) -> Extension {
    extension("2.5.29.36", true, &seq(&[tlv(0x80, &[skip])]))
}

pub fn inhibit_any_policy(skip: u8) -> Extension {
    extension("2.5.29.54", true, &int(&[skip]))
}

pub fn crl_distribution_points(critical: bool) -> Extension {
    let point = tlv(0xa0, &tlv(0xa0, &uri("http://crl.lab.example/lab.crl")));
    extension("2.5.29.31", critical, &seq(&[seq(&[point])]))
}

/// Bit 0 is an SSL client, bit 1 an SSL server, bit 5 an SSL authority.
pub fn netscape_type(set: &[usize]) -> Extension {
    extension("2.16.840.1.113730.1.1", false, &named_bits(set))
}

pub fn unknown(critical: bool) -> Extension {
    extension("1.3.6.1.4.1.55555.1", critical, &utf8("what is this"))
}
