//! `dichterbij` with crash points and planted bugs compiled in: what the tests break.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    dichterbij::cli::main().await
}
