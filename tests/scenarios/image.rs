//! The memory of another process, as a core file would have it, through `/proc` (proc(5)).

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::time::{Duration, Instant};

/// What a process could write when it was looked at.
pub(crate) struct Image(Vec<Mapping>);

struct Mapping {
    name: String,
    bytes: Vec<u8>,
}

impl Image {
    /// Every writable mapping of the process `id`, which is ours and does not run on meanwhile.
    pub(crate) fn of(id: u32) -> Self {
        let maps = std::fs::read_to_string(format!("/proc/{id}/maps")).unwrap();
        let mut memory = File::open(format!("/proc/{id}/mem")).unwrap();
        let mut mappings = Vec::new();
        for line in maps.lines() {
            let mut words = line.split_whitespace();
            let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
            let Some((start, end)) = range.split_once('-') else { continue };
            if !rights.starts_with("rw") {
                continue;
            }
            let start = u64::from_str_radix(start, 16).unwrap();
            let length = u64::from_str_radix(end, 16).unwrap() - start;
            let mut bytes = Vec::new();
            memory.seek(SeekFrom::Start(start)).unwrap();
            // A mapping that cannot be read holds nothing of ours (vvar).
            if (&mut memory).take(length).read_to_end(&mut bytes).is_ok() {
                mappings.push(Mapping { name: line.to_owned(), bytes });
            }
        }
        Self(mappings)
    }

    /// Where `part` stands, with what is around it.
    pub(crate) fn find(&self, part: &[u8]) -> Vec<String> {
        let mut found = Vec::new();
        for Mapping { name, bytes } in &self.0 {
            let mut from = 0;
            while let Some(next) = bytes[from..].iter().position(|byte| *byte == part[0]) {
                let at = from + next;
                if bytes[at..].starts_with(part) {
                    let around = &bytes[at.saturating_sub(80)..(at + 60).min(bytes.len())];
                    found.push(format!("{name} +{at:x}: {}", around.escape_ascii()));
                }
                from = at + 1;
            }
        }
        found
    }
}

/// Waits until every thread of the process `id` sleeps and one of them is opening a pipe.
pub(crate) fn stopped_at(id: u32, deadline: Instant) {
    loop {
        let opens = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten().any(|task| {
            let waits_in = std::fs::read_to_string(task.path().join("wchan")).unwrap_or_default();
            ["wait_for_partner", "fifo_open"].iter().any(|name| waits_in.contains(name))
        });
        if opens {
            return;
        }
        assert!(Instant::now() < deadline, "the process {id} does not come to its output");
        std::thread::sleep(Duration::from_millis(10));
    }
}
