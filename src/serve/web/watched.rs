//! Which files were read, and whether they still hold the same.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use zeroize::Zeroizing;

use crate::link::files::{Files, LIMIT};

/// What files held when they were read: a digest, or `None` for one that could not be read.
#[derive(Debug)]
pub(super) struct Seen(BTreeMap<PathBuf, Option<Vec<u8>>>);

impl Seen {
    /// Whether every file still holds the same. Contents are compared, not times: a file system may
    /// keep those no finer than a second.
    pub(super) fn is_current(&self, files: &dyn Files) -> bool {
        self.0.iter().all(|(path, held)| &held_by(files.read(path, LIMIT + 1).as_ref()) == held)
    }
}

/// Files that remember what was read of them.
pub(super) struct Watched<'a> {
    files: &'a dyn Files,
    seen: RefCell<BTreeMap<PathBuf, Option<Vec<u8>>>>,
}

impl<'a> Watched<'a> {
    /// The same as `files`.
    pub(super) fn new(files: &'a dyn Files) -> Self {
        Self { files, seen: RefCell::default() }
    }

    /// What was read.
    pub(super) fn seen(self) -> Seen {
        Seen(self.seen.into_inner())
    }
}

impl Files for Watched<'_> {
    fn read(&self, path: &Path, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        let read = self.files.read(path, limit);
        self.seen.borrow_mut().insert(path.to_owned(), held_by(read.as_ref()));
        read
    }

    fn stdin(&self, limit: usize) -> io::Result<Zeroizing<Vec<u8>>> {
        self.files.stdin(limit)
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        self.files.variable(name)
    }
}

fn held_by(read: Result<&Zeroizing<Vec<u8>>, &io::Error>) -> Option<Vec<u8>> {
    Some(digest(&SHA256, read.ok()?).as_ref().to_vec())
}
