//! Every file of `programs/` is a good program whose id is its name.

use goodword::key::ProgramId;
use goodword_scenarios::programs::{Programs, check};
use goodword_scenarios::suite::root;

#[test]
fn all_programs_are_good() {
    let programs = Programs::folder(&root().join("programs")).unwrap();
    for (name, document) in programs.all() {
        let id = ProgramId::parse(name).unwrap_or_else(|| panic!("{name} is no id"));
        if let Err(faults) = check(document, &id) {
            panic!("programs/{name}.json: {faults}");
        }
    }
    assert!(programs.all().count() >= 10, "only {} programs", programs.all().count());
}
