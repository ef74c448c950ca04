//! Runs a program to its end: quietly, keeping what it wrote, or line by line.
//!
//! What a failure means to the reader is left to the caller, who knows what the program was for.

use std::{
    io::{BufRead, BufReader, ErrorKind},
    process::{Command, ExitStatus, Output, Stdio},
    thread,
};

use anyhow::{Result, anyhow};

use crate::groups;

/// Runs a program and keeps what it wrote.
pub fn capture(command: &mut Command) -> Result<Output> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (child, _group) = groups::spawn(command).map_err(|fault| not_started(command, &fault))?;
    Ok(child.wait_with_output()?)
}

/// Runs a program and hands over each line it writes, from either stream.
pub fn lines(
    command: &mut Command,
    out: impl FnMut(&str) + Send,
    error: impl FnMut(&str) + Send,
) -> Result<ExitStatus> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut child, _group) =
        groups::spawn(command).map_err(|fault| not_started(command, &fault))?;
    let (written, complained) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| each_line(written, out));
        scope.spawn(|| each_line(complained, error));
    });
    Ok(child.wait()?)
}

/// Runs a program that writes where this one writes.
pub fn show(command: &mut Command) -> Result<ExitStatus> {
    let (mut child, _group) =
        groups::spawn(command).map_err(|fault| not_started(command, &fault))?;
    Ok(child.wait()?)
}

/// Everything a program wrote, as text.
pub fn text_of(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

/// Hands over each line of a stream until it ends.
pub fn each_line(stream: Option<impl std::io::Read>, mut work: impl FnMut(&str)) {
    let Some(stream) = stream else { return };
    for line in BufReader::new(stream).split(b'\n') {
        // A stream that breaks off has nothing more to say; the exit status tells the rest.
        let Ok(line) = line else { return };
        work(String::from_utf8_lossy(&line).trim_end_matches('\r'));
    }
}

fn not_started(command: &Command, fault: &std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    match fault.kind() {
        ErrorKind::NotFound => anyhow!("the program `{program}` is not on this machine's PATH"),
        _ => anyhow!("the program `{program}` cannot be started: {fault}"),
    }
}
