//! The program `a0p`.

use std::process::ExitCode;

use a0p::{Host, run};

fn main() -> ExitCode {
    // The program mostly waits for the network, and starts faster with one thread.
    let code = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(run(std::env::args_os(), Host::of_process()));
            // After Ctrl-C, a thread may still wait for a line of input.
            runtime.shutdown_background();
            code
        }
        Err(error) => {
            eprintln!("error: the program cannot start: {error}");
            1
        }
    };
    ExitCode::from(code)
}
