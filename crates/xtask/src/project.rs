//! Where things are: the project's folders, the tools in `node_modules`, the lock that lets one
//! command at a time build.

use std::{
    env,
    ffi::OsString,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

/// The project's root: two above this crate.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// What is built: `worker/` and `assets/` are served, the rest are stages and stamps.
pub fn build() -> PathBuf {
    root().join("build")
}

/// What `npm ci` brings.
pub fn node_modules() -> PathBuf {
    root().join("node_modules")
}

/// A command that finds the project's own tools, and its own Node, before the machine's.
pub fn tool(name: &str) -> Command {
    let mut path = OsString::from(node_modules().join(".bin"));
    if let Some(rest) = env::var_os("PATH") {
        path.push(":");
        path.push(rest);
    }
    let mut command = Command::new(name);
    // The name is looked up in the PATH that the child gets.
    command.env("PATH", path).current_dir(root());
    command
}

/// Cargo, the one that runs this command where it does.
pub fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Makes a folder that must be writable.
pub fn writable(folder: &Path) -> Result<()> {
    let probe = folder.join(".writable");
    fs::create_dir_all(folder).and_then(|()| File::create(&probe)).with_context(|| {
        format!(
            "cannot write in {}: change that folder's permissions, or choose another place",
            folder.display()
        )
    })?;
    fs::remove_file(&probe)?;
    Ok(())
}

/// Waits until no other command is building; the lock ends with the value.
pub fn lock() -> Result<File> {
    writable(&build())?;
    let file = File::create(build().join(".lock"))?;
    if let Err(TryLockError::WouldBlock) = file.try_lock() {
        say!("  waiting    another `cargo xtask` is building in this folder ...");
        file.lock()?;
    }
    Ok(file)
}

/// Writes a file unless it holds just that, so that nothing that watches it is woken.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    // Moved into place whole: a server that is running never sees half a file.
    let part = path.with_extension("part");
    fs::write(&part, bytes).and_then(|()| fs::rename(&part, path)).with_context(|| {
        format!("cannot write {}: change that folder's permissions", path.display())
    })
}
