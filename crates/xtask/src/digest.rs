//! SHA-256 of files and texts: whether a product is still made from what it was made from, and
//! the hash in a file's name.
//!
//! Products are compared by content, never by time: a fresh clone, a copied folder and a second
//! start all come to the same answer.

use std::{fmt::Write, fs, path::Path};

use anyhow::{Context, Result};
use sha2::{Digest as _, Sha256};

/// A running digest. Each part is taken with its length, so that parts cannot run together.
#[derive(Default)]
pub struct Digest(Sha256);

impl Digest {
    /// Takes in bytes.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        self
    }

    /// Takes in a file.
    pub fn file(self, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(self.bytes(&bytes))
    }

    /// Takes in every file below a folder, with its name, in the order of the names.
    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for path in files_below(folder)? {
            self = self.bytes(path.to_string_lossy().as_bytes()).file(&path)?;
        }
        Ok(self)
    }

    /// 64 hexadecimal digits.
    pub fn hex(self) -> String {
        let mut text = String::new();
        for byte in self.0.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

/// Every file below a folder, sorted; none if the folder is not there.
pub fn files_below(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return Ok(files) };
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(files_below(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
