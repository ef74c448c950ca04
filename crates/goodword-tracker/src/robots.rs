//! Who follows a link: a person, a robot that makes a preview, or a tool.
//! Only a person's click is counted; whatever is decided here, a click grants
//! nothing: only an order does. What robots call themselves is the business
//! of `isbot`, whose list is in `robots/` of this crate.

mod matcher;

use crate::http::Request;
use http::Method;

/// How tools and libraries begin to call themselves: they get what a person
/// gets, uncounted, because whoever writes one wants to see where a link
/// leads. Lower case.
const TOOL_AGENTS: [&str; 14] = [
    "curl/",
    "wget/",
    "python-",
    "aiohttp/",
    "httpx/",
    "go-http-client/",
    "java/",
    "okhttp/",
    "axios/",
    "node",
    "undici",
    "ruby",
    "postmanruntime/",
    "guzzlehttp/",
];

/// How a browser says that it fetches ahead of a click that may never come.
const AHEAD_HEADERS: [&str; 4] = ["sec-purpose", "purpose", "x-purpose", "x-moz"];
const AHEAD_WORDS: [&str; 3] = ["prefetch", "prerender", "preview"];

/// Whether this is a robot that is shown the page about the invitation.
#[must_use]
pub fn is_preview(request: &Request) -> bool {
    let agent = agent(request).trim_ascii();
    let lower = String::from_utf8_lossy(agent).to_ascii_lowercase();
    !agent.is_empty()
        && matcher::finds(agent)
        && !TOOL_AGENTS.iter().any(|tool| lower.starts_with(tool))
}

/// Whether this is somebody looking at a page: no robot, no tool, no HEAD,
/// and no browser that fetches ahead.
#[must_use]
pub fn is_person(request: &Request) -> bool {
    let agent = agent(request);
    request.method != Method::HEAD
        && !agent.trim_ascii().is_empty()
        && !is_ahead(request)
        && !matcher::finds(agent)
}

/// Agents may hold characters that are no text of a header.
fn agent(request: &Request) -> &[u8] {
    request.headers.get("user-agent").map(|agent| agent.as_bytes()).unwrap_or_default()
}

fn is_ahead(request: &Request) -> bool {
    AHEAD_HEADERS.iter().filter_map(|name| request.header(name)).any(|value| {
        let value = value.to_ascii_lowercase();
        AHEAD_WORDS.iter().any(|word| value.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::tests::get;

    const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) \
                         AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 \
                         Safari/604.1";

    #[track_caller]
    fn check(agent: &str, preview: bool, person: bool) {
        let mut request = get("/r/x");
        request.headers.set("user-agent", agent);
        assert_eq!((is_preview(&request), is_person(&request)), (preview, person), "{agent}");
    }

    #[test]
    fn people() {
        check(PHONE, false, true);
        check(
            "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
            false,
            true,
        );
        check(
            "Mozilla/5.0 (Linux; Android 16; 红米手机; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
             Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36",
            false,
            true,
        );
    }

    /// The apps of phones open links in a browser of their own.
    #[test]
    fn browsers_inside_apps_are_people() {
        let agents = include_str!("../robots/in-app.txt").lines();
        let agents: Vec<&str> = agents.filter(|line| !line.starts_with('#')).collect();
        assert!(agents.len() >= 50, "{}", agents.len());
        agents.into_iter().for_each(|agent| check(agent, false, true));
    }

    #[test]
    fn robots() {
        for agent in [
            "WhatsApp/2.24.6.77 A",
            "TelegramBot (like TwitterBot)",
            "facebookexternalhit/1.1",
            "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0.0.0",
            "Viber/1.2.3 CFNetwork/1410.0.3 Darwin/22.6.0",
            "Viber/20.9.2.0 CFNetwork/1410.0.3 Darwin/22.6.0 (like Safari)",
        ] {
            check(agent, true, false);
        }
        check("curl/8.11.0", false, false);
        check("python-requests/2.32", false, false);
        check("", false, false);
        check("  ", false, false);
    }

    /// Where patterns look around, both ways.
    #[test]
    fn what_stands_beside_a_word_counts() {
        let with = |words: &str| format!("{PHONE} {words}");
        for (words, is_robot) in [
            ("GSA/300 google", true),
            ("googleapp", false),
            ("channel/google", false),
            ("cubot", false),
            ("(CUBOT", true),
            ("ubot_x", true),
            ("xbots", true),
            ("scan", true),
            ("camscanner", false),
            ("libhttp", false),
            ("shttp", true),
            ("gnews", false),
            ("news", true),
            ("newssapphire", false),
            ("java; script", false),
            ("java", true),
            ("a|b", true),
        ] {
            check(&with(words), is_robot, !is_robot);
        }
        check("Robot", true, false);
        check(&"x".repeat(50), true, false);
        check("12", true, false);
    }

    /// An agent may be as long as headers may, and made to be costly.
    #[test]
    fn a_long_agent_ends() {
        check(&format!("Mozilla/5.0 ({}", "a/1.1.".repeat(5_000)), false, true);
        check(&"1.".repeat(30_000), true, false);
    }

    #[test]
    fn what_is_fetched_ahead_is_no_click() {
        for (name, value) in [
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "Prefetch;anonymous-client-ip"),
            ("purpose", "prefetch"),
            ("x-moz", "prefetch"),
            ("x-purpose", "preview"),
        ] {
            let mut request = get("/r/x");
            request.headers.set("user-agent", PHONE);
            assert!(is_person(&request));
            request.headers.set(name, value);
            assert!(!is_person(&request), "{name}: {value}");
        }
        let mut request = get("/r/x");
        request.headers.set("user-agent", PHONE);
        request.method = Method::HEAD;
        assert!(!is_person(&request));
    }
}
