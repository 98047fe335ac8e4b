//! Any bytes as certificates, judged in every way there is.

#![no_main]

#[path = "../inputs/certificates.rs"]
mod input;

libfuzzer_sys::fuzz_target!(|data: &[u8]| input::judge(data));
