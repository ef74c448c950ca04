//! The commands, one file each.

pub mod build;
pub mod compute;
pub mod deploy;
pub mod size;
pub mod soak;
pub mod start;
pub mod test;
