"""Where a capture goes, and what stays when it cannot go there."""
import os
import resource
import shutil
import signal
import subprocess

from harness import TAP, TIMEOUT_S, SIMULATOR, Skip, capture, case, equal, lines, one_line, parse, read, refused, small_disk, write

FAST = lines("ENC_A", "ENC_B")


@case
def a_file_gets_what_standard_output_would(folder):
    path = f"{folder}/x.jsonl"
    result = capture(*FAST, "--for", "50ms", "--format", "jsonl", "--out", path)
    equal(result.out, "")
    equal(parse(read(path))[1], capture(*FAST, "--for", "50ms", "--format", "jsonl", "--out", "-").records()[1])


@case
def a_file_that_exists_is_left_alone(folder):
    path = write(folder, "x.jsonl", "precious\n")
    refused(73, *FAST, "--out", path, words=[path, "already exists", "--overwrite"])
    equal(read(path), "precious\n")


@case
def overwrite_replaces_a_longer_file(folder):
    path = write(folder, "x.jsonl", "precious\n" * 100_000)
    capture(*FAST, "--for", "20ms", "--format", "jsonl", "--out", path, "--overwrite")
    parse(read(path))


@case
def a_capture_that_does_not_begin_leaves_an_existing_file_whole(folder):
    path = write(folder, "x.jsonl", "precious\n")
    refused(66, *lines("NO"), "--out", path, "--overwrite")
    equal(read(path), "precious\n")


@case
def a_directory_that_does_not_exist_is_reported(folder):
    path = f"{folder}/none/x.jsonl"
    refused(73, *FAST, "--out", path, words=[path, "No such file or directory", "choose another file with --out"])


@case
def a_directory_is_no_output(folder):
    refused(73, *FAST, "--out", folder, "--overwrite", words=[folder, "Is a directory"])


@case
def a_file_without_permission_is_reported(folder):
    path = write(folder, "x.jsonl", "precious\n")
    os.chmod(path, 0o444)
    # Root is asked for permission too once it has not the capability to override it.
    drop = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    if drop and not shutil.which("setpriv"):
        raise Skip("setpriv is not installed and this is root")
    run = subprocess.run(
        [*drop, TAP, "capture", "--board", SIMULATOR, *FAST, "--out", path, "--overwrite"], capture_output=True,
        text=True, timeout=TIMEOUT_S)
    equal(run.returncode, 73)
    one_line(run.stderr, path, "Permission denied", "choose another file")
    equal(read(path), "precious\n")


def judge_cut(path, result):
    """The file ends with a whole record, and the message names its time."""
    text = read(path)
    _, records = parse(text)
    last = result.stderr.rstrip("\n").split("\n")[-1]
    one_line(last + "\n", path, "cannot be written: ", f"(t_ns {records[-1]['t_ns']})")
    times = [record["t_ns"] for record in records]
    equal(times, sorted(times))
    return text


@case
def a_full_disk_leaves_whole_records_and_is_reported(folder):
    with small_disk(folder, "64k"):
        path = f"{folder}/x.jsonl"
        result = subprocess.run(
            [TAP, "capture", "--board", SIMULATOR, *FAST, "--for", "15s", "--format", "jsonl", "--out", path],
            capture_output=True, text=True, timeout=TIMEOUT_S)
        equal(result.returncode, 73)
        assert "No space left on device" in result.stderr and "make room" in result.stderr, result.stderr
        assert 65_536 - 200 < len(judge_cut(path, result)) <= 65_536, os.stat(path)


@case
def a_limit_on_file_size_leaves_whole_records_and_is_reported(folder):
    path = f"{folder}/x.jsonl"
    result = subprocess.run(
        [TAP, "capture", "--board", SIMULATOR, *FAST, "--for", "15s", "--format", "jsonl", "--out", path],
        capture_output=True, text=True, timeout=TIMEOUT_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))
    equal(result.returncode, 73)
    assert "File too large" in result.stderr, result.stderr
    assert 19_800 < len(judge_cut(path, result)) <= 20_000


@case
def a_device_that_is_always_full_is_reported():
    for format_ in ["text", "jsonl", "vcd"]:
        result = capture(
            *FAST, "--for", "5s", "--format", format_, "--out", "/dev/full", "--overwrite", "--quiet", status=73)
        one_line(result.err, "/dev/full: cannot be written: No space left on device; nothing was written; make room")


@case
def a_file_that_was_made_in_vain_goes_again(folder):
    board = write(
        folder, "nowhere.yaml", "tap-board: 1\nname: nowhere\ntitle: T\nprovenance: emulated-kernel\n"
        "chips: [{label: tap-no-such-chip, lines: 4}]\nlines: [{name: A, chip: tap-no-such-chip, offset: 3}]\n")
    path = f"{folder}/x.jsonl"
    for arguments in [["--out", path], ["--out", path, "--overwrite"]]:
        refused(66, *lines("A"), *arguments, board=board)
        assert not os.path.exists(path), "an empty file stays"


@case
def a_reader_that_goes_is_no_complaint():
    for format_ in ["text", "jsonl", "vcd"]:
        process = subprocess.Popen(
            [TAP, "capture", "--board", SIMULATOR, *FAST, "--for", "15s", "--format", format_],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.stdout.close()
        equal(process.wait(timeout=TIMEOUT_S), 141)
        equal(process.stderr.read(), b"")
        process.stderr.close()


@case
def a_slow_reader_gets_whole_records():
    process = subprocess.Popen(
        [TAP, "capture", "--board", SIMULATOR, *FAST, "--for", "300ms", "--format", "jsonl"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    # A pipe of one page.
    import fcntl
    fcntl.fcntl(process.stdout.fileno(), 1031, 4096)
    text = b""
    while piece := os.read(process.stdout.fileno(), 100):
        text += piece
    equal(process.wait(timeout=TIMEOUT_S), 0)
    parse(text.decode())
    process.stdout.close()
