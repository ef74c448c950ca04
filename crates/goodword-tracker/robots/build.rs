//! Compiles the lists of robots into the table that `src/robots/matcher` runs.

mod pattern;
mod program;

use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=robots");
    let mut program = program::Program::default();
    for list in ["robots/isbot.txt", "robots/ours.txt"] {
        for line in fs::read_to_string(list)?.lines().filter(|line| !line.starts_with('#')) {
            program.add(&pattern::read(line)?)?;
        }
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("robots.rs"), program.source()?)?;
    Ok(())
}
