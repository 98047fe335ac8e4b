//! From the text of a YAML file to its shape, with every error at its line and column.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde_saphyr::{Error, Options};

use crate::usage::{Fault, Place, UsageError, closest};

/// The shape of `text`, the content of the configuration `file`; of nothing but comments, the default.
pub(crate) fn parse<T: DeserializeOwned + Default>(text: &str, file: &Path) -> Result<T, UsageError> {
    if text.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#'))) {
        return Ok(T::default());
    }
    let options: Options = serde_saphyr::options! {
        with_snippet: false,
        // Ten thousand links have more nodes than the default allows; the file's size bounds them.
        budget: serde_saphyr::budget! { max_nodes: 4_000_000, max_events: 8_000_000 },
    };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| located(&error, file))
}

fn located(error: &Error, file: &Path) -> UsageError {
    let error = error.without_snippet();
    let place = match error.location() {
        Some(at) if at.line() > 0 => Place::Line { file: file.to_owned(), line: at.line(), column: at.column() },
        _ => Place::File(file.to_owned()),
    };
    place.error(fault(error))
}

fn fault(error: &Error) -> Fault {
    match error {
        Error::SerdeUnknownField { field, expected, .. } => Fault::UnknownKey {
            key: field.clone(),
            suggestion: closest(field, expected.iter().copied()),
            known: expected.iter().map(|&key| key.to_owned()).collect(),
        },
        Error::SerdeUnknownVariant { variant, expected, .. } => Fault::UnknownValue {
            value: variant.clone(),
            suggestion: closest(variant, expected.iter().copied()),
            known: expected.iter().map(|&value| value.to_owned()).collect(),
        },
        Error::SerdeMissingField { field, .. } => Fault::MissingKey { key: (*field).to_owned() },
        Error::DuplicateMappingKey { key, .. } => Fault::DuplicateKey { key: key.clone().unwrap_or_default() },
        Error::SerdeInvalidType { expected, .. } | Error::SerdeInvalidValue { expected, .. } => {
            Fault::WrongType { expected: expected.clone() }
        }
        Error::Unexpected { expected, .. } => Fault::WrongType { expected: in_words(expected) },
        Error::InvalidScalar { ty, .. } => Fault::WrongType { expected: in_words(ty) },
        Error::NullIntoString { .. } => Fault::WrongType { expected: "text".to_owned() },
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => fault(error),
        other => Fault::Syntax { problem: without_place(&other.to_string()) },
    }
}

/// The parser's names for what it expects, in the words of people who write YAML.
fn in_words(expected: &str) -> String {
    match expected {
        "mapping start" => "a mapping of keys to values",
        "sequence start" => "a list",
        "string scalar" => "text",
        "boolean" => "true or false",
        "i64" => "a whole number",
        other => return format!("a value of type {other}"),
    }
    .to_owned()
}

/// `message` on one line, without the place that stands before it already.
fn without_place(message: &str) -> String {
    message.split(" at line ").next().unwrap_or(message).replace('\n', " ")
}
