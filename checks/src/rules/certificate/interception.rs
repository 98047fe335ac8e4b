//! A peer that makes a certificate for whatever name it is asked for.

use crate::catalogue::tls::TLS_INTERCEPTED;
use crate::classify::certified::{self, Certified};
use crate::classify::chain::ChainVerdict;
use crate::classify::interception;
use crate::model::finding::{Finding, Severity};
use crate::rules::Context;

/// What the network has to leave alone.
pub(super) const EXEMPT: &str =
    "on the local network exempt the remote's address and ports 9300, 9400 and 9443 from TLS inspection";

/// Says it where it was seen, and leaves out what only suspected it.
pub(super) fn replace(context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Some(minted) = interception::judge(context.address) else { return };
    findings.retain(|finding| finding.id != TLS_INTERCEPTED.id);
    let issuer = minted.certificate.issuer.to_string();
    let product = match certified::judge(&minted.certificate) {
        Certified::Inspection { product } => format!(" It has the name of {product}."),
        _ => String::new(),
    };
    // Without a wrong chain or a dead port behind it nobody asked.
    let refused = !matches!(context.chain, Some(ChainVerdict::Trusted { .. } | ChainVerdict::NotChecked));
    findings.push(
        Finding::new(
            &TLS_INTERCEPTED,
            context.place(),
            format!("TLS to {} is intercepted: \"{issuer}\" makes a certificate for whatever name is asked for", context.target()),
        )
        .severity(if refused { Severity::Error } else { Severity::Warning })
        .keyed(issuer)
        .detail(format!(
            "A device on the way, not the remote, ends TLS here: asked for {}, a name that cannot exist, it served another certificate, \
             made for that name.{product} Trusting its authority does not mend the link: client certificates never get through, and \
             mostly the transport protocol does not either.",
            minted.name
        ))
        .observed(format!("asked for {}: subject {}, issuer {}", minted.name, minted.certificate.subject, minted.certificate.issuer))
        .fix(EXEMPT)
        .fix("if the device belongs to the remote side, let it pass TLS through on these ports"),
    );
}
