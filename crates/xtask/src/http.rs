//! Asks the development server something: one request over one connection, HTTP/1.1.
//!
//! Only what this command needs of the protocol, and only towards this machine.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use anyhow::{Context, Result};

/// A server that is starting may hold a connection a while before it answers.
const ANSWER_SECONDS: u64 = 30;

/// What came back.
pub struct Answer {
    pub status: u16,
    pub body: String,
}

/// Sends a request to this machine's port; `body` is JSON.
pub fn ask(
    port: u16,
    method: &str,
    path: &str,
    bearer: Option<&str>,
    body: Option<&str>,
) -> Result<Answer> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(ANSWER_SECONDS)))?;
    stream.write_all(request(port, method, path, bearer, body).as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    answer(&String::from_utf8_lossy(&bytes))
}

fn request(
    port: u16,
    method: &str,
    path: &str,
    bearer: Option<&str>,
    body: Option<&str>,
) -> String {
    let mut text =
        format!("{method} {path} HTTP/1.1\r\nhost: localhost:{port}\r\nconnection: close\r\n");
    if let Some(key) = bearer {
        text.push_str(&format!("authorization: Bearer {key}\r\n"));
    }
    let body = body.unwrap_or_default();
    if !body.is_empty() {
        text.push_str("content-type: application/json\r\n");
    }
    text.push_str(&format!("content-length: {}\r\n\r\n{body}", body.len()));
    text
}

fn answer(text: &str) -> Result<Answer> {
    let (head, body) = text.split_once("\r\n\r\n").context("the answer broke off")?;
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok());
    let status = status.context("the answer has no status")?;
    let chunked = head.lines().any(|line| line.eq_ignore_ascii_case("transfer-encoding: chunked"));
    let body = if chunked { joined(body) } else { body.to_owned() };
    Ok(Answer { status, body })
}

/// The text of chunks: a length in hexadecimal digits, a line end, so many bytes, a line end.
fn joined(mut rest: &str) -> String {
    let mut text = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap_or_default();
        let Some(chunk) = after.get(..length).filter(|chunk| !chunk.is_empty()) else { break };
        text.push_str(chunk);
        rest = after.get(length + 2..).unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        let check = |text: &str, status: u16, body: &str| {
            let answer = answer(text).unwrap();
            assert_eq!((answer.status, answer.body.as_str()), (status, body), "{text:?}");
        };
        check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, "{}");
        check("HTTP/1.1 404 Not Found\r\n\r\n", 404, "");
        check(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
            200,
            "abcd",
        );
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in ["", "HTTP/1.1 200 OK\r\n", "nonsense\r\n\r\n"] {
            assert!(answer(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_request_carries_key_and_body() {
        let text = request(8787, "PUT", "/v1/programs/demo", Some("k"), Some("{}"));
        assert!(text.starts_with("PUT /v1/programs/demo HTTP/1.1\r\nhost: localhost:8787\r\n"));
        assert!(text.contains("\r\nauthorization: Bearer k\r\n"));
        assert!(text.ends_with("\r\ncontent-length: 2\r\n\r\n{}"));
    }
}
