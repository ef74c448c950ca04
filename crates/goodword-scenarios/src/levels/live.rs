//! Level three: a running tracker over HTTP/1.1. Its clock cannot be moved,
//! so a scenario's last moment is made to be the present.

use super::shop::wire::{Answered, By, Call, Wire};
use crate::programs::ORIGIN;
use goodword::time::Instant;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A browser that no list of robots knows.
pub const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a tracker is, and its keys.
#[derive(Clone, Debug)]
pub struct Address {
    /// Host and port.
    pub host: String,
    /// The key of the shop's server.
    pub secret_key: String,
    /// The owner's key.
    pub owner_key: String,
    /// The secret that signs identity tokens.
    pub identity_secret: String,
}

impl Address {
    /// Reads `GOODWORD_BASE`, `GOODWORD_SECRET_KEY`, `GOODWORD_OWNER_KEY` and
    /// `GOODWORD_IDENTITY_SECRET`; of keys that are rotated the newest.
    ///
    /// # Errors
    /// Which is missing.
    pub fn from_environment() -> Result<Self, String> {
        let variable = |name: &str| {
            let value = std::env::var(name).ok().filter(|value| !value.is_empty());
            value.ok_or_else(|| format!("{name} is not set"))
        };
        let newest = |name: &str| {
            variable(name).map(|keys| keys.split(',').next().unwrap_or_default().trim().to_owned())
        };
        let base = variable("GOODWORD_BASE")?;
        let host = base.strip_prefix("http://").map(|host| host.trim_end_matches('/').to_owned());
        Ok(Address {
            host: host.ok_or("GOODWORD_BASE must begin with http://")?,
            secret_key: newest("GOODWORD_SECRET_KEY")?,
            owner_key: newest("GOODWORD_OWNER_KEY")?,
            identity_secret: newest("GOODWORD_IDENTITY_SECRET")?,
        })
    }
}

/// The present, by this machine's clock.
#[must_use]
pub fn present() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// A running tracker.
pub struct Live {
    address: Address,
    /// What a scenario's moments are moved by.
    shift_ms: i64,
    /// The scenario's last moment: enrolment happens in the present, which
    /// is that.
    last: Instant,
    /// Scenarios come from addresses of their own, so that limits per address
    /// are not met.
    number: u16,
}

impl Live {
    /// A tracker for the scenario of this number, whose last moment is this.
    #[must_use]
    pub fn new(address: Address, last: Instant, number: u16) -> Self {
        Live { address, shift_ms: present().0 - last.0, last, number }
    }

    fn request(&self, call: &Call) -> String {
        let [high, low] = self.number.to_be_bytes();
        let body = call.body.as_ref().map(ToString::to_string).unwrap_or_default();
        let by = match call.by {
            By::Visitor => String::new(),
            By::Page => format!("origin: {ORIGIN}\r\n"),
            By::Server => format!("authorization: Bearer {}\r\n", self.address.secret_key),
            By::Owner => format!("authorization: Bearer {}\r\n", self.address.owner_key),
        };
        let kind = if body.is_empty() { "" } else { "content-type: application/json\r\n" };
        format!(
            "{} {} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\nuser-agent: {AGENT}\r\n\
             cf-connecting-ip: 198.19.{high}.{low}\r\n{by}{kind}content-length: {}\r\n\r\n{body}",
            call.method,
            call.path,
            self.address.host,
            body.len(),
        )
    }
}

impl Wire for Live {
    fn call(&mut self, _: Instant, call: &Call) -> Result<Answered, String> {
        let request = self.request(call);
        let told = exchange(&self.address.host, &request);
        let answer = told.map_err(|error| format!("{} {}: {error}", call.method, call.path))?;
        answered(&answer).ok_or_else(|| "the answer is not HTTP/1.1".to_owned())
    }

    fn identity_secret(&self) -> &str {
        &self.address.identity_secret
    }

    fn moment(&self, told: Instant) -> Instant {
        // What has no moment of its own is done now.
        let told = if told == crate::moment::BEGINNING { self.last } else { told };
        told.plus_ms(self.shift_ms)
    }
}

fn exchange(host: &str, request: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(host)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn answered(bytes: &[u8]) -> Option<Answered> {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let headers: Vec<(String, &str)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();
    let header = |name: &str| {
        let found = headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let is_chunked = header("transfer-encoding").is_some_and(|value| value == "chunked");
    let body = if is_chunked { unchunked(body)? } else { body.to_owned() };
    Some(Answered { status, location: header("location"), body })
}

/// Joins the chunks of a body (RFC 9112, section 7.1).
fn unchunked(mut rest: &str) -> Option<String> {
    let mut body = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n")?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.push_str(after.get(..size)?);
        rest = after.get(size..)?.strip_prefix("\r\n")?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_chunks_and_whole() {
        let whole = b"HTTP/1.1 302 Found\r\nLocation: https://shop.example/?gw=l1\r\n\r\n";
        let read = answered(whole).unwrap();
        assert_eq!(
            (read.status, read.location.as_deref()),
            (302, Some("https://shop.example/?gw=l1"))
        );
        let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n";
        assert_eq!(answered(chunks).unwrap().body, "{\"a\":1}");
        assert!(answered(b"nothing").is_none());
    }
}
