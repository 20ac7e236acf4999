//! The program `second-opinion`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use secrecy::SecretString;

use api::config::Choices;

/// The system of record for second opinions: a JSON REST API with an OpenAPI contract.
///
/// For a look around: `second-opinion serve --demo`, then open the address that it prints.
/// For real: make a master key (`generate-master-key`), the first administrator (`user add`), then `serve`.
#[derive(Parser)]
// A setting before the command would hold for nothing: it is refused there.
#[command(name = "second-opinion", version, max_term_width = 110, args_conflicts_with_subcommands = true)]
#[command(override_usage = "second-opinion [OPTIONS]\n       second-opinion <COMMAND> [OPTIONS]")]
struct Program {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    choices: Choices,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (what the program does if no command is given).
    Serve(ServeArguments),
    /// Bring the database to this program's schema.
    Migrate(Choices),
    /// Print the OpenAPI document that the code generates.
    Openapi,
    /// Make a master key: 32 random bytes in base64. Keep it apart from the database and its backups.
    GenerateMasterKey,
    /// Put another master key in the place of the one in force. Servers that run go on; from their next start on they need the new one.
    ChangeMasterKey(ChangeMasterKey),
    /// Manage accounts from the command line.
    #[command(subcommand)]
    User(UserCommand),
    /// Check the settings, the database and the keys, and say what is wrong.
    Check(Choices),
}

#[derive(clap::Args)]
struct ServeArguments {
    #[command(flatten)]
    choices: Choices,
    /// A fresh embedded database with people of every role and cases in all stages. Never on a database that holds anything.
    #[arg(long)]
    demo: bool,
    /// Where `--demo` writes who can sign in, as JSON, for programs.
    #[arg(long, value_name = "FILE", requires = "demo")]
    demo_credentials_file: Option<std::path::PathBuf>,
}

#[derive(clap::Args)]
struct ChangeMasterKey {
    #[command(flatten)]
    choices: Choices,
    /// A file with the new master key, as `generate-master-key` prints it.
    #[arg(long, value_name = "FILE")]
    new_master_key_file: std::path::PathBuf,
}

#[derive(Subcommand)]
enum UserCommand {
    /// Add a person; the first administrator comes from here. The password is read from the environment's
    /// `SECOND_OPINION_PASSWORD` or from standard input.
    Add(commands::NewUser),
    /// Approve roles that the one administrator asked for. Where there are several, another of them approves.
    ApproveRoles(ApproveRoles),
}

#[derive(clap::Args)]
struct ApproveRoles {
    #[command(flatten)]
    choices: Choices,
    /// The e-mail address of the person whose roles wait.
    #[arg(long)]
    email: String,
}

fn main() -> ExitCode {
    let program = Program::parse();
    commands::keep_private();
    let done = match program.command {
        None => resolve(program.choices).and_then(|choices| commands::serve(choices, false, None)),
        Some(Command::Serve(serve)) => {
            resolve(serve.choices).and_then(|choices| commands::serve(choices, serve.demo, serve.demo_credentials_file))
        }
        Some(Command::Migrate(choices)) => resolve(choices).and_then(commands::migrate),
        Some(Command::Openapi) => commands::openapi(),
        Some(Command::GenerateMasterKey) => commands::generate_master_key(),
        Some(Command::User(UserCommand::Add(mut user))) => {
            resolve(std::mem::take(&mut user.choices)).and_then(|choices| commands::add_user(choices, &user))
        }
        Some(Command::User(UserCommand::ApproveRoles(approve))) => {
            resolve(approve.choices).and_then(|choices| commands::approve_roles(choices, &approve.email))
        }
        Some(Command::ChangeMasterKey(change)) => {
            resolve(change.choices).and_then(|choices| commands::change_master_key(choices, &change.new_master_key_file))
        }
        Some(Command::Check(choices)) => resolve(choices).and_then(commands::check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("second-opinion: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The choices with those of the file and the master key of the environment.
fn resolve(choices: Choices) -> anyhow::Result<Choices> {
    let mut choices = choices.with_file()?;
    choices.master_key = std::env::var("SECOND_OPINION_MASTER_KEY").ok().map(SecretString::from);
    Ok(choices)
}
