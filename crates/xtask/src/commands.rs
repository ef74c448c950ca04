//! The commands, one file each.

pub mod bench_page;
pub mod build;
pub mod compute;
pub mod deploy;
pub mod engines;
pub mod fuzz;
pub mod robots;
pub mod size;
pub mod soak;
pub mod start;
pub mod test;
