//! Csound's own words, and what is read from them.

use super::*;

#[track_caller]
fn only(messages: &str) -> RawDiagnostic {
    let mut found = diagnostics(messages);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[track_caller]
fn check(messages: &str, kind: Kind, line: Option<u32>, instr: Option<&str>, message: &str) {
    let found = only(messages);
    let found = (
        found.kind,
        found.line,
        found.instr.as_deref(),
        found.message.as_str(),
    );
    assert_eq!(found, (kind, line, instr, message));
}

#[test]
fn a_syntax_error_has_its_line() {
    let said = "\nerror: syntax error, unexpected T_IDENT  (token \"foo\")\n line 2:\n >>>  a1 foo\0 <<<\n\
                Unexpected untyped word a1 when expecting a variable\nParsing failed due to invalid input!\n\
                Stopping on parser failure\n";
    let message = "syntax error, unexpected T_IDENT (token \"foo\")";
    check(said, Kind::Compile, Some(2), None, message);
}

#[test]
fn a_line_break_as_token_does_not_split_the_error() {
    let said =
        "error: syntax error, unexpected NEWLINE  (token \"\n\")\n line 3:\n >>>  k2 = k1[0 <<<\n";
    check(
        said,
        Kind::Compile,
        Some(3),
        None,
        "syntax error, unexpected NEWLINE",
    );
}

#[test]
fn wrong_arguments_say_what_was_found() {
    let said = "error:  Unable to find opcode entry for 'oscili' with matching argument types:\n\nFound: a oscili \
                SSS\n       a1 oscili \"a\" ...\nLine: 3\nParsing failed due to syntax errors\n";
    let message =
        "Unable to find opcode entry for 'oscili' with matching argument types: a oscili SSS";
    check(said, Kind::Compile, Some(3), None, message);
}

#[test]
fn an_undefined_variable_is_reported_once() {
    let said = "error:  Variable 'ay' used before defined\nLine 3\n\nerror:  Variable type for ay could not be \
                determined.\n\nParsing failed due to syntax errors\n";
    check(
        said,
        Kind::Compile,
        Some(3),
        None,
        "Variable 'ay' used before defined",
    );
}

#[test]
fn an_undefined_macro_takes_the_line_of_the_parsers_complaint() {
    let said = "Undefined macro: '$FOO'\nerror: syntax error, unexpected ERROR_TOKEN, expecting NEWLINE or ','  \
                (token \"$\")\n line 2:\n >>>  a1 = $ <<<\n";
    check(
        said,
        Kind::Compile,
        Some(2),
        None,
        "Undefined macro: '$FOO'",
    );
}

#[test]
fn errors_without_a_line_are_still_errors() {
    let said = "Cannot open #include'd file nofile\n";
    check(
        said,
        Kind::Compile,
        None,
        None,
        "Cannot open #include'd file nofile",
    );
    check(
        "error:  instr 1 redefined\n",
        Kind::Compile,
        None,
        None,
        "instr 1 redefined",
    );
}

#[test]
fn init_and_perf_errors_name_instrument_line_and_opcode() {
    let said = "INIT ERROR in instr 7 (opcode oscili.a) line 10: Invalid ftable no. 99.000000\na1\toscili.a\t1\t\n\
                \t\t   T  0.000 - note deleted.  i7 had 1 init errors\n";
    check(
        said,
        Kind::Init,
        Some(10),
        Some("7"),
        "oscili: Invalid ftable no. 99.000000",
    );
    let said = "PERF ERROR in instr 2 (opcode ##array_get.K) line 8: Array index 7 out of range (0,4) for dimension \
                1\nk1\t##array_get.K\tkA\tkn\t\n   note aborted\n";
    let message = "Array index 7 out of range (0,4) for dimension 1";
    check(said, Kind::Perf, Some(8), Some("2"), message);
}

#[test]
fn global_code_belongs_to_no_instrument_and_says_why_a_table_failed() {
    let said = "0dBFS level = 1.0, A4 tuning = 440.0\nsoundin cannot open x: No Error.ftable 1: insufficient arguments\nf  1     0.00    16.00\n\
                INIT ERROR in instr 0 (opcode ftgen.iS) line 1: ftgen error\ngi1\tftgen.iS\t1\nheader init errors\n";
    check(
        said,
        Kind::Init,
        Some(1),
        None,
        "ftgen: ftable 1: insufficient arguments",
    );
}

#[test]
fn an_instrument_that_does_not_exist_is_named() {
    let said = "\t\t   T  0.009 - note deleted. instr Nix undefined\n";
    check(
        said,
        Kind::Perf,
        None,
        Some("Nix"),
        "instr Nix is not defined",
    );
    let said = "insert_score_event(): invalid instrument number or name 9\n";
    check(said, Kind::Perf, None, Some("9"), "instr 9 is not defined");
}

#[test]
fn what_is_no_error_gives_nothing() {
    let said = "--Csound version 6.18 (double samples) 2022-11-24\nsr = 48000.0, kr = 1500.000, ksmps = 32\nSECTION \
                1:\nhello\nWARNING: something harmless on line 3\n";
    assert_eq!(diagnostics(said), []);
}
