//! Authorities and the certificates they sign, for rows about served chains.

use farlink_checks::model::evidence::Der;
use farlink_checks::model::link::{Source, Trust};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, date_time_ymd};

/// A certificate and the key that signs with it.
pub(crate) struct Authority {
    pub(crate) der: Der,
    issuer: Issuer<'static, KeyPair>,
}

/// From the first of the year `.0` to the first of the year `.1`.
pub(crate) type Years = (i32, i32);

/// Valid at the instant of every row, and for long.
pub(crate) const USUAL: Years = (2024, 2034);

impl Authority {
    /// A root.
    pub(crate) fn root(organisation: &str, name: &str, years: Years) -> Self {
        Self::made(authority(organisation, name, years), None)
    }

    /// A root of the house `Example`, with whatever `change` makes of it.
    pub(crate) fn root_with(name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = authority("Example", name, USUAL);
        change(&mut params);
        Self::made(params, None)
    }

    /// An authority that this one signed.
    pub(crate) fn intermediate(&self, organisation: &str, name: &str) -> Self {
        Self::made(authority(organisation, name, USUAL), Some(self))
    }

    /// An authority of the house `Example` that this one signed, with whatever `change` makes of it.
    pub(crate) fn intermediate_with(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = authority("Example", name, USUAL);
        change(&mut params);
        Self::made(params, Some(self))
    }

    /// The same name and key, and another key identifier.
    pub(crate) fn with_other_key_id(&self, name: &str) -> Der {
        let mut params = authority("Example", name, USUAL);
        params.key_identifier_method = KeyIdMethod::PreSpecified(vec![7; 20]);
        Der(params.self_signed(self.issuer.key()).unwrap().der().to_vec())
    }

    /// A certificate for `names`, without extension when there are none.
    pub(crate) fn leaf(&self, common_name: &str, names: &[&str], years: Years) -> Der {
        self.signed(&params(common_name, names, years))
    }

    /// The same, for long, and with whatever `change` makes of it.
    pub(crate) fn leaf_with(
        &self,
        common_name: &str,
        names: &[&str],
        change: impl FnOnce(&mut CertificateParams),
    ) -> Der {
        let mut params = params(common_name, names, USUAL);
        change(&mut params);
        self.signed(&params)
    }

    fn signed(&self, params: &CertificateParams) -> Der {
        Der(params.signed_by(&KeyPair::generate().unwrap(), &self.issuer).unwrap().der().to_vec())
    }

    /// Its distinguished name.
    pub(crate) fn name(&self) -> Der {
        let (_, read) = x509_parser::parse_x509_certificate(&self.der.0).unwrap();
        Der(read.subject().as_raw().to_vec())
    }

    fn made(params: CertificateParams, by: Option<&Self>) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = match by {
            Some(by) => params.signed_by(&key, &by.issuer).unwrap(),
            None => params.self_signed(&key).unwrap(),
        };
        Self { der: Der(certificate.der().to_vec()), issuer: Issuer::new(params, key) }
    }
}

/// A certificate that vouches for itself and is no authority.
pub(crate) fn self_signed(name: &str) -> Der {
    let key = KeyPair::generate().unwrap();
    Der(params(name, &[name], USUAL).self_signed(&key).unwrap().der().to_vec())
}

/// The trust of a link that was given these authorities.
pub(crate) fn trusting(certificates: &[&Der]) -> Trust {
    let certificates = certificates.iter().copied().cloned().collect();
    Trust::Authorities { certificates, file: "ca.pem".into(), faults: vec![], source: Source::Given }
}

fn authority(organisation: &str, name: &str, years: Years) -> CertificateParams {
    let mut params = params(name, &[], years);
    params.distinguished_name.push(DnType::OrganizationName, organisation);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn params(common_name: &str, names: &[&str], (from, until): Years) -> CertificateParams {
    let mut params = CertificateParams::new(names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(from, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    params
}
