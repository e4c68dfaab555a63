"""Help, version and completion."""
import shutil
import subprocess

from harness import case, equal, tap

COMMANDS = ["capture", "complete", "convert", "decode", "doctor", "lines", "record checkpoint", "record init", "record run",
            "record status", "replay", "sim fuzz", "sim plot", "sim run", "sim serve", "verify"]


@case
def every_command_explains_itself_with_examples_and_exit_statuses():
    for command in COMMANDS:
        for arguments in [(*command.split(), "--help"), ("help", *command.split())]:
            result = tap(*arguments)
            equal(result.err, "")
            for word in ["OVERVIEW: ", "EXAMPLES", "EXIT STATUS", "USAGE: tap " + command]:
                assert word in result.out, f"{arguments}: no {word}"


@case
def help_fits_a_terminal_of_80_columns():
    for arguments in [["--help"]] + [[*command.split(), "--help"] for command in COMMANDS]:
        for line in tap(*arguments).out.split("\n"):
            assert len(line) <= 80, f"{arguments}: {line}"


@case
def examples_and_tables_of_help_are_not_broken_over_lines():
    text = tap("capture", "--help").out
    for line in text[text.index("EXAMPLES"):text.index("USAGE: ")].split("\n"):
        assert line in ["", "EXAMPLES", "EXIT STATUS"] or line.startswith("  "), repr(line)


@case
def tap_alone_lists_its_commands():
    result = tap()
    for command in COMMANDS:
        assert f"\n  {command.split()[0]} " in result.out, command


@case
def the_version_is_a_line():
    equal(tap("--version").out, "0.1.0\n")


@case
def completion_scripts_are_shell_that_parses():
    for shell in ["bash", "zsh", "fish"]:
        script = tap("--generate-completion-script", shell).out
        for word in ["capture", "doctor", "lines", "storm-limit"]:
            assert word in script, f"{shell}: no {word}"
        if shutil.which(shell):
            check = ["--no-execute"] if shell == "fish" else ["-n"]
            subprocess.run([shell, *check], input=script, text=True, check=True, capture_output=True, timeout=20)
