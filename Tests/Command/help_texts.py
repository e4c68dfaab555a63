"""Help, version and completion."""
import os
import shlex
import shutil
import subprocess

from harness import SIMULATOR, TAP, case, equal, tap, write

COMMANDS = [
    "approve", "capture", "claims check", "claims hear", "claims poll", "complete", "convert", "decode", "doctor",
    "incident ack", "incident export", "incident list", "incident note", "incident show", "info", "lines", "permit",
    "plot", "prove", "record checkpoint", "record cosign", "record init", "record note", "record pause", "record pin",
    "record resume", "record run", "record status", "record unpin", "replay", "run", "send", "shelve", "sim campaign",
    "sim fuzz", "sim plot", "sim run", "sim serve", "sim truth", "site check", "site init", "trust", "verify", "watch",
    "window show", "window token add", "window token list", "window token revoke", "window view", "witness init",
    "witness serve",
]


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


def completed(*words):
    """What bash offers for the last of a command's words."""
    script = tap("--generate-completion-script", "bash").out
    words = [TAP, *words]
    shell = (
        f"{script}\nCOMP_WORDS=({' '.join(map(shlex.quote, words))})\nCOMP_CWORD={len(words) - 1}\n"
        'COMP_LINE="${COMP_WORDS[*]}"\nCOMP_POINT=${#COMP_LINE}\n'
        f"_tap tap {shlex.quote(words[-1])} {shlex.quote(words[-2])}\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"")
    run = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=20, stdin=subprocess.DEVNULL)
    equal(run.stderr, "")
    return sorted(run.stdout.split())


@case
def bash_completes_files_and_the_names_within_them(folder):
    for name in ["x.sr", "x.vcd", "x.pdf"]:
        write(folder, name, "")
    equal(completed("convert", f"{folder}/"), [f"{folder}/x.sr", f"{folder}/x.vcd"])
    equal(completed("capture", "--board", "boards/sim"), [SIMULATOR])
    equal(completed("capture", "--board", SIMULATOR, "--line", "EN"), ["ENC_A", "ENC_B"])
    equal(completed("capture", "--board", SIMULATOR, "--line", "ENC_A", "--line", "EN"), ["ENC_B"])
    equal(completed("capture", "--board", SIMULATOR, "--channel", "plant.l"), ["plant.level"])
    equal(completed("sim", "run", "scenarios/pump-station.yaml", "--claim", "LEV"), ["LEVEL"])
    equal(completed("decode", "Tests/Cases/modbus/wizmodbus_ba_170ms.csv", "--line", "BA"), ["BA+"])
    equal(completed("capture", "--line", ""), [])
    equal(completed("replay", f"{folder}/x.vcd", "--line", ""), [])
