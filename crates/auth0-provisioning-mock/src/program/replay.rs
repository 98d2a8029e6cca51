//! Replays recordings and prints the results.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use auth0_provisioning_mock::replay::{Recording, Verdict, replay};

pub(super) async fn run(files: &[PathBuf]) -> Result<ExitCode, Box<dyn Error>> {
    let mut recordings = Vec::new();
    for file in files {
        let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        let read = Recording::read(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        recordings.extend(read);
    }
    let verdicts = replay(&recordings).await?;

    let mut out = io::stdout().lock();
    let (mut equal, mut learned, mut different, mut skipped) = (0, 0, 0, 0);
    for (recording, verdict) in recordings.iter().zip(&verdicts) {
        let call = format!("{} {} {}", recording.status, recording.method, recording.path);
        match verdict {
            Verdict::Equal => {
                equal += 1;
                writeln!(out, "equal      {call}")?;
            }
            Verdict::EqualWithLearned(names) => {
                equal += 1;
                learned += 1;
                writeln!(out, "equal      {call} (learned {})", names.join(", "))?;
            }
            Verdict::Skipped(reason) => {
                skipped += 1;
                writeln!(out, "skipped    {call}: {reason}")?;
            }
            Verdict::Different(differences) => {
                different += 1;
                writeln!(out, "different  {call}")?;
                for difference in differences {
                    writeln!(out, "           {difference}")?;
                }
            }
        }
    }
    if learned > 0 {
        writeln!(out, "{learned} of the equal calls use defaults that the mock learned from the recordings")?;
    }
    writeln!(out, "{equal} equal, {different} different, {skipped} skipped")?;
    Ok(if different == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
