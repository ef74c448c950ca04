//! What the owner sets: secrets and a few variables. Read once per request,
//! passed to whoever needs them.

use goodword::key::ProgramId;

/// Milliseconds between the two looks of settlement in production. Between
/// them lie two stale reads, one before a slot is taken and one after, and the
/// time that two runs take; reads a minute old were measured, and the cron
/// comes every 15 minutes anyway.
const SETTLEMENT_GRACE_MS: i64 = 600_000;

/// Milliseconds in which the clicks of one isolate share one write.
const TRAFFIC_WINDOW_MS: u64 = 2_000;

/// A secret of which several may live at once, so that it can be rotated.
/// The first signs, all verify.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Reads `new,old`.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let each = text.split(',').map(str::trim).filter(|secret| !secret.is_empty());
        Secrets(each.map(str::to_owned).collect())
    }

    /// The one that signs.
    #[must_use]
    pub fn newest(&self) -> &[u8] {
        self.0.first().map(String::as_bytes).unwrap_or_default()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each of them as it was written, the newest first.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// All that verify.
    pub fn live(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(String::as_bytes)
    }
}

/// Cloudflare Access, where it stands before the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessTeam {
    /// Who issues its tokens: `https://<team>.cloudflareaccess.com`.
    pub issuer: String,
    /// The audience (AUD) of the dashboard's application.
    pub audience: String,
}

impl AccessTeam {
    /// Reads a team, by its name alone or by its address.
    fn read(team: &str, audience: &str) -> Option<Self> {
        let (team, audience) = (team.trim(), audience.trim());
        let host = team.strip_prefix("https://").unwrap_or(team).trim_end_matches('/');
        let name = host.strip_suffix(".cloudflareaccess.com").unwrap_or(host);
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let is_whole = is_name && !name.is_empty() && !audience.is_empty();
        is_whole.then(|| AccessTeam {
            issuer: format!("https://{name}.cloudflareaccess.com"),
            audience: audience.to_owned(),
        })
    }
}

/// Everything the owner sets.
#[derive(Clone)]
pub struct Settings {
    /// Keys of the shop's server.
    pub secret_keys: Secrets,
    /// Keys of the owner.
    pub owner_keys: Secrets,
    /// Who else may say that it is the owner; `None`: nobody.
    pub access: Option<AccessTeam>,
    /// Makes keys of persons and codes. Pinned: rotating it would split every
    /// person into two.
    pub pepper: String,
    /// Sign claims and advocate tokens.
    pub claim_keys: Secrets,
    /// Seal what is known about persons.
    pub seal_keys: Secrets,
    /// Sign identity tokens; the shop's server has the same.
    pub identity_secrets: Secrets,
    /// Sign Stripe's webhooks; none: Stripe is not connected.
    pub stripe_secrets: Secrets,
    /// Sign Shopify's.
    pub shopify_secrets: Secrets,
    /// Sign WooCommerce's.
    pub woocommerce_secrets: Secrets,
    /// Sign what is told to endpoints; none: nothing is.
    pub webhook_secrets: Secrets,
    /// From whom advocates get letters; `None`: they get none.
    pub mail_from: Option<String>,
    /// Milliseconds between two tries to tell something; `None`: longer and
    /// longer, for three days.
    pub webhook_wait_ms: Option<i64>,
    /// Where links begin; `None`: wherever the request came to.
    pub public_url: Option<String>,
    /// Where unknown codes lead.
    pub default_program: Option<ProgramId>,
    /// Milliseconds between the two looks of settlement.
    pub settlement_grace_ms: i64,
    /// Milliseconds in which clicks share one write; 0: none do.
    pub traffic_window_ms: u64,
}

impl Settings {
    /// Reads settings from variables by name.
    ///
    /// # Errors
    /// The names of required variables that are missing.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<&'static str>> {
        let mut missing = Vec::new();
        let mut required = |name: &'static str| {
            let value = variable(name).filter(|value| !value.trim().is_empty());
            if value.is_none() {
                missing.push(name);
            }
            value.unwrap_or_default()
        };
        let optional = |name| variable(name).map(|text| Secrets::read(&text)).unwrap_or_default();
        let settings = Settings {
            secret_keys: Secrets::read(&required("SECRET_KEY")),
            owner_keys: Secrets::read(&required("OWNER_KEY")),
            access: variable("ACCESS_TEAM")
                .zip(variable("ACCESS_AUD"))
                .and_then(|(team, audience)| AccessTeam::read(&team, &audience)),
            pepper: required("PEPPER"),
            claim_keys: Secrets::read(&required("CLAIM_KEYS")),
            seal_keys: Secrets::read(&required("SEAL_KEYS")),
            identity_secrets: Secrets::read(&required("IDENTITY_SECRET")),
            stripe_secrets: optional("STRIPE_WEBHOOK_SECRET"),
            shopify_secrets: optional("SHOPIFY_CLIENT_SECRET"),
            woocommerce_secrets: optional("WOOCOMMERCE_WEBHOOK_SECRET"),
            webhook_secrets: optional("WEBHOOK_SIGNING_SECRET"),
            mail_from: variable("MAIL_FROM").filter(|from| from.contains('@')),
            webhook_wait_ms: variable("WEBHOOK_WAIT_SECONDS")
                .and_then(|seconds| seconds.parse::<u32>().ok())
                .map(|seconds| i64::from(seconds) * 1_000),
            public_url: variable("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned()),
            default_program: variable("DEFAULT_PROGRAM").and_then(|id| ProgramId::parse(&id)),
            settlement_grace_ms: variable("SETTLEMENT_GRACE_SECONDS")
                .and_then(|seconds| seconds.parse::<u32>().ok())
                .map_or(SETTLEMENT_GRACE_MS, |seconds| i64::from(seconds) * 1_000),
            traffic_window_ms: variable("TRAFFIC_WINDOW_MS")
                .and_then(|ms| ms.parse().ok())
                .unwrap_or(TRAFFIC_WINDOW_MS),
        };
        if missing.is_empty() { Ok(settings) } else { Err(missing) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(team: &str, audience: &str, issuer: Option<&str>) {
        let read = AccessTeam::read(team, audience).map(|team| team.issuer);
        assert_eq!(read.as_deref(), issuer, "{team} {audience}");
    }

    #[test]
    fn a_team_is_a_name_or_an_address() {
        let tea = Some("https://tea.cloudflareaccess.com");
        check("tea", "aud", tea);
        check(" https://tea.cloudflareaccess.com/ ", "aud", tea);
        check("tea.cloudflareaccess.com", "aud", tea);
        check("", "aud", None);
        check("tea", " ", None);
        check("tea.evil.example", "aud", None);
        check("evil.example/tea", "aud", None);
    }
}
