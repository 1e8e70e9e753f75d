//! Parses the command line, runs the command, and turns the outcome into an exit status.

fn main() -> std::process::ExitCode {
    vpcflow::cli::main()
}
