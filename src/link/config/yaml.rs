//! From the text of `farlink.yml` to its shape, with every error at its line and column.

use std::path::Path;

use serde_saphyr::{Error, Options};

use super::shape::File;
use crate::usage::{Fault, Place, UsageError, closest};

/// The shape of `text`, the content of the configuration `file`.
pub(super) fn parse(text: &str, file: &Path) -> Result<File, UsageError> {
    if text.lines().all(|line| matches!(line.trim().bytes().next(), None | Some(b'#'))) {
        return Ok(File::default());
    }
    let options: Options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| located(&error, file))
}

fn located(error: &Error, file: &Path) -> UsageError {
    let error = error.without_snippet();
    let place = match error.location() {
        Some(at) if at.line() > 0 => {
            Place::Line { file: file.to_owned(), line: at.line(), column: at.column() }
        }
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
        Error::DuplicateMappingKey { key, .. } => {
            Fault::DuplicateKey { key: key.clone().unwrap_or_default() }
        }
        Error::SerdeInvalidType { unexpected, expected, .. }
        | Error::SerdeInvalidValue { unexpected, expected, .. } => {
            Fault::WrongType { expected: expected.clone(), found: unexpected.clone() }
        }
        Error::Unexpected { expected, .. } => Fault::WrongType {
            expected: (*expected).to_owned(),
            found: "something else".to_owned(),
        },
        Error::InvalidScalar { ty, .. } => Fault::WrongType {
            expected: format!("a value of type {ty}"),
            found: "something else".to_owned(),
        },
        Error::NullIntoString { .. } => {
            Fault::WrongType { expected: "text".to_owned(), found: "nothing".to_owned() }
        }
        Error::AliasError { error, .. } | Error::WithSnippet { error, .. } => fault(error),
        other => Fault::Syntax { problem: other.to_string().replace('\n', " ") },
    }
}
