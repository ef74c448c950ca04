//! What the language refuses, and what a failure says.

use goodword::key::ProgramId;
use goodword_scenarios::levels::rules::Rules;
use goodword_scenarios::parse;
use goodword_scenarios::programs::Programs;
use goodword_scenarios::run::run;
use goodword_scenarios::suite::root;

const HEAD: &str = "scenario: one\nprogram give-10-get-20\nanna is an advocate\n";

#[track_caller]
fn check(lines: &str, fault: &str) {
    let text = format!("{HEAD}day 1 ben buys A-1 for 40.00 EUR -> no_claim\n{lines}");
    let faults = parse::file("f.txt", &text).err().unwrap_or_default();
    assert_eq!(faults, [fault]);
}

#[test]
fn a_line_that_is_no_sentence_is_a_fault_with_its_place() {
    check(
        "day 2 ben dances",
        "f.txt:5: expected \"signs up as\", found \"dances\": day 2 ben dances",
    );
    check(
        "day 2 ben buys A-2 for 40 EUR",
        "f.txt:5: \"40\" is no amount of EUR with 2 digits after the point: \
         day 2 ben buys A-2 for 40 EUR",
    );
    check(
        "day 2 ben buys A-2 for 40.00 EUR -> lost",
        "f.txt:5: \"lost\" is no answer: day 2 ben buys A-2 for 40.00 EUR -> lost",
    );
    check(
        "anna gets credit 1.00 EUR pending for A-1",
        "f.txt:5: a reward must stand below \"the ledger is:\": \
         anna gets credit 1.00 EUR pending for A-1",
    );
    check("day 2 settle now", "f.txt:5: the sentence should end before \"now\": day 2 settle now");
    check(
        "day 1 11:00 settle",
        "f.txt:5: it is day 1 already, and only orders are told late: day 1 11:00 settle",
    );
    check(
        "with hold_days 3",
        "f.txt:5: the program's terms come before what happens: with hold_days 3",
    );
    check("scenario: one", "f.txt:5: f.txt has this scenario already: scenario: one");
}

#[test]
fn all_faults_of_a_file_are_told_at_once() {
    let faults = parse::file("f.txt", "day 1 settle\nscenario: two\nnonsense\n").unwrap_err();
    assert_eq!(faults.len(), 3, "{faults:?}");
}

#[test]
fn a_failure_says_where_what_was_expected_and_what_was_found() {
    let text = format!(
        "{HEAD}day 1 ben clicks anna\nday 2 ben buys A-1 for 40.00 EUR\nthe ledger is:\n\
         anna gets credit 19.00 EUR pending for A-1\nben gets discount 10.00 EUR pending for A-1\n"
    );
    let scenarios = parse::file("f.txt", &text).unwrap();
    let programs = Programs::folder(&root().join("programs")).unwrap();
    let id = ProgramId::parse("s").unwrap();
    let document = programs.changed("give-10-get-20", &[], &id).unwrap();
    let failure = run(&mut Rules::default(), &scenarios[0], &document, &id).unwrap_err();
    assert_eq!(
        failure.to_string(),
        "f.txt:6: scenario: one\n    expected: \n      anna gets credit 19.00 EUR pending for A-1\n    \
         found:    \n      anna gets credit 20.00 EUR pending for A-1, due day 16"
    );
}
