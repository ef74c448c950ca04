//! `cargo xtask deploy`: builds, and publishes the tracker on the owner's Cloudflare account.
//!
//! Everything after `deploy` is wrangler's, for example `--dry-run`.

use std::{ffi::OsString, os::unix::process::CommandExt};

use anyhow::{Context, Result};

use crate::{commands::build, project};

/// What wrangler is told.
#[derive(clap::Args)]
pub struct Options {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    wrangler: Vec<OsString>,
}

pub fn run(options: &Options) -> Result<()> {
    build::run()?;
    let mut wrangler = project::tool("wrangler");
    wrangler.args(["deploy", "--config", "wrangler.toml"]).args(&options.wrangler);
    wrangler.env("WRANGLER_SEND_METRICS", "false");
    // wrangler takes this process's place, because it may ask its owner to sign in.
    Err(wrangler.exec()).context("wrangler cannot be started")
}
