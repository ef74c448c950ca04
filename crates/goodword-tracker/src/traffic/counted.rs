//! Clicks and shares added up, and how they are written down: a line of text
//! that a key's metadata has room for. Two may be added in any sequence.

use crate::store::StoreError;
use goodword::code::ReferralCode;
use goodword::metrics::Device;
use std::collections::BTreeMap;

/// What is counted together: advocate, channel, device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Row {
    /// The advocate; `None` where all are added up, or where the key says who.
    pub code: Option<ReferralCode>,
    /// The channel's number; 0 for none.
    pub channel: u8,
    /// The device of whoever clicked or shared.
    pub device: Device,
}

/// How often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Somebody followed a link.
    pub clicks: u64,
    /// Those of them who had not been there before, as their page says.
    pub people: u64,
    /// An advocate pressed a channel.
    pub shares: u64,
}

impl Counts {
    fn add(&mut self, more: Counts) {
        self.clicks = self.clicks.saturating_add(more.clicks);
        self.people = self.people.saturating_add(more.people);
        self.shares = self.shares.saturating_add(more.shares);
    }
}

/// Clicks and shares by row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted(BTreeMap<Row, Counts>);

/// Devices by the digit they are written as.
const DEVICES: [Device; 4] = [Device::Unknown, Device::Phone, Device::Tablet, Device::Computer];

impl Counted {
    /// Counts more.
    pub fn add(&mut self, row: Row, counts: Counts) {
        self.0.entry(row).or_default().add(counts);
    }

    /// Counts all that another one counted.
    pub fn merge(&mut self, other: &Counted) {
        other.rows().for_each(|(row, counts)| self.add(row, counts));
    }

    /// What is counted in a row.
    #[must_use]
    pub fn at(&self, row: Row) -> Counts {
        self.0.get(&row).copied().unwrap_or_default()
    }

    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = (Row, Counts)> {
        self.0.iter().map(|(row, counts)| (*row, *counts))
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same by other rows, of which several may become one.
    #[must_use]
    pub fn by(&self, row: impl Fn(Row) -> Row) -> Counted {
        let mut sum = Counted::default();
        self.rows().for_each(|(of, counts)| sum.add(row(of), counts));
        sum
    }

    /// What is one advocate's, for a key that names them.
    #[must_use]
    pub fn of(&self, code: ReferralCode) -> Counted {
        let mut sum = Counted::default();
        for (row, counts) in self.rows().filter(|(row, _)| row.code == Some(code)) {
            sum.add(Row { code: None, ..row }, counts);
        }
        sum
    }

    /// Rows as `code.channel.device.clicks.people.shares`.
    #[must_use]
    pub fn write(&self) -> String {
        let row = |(row, counts): (Row, Counts)| {
            let code = row.code.map_or_else(|| "-".to_owned(), |code| code.to_string());
            let device = DEVICES.iter().position(|device| *device == row.device);
            let Counts { clicks, people, shares } = counts;
            let device = device.unwrap_or_default();
            format!("{code}.{}.{device}.{clicks}.{people}.{shares}", row.channel)
        };
        self.rows().map(row).collect::<Vec<String>>().join(" ")
    }

    /// Reads what was written.
    ///
    /// # Errors
    /// That it cannot be read, with its key.
    pub fn read(key: &str, body: &str) -> Result<Self, StoreError> {
        let mut counted = Counted::default();
        for row in body.split(' ').filter(|row| !row.is_empty()) {
            let unreadable = || StoreError(format!("{key} is unreadable: {row}"));
            let (row, counts) = read_row(row).ok_or_else(unreadable)?;
            counted.add(row, counts);
        }
        Ok(counted)
    }
}

fn read_row(text: &str) -> Option<(Row, Counts)> {
    let mut parts = text.split('.');
    let code = match parts.next()? {
        "-" => None,
        code => Some(ReferralCode::parse(code)?),
    };
    let channel = parts.next()?.parse().ok()?;
    let device = *DEVICES.get(parts.next()?.parse::<usize>().ok()?)?;
    let mut number = || parts.next()?.parse().ok();
    let counts = Counts { clicks: number()?, people: number()?, shares: number()? };
    Some((Row { code, channel, device }, counts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_again() {
        let mut counted = Counted::default();
        for number in 0..40 {
            let code = Some(ReferralCode::from_bytes([number; 5]));
            let row = Row { code, channel: number % 21, device: Device::Phone };
            counted.add(row, Counts { clicks: 3, people: 1, shares: 0 });
        }
        counted.add(Row::default(), Counts { shares: 1, ..Counts::default() });
        let body = counted.write();
        assert_eq!(Counted::read("a", &body), Ok(counted));
        assert!(crate::store::fits_inline(&body), "forty advocates of a window: {}", body.len());
        assert!(Counted::read("a", "-.1.9.1.1.1").is_err());
        assert!(Counted::read("a", "-.1.1.1.1").is_err());
        assert_eq!(Counted::read("a", ""), Ok(Counted::default()));
    }
}
