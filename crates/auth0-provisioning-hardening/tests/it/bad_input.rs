//! Runs every reader with arbitrary bytes, and with mutated samples.
//!
//! A change is tested with an eighth of the cases. `FULL=1` runs all of them, and `FULL=1 BAD_INPUT_TIMES=100` a hundred
//! times as many.

use auth0_provisioning_hardening::{READERS, Reader};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, TestRunner},
};

/// Pieces that parsers are known to fail on.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\r\n\r\n",
    b"{\"a\":{\"a\":{\"a\":",
    b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    b"1e400",
    b"-9223372036854775809",
    b"99999999999999999999",
    b"null",
    b"\"\\ud800\"",
    b"%2e%2e%2f",
    b"9999-12-31T23:59:60Z",
    b"+292278-01-01T00:00:00Z",
    b"&a [*a]",
    b"! ",
    b"\xe2\x80\xae",
];

/// One change of a sample.
#[derive(Debug, Clone)]
enum Mutation {
    Cut(Index),
    Insert(Index, Vec<u8>),
    Overwrite(Index, u8),
    Repeat(Index, Index, u8),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let piece = prop_oneof![select(PIECES).prop_map(<[u8]>::to_vec), vec(any::<u8>(), 0..8)];
    prop_oneof![
        any::<Index>().prop_map(Mutation::Cut),
        (any::<Index>(), piece).prop_map(|(at, piece)| Mutation::Insert(at, piece)),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Overwrite(at, byte)),
        (any::<Index>(), any::<Index>(), 1..6_u8).prop_map(|(from, to, times)| Mutation::Repeat(from, to, times)),
    ]
}

fn mutated(sample: &str, mutations: &[Mutation]) -> Vec<u8> {
    let mut bytes = sample.as_bytes().to_vec();
    for mutation in mutations {
        let place = |index: &Index| index.index(bytes.len() + 1);
        match mutation {
            Mutation::Cut(at) => bytes.truncate(place(at)),
            Mutation::Insert(at, piece) => {
                let at = place(at);
                bytes.splice(at..at, piece.iter().copied());
            }
            Mutation::Overwrite(at, byte) => {
                let at = place(at);
                bytes.splice(at..bytes.len().min(at + 1), [*byte]);
            }
            Mutation::Repeat(from, to, times) => {
                let (from, to) = (place(from).min(place(to)), place(from).max(place(to)));
                let again = bytes[from..to].repeat(usize::from(*times));
                bytes.splice(to..to, again);
            }
        }
    }
    bytes
}

fn input(reader: &Reader) -> impl Strategy<Value = Vec<u8>> + use<> {
    let samples = reader.samples;
    prop_oneof![
        1 => vec(any::<u8>(), 0..64),
        4 => (select(samples), vec(mutation(), 0..6)).prop_map(|(sample, mutations)| mutated(sample, &mutations)),
    ]
}

fn check(name: &str, cases: u32) {
    let times = std::env::var("BAD_INPUT_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let cases = if std::env::var_os("FULL").is_some() { cases * times } else { cases / 8 };
    let reader = READERS.iter().find(|reader| reader.name == name).unwrap();
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&input(reader), |bytes| {
        (reader.run)(&bytes);
        Ok(())
    });
    assert!(outcome.is_ok(), "{name}: {}", outcome.unwrap_err());
}

macro_rules! readers {
    ($($name:ident: $cases:literal,)*) => {
        $(
            #[test]
            fn $name() {
                check(stringify!($name), $cases);
            }
        )*

        #[test]
        fn every_reader_has_a_property_and_a_fuzz_target() {
            let tested = [$(stringify!($name)),*];
            assert_eq!(READERS.iter().map(|reader| reader.name).collect::<Vec<_>>(), tested);
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/fuzz_targets");
            let mut targets: Vec<String> = std::fs::read_dir(folder)
                .unwrap()
                .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
                .collect();
            targets.sort();
            assert_eq!(targets, tested);
            let workflow = include_str!("../../../../.github/workflows/fuzz.yml");
            let listed = workflow.lines().filter_map(|line| line.strip_prefix("          - "));
            assert_eq!(listed.collect::<Vec<_>>(), tested, "the workflow's list");
        }
    };
}

readers! {
    control_api: 256,
    declarations: 128,
    drift: 64,
    generator: 64,
    group_files: 128,
    identifiers: 2048,
    log_searches: 256,
    requests: 256,
    responses: 512,
    seeds: 256,
    token_files: 256,
    token_responses: 256,
}

#[test]
fn samples_can_be_read() {
    for reader in READERS {
        for sample in reader.samples {
            (reader.run)(sample.as_bytes());
        }
    }
}
