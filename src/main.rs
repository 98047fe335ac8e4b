//! The `farlink` command.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

/// Wipes what it frees. The types of `secret` wipe their own copies; but a node sends the headers of a request
/// back with its answer, the key among them, and the buffers of the TLS library that held that are not ours to wipe.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> std::process::ExitCode {
    farlink::cli::main()
}
