//! `cargo xtask robots`: writes the list of robots that the tracker is compiled with from the
//! package `isbot`, in the version that `package.json` pins. A test says when it is stale.

use anyhow::{Result, bail};

use crate::{commands::build, packages, process, project};

/// The list, for the tracker's build and for whoever reads what a newer version changes.
const LIST: &str = "crates/goodword-tracker/robots/isbot.txt";

const SCRIPT: &str = "import { list } from 'isbot'; \
    import about from 'isbot/package.json' with { type: 'json' }; \
    const { version, license, homepage } = about; \
    console.log(`# isbot ${version} (${license}): ${homepage}. Written by \\`cargo xtask robots\\`.`); \
    console.log(list.join('\\n'));";

pub fn run() -> Result<()> {
    {
        let _lock = project::lock()?;
        build::install(packages::node()?.value)?;
    }
    let mut node = project::tool("node");
    node.current_dir(project::root()).args(["--input-type=module", "--eval", SCRIPT]);
    let output = process::capture(&mut node)?;
    if !output.status.success() {
        bail!("Node could not read the package isbot: {}", process::text_of(&output));
    }
    let path = project::root().join(LIST);
    project::write_if_changed(&path, &output.stdout)?;
    say!("{LIST} is what isbot says");
    Ok(())
}
