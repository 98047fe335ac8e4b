//! Findings about servers that agree on no version or cipher suite with our TLS library: what they
//! speak, and what the JDK would do.

use super::Context;
use crate::catalogue::tls as catalogue;
use crate::classify::offers::Choice;
use crate::model::finding::{Certainty, Finding, Severity};
use crate::model::link::Model;
use crate::model::text::list;
use crate::version::ReleaseVersion;

/// The server speaks nothing from TLS 1.2 on; `spoken` is what it chose from older hellos.
pub(super) fn version(context: &Context<'_>, spoken: &[Choice]) -> Finding {
    let target = context.target();
    let versions: Vec<String> = spoken.iter().map(Choice::version_words).collect();
    let title = match versions.is_empty() {
        true => format!("{target} speaks no TLS version this link can use"),
        false => format!("{target} speaks only {}, which no current JDK accepts", list(&versions)),
    };
    observed(Finding::new(&catalogue::TLS_VERSION_UNSUPPORTED, context.place(), title), context, spoken)
        .detail(
            "The server refuses TLS 1.2 and TLS 1.3. The JDK that Elasticsearch runs on refuses anything older by its security \
             property jdk.tls.disabledAlgorithms, so the local cluster cannot connect either.",
        )
        .fix("on the remote, or the proxy in front: enable TLSv1.2 and TLSv1.3 (xpack.security.*.ssl.supported_protocols)")
}

/// The server has no suite that Elasticsearch offers; `chosen` is what it took from everything.
pub(super) fn cipher(context: &Context<'_>, chosen: &[Choice]) -> Finding {
    let target = context.target();
    let finding = Finding::new(
        &catalogue::TLS_NO_SHARED_CIPHER,
        context.place(),
        format!("{target} shares no cipher suite with Elasticsearch"),
    );
    let finding = observed(finding, context, chosen);
    let remote = "on the remote, or the proxy in front: enable a current suite, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 \
                  (xpack.security.*.ssl.cipher_suites)";
    if chosen.is_empty() {
        return finding
            .detail("The server's alert says that no common cipher suite is strong enough.")
            .at_most(Certainty::Likely)
            .fix(remote);
    }
    let shown: Vec<String> = chosen.iter().map(Choice::to_string).collect();
    let refused = format!(
        "The server refuses a hello with exactly what Elasticsearch offers, on a JDK before 24 as after, and takes {} from one with \
         everything.",
        list(&shown)
    );
    if let Some(choice) = chosen.iter().find(|choice| choice.is_left_out_by_elasticsearch()) {
        return finding
            .detail(format!(
                "{refused} The JDK has {}; Elasticsearch's default list of suites leaves it out.",
                choice.cipher
            ))
            // Whether the local cluster's list was widened is not known.
            .at_most(Certainty::Likely)
            .fix(remote)
            .fix(format!("or on every local node add {} to {}", choice.cipher, client_setting(context)));
    }
    match chosen.iter().any(Choice::has_foreign_group) {
        false => finding.detail(refused).fix(remote),
        true => finding.detail(format!("{refused} The JDK does not have that group.")).fix(
            "on the remote, or the proxy in front: enable the groups x25519 and secp256r1 (HAProxy: curves, nginx: ssl_ecdh_curve)",
        ),
    }
}

/// The server agrees with Elasticsearch on a JDK before 24, and not on a later one.
pub(super) fn old_jdk_only(context: &Context<'_>, choice: &Choice) -> Finding {
    let (target, place) = (context.target(), context.place());
    let (what, since) = match choice.cipher.starts_with("TLS_RSA_") {
        true => ("TLS_RSA_* (RSA key exchange)", 24),
        false => ("SHA-1 in handshake signatures", 25),
    };
    let finding = Finding::new(
        &catalogue::TLS_NO_SHARED_CIPHER,
        &place,
        format!("{target} offers only what JDK {since} and later refuse: {what}"),
    )
    .detail(format!(
        "The server takes {choice} from what Elasticsearch offers on JDK 17, and refuses what it offers on JDK 25. JDK {since} switched \
         off {what}, and Elasticsearch 9 brings such a JDK; JDK 17 connects."
    ))
    .at_most(Certainty::Likely)
    .fix("on the remote, or the proxy in front: enable a suite with ECDHE, such as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (xpack.security.*.ssl.cipher_suites)");
    let finding = observed(finding, context, std::slice::from_ref(choice));
    match local_has_new_jdk(context) {
        true => finding,
        false => finding.severity(Severity::Warning),
    }
}

/// The server agrees with Elasticsearch on any JDK, so the link may well work.
pub(super) fn jdk_only(context: &Context<'_>, choice: &Choice) -> Finding {
    let target = context.target();
    let finding = Finding::new(
        &catalogue::TLS_NO_SHARED_CIPHER,
        context.place(),
        format!("{target} agrees with Elasticsearch on TLS, and farlink's own TLS library cannot join"),
    )
    .severity(Severity::Info)
    .detail(format!(
        "From a hello as Elasticsearch sends it the server takes {choice}. The local cluster can use that; farlink's TLS library \
         cannot, so nothing after the first answer was tested."
    ))
    .fix("nothing for the link's sake; a suite with ECDHE and AES-GCM on the remote, or the proxy in front, lets farlink test the rest");
    observed(finding, context, std::slice::from_ref(choice))
}

/// Whether the local cluster's JDK is to be taken for 24 or later: Elasticsearch 9 brings such a one
/// (breaking change "Drop `TLS_RSA` cipher support for JDK 24"). An unknown release counts as a current one.
pub(crate) fn local_has_new_jdk(context: &Context<'_>) -> bool {
    let local = context.link.releases.local.as_ref();
    let release = local.and_then(|release| release.value.parse::<ReleaseVersion>().ok());
    release.is_none_or(|release| release.numbers().0 >= 9)
}

fn observed(finding: Finding, context: &Context<'_>, choices: &[Choice]) -> Finding {
    let place = context.place();
    choices.iter().fold(finding, |finding, choice| finding.observed(format!("ServerHello of {place}: {choice}")))
}

/// The client's list of suites on the local cluster.
fn client_setting(context: &Context<'_>) -> &'static str {
    match context.model() {
        Some(Model::ApiKey) => "xpack.security.remote_cluster_client.ssl.cipher_suites",
        _ => "xpack.security.transport.ssl.cipher_suites",
    }
}
