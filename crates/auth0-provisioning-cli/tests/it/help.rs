//! The help of all commands in one snapshot, so that a review shows each changed word.

use std::fmt::Write as _;

use crate::support::a0p;
use clap::Command;

fn surface(command: &mut Command, path: &str, text: &mut String) {
    let path = if path.is_empty() { command.get_name().to_owned() } else { format!("{path} {}", command.get_name()) };
    let help = command.clone().bin_name(&path).term_width(100).render_long_help().to_string();
    // The options of every command are in the snapshot once.
    let (own, of_every_command) = help.split_once("Options of every command:").unwrap_or((&help, ""));
    writeln!(text, "##### {path}\n\n{}\n", own.trim_end()).unwrap();
    if !path.contains(' ') {
        writeln!(text, "Options of every command:{of_every_command}").unwrap();
    }
    if let Some((_, fields)) = of_every_command.split_once("Fields: ") {
        writeln!(text, "Fields: {fields}").unwrap();
    }
    for inner in command.get_subcommands_mut() {
        surface(inner, &path, text);
    }
}

#[test]
fn help_matches_the_snapshot() {
    let mut text = String::new();
    let mut definition = a0p::definition();
    definition.build();
    surface(&mut definition, "", &mut text);
    insta::assert_snapshot!("help", text);
}

#[test]
fn definition_is_valid() {
    a0p::definition().debug_assert();
}

#[tokio::test]
async fn help_is_a_result_and_wrong_usage_an_error() {
    let version = a0p("a0p --version").await;
    assert_eq!((version.code, version.out.as_str()), (0, concat!("a0p ", env!("CARGO_PKG_VERSION"), "\n")));
    let help = a0p("a0p groups --help").await;
    assert!(help.code == 0 && help.err.is_empty() && help.out.contains("reconcile"));
    for wrong in ["a0p", "a0p lits", "a0p list --stale 1w", "a0p groups add con_1", "a0p delete", "a0p apply"] {
        let wrong = a0p(wrong).await;
        assert!(wrong.code == 64 && wrong.out.is_empty() && !wrong.err.is_empty(), "{wrong}");
    }
}

#[tokio::test]
async fn completions_and_manual_have_all_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = a0p(&format!("a0p completions {shell}")).await;
        assert!(script.code == 0 && script.out.contains("default-mapping"), "{shell}");
    }
    let page = a0p("a0p man").await;
    assert!(page.out.starts_with(".ie") && page.out.contains("Exit codes"), "{page}");
    let folder = tempfile::tempdir().unwrap();
    let pages = a0p(&format!("a0p man --dir {}", folder.path().display())).await;
    assert_eq!(pages.code, 0);
    assert!(folder.path().join("a0p-scim-token-rotate.1").exists());
}
