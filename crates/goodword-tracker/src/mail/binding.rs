//! The runtime's `send_email` behind the mailer's one verb. The only file that
//! knows it.

use super::{Letter, Mailer};
use async_trait::async_trait;
use worker::{Env, SendEmail, SendEmailBuilder};

/// The binding's name in `wrangler.toml`.
const MAIL: &str = "MAIL";

/// The binding.
pub struct Post(SendEmail);

impl Post {
    /// The binding, if there is one.
    #[must_use]
    pub fn of(env: &Env) -> Option<Self> {
        env.get_binding::<SendEmail>(MAIL).ok().map(Post)
    }
}

#[async_trait(?Send)]
impl Mailer for Post {
    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let Letter { from, to, subject, text, html } = letter;
        let message = SendEmailBuilder::new(from, to, subject);
        message.set_text(text);
        message.set_html(html);
        // What the runtime says may repeat an address.
        let failed = |_| "the runtime did not take a letter".to_owned();
        self.0.send_with_builder(&message).await.map(|_| ()).map_err(failed)
    }
}
