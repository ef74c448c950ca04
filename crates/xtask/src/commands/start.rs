//! `cargo xtask start`: the demo shop and the tracker on one port, on this machine.
//!
//! 1. Refuse a taken port before anything is built.
//! 2. Build what is missing.
//! 3. Make the keys that are missing, and write what wrangler reads.
//! 4. Start wrangler, wait until the tracker answers, put the demo's program.
//! 5. Serve until Ctrl-C.

use std::{
    path::{Path, PathBuf, absolute},
    time::Instant,
};

use anyhow::Result;

use crate::{
    commands::build,
    demo_program, groups, keys, port, project,
    server::{self, Serving},
    steps::{self, step, told},
    worker_config::{self, MAIL_FROM, Mail},
};

/// Where and on what state to serve.
#[derive(clap::Args)]
pub struct Options {
    /// The port of the shop and of the tracker.
    #[arg(long, default_value_t = 8787, value_parser = clap::value_parser!(u16).range(1..))]
    port: u16,
    /// The folder of the keys (.dev.vars) and of the store (.wrangler); the project's by default.
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
    /// Write letters to advocates, from this address. They are kept for you to read, not sent.
    #[arg(long, value_name = "ADDRESS")]
    mail_from: Option<String>,
    /// Refuse letters to any other address, as a binding with `allowed_destination_addresses`
    /// does; may be given several times.
    #[arg(long, value_name = "ADDRESS", requires = "mail_from")]
    mail_only_to: Vec<String>,
}

pub fn run(options: &Options) -> Result<()> {
    let start = Instant::now();
    let port = options.port;
    port::check(port)?;
    let state = match &options.state {
        Some(folder) => absolute(folder)?,
        None => project::root(),
    };
    project::writable(&state)?;

    let lock = project::lock()?;
    build::build()?;
    drop(lock);

    let file = state.join(".dev.vars");
    let secrets = step("keys", |_| {
        let (mut secrets, added) = keys::keep(&file)?;
        let words = format!("{} in {}, {added} of them new", secrets.len(), file.display());
        // What the command line says goes before what the file says.
        secrets.retain(|(name, _)| name != MAIL_FROM || options.mail_from.is_none());
        Ok(told(words, secrets))
    })?;
    let folder = state.join(".wrangler/config");
    let root = project::root();
    let mail = options.mail_from.as_deref();
    let mail = mail.map(|from| Mail { from, only_to: &options.mail_only_to });
    let configs = [
        worker_config::shop(&root, &folder)?,
        worker_config::tracker(&root, &folder, &secrets, mail.as_ref())?,
    ];

    let server = step("server", |step| {
        step.says("wrangler starts workerd ...");
        let serving = Serving { port, state: &state, configs, secrets: &secrets };
        Ok(told("workerd answers", server::start(&serving)?))
    })?;
    step("program", |_| demo_program::put(port, keys::value(&secrets, "OWNER_KEY")?))?;

    groups::interrupt_is_success();
    introduce(port, &file, &secrets, mail.is_some(), start);
    server.serve()
}

fn introduce(port: u16, file: &Path, secrets: &keys::Vars, has_mail: bool, start: Instant) {
    let base = format!("http://localhost:{port}");
    let names: Vec<_> = secrets.iter().map(|(name, _)| name.as_str()).collect();
    say!("");
    say!("  shop       {base}/");
    say!("  account    {base}/account");
    say!("  checkout   {base}/checkout");
    say!("  dashboard  {base}/dashboard, signed in to with OWNER_KEY");
    say!("  store      {base}/cdn-cgi/explorer");
    if has_mail {
        say!("  letters    {base}/cdn-cgi/explorer/email/sending");
    }
    say!(
        "  cron       curl -X POST '{base}/cdn-cgi/explorer/api/local/scheduled?worker=goodword' \
         --json '{{\"cron\":\"*/15 * * * *\"}}'"
    );
    say!("  keys       {} in {}", names.join(", "), file.display());
    say!("  started in {}; Ctrl-C ends it", steps::seconds(start));
    say!("ready: {base}");
}
