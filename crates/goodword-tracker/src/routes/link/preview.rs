//! The page that robots get: what the invitation is, for the preview that a
//! messenger shows. It names nobody but by the name the advocate chose.

use crate::html::escaped;
use crate::http::Answer;
use crate::programs::Current;
use goodword::terms::Draw;
use goodword_api::offer::locale_for;
use goodword_api::reward::in_words;
use serde_json::Value;

pub(super) fn page(current: &Current, draws: &[Draw], name: Option<&str>, link: &str) -> Answer {
    let program = current.program();
    let (locale, _) = locale_for(program, None);
    let texts = current.document.texts(locale, draws);
    let text = |name: &str| texts.get(name).and_then(Value::as_str).map(str::to_owned);
    // A messenger keeps its preview for good, so it promises no boost.
    let offer = program.friend_reward_for(draws).map(|reward| in_words(reward, program.currency));
    let title = match (name, offer) {
        (Some(name), Some(offer)) => format!("{name}: {offer} · {}", program.name),
        (None, Some(offer)) => format!("{offer} · {}", program.name),
        (Some(name), None) => format!("{name} · {}", program.name),
        (None, None) => program.name.clone(),
    };
    let description = text("headline").unwrap_or_else(|| program.name.clone());
    let image = text("image").filter(|image| image.starts_with("https://"));
    let mut tags = vec![
        meta("property", "og:type", "website"),
        meta("property", "og:site_name", &program.name),
        meta("property", "og:title", &title),
        meta("property", "og:description", &description),
        meta("property", "og:url", link),
        meta("property", "og:locale", &locale.replace('-', "_")),
        meta(
            "name",
            "twitter:card",
            if image.is_some() { "summary_large_image" } else { "summary" },
        ),
        meta("name", "twitter:title", &title),
        meta("name", "twitter:description", &description),
        meta("name", "robots", "noindex"),
    ];
    if let Some(image) = image {
        tags.push(meta("property", "og:image", &image));
    }
    let html = format!(
        "<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <title>{title}</title>\n{tags}\n</head>\n<body>\n<p>{description}</p>\n\
         <p><a href=\"{destination}\">{program}</a></p>\n</body>\n</html>\n",
        lang = escaped(locale),
        title = escaped(&title),
        tags = tags.join("\n"),
        description = escaped(&description),
        destination = escaped(&program.destination),
        program = escaped(&program.name),
    );
    Answer { body: html.into_bytes(), ..Answer::empty(200) }
        .with("content-type", "text/html; charset=utf-8")
        .with("cache-control", "no-store")
}

fn meta(kind: &str, name: &str, content: &str) -> String {
    format!("<meta {kind}=\"{name}\" content=\"{}\">", escaped(content))
}
