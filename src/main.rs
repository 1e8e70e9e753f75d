//! Parses the command line, runs the command, and turns the outcome into an exit status.

#[global_allocator]
static MEMORY: vpcflow::cli::Memory = vpcflow::cli::Memory;

fn main() -> std::process::ExitCode {
    vpcflow::cli::main()
}
