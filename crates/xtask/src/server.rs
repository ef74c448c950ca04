//! The development server as a process: how wrangler is started, and how it and everything it
//! started end with this command.
//!
//! Between this command and wrangler stands a keeper, this same program once more. It holds one
//! end of a pipe, and when the pipe breaks, because this command ended in whatever way, `kill -9`
//! included, it takes the whole group down.
//!
//! wrangler outlives a crash of workerd but no longer answers then, so a crash ends the server
//! too; what workerd had acknowledged is on disk.

use std::{
    env,
    ffi::OsString,
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use nix::sys::signal::Signal;

use crate::{
    groups::{self, Group},
    http,
    keys::Vars,
    port, process,
    project::tool,
    steps::{complain, line},
    worker_config::Config,
};

/// How long wrangler may take until it answers. It takes seconds; a machine under load, more.
const READY_MS: u64 = 180_000;
/// How long wrangler may take to end in good order.
const END_MS: u64 = 3_000;
/// What wrangler writes when workerd has crashed.
const CRASHED: &str = "runtime crashed unexpectedly";

/// What the keeper runs.
#[derive(clap::Args)]
pub struct KeepOptions {
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// Where a server keeps what it is told and what it stores.
pub struct Serving<'a> {
    pub port: u16,
    pub state: &'a Path,
    /// The first one is the Worker that the port belongs to.
    pub configs: [Config; 2],
    pub secrets: &'a Vars,
}

/// A server that runs.
pub struct Server {
    keeper: Child,
    group: Group,
    port: u16,
    crashed: Arc<AtomicBool>,
}

/// Starts wrangler and waits until the tracker answers.
pub fn start(serving: &Serving<'_>) -> Result<Server> {
    port::check(serving.port)?;
    let mut command = Command::new(env::current_exe()?);
    command.arg("keep").arg("--").arg("wrangler").args(arguments(serving));
    let wrangler = tool("wrangler");
    command.envs(wrangler.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.envs(environment(serving.state));
    for name in serving.configs.iter().flat_map(|config| &config.vars) {
        command.env_remove(name);
    }
    command.envs(serving.secrets.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut keeper, group) = groups::spawn(&mut command)?;
    let crashed = Arc::new(AtomicBool::new(false));
    pass_on(keeper.stdout.take(), &crashed, line);
    pass_on(keeper.stderr.take(), &crashed, complain);
    let mut server = Server { keeper, group, port: serving.port, crashed };
    server.wait_until_ready()?;
    Ok(server)
}

/// Passes on what a stream says, and notes a crash in it.
fn pass_on(
    stream: Option<impl Read + Send + 'static>,
    crashed: &Arc<AtomicBool>,
    write: impl Fn(&str) + Send + 'static,
) {
    let crashed = Arc::clone(crashed);
    thread::spawn(move || {
        process::each_line(stream, |line| {
            write(line);
            if line.contains(CRASHED) {
                crashed.store(true, SeqCst);
            }
        });
    });
}

fn arguments(serving: &Serving<'_>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["dev".into()];
    for config in &serving.configs {
        arguments.extend(["--config".into(), config.path.clone().into()]);
    }
    arguments.extend(["--port".into(), serving.port.to_string().into()]);
    // Any free port will do for the debugger, so that servers can run beside each other.
    arguments.extend(["--inspector-port".into(), "0".into()]);
    arguments.extend(["--persist-to".into(), serving.state.join(".wrangler/state").into()]);
    arguments.push("--show-interactive-dev-session=false".into());
    arguments.push("--log-level=warn".into());
    arguments
}

/// wrangler asks nothing, tells nobody, fetches nothing, and knows of no other server on this
/// machine, whose Workers carry the same names.
fn environment(state: &Path) -> [(&'static str, OsString); 8] {
    let below = |name: &str| OsString::from(state.join(".wrangler").join(name));
    [
        ("WRANGLER_SEND_METRICS", "false".into()),
        ("WRANGLER_SEND_ERROR_REPORTS", "false".into()),
        ("WRANGLER_HIDE_BANNER", "true".into()),
        ("CLOUDFLARE_CF_FETCH_ENABLED", "false".into()),
        ("X_LOCAL_OBSERVABILITY", "false".into()),
        ("WRANGLER_REGISTRY_PATH", below("registry")),
        ("WRANGLER_LOG_PATH", below("logs")),
        // Where it would keep an owner's sign-in, which a development server has no use for.
        ("XDG_CONFIG_HOME", below("home")),
    ]
}

impl Server {
    fn wait_until_ready(&mut self) -> Result<()> {
        let start = Instant::now();
        while start.elapsed() < Duration::from_millis(READY_MS) {
            self.must_run()?;
            if http::ask(self.port, "GET", "/health", None, None)
                .is_ok_and(|answer| answer.status == 200)
            {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(100));
        }
        bail!(
            "the server on port {} does not answer /health: its messages above say why",
            self.port
        )
    }

    /// Returns, with the reason, only when the server has ended by itself.
    pub fn serve(mut self) -> Result<()> {
        loop {
            self.must_run()?;
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn must_run(&mut self) -> Result<()> {
        if self.crashed.load(SeqCst) {
            self.group.kill();
            bail!(
                "workerd has crashed; what it had acknowledged is on disk, and `cargo xtask \
                 start` starts it again"
            );
        }
        if self.keeper.try_wait()?.is_some() {
            groups::wait_if_interrupted();
            bail!(
                "wrangler has ended by itself: its messages above say why; `cargo xtask start` \
                 starts it again"
            );
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of the pipe tells the keeper to end the server in good order.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        self.group.end();
    }
}

/// The keeper: runs the command until it ends or standard input does, and then ends its group,
/// itself included.
pub fn keep(options: &KeepOptions) -> Result<()> {
    groups::ignore_interrupts()?;
    let [program, arguments @ ..] = options.command.as_slice() else {
        bail!("there is nothing to keep");
    };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let group = nix::unistd::getpgrp().as_raw();
    let broken = end_of_input();
    let mut asked_at: Option<Instant> = None;
    while child.try_wait()?.is_none() {
        match (asked_at, broken.recv_timeout(Duration::from_millis(50))) {
            (None, Err(RecvTimeoutError::Disconnected)) => {
                groups::signal(group, Signal::SIGTERM);
                asked_at = Some(Instant::now());
            }
            (Some(at), _) if at.elapsed() > Duration::from_millis(END_MS) => break,
            (Some(_), _) => thread::sleep(Duration::from_millis(20)),
            (None, _) => {}
        }
    }
    groups::signal(group, Signal::SIGKILL);
    Ok(())
}

/// Disconnects when standard input ends.
fn end_of_input() -> Receiver<()> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut sink = [0; 64];
        while std::io::stdin().read(&mut sink).is_ok_and(|count| count > 0) {}
        drop(sender);
    });
    receiver
}
