//! Certificate policies (RFC 5280 section 6.1), as `sun.security.provider.certpath.PolicyChecker` judges
//! a path of which nobody demands a policy: only its authorities may.
//!
//! The JDK keeps a tree. Whether one is left at all is what decides, and for that its lowest level is
//! enough: nodes of one policy have the same expectations, whoever stands above them.

use std::collections::{BTreeMap, BTreeSet};

use x509_parser::extensions::ParsedExtension;

use super::{Certificate, Reason};

const ANY: &str = "2.5.29.32.0";

/// What a certificate says about policies.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Policies {
    /// Those it was issued under; `None` without the extension.
    named: Option<BTreeSet<String>>,
    /// Pairs of a policy and what it is called below.
    mappings: Vec<(String, String)>,
    /// After how many certificates every one has to have a policy.
    require_explicit: Option<u32>,
    /// After how many certificates mappings do not count.
    inhibit_mapping: Option<u32>,
    /// After how many certificates `anyPolicy` does not count.
    inhibit_any: Option<u32>,
}

impl Policies {
    /// Takes what `extension` says about policies; whether it is about them.
    pub(super) fn take(&mut self, extension: &ParsedExtension<'_>) -> bool {
        match extension {
            ParsedExtension::CertificatePolicies(policies) => {
                self.named = Some(policies.iter().map(|policy| policy.policy_id.to_id_string()).collect());
            }
            ParsedExtension::PolicyMappings(mappings) => {
                let pair = |mapping: &x509_parser::extensions::PolicyMapping<'_>| {
                    (mapping.issuer_domain_policy.to_id_string(), mapping.subject_domain_policy.to_id_string())
                };
                self.mappings = mappings.mappings.iter().map(pair).collect();
            }
            ParsedExtension::PolicyConstraints(constraints) => {
                self.require_explicit = constraints.require_explicit_policy;
                self.inhibit_mapping = constraints.inhibit_policy_mapping;
            }
            ParsedExtension::InhibitAnyPolicy(inhibit) => self.inhibit_any = Some(inhibit.skip_certs),
            _ => return false,
        }
        true
    }
}

/// The checker's state on its way down a path.
pub(super) struct Checker {
    explicit: u32,
    mapping: u32,
    any: u32,
    /// The policies of the lowest level, each with those expected below it; empty when no tree is left.
    level: BTreeMap<String, BTreeSet<String>>,
}

impl Checker {
    /// Before the first of `length` certificates.
    pub(super) fn new(length: usize) -> Self {
        let never = u32::try_from(length).unwrap_or(u32::MAX).saturating_add(1);
        Self { explicit: never, mapping: never, any: never, level: BTreeMap::from([expected(ANY)]) }
    }

    /// Judges the next certificate of the path, which ends with the leaf.
    pub(super) fn check(&mut self, certificate: &Certificate, is_leaf: bool) -> Option<Reason> {
        let policies = &certificate.policies;
        let own = certificate.is_self_issued();
        self.descend(policies, self.any > 0 || !is_leaf && own);
        if !is_leaf && !self.level.is_empty() {
            if policies.mappings.iter().any(|(from, to)| from == ANY || to == ANY) {
                return Some(Reason::AnyPolicyMapped);
            }
            self.map(policies);
        }
        let step = |count: u32| if own { count } else { count.saturating_sub(1) };
        if is_leaf {
            self.explicit = if policies.require_explicit == Some(0) { 0 } else { step(self.explicit) };
        }
        let missing = self.explicit == 0 && self.level.is_empty();
        if !is_leaf {
            self.explicit = step(self.explicit).min(policies.require_explicit.unwrap_or(u32::MAX));
            self.mapping = step(self.mapping).min(policies.inhibit_mapping.unwrap_or(u32::MAX));
            self.any = step(self.any).min(policies.inhibit_any.unwrap_or(u32::MAX));
        }
        missing.then_some(Reason::PolicyMissing)
    }

    /// `processPolicies`: the level of this certificate below the one above.
    fn descend(&mut self, policies: &Policies, any_counts: bool) {
        let above: BTreeSet<String> = std::mem::take(&mut self.level).into_values().flatten().collect();
        let Some(named) = &policies.named else { return };
        let follows = |policy: &&String| *policy != ANY && (above.contains(*policy) || above.contains(ANY));
        self.level = named.iter().filter(follows).map(|policy| expected(policy)).collect();
        if any_counts && named.contains(ANY) {
            self.level.extend(above.iter().map(|policy| expected(policy)));
        }
    }

    /// `processPolicyMappings`.
    fn map(&mut self, policies: &Policies) {
        if self.mapping == 0 {
            policies.mappings.iter().for_each(|(from, _)| drop(self.level.remove(from)));
            return;
        }
        let has_any = self.level.contains_key(ANY);
        let mut mapped = BTreeMap::<&String, BTreeSet<String>>::new();
        for (from, to) in &policies.mappings {
            if has_any || self.level.contains_key(from) {
                mapped.entry(from).or_default().insert(to.clone());
            }
        }
        self.level.extend(mapped.into_iter().map(|(from, to)| (from.clone(), to)));
    }
}

/// A policy of which nothing but itself is expected below.
fn expected(policy: &str) -> (String, BTreeSet<String>) {
    (policy.to_owned(), BTreeSet::from([policy.to_owned()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(policies: &[&str]) -> Policies {
        Policies { named: Some(policies.iter().map(|policy| (*policy).to_owned()).collect()), ..Policies::default() }
    }

    /// The policies left after these certificates, the highest one first.
    fn left(path: &[Policies], mapping: u32, any: bool) -> Vec<String> {
        let mut checker = Checker { mapping, ..Checker::new(path.len()) };
        for policies in path {
            checker.descend(policies, any);
            checker.map(policies);
        }
        checker.level.into_keys().collect()
    }

    #[test]
    fn a_policy_counts_where_every_certificate_has_it_or_any() {
        assert_eq!(left(&[named(&["1.1", "1.2"]), named(&["1.2", "1.3"])], 9, true), ["1.2"]);
        assert_eq!(left(&[named(&[ANY]), named(&["1.2"])], 9, true), ["1.2"]);
        assert_eq!(left(&[named(&["1.1"]), named(&[ANY])], 9, true), ["1.1"]);
        assert!(left(&[named(&["1.1"]), named(&[ANY])], 9, false).is_empty());
        assert!(left(&[named(&["1.1"]), Policies::default(), named(&["1.1"])], 9, true).is_empty());
    }

    #[test]
    fn a_mapping_renames_what_is_expected_below_or_removes_it_where_it_is_inhibited() {
        let mapped = Policies { mappings: vec![("1.1".into(), "2.1".into())], ..named(&["1.1"]) };
        let any = Policies { mappings: mapped.mappings.clone(), ..named(&[ANY]) };
        assert_eq!(left(&[mapped.clone(), named(&["2.1"])], 9, true), ["2.1"]);
        assert!(left(&[mapped.clone(), named(&["1.1"])], 9, true).is_empty());
        assert!(left(&[mapped, named(&["2.1"])], 0, true).is_empty());
        assert_eq!(left(&[any, named(&["2.1", "3.1"])], 9, true), ["2.1", "3.1"]);
    }
}
