//! Who follows a link: a person, a robot that makes a preview, or a tool.
//! Only a person's click is counted; whatever is decided here, a click grants
//! nothing: only an order does.

use crate::http::Request;
use http::Method;

/// Agents that fetch a link to show a preview of it, or to index it: they get
/// a page about the invitation instead of the shop. Lower case.
const PREVIEW_AGENTS: [&str; 28] = [
    "bot",
    "crawl",
    "spider",
    "slurp",
    "preview",
    "facebookexternalhit",
    "facebot",
    "whatsapp",
    "telegram",
    "slack",
    "discord",
    "twitter",
    "linkedin",
    "pinterest",
    "skypeuri",
    "viber",
    "line-poker",
    "embedly",
    "quora link",
    "vkshare",
    "redditbot",
    "tumblr",
    "mastodon",
    "bluesky",
    "iframely",
    "snapchat",
    "google-read-aloud",
    "headless",
];

/// Tools and libraries: they get what a person gets, uncounted. Lower case.
const TOOL_AGENTS: [&str; 16] = [
    "curl/",
    "wget/",
    "python",
    "go-http-client",
    "java/",
    "okhttp",
    "axios",
    "node-fetch",
    "undici",
    "node",
    "ruby",
    "libwww",
    "httpclient",
    "cfnetwork",
    "postman",
    "guzzle",
];

/// Whether this agent makes previews or indexes.
#[must_use]
pub fn is_preview(request: &Request) -> bool {
    has_agent_of(request, &PREVIEW_AGENTS)
}

/// Whether this is somebody looking at a page: no robot, no tool, no HEAD,
/// and no browser that fetches ahead of a click that may never come.
#[must_use]
pub fn is_person(request: &Request) -> bool {
    let agent = request.header("user-agent").unwrap_or_default();
    let is_ahead = ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| {
        let value = request.header(name).unwrap_or_default().to_ascii_lowercase();
        value.contains("prefetch") || value.contains("prerender") || value.contains("preview")
    });
    request.method != Method::HEAD
        && !agent.trim().is_empty()
        && !is_ahead
        && !has_agent_of(request, &PREVIEW_AGENTS)
        && !has_agent_of(request, &TOOL_AGENTS)
}

fn has_agent_of(request: &Request, agents: &[&str]) -> bool {
    let agent = request.header("user-agent").unwrap_or_default().to_ascii_lowercase();
    // In-app browsers of phones name their app behind a browser's own name;
    // they are people.
    let is_in_app = agent.starts_with("mozilla/")
        && (agent.contains("mobile/") || agent.contains("; wv)") || agent.contains("version/"));
    let is_plain_robot =
        ["bot", "crawl", "spider", "preview"].iter().any(|word| agent.contains(word));
    agents.iter().any(|word| agent.contains(word)) && (!is_in_app || is_plain_robot)
}
