//! Texts about the program itself: schemas, completions, the manual page.

use clap::CommandFactory as _;
use lakegauge_config as config;
use lakegauge_show as show;

use crate::answer::{Answer, Failure};
use crate::cli::{Cli, CompletionsArgs, SchemaArgs};

pub(crate) fn schema(args: &SchemaArgs) -> Answer {
    if args.explain {
        return Answer::healthy(show::explained::EXPLAIN_SCHEMA);
    }
    if args.digest {
        return Answer::healthy(show::digest::DIGEST_SCHEMA);
    }
    if args.check {
        return Answer::healthy(show::json::CHECK_SCHEMA);
    }
    if args.backtest {
        return Answer::healthy(show::backtest::SCHEMA);
    }
    Answer::healthy(format!("{:#}\n", config::schema()))
}

pub(crate) fn completions(args: &CompletionsArgs) -> Answer {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "lakegauge", &mut script);
    Answer::healthy(String::from_utf8_lossy(&script))
}

/// The whole manual in one page: the program, then each command.
pub(crate) fn man() -> Result<Answer, Failure> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    let render = |command: &clap::Command, page: &mut Vec<u8>| {
        clap_mangen::Man::new(command.clone()).render(page).map_err(|e| Failure::internal(e.into()))
    };
    render(&command, &mut page)?;
    for verb in command.get_subcommands().filter(|v| v.get_name() != "help" && !v.is_hide_set()) {
        render(verb, &mut page)?;
    }
    Ok(Answer::healthy(String::from_utf8_lossy(&page)))
}
