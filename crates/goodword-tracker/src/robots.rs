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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::get;
    use http::HeaderValue;

    #[track_caller]
    fn check(agent: &'static str, preview: bool, person: bool) {
        let mut request = get("/r/x");
        request.headers.insert("user-agent", HeaderValue::from_static(agent));
        assert_eq!((is_preview(&request), is_person(&request)), (preview, person), "{agent}");
    }

    #[test]
    fn agents() {
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1";
        check(iphone, false, true);
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
            false,
            true,
        );
        let in_app = "Mozilla/5.0 (Linux; Android 16; Pixel 9; wv) AppleWebKit/537.36 (KHTML, like \
                      Gecko) Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36 [Pinterest/Android]";
        check(in_app, false, true);
        check("WhatsApp/2.24.6.77 A", true, false);
        check("TelegramBot (like TwitterBot)", true, false);
        check("facebookexternalhit/1.1", true, false);
        check("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", true, false);
        check(
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            true,
            false,
        );
        check("curl/8.11.0", false, false);
        check("", false, false);
    }

    #[test]
    fn what_is_fetched_ahead_is_no_click() {
        for (name, value) in [
            ("sec-purpose", "prefetch;prerender"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
            ("x-purpose", "preview"),
        ] {
            let mut request = get("/r/x");
            request
                .headers
                .insert("user-agent", HeaderValue::from_static("Mozilla/5.0 Safari/604"));
            assert!(is_person(&request));
            request.headers.insert(name, HeaderValue::from_static(value));
            assert!(!is_person(&request), "{name}: {value}");
        }
    }
}
