//! Reading the files that options and the configuration name, bounded in bytes.
//!
//! A file that is missing or cannot be read is a usage error at the place that names it. What a
//! file that could be read holds is judged elsewhere.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::usage::{Fault, Place, UsageError};

/// The most that is read of a file, in bytes: 1 MiB.
pub const LIMIT: usize = 1 << 20;

/// Where bytes come from.
pub trait Files {
    /// The first `limit` bytes of the file at `path`.
    fn read(&self, path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>>;
    /// The first `limit` bytes of standard input.
    fn stdin(&self, limit: usize) -> io::Result<Zeroizing<Vec<u8>>>;
    /// The environment variable `name`.
    fn variable(&self, name: &str) -> Option<OsString>;
}

/// The real file system, standard input and environment.
pub struct System;

#[allow(clippy::disallowed_methods, reason = "this is the seam through which files and the environment are read")]
impl Files for System {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let file = std::fs::File::open(path)?;
        let about = file.metadata().map_or(0, |metadata| metadata.len());
        bounded(file, limit, usize::try_from(about).unwrap_or(limit))
    }

    fn stdin(&self, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        bounded(io::stdin().lock(), limit, 4096)
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }
}

/// Files that exist in memory only, for tests.
#[derive(Default)]
pub struct Staged {
    /// Contents by path.
    pub files: BTreeMap<PathBuf, Vec<u8>>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// The environment.
    pub variables: BTreeMap<String, String>,
}

impl Staged {
    /// The same with one more file.
    pub fn with(mut self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.into(), content.into());
        self
    }
}

impl Files for Staged {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let content = self.files.get(path).ok_or(io::ErrorKind::NotFound)?;
        bounded(content.as_slice(), limit, content.len())
    }

    fn stdin(&self, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        bounded(self.stdin.as_slice(), limit, self.stdin.len())
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.variables.get(name).map(OsString::from)
    }
}

/// A file as an option or a line of the configuration names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NamedFile {
    /// Where to read it, relative to the current directory or absolute.
    pub path: PathBuf,
    /// As it was written.
    pub shown: String,
    /// Where it was written.
    pub place: Place,
}

impl NamedFile {
    /// The file that `option` names.
    pub fn option(option: &'static str, path: &Path) -> Self {
        Self { path: path.to_owned(), shown: path.display().to_string(), place: Place::Option(option) }
    }
}

/// Reads files for one run: standard input at most once.
pub struct Reader<'a> {
    files: &'a dyn Files,
    stdin_for: Option<Place>,
}

impl<'a> Reader<'a> {
    /// A reader of `files`.
    pub fn new(files: &'a dyn Files) -> Self {
        Self { files, stdin_for: None }
    }

    /// The bytes of `file`, at most [`LIMIT`].
    pub fn read(&self, file: &NamedFile) -> Result<Zeroizing<Vec<u8>>, UsageError> {
        self.read_within(file, LIMIT)
    }

    /// The bytes of `file`, at most `limit`.
    pub fn read_within(&self, file: &NamedFile, limit: usize) -> Result<Zeroizing<Vec<u8>>, UsageError> {
        // One byte more than allowed tells a file that is too large from one that just fits.
        let bytes = self.files.read(&file.path, limit + 1);
        accept(file, bytes, limit).map_err(|fault| file.place.error(fault))
    }

    /// The text of the secret that `file` names: a file, `-` for standard input, or `env:NAME`.
    pub fn secret(&mut self, file: &NamedFile) -> Result<Zeroizing<Vec<u8>>, UsageError> {
        if let Some(name) = file.shown.strip_prefix("env:") {
            let value = self
                .files
                .variable(name)
                .ok_or_else(|| file.place.error(Fault::VariableMissing { name: name.to_owned() }))?;
            return Ok(Zeroizing::new(value.into_encoded_bytes()));
        }
        if file.shown != "-" {
            return self.read(file);
        }
        if let Some(first) = self.stdin_for.replace(file.place.clone()) {
            return Err(file.place.error(Fault::StdinTwice { first }));
        }
        accept(file, self.files.stdin(LIMIT + 1), LIMIT).map_err(|fault| file.place.error(fault))
    }
}

fn accept(file: &NamedFile, bytes: io::Result<Zeroizing<Vec<u8>>>, limit: usize) -> Result<Zeroizing<Vec<u8>>, Fault> {
    match bytes {
        Ok(bytes) if bytes.len() > limit => Err(Fault::TooLarge { path: file.path.clone(), limit }),
        Ok(bytes) => Ok(bytes),
        Err(error) => Err(Fault::Unreadable { path: file.path.clone(), error }),
    }
}

/// Reads to the end or to `limit`; `about` is how much to expect, so that a secret is not left
/// behind in a buffer that grew.
fn bounded(source: impl Read, limit: usize, about: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(about.min(limit) + 64));
    source.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used)]
#[allow(clippy::disallowed_methods, reason = "a real file, to be read as staged ones are")]
mod tests {
    use super::*;

    fn named(path: &str) -> NamedFile {
        NamedFile::option("--api-key-file", Path::new(path))
    }

    #[test]
    fn a_missing_or_endless_file_is_an_error_at_the_option_that_names_it() {
        let staged = Staged::default().with("big", vec![b'x'; LIMIT + 1]).with("fits", vec![b'x'; LIMIT]);
        let reader = Reader::new(&staged);
        for (path, message) in [
            ("gone", "--api-key-file: cannot read gone: there is no such file"),
            (
                "big",
                "--api-key-file: big is larger than 1048576 bytes; name the file that holds only what the option asks for",
            ),
        ] {
            assert_eq!(reader.read(&named(path)).unwrap_err().to_string(), message);
        }
        assert_eq!(reader.read(&named("fits")).unwrap().len(), LIMIT);
    }

    #[test]
    fn a_secret_comes_from_a_file_standard_input_or_the_environment() {
        let mut staged = Staged::default().with("key", "from file");
        staged.stdin = b"from stdin".to_vec();
        staged.variables.insert("KEY".into(), "from env".into());
        let mut reader = Reader::new(&staged);
        assert_eq!(reader.secret(&named("key")).unwrap().as_slice(), b"from file");
        assert_eq!(reader.secret(&named("-")).unwrap().as_slice(), b"from stdin");
        assert_eq!(reader.secret(&named("env:KEY")).unwrap().as_slice(), b"from env");
        assert_eq!(
            reader.secret(&named("-")).unwrap_err().to_string(),
            "--api-key-file: standard input is read for --api-key-file already; write the other one to a file"
        );
        assert_eq!(
            reader.secret(&named("env:NONE")).unwrap_err().to_string(),
            "--api-key-file: the environment variable NONE is not set"
        );
    }

    #[test]
    fn the_real_file_system_is_read_the_same_way() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("key");
        std::fs::write(&path, "x".repeat(100)).unwrap();
        assert_eq!(System.read(&path, 10).unwrap().len(), 10);
        assert_eq!(System.read(&path, 1000).unwrap().len(), 100);
        assert!(System.read(directory.path(), 10).is_err());
    }
}
