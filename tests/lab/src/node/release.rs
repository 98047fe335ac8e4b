//! What a release line of Elasticsearch answers in a handshake; ids and hashes as real nodes of these releases sent them.
//! Transport versions from `TransportVersions`, handshake formats from `TransportHandshaker`.

/// An Elasticsearch release, as far as its transport shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// `8.19.21`
    pub number: String,
    /// The id of the release itself: `8192199`.
    pub release_id: u32,
    /// The transport version: equal to the release id up to 8.6, an own scheme later.
    pub transport_version: u32,
    /// Requests with an older wire version are refused.
    pub minimum_wire_version: u32,
    /// Handshake formats it reads: 6080099, 7170099, 8800000.
    pub handshake_formats: Vec<u32>,
    /// Whether it answers min(own, theirs) and refuses requesters that are too old (8.18 and later).
    pub negotiates: bool,
    /// Oldest, oldest read-only and newest index version.
    pub index_versions: [u32; 3],
    /// The commit it was built from.
    pub build_hash: String,
}

const FORMATS_TO_8_17: &[u32] = &[6_080_099, 7_170_099];
const FORMATS_8_18: &[u32] = &[6_080_099, 7_170_099, 8_800_000];
const FORMATS_9: &[u32] = &[7_170_099, 8_800_000];

impl Release {
    /// 7.16.3, which 8.x no longer talks to.
    pub fn v7_16() -> Self {
        Self::of("7.16.3", 7_160_399, 6_080_099, FORMATS_TO_8_17, [0; 3], "4e6e4eab2297e949ec994e688dad46290d018022")
    }

    /// 7.17.29
    pub fn v7_17() -> Self {
        Self::of("7.17.29", 7_172_999, 6_080_099, FORMATS_TO_8_17, [0; 3], "580aff1a0064ce4c93293aaab6fcc55e22c10d1c")
    }

    /// 8.10.4, the first line with the remote cluster server
    pub fn v8_10() -> Self {
        Self::of("8.10.4", 8_500_061, 7_170_099, FORMATS_TO_8_17, [7_000_099, 7_000_099, 8_100_499], "b4a62ac808e886ff032700c391f45f1408b2538c")
    }

    /// 8.14.3
    pub fn v8_14() -> Self {
        Self::of("8.14.3", 8_636_001, 7_170_099, FORMATS_TO_8_17, [7_000_099, 7_000_099, 8_505_000], "d55f984299e0e88dee72ebd8255f7ff130859ad0")
    }

    /// 8.17.2, the last line that does not negotiate
    pub fn v8_17() -> Self {
        Self::of("8.17.2", 8_797_002, 7_170_099, FORMATS_TO_8_17, [7_000_099, 7_000_099, 8_521_000], "747663ddda3421467150de0e4301e8d4bc636b0c")
    }

    /// 8.19.21
    pub fn v8_19() -> Self {
        Self::of("8.19.21", 8_841_096, 7_170_099, FORMATS_8_18, [7_000_099, 7_000_099, 8_537_000], "4fe44c255c3d0da06779b921e132cdc555ed9aff")
    }

    /// 9.0.4
    pub fn v9_0() -> Self {
        Self::of("9.0.4", 9_000_013, 8_840_000, FORMATS_9, [8_000_099, 7_000_099, 9_009_000], "e03b6699309ed1458e07dbcd94918b36f5ffee9e")
    }

    /// 9.2.2
    pub fn v9_2() -> Self {
        Self::of("9.2.2", 9_185_010, 8_841_000, FORMATS_9, [8_000_099, 7_000_099, 9_039_002], "ed771e6976fac1a085affabd45433234a4babeaf")
    }

    /// 9.5.3
    pub fn v9_5() -> Self {
        Self::of("9.5.3", 9_458_007, 8_841_000, FORMATS_9, [8_000_099, 7_000_099, 9_111_000], "367ec317ec5f668dd864d41be06052a567102fec")
    }

    fn of(
        number: &str,
        transport_version: u32,
        minimum_wire_version: u32,
        handshake_formats: &[u32],
        index_versions: [u32; 3],
        build_hash: &str,
    ) -> Self {
        Self {
            number: number.to_owned(),
            release_id: release_id(number),
            transport_version,
            minimum_wire_version,
            handshake_formats: handshake_formats.to_vec(),
            negotiates: handshake_formats.contains(&8_800_000),
            index_versions,
            build_hash: build_hash.to_owned(),
        }
    }

    /// Whether it is at least `major.minor`.
    pub(crate) fn at_least(&self, major: u32, minor: u32) -> bool {
        self.release_id >= major * 1_000_000 + minor * 10_000
    }
}

/// `MMmmrrbb` with build 99; a part that is no number counts as 0.
fn release_id(number: &str) -> u32 {
    let mut parts = number.split(['.', '-']).map(|part| part.parse().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0_u32);
    part() * 1_000_000 + part() * 10_000 + part() * 100 + 99
}
