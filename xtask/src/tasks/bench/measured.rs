//! Runs the programs of the crate `auth0-provisioning-bench` and the example `fleet`.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
};

use super::{Row, program, text_of};
use crate::openapi::Problem;

/// The number of counted calls. As many calls run before, so that start and first connection do not count.
const CALLS: u32 = 1_000;

/// Measures calls, decoding, walks and waiting for a token.
pub(super) fn rows() -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for measurement in ["call", "decode", "walk", "waiters", "shared"] {
        rows.extend(read(&text_of(program("measure").arg(measurement))?)?);
    }
    rows.extend(read(&text_of(&mut program("allocations"))?)?);
    let server = Server::start()?;
    rows.push(memory(&server)?);
    rows.extend(instructions(&server)?);
    Ok(rows)
}

/// Compares fleets under a rate limit with the least time.
pub(super) fn fleets() -> Result<Vec<Row>, Problem> {
    let mut rows = Vec::new();
    for [connections, in_flight, burst, rate] in [["300", "32", "50", "16"], ["60", "16", "2", "2"]] {
        let mut example = Command::new("cargo");
        example.args(["run", "--release", "--quiet", "--example", "fleet", "--", connections, in_flight, burst, rate]);
        let text = text_of(&mut example)?;
        let figure = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.split_whitespace().next()?.parse().ok())
                .ok_or_else(|| Problem::new(format!("the example prints no {name:?}:\n{text}")))
        };
        let limited: f64 = figure("rate limited (429)")?;
        let failed: f64 = figure("failures")?;
        let what = format!(
            "{connections} configurations, {in_flight} in flight, limit of {burst} and {rate} a second; {limited} rate limited, \
             {failed} failed"
        );
        let beside = "the least time".to_owned();
        rows.push(Row {
            what,
            beside,
            unit: "s".into(),
            other: figure("theoretical minimum")?,
            ours: figure("elapsed")?,
        });
    }
    rows.extend(read(&text_of(program("measure").arg("loops"))?)?);
    Ok(rows)
}

fn memory(server: &Server) -> Result<Row, Problem> {
    let peak = |side: &str| {
        let text = text_of(program("measure").args(["memory", side, &server.origin]))?;
        let kibibytes: f64 = text.trim().parse().map_err(|_| Problem::new(format!("no figure in {text:?}")))?;
        Ok::<_, Problem>(kibibytes / 1024.0)
    };
    let what = "memory at the peak of that walk".to_owned();
    Ok(Row { what, beside: "reqwest".into(), unit: "MiB".into(), other: peak("reqwest")?, ours: peak("client")? })
}

/// Counts instructions with callgrind, if it is installed.
fn instructions(server: &Server) -> Result<Option<Row>, Problem> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("valgrind is not installed: instructions are not counted");
        return Ok(None);
    }
    let count = |side: &str| {
        let total = |calls: u32| {
            let mut valgrind = Command::new("valgrind");
            valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]);
            valgrind.arg(program("measure").get_program());
            valgrind.args(["calls", side, &calls.to_string(), &server.origin]);
            let output = valgrind.output().map_err(|error| Problem::new(format!("valgrind: {error}")))?;
            let text = String::from_utf8_lossy(&output.stderr).into_owned();
            let total = text.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse::<f64>().ok());
            total.ok_or_else(|| Problem::new(format!("valgrind: {text}")))
        };
        Ok::<_, Problem>((total(2 * CALLS)? - total(CALLS)?) / f64::from(CALLS))
    };
    let what = "instructions of a call".to_owned();
    let (other, ours) = (count("reqwest")?, count("client")?);
    Ok(Some(Row { what, beside: "reqwest".into(), unit: String::new(), other, ours }))
}

fn read(lines: &str) -> Result<Vec<Row>, Problem> {
    let row = |line: &str| serde_json::from_str(line).map_err(|error| Problem::new(format!("{line}: {error}")));
    lines.lines().map(row).collect()
}

/// The server of the measurements, in its own process. Dropping it ends the process.
struct Server {
    process: Child,
    origin: String,
}

impl Server {
    fn start() -> Result<Self, Problem> {
        let problem = |error: std::io::Error| Problem::new(format!("the server of the measurements: {error}"));
        let mut serve = program("measure");
        serve.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = serve.spawn().map_err(problem)?;
        let mut origin = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut origin).map_err(problem)?;
        }
        Ok(Self { process, origin: origin.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The process may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
