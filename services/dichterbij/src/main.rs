//! `dichterbij`: the whole platform in one program. What it can do stands in `dichterbij --help`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    dichterbij::cli::main().await
}
