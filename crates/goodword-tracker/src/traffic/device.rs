//! What somebody holds in their hands, as far as their agent says. Nothing
//! but the class is kept.

use goodword::metrics::Device;

/// The device of an agent.
#[must_use]
pub fn device_of(agent: &str) -> Device {
    let agent = agent.to_ascii_lowercase();
    let has = |word: &str| agent.contains(word);
    if agent.trim().is_empty() {
        Device::Unknown
    } else if has("ipad") || has("tablet") || (has("android") && !has("mobile")) {
        Device::Tablet
    } else if has("mobile") || has("iphone") {
        Device::Phone
    } else {
        Device::Computer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices() {
        for (agent, device) in [
            ("", Device::Unknown),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Mobile/15E148", Device::Phone),
            ("Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) Mobile/21E219", Device::Tablet),
            ("Mozilla/5.0 (Linux; Android 16; Pixel 9) Chrome/150 Mobile Safari", Device::Phone),
            ("Mozilla/5.0 (Linux; Android 16; SM-X700) Chrome/150 Safari", Device::Tablet),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Firefox/150.0", Device::Computer),
        ] {
            assert_eq!(device_of(agent), device, "{agent}");
        }
    }
}
