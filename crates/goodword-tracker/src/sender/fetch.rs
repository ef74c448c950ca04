//! The runtime's `fetch` behind the sender's one verb. The only file that
//! makes requests to others.

use super::{Message, Reply, Sender};
use crate::limits::POST_MS_MAX;
use async_trait::async_trait;
use worker::js_sys::futures::JsFuture;
use worker::js_sys::global;
use worker::wasm_bindgen::{JsCast, JsValue};
use worker::web_sys::{
    AbortSignal, Headers, RequestInit, RequestRedirect, Response, WorkerGlobalScope,
};

/// `fetch`.
pub struct Network;

#[async_trait(?Send)]
impl Sender for Network {
    async fn post(&self, messages: &[Message]) -> Vec<Reply> {
        // The runtime is at work on all of them while the first is awaited.
        let started: Vec<_> = messages.iter().map(start).collect();
        let mut replies = Vec::new();
        for request in started {
            let answered = match request {
                Ok(request) => request.await,
                Err(error) => Err(error),
            };
            replies.push(match answered {
                Ok(response) => reply(&response.unchecked_into()),
                Err(error) => Reply::Failed(format!("{error:?}")),
            });
        }
        replies
    }
}

fn start(message: &Message) -> Result<JsFuture<JsValue>, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    headers.set("user-agent", "Goodword")?;
    headers.set("webhook-id", &message.id)?;
    headers.set("webhook-timestamp", &message.timestamp_s.to_string())?;
    headers.set("webhook-signature", &message.signature)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(POST_MS_MAX)));
    init.set_body(&JsValue::from_str(&message.body));
    let scope: WorkerGlobalScope = global().unchecked_into();
    Ok(JsFuture::from(scope.fetch_with_str_and_init(&message.url, &init)))
}

/// What an address answers to a GET.
///
/// # Errors
/// What came instead of it.
pub async fn text(url: &str) -> Result<String, String> {
    let init = RequestInit::new();
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&AbortSignal::timeout_with_u32(POST_MS_MAX)));
    let scope: WorkerGlobalScope = global().unchecked_into();
    let said = async {
        let response = JsFuture::from(scope.fetch_with_str_and_init(url, &init)).await?;
        let response: Response = response.unchecked_into();
        match response.ok() {
            true => Ok(JsFuture::from(response.text()?).await?.as_string().unwrap_or_default()),
            false => Err(JsValue::from(response.status())),
        }
    };
    said.await.map_err(|error| format!("{error:?}"))
}

fn reply(response: &Response) -> Reply {
    // What it says is not read, so that it can be as long as it likes.
    if let Some(body) = response.body() {
        let _ = body.cancel();
    }
    Reply::Status(response.status())
}
