//! Durations as people write them: `500ms`, `20s`, `5m`, `1h30m`.
//! They are always above zero and short enough to add to any instant.

use std::time::Duration;

use jiff::SignedDuration;

use crate::usage::Fault;

const LONGEST: Duration = Duration::from_secs(366 * 24 * 3600);

/// The duration in `text`, above zero and at most a year.
pub fn parse(text: &str) -> Result<Duration, Fault> {
    let unreadable = || {
        let number = text.trim();
        let bare = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
        Fault::Duration { text: text.to_owned(), suggestion: bare.then(|| format!("{number}s")) }
    };
    let signed: SignedDuration = text.trim().parse().map_err(|_| unreadable())?;
    match Duration::try_from(signed) {
        Ok(duration) if !duration.is_zero() && duration <= LONGEST => Ok(duration),
        _ => Err(Fault::DurationRange { text: text.to_owned(), bound: "above 0 and at most a year" }),
    }
}

/// The same, and at least one second.
pub fn parse_interval(text: &str) -> Result<Duration, Fault> {
    let duration = parse(text)?;
    if duration < Duration::from_secs(1) {
        return Err(Fault::DurationRange { text: text.to_owned(), bound: "1s at the least" });
    }
    Ok(duration)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, millis) in [
            ("20s", 20_000),
            ("500ms", 500),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            (" 2 seconds ", 2_000),
            ("PT5S", 5_000),
        ] {
            assert_eq!(parse(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_what_to_write() {
        for (text, message) in [
            ("20", "\"20\" is not a duration; write it like 500ms, 20s, 5m or 1h; did you mean \"20s\"?"),
            ("", "\"\" is not a duration; write it like 500ms, 20s, 5m or 1h"),
            ("soon", "\"soon\" is not a duration; write it like 500ms, 20s, 5m or 1h"),
            ("0s", "\"0s\" is out of range; the duration must be above 0 and at most a year"),
            ("-5s", "\"-5s\" is out of range; the duration must be above 0 and at most a year"),
            ("99999h", "\"99999h\" is out of range; the duration must be above 0 and at most a year"),
        ] {
            assert_eq!(parse(text).unwrap_err().to_string(), message);
        }
        assert_eq!(
            parse_interval("500ms").unwrap_err().to_string(),
            "\"500ms\" is out of range; the duration must be 1s at the least"
        );
    }
}
