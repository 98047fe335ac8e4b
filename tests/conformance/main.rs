//! What the transport codec writes and reads, held against frames of real nodes and against itself.

use farlink::wire;

mod key_verdicts;
mod transport_examples;
mod transport_frames;
mod transport_properties;
