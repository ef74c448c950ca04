//! Packages of Debian's and its like, where this process may install them.

use std::process::Command;

use crate::{process, toolchain::on_path};

/// Tries to install packages. Whether it worked is seen by looking for what they bring.
pub fn install(packages: &[&str]) {
    if on_path("apt-get").is_none() || !nix::unistd::geteuid().is_root() {
        return;
    }
    let _ = process::capture(Command::new("apt-get").arg("update"));
    let mut install = Command::new("apt-get");
    install.env("DEBIAN_FRONTEND", "noninteractive");
    install.args(["install", "--yes", "--no-install-recommends"]).args(packages);
    let _ = process::capture(&mut install);
}
