"""Options of one letter."""
from harness import SIMULATOR, case, equal, read, tap


@case
def common_options_have_a_letter(folder):
    path = f"{folder}/x.jsonl"
    long = tap("capture", "--board", SIMULATOR, "--line", "ENC_A", "--for", "100ms", "--count", "5", "--format", "jsonl")
    short = tap("capture", "-b", SIMULATOR, "-l", "ENC_A", "-t", "100ms", "-n", "5", "-q", "-o", path)
    equal((short.out, short.err), ("", ""))
    # The date and the clock of the header differ.
    equal(read(path).split("\n")[1:], long.out.split("\n")[1:])
    equal(tap("plot", path, "-q", "-l", "ENC_A", "-o", "-").out.startswith("<svg "), True)
    equal(tap("capture", "-c", "no such chip", "-l", "1", status=66).err.count("\n"), 1)


@case
def a_letter_means_the_same_in_every_command():
    letters = {"-b": "--board", "-c": "--chip", "-l": "--line", "-n": "--count", "-o": "--out", "-q": "--quiet",
               "-t": "--for", "-h": "--help"}
    for command in ["capture", "convert", "decode", "doctor", "info", "lines", "plot", "replay", "sim plot", "sim run"]:
        for line in tap(*command.split(), "--help").out.split("\n"):
            words = line.split()
            if line.startswith("  -") and not line.startswith("  --"):
                equal(letters[words[0].rstrip(",")], words[1])
