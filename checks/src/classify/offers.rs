//! What a server supports that did not agree with our TLS library, from its answers to hand-built
//! ClientHellos, and which of the JDKs that Elasticsearch runs on could agree with it.

use std::fmt;

use crate::hellos::jdk::{self, Jdk};
use crate::hellos::{content, groups, suites};
use crate::model::evidence::{AddressEvidence, Question, Tls, TlsOutcome};
use crate::model::hello::Hello;
use crate::model::text::safe;

/// What a server chose from a hello.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Choice {
    /// The version's name in Java, such as `TLSv1.2`.
    pub version: String,
    /// The cipher suite's IANA name, or its number.
    pub cipher: String,
    /// The group of the key exchange, where it told.
    pub group: Option<String>,
}

/// What the hand-built hellos tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Support {
    /// Not asked, refused altogether, or not answered well enough to tell.
    Untold,
    /// It agrees with Elasticsearch on every JDK.
    EveryJdk(Choice),
    /// It agrees with Elasticsearch on a JDK before 24 only.
    OldJdk(Choice),
    /// It speaks TLS 1.2 or 1.3, with nothing that Elasticsearch offers on any JDK.
    Unshared(Vec<Choice>),
    /// It speaks nothing newer than TLS 1.1.
    OldVersions(Vec<Choice>),
}

/// What is known of the server at `address`.
///
/// "It does not" is concluded from answers only: a hello that got none within its time tells nothing.
pub fn judge(address: &AddressEvidence) -> Support {
    for (hello, jdk) in [(Hello::NewJdk, Jdk::From24), (Hello::OldJdk, Jdk::Before24)] {
        match (answer(address, hello), jdk) {
            (Answer::Accepted(choice), Jdk::From24) => return Support::EveryJdk(choice),
            (Answer::Accepted(choice), Jdk::Before24) => return Support::OldJdk(choice),
            (Answer::Untold, _) => return Support::Untold,
            (Answer::Refused(_), _) => {}
        }
    }
    let current = [Hello::Tls13, Hello::Tls12].map(|hello| answer(address, hello));
    let accepted: Vec<Choice> = current.iter().filter_map(Answer::accepted).cloned().collect();
    if !accepted.is_empty() {
        return Support::Unshared(accepted);
    }
    if current.contains(&Answer::Untold) {
        return Support::Untold;
    }
    // A server that is older than a hello answers with its own newest version (RFC 5246 appendix E.1).
    let mut old: Vec<Choice> = Vec::new();
    for choice in Hello::ALL.into_iter().filter_map(|hello| answer(address, hello).chosen().cloned()) {
        if is_old(&choice) && old.iter().all(|known| known.version != choice.version) {
            old.push(choice);
        }
    }
    // The names sort as the versions do.
    old.sort_by(|a, b| a.version.cmp(&b.version));
    match old.is_empty() {
        true => Support::Untold,
        false => Support::OldVersions(old),
    }
}

/// Whether `hello` would still tell anything at `address`.
pub fn is_wanted(hello: Hello, address: &AddressEvidence) -> bool {
    let accepted = |hello| answer(address, hello).accepted().is_some();
    let agreed = accepted(Hello::NewJdk) || accepted(Hello::OldJdk);
    match hello {
        Hello::NewJdk => true,
        Hello::OldJdk => !accepted(Hello::NewJdk),
        Hello::Tls13 | Hello::Tls12 => !agreed,
        Hello::Tls11 | Hello::Tls10 => !agreed && !accepted(Hello::Tls13) && !accepted(Hello::Tls12),
    }
}

impl Choice {
    /// What the server chose in `tls`, where it chose.
    pub fn of(tls: &Tls) -> Option<Self> {
        let TlsOutcome::ServerHello { group } = &tls.outcome else { return None };
        let shown = |text: &String| safe(text, 80);
        Some(Self {
            version: shown(tls.version.as_ref()?),
            cipher: shown(tls.cipher.as_ref()?),
            group: group.as_ref().map(shown),
        })
    }

    /// Whether Elasticsearch on this JDK takes it, with its default settings.
    pub fn suits(&self, jdk: Jdk) -> bool {
        jdk::VERSIONS.iter().any(|version| suites::version_name(*version) == self.version)
            && jdk::suites(jdk).any(|suite| suite == self.cipher)
            && !self.has_foreign_group()
    }

    /// Whether Elasticsearch offers the suite, and the JDK does not have the group that comes with it.
    pub fn has_foreign_group(&self) -> bool {
        jdk::ELASTICSEARCH_SUITES.contains(&self.cipher.as_str())
            && self.group.as_ref().is_some_and(|group| jdk::GROUPS.iter().all(|id| groups::name(*id) != *group))
    }

    /// Whether a JDK enables the suite that Elasticsearch's default list leaves out.
    pub fn is_left_out_by_elasticsearch(&self) -> bool {
        !jdk::ELASTICSEARCH_SUITES.contains(&self.cipher.as_str())
            && jdk::default_suites(Jdk::From24).any(|suite| suite == self.cipher)
    }

    /// The version as people write it, `TLS 1.2`.
    pub fn version_words(&self) -> String {
        match self.version.as_str() {
            "TLSv1" => "TLS 1.0".to_owned(),
            other => other.replace("TLSv", "TLS "),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with {}", self.version_words(), self.cipher)?;
        match &self.group {
            Some(group) => write!(f, " ({group})"),
            None => Ok(()),
        }
    }
}

/// What became of one hello.
#[derive(Clone, Debug, PartialEq)]
enum Answer {
    /// It chose something that was offered.
    Accepted(Choice),
    /// It said no, by an alert, by hanging up, or by choosing what was not offered.
    Refused(Option<Choice>),
    /// Not asked, or no answer.
    Untold,
}

impl Answer {
    fn accepted(&self) -> Option<&Choice> {
        match self {
            Self::Accepted(choice) => Some(choice),
            _ => None,
        }
    }

    fn chosen(&self) -> Option<&Choice> {
        match self {
            Self::Accepted(choice) | Self::Refused(Some(choice)) => Some(choice),
            _ => None,
        }
    }
}

fn answer(address: &AddressEvidence, hello: Hello) -> Answer {
    let Some(tls) = address.attempt(Question::Offer(hello)).and_then(|attempt| attempt.tls.as_ref()) else {
        return Answer::Untold;
    };
    let suits = |choice: &Choice| match hello {
        Hello::NewJdk => choice.suits(Jdk::From24),
        Hello::OldJdk => choice.suits(Jdk::Before24),
        _ => content(hello).versions.iter().any(|version| suites::version_name(*version) == choice.version),
    };
    match (&tls.outcome, Choice::of(tls)) {
        (_, Some(choice)) if suits(&choice) => Answer::Accepted(choice),
        (_, Some(choice)) => Answer::Refused(Some(choice)),
        (TlsOutcome::Alert { .. } | TlsOutcome::Closed | TlsOutcome::Reset, None) => Answer::Refused(None),
        _ => Answer::Untold,
    }
}

fn is_old(choice: &Choice) -> bool {
    [suites::TLS11, suites::TLS10, 0x0300].iter().any(|version| suites::version_name(*version) == choice.version)
}
