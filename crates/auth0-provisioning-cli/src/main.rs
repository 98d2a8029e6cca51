//! The program `a0p`.

use std::process::ExitCode;

use a0p::{Host, run};

fn main() -> ExitCode {
    // One thread: the program waits for the network most of the time, and starts faster with one.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let code = match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(run(std::env::args_os(), Host::of_process()));
            // A thread may still be waiting for a line of input, after Ctrl-C.
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
