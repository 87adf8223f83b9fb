//! Checks 1 to 8, 59, 60: how arguments are declared and given.

use super::kit::{hear, hear_score, program, refused, sample};

#[test]
fn check_01_levels_come_by_name_and_by_place() {
    let heard = hear_score("dc", "01_levels");
    let levels = [0.25, 0.5, 0.75, 0.125, 0.9];
    for (n, level) in levels.into_iter().enumerate() {
        let start = 2.0 * n as f64;
        heard.reads(&[(start + 0.01, level), (start + 0.99, level)]);
        if n + 1 < levels.len() {
            heard.reads(&[(start + 1.01, 0.0), (start + 1.99, 0.0)]);
        }
    }
    assert_eq!(heard.frames(), sample(9.0));
}

#[test]
fn check_02_defaults_come_from_pset() {
    hear("02_pset").reads(&[
        (0.2, 0.11),
        (1.2, 0.1044),
        (2.2, 0.21),
        (3.2, 0.205),
        (4.2, 0.106),
    ]);
}

#[test]
fn check_03_places_may_have_gaps() {
    let heard = hear("03_gap");
    heard.channel_reads(1, &[(0.2, 0.1), (1.2, 0.1), (2.2, 0.3)]);
    heard.channel_reads(2, &[(0.2, 0.4), (1.2, 0.6), (2.2, 0.7)]);
}

#[test]
fn check_04_texts_are_arguments() {
    hear("04_texts").reads(&[(0.2, 0.2), (1.2, -0.2), (2.2, 0.7)]);
}

#[test]
fn check_05_arguments_without_default_are_0() {
    hear("05_mixed").reads(&[(0.2, 0.2), (1.2, 0.5)]);
}

#[test]
fn check_06_a_declaration_has_several_forms() {
    let heard = hear("06_forms");
    heard.channel_reads(
        1,
        &[
            (0.2, -0.1),
            (1.2, -0.1),
            (2.2, -0.1),
            (3.2, -0.1),
            (4.2, 0.0),
            (5.2, 0.3),
        ],
    );
    heard.channel_reads(
        2,
        &[
            (0.2, 0.1),
            (1.2, 0.1),
            (2.2, 0.1),
            (3.2, 0.1),
            (4.2, 0.0),
            (5.2, 0.05),
        ],
    );
    let params = program(&["params", "06_forms.toml", "--json"]);
    let listed = String::from_utf8(params.stdout).unwrap();
    assert!(
        !listed.contains("iamp"),
        "only k arguments are controls: {listed}"
    );
}

#[test]
fn check_07_p4_is_taken_and_p40_is_not() {
    let told = refused("07_p4", "01_levels");
    assert!(
        told.contains("07_p4.toml:9:") && told.contains("p4"),
        "{told}"
    );
    assert!(program(&["check", "07_p40.toml"]).status.success());
}

#[test]
fn check_08_too_many_controls_name_the_limit() {
    hear("08_sixteen").reads(&[(0.2, 0.16)]);
    let told = refused("08_seventeen", "08_sixteen");
    assert!(told.contains("17") && told.contains("16"), "{told}");
}

#[test]
fn check_59_one_declaration_holds_all_kinds() {
    hear("59_kinds").reads(&[(0.4, 0.3), (2.4, 0.8), (2.6, 0.9), (4.5, 0.5)]);
}

#[test]
fn check_60_whole_numbers_are_numbers() {
    hear_score("dc", "60_whole_number").reads(&[(0.2, 1.0)]);
}
