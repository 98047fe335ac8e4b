//! Any bytes as what a node's transport port answers.

#![no_main]
#![allow(dead_code, unused_imports)]

#[path = "../inputs/transport_frames.rs"]
mod input;
// The codec alone, so that nothing else is built for it.
#[path = "../../../src/wire/mod.rs"]
mod wire;

libfuzzer_sys::fuzz_target!(|data: &[u8]| input::read(data));
