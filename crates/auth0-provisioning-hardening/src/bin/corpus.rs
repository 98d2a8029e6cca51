//! Writes the samples of each reader into the corpus of its fuzz target.

use std::{fs, io, path::Path, process::ExitCode};

use auth0_provisioning_hardening::READERS;

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: cannot write the corpus: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> io::Result<()> {
    for reader in READERS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz").join("corpus").join(reader.name);
        fs::create_dir_all(&folder)?;
        for (index, sample) in reader.samples.iter().enumerate() {
            fs::write(folder.join(format!("sample{index}")), sample)?;
        }
        println!("{}: {} samples", folder.display(), reader.samples.len());
    }
    Ok(())
}
