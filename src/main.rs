//! The `farlink` command.

fn main() -> std::process::ExitCode {
    farlink::cli::main()
}
