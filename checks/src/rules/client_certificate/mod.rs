//! Findings about the client certificate that a port asks for: the one that was given by itself, and
//! what the port says to it.

mod answer;
mod given;
mod words;

pub(super) use answer::asked;
pub(super) use given::given;
