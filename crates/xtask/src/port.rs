//! Whether a port is free, on every address the development server answers on.

use std::{
    io::ErrorKind,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

/// How long a port may still be taken by a server that is just ending.
const ENDING_MS: u64 = 2_000;

/// Refuses a port that somebody listens on, or that this user may not open.
pub fn check(port: u16) -> Result<()> {
    let start = Instant::now();
    loop {
        match free(port) {
            Err(_) if start.elapsed() < Duration::from_millis(ENDING_MS) => {
                thread::sleep(Duration::from_millis(50));
            }
            outcome => return outcome,
        }
    }
}

fn free(port: u16) -> Result<()> {
    for address in [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)] {
        match TcpListener::bind((address, port)) {
            Ok(_) => {}
            Err(fault) if fault.kind() == ErrorKind::AddrInUse => bail!(
                "port {port} is taken by another program: end that program, or choose another \
                 port with `cargo xtask start --port {}`",
                another(port)
            ),
            Err(fault) if fault.kind() == ErrorKind::PermissionDenied => bail!(
                "port {port} is reserved for the administrator: choose one from 1024 up, for \
                 example `cargo xtask start --port 8787`"
            ),
            // A machine without IPv6 has no such address, and then nobody listens there.
            Err(_) => {}
        }
    }
    Ok(())
}

fn another(port: u16) -> u16 {
    port.checked_add(1).unwrap_or(8787)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_refused_and_named() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();

        let said = free(port).unwrap_err().to_string();

        assert!(said.starts_with(&format!("port {port} is taken")), "{said}");
        assert!(said.contains(&format!("--port {}", another(port))), "{said}");
    }

    #[test]
    fn the_last_port_has_a_neighbour_too() {
        assert_eq!(another(u16::MAX), 8787);
        assert_eq!(another(8787), 8788);
    }
}
