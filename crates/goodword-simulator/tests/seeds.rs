//! What must hold of the simulator itself, and seeds that once found money
//! errors in the product.

use goodword_simulator::simulation::run;

#[test]
fn a_seed_has_one_history() {
    let digests: Vec<u64> = (0..8).map(|seed| run(seed, false).digest).collect();
    for (seed, digest) in digests.iter().enumerate() {
        assert_eq!(run(seed as u64, true).digest, *digest, "seed {seed}");
    }
    let different: std::collections::BTreeSet<&u64> = digests.iter().collect();
    assert_eq!(different.len(), digests.len(), "two seeds have the same history");
}

#[test]
fn a_history_can_be_read() {
    let lines = run(0, true).lines;
    for word in ["faults:", "program p0:", "enrols", "follows the link", "shop reports", "looks"] {
        assert!(lines.iter().any(|line| line.contains(word)), "nothing tells of {word:?}");
    }
}

#[track_caller]
fn check(seeds: &[u64], what: &str) {
    for seed in seeds {
        let errors = run(*seed, false).errors;
        assert!(errors.is_empty(), "seed {seed}, {what}: {errors:#?}");
    }
}

#[test]
fn seeds_that_found_something() {
    check(&[0, 1, 2, 3], "the first ones");
    check(&[3_949], "a report that was told it was not kept was missing in its friend's index");
    check(&[539, 2_227], "looking at an order under a late name wrote down to look again");
    check(&[8_303], "the world ended while somebody was on the way");
}
