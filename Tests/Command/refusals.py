"""Bad input: one line that says where, what and what to do, and an exit status of its own."""
import os

from harness import SIMULATOR, capture, case, equal, lines, one_line, refused, tap, write

# A board that any machine passes for, with chips that none has.
NOWHERE = """tap-board: 1
name: nowhere
title: Chips that no machine has
provenance: emulated-kernel
chips:
  - {label: tap-no-such-chip, lines: 4}
lines:
  - {name: A, chip: tap-no-such-chip, offset: %d}
"""


@case
def an_unknown_line_is_reported_with_the_nearest_names():
    refused(66, *lines("PUMP_CM"), words=["line 'PUMP_CM': is not on board 'simulator'", "nearest names: PUMP_CMD, "])


@case
def an_unknown_channel_is_reported_with_the_nearest_names():
    refused(66, "--channel", "plant.levl", words=["channel 'plant.levl'", "nearest names: plant.level, "])


@case
def a_name_of_another_kind_is_pointed_at(folder):
    refused(66, *lines("plant.level"), words=["line 'plant.level'", "it is a channel: --channel plant.level"])
    refused(66, *lines("plant"), words=["it is a channel: --channel plant"])
    refused(66, "--channel", "ENC_A", words=["it is a line: --line ENC_A"])
    refused(66, *lines("ENC"), words=["nearest names: ENC_A, ENC_B, "])
    board = write(folder, "pins.yaml", NOWHERE.replace("offset: %d", "offset: 1, pin: J8-11"))
    refused(66, *lines("J8-11"), board=board, words=["that is the header pin of line 'A': --line A"])


@case
def a_line_named_twice_is_refused():
    refused(75, *lines("ENC_A", "ENC_B", "ENC_A"), words=["line 'ENC_A': is named twice; name it once"])


@case
def a_channel_named_twice_is_refused():
    refused(75, "--channel", "plant.level", "--channel", "plant", words=["channel 'plant.level': is named twice"])


@case
def the_board_file_of_another_machine_is_refused():
    compatible = "/proc/device-tree/compatible"
    if os.path.exists(compatible) and b"raspberrypi,4-model-b" in open(compatible, "rb").read():
        board, line, name = "boards/siemens-iot2050.yaml", "D0", "siemens-iot2050"
    else:
        board, line, name = "boards/raspberry-pi-4b.yaml", "GPIO17", "raspberry-pi-4b"
    refused(67, *lines(line), board=board, words=[f"board '{name}'", "use the board file of this machine"])


@case
def a_chip_that_is_not_there_is_reported(folder):
    board = write(folder, "nowhere.yaml", NOWHERE % 3)
    refused(66, *lines("A"), board=board, words=["tap-no-such-chip"])


@case
def an_offset_past_the_end_of_its_chip_is_a_mistake_with_its_place(folder):
    board = write(folder, "nowhere.yaml", NOWHERE % 4)
    refused(65, *lines("A"), board=board, words=[f"tap: {board}:8:47: offset 4 is past the end of chip 'tap-no-such-chip'", "write 0 to 3"])


@case
def each_mistake_in_a_board_file_has_its_line_and_column(folder):
    board = write(folder, "bad.yaml", "tap-board: 1\nname: bad\ntitle: Bad\nprovenance: simulatd\nlines: 7\n")
    result = capture(*lines("A"), board=board, status=65)
    found = result.err.split("\n")
    assert found[0].startswith(f"{board}:4:13: "), result.err
    assert found[1].startswith(f"{board}:5:8: "), result.err
    equal(found[-2:], [f"tap: {board}: the {len(found) - 2} mistakes above; correct the file; nothing was opened", ""])


@case
def a_board_file_that_cannot_be_read_is_reported(folder):
    refused(65, *lines("A"), board=f"{folder}/none.yaml", words=[f"tap: {folder}/none.yaml: no such file", "check the"])
    refused(65, *lines("A"), board=folder, words=[f"tap: {folder}: is a folder"])
    refused(65, *lines("A"), board="", words=["tap: '': no such file"])


@case
def a_capture_of_nothing_is_refused():
    refused(64, words=["nothing to capture", "--line", "--channel", "see 'tap capture --help'"])


@case
def options_out_of_range_are_reported_in_one_line():
    for arguments, word in [
        (["--for", "10"], "'10' is invalid for '--for <duration>'; a unit is missing: 10s, 10ms or 10min"),
        (["--for", "0s"], "'0s' is invalid for '--for <duration>'; it is to be more than zero"),
        (["--for", "10 sec"], "write 10s"),
        (["--for", "soon"], "as 10s"),
        (["--for", "-1s"], "--for"),
        (["--count", "0"], "--count takes 1 or more"),
        (["--count", "x"], "--count"),
        (["--queue", "0"], "--queue takes 1 to 1024, not 0"),
        (["--queue", "1025"], "--queue takes 1 to 1024, not 1025"),
        (["--ring", "1000"], "--ring takes a power of two"),
        (["--fifo", "100"], "--fifo takes 1 to 99, not 100"),
        (["--cpu", "1024"], "--cpu takes 0 to 1023, not 1024"),
        (["--storm-limit", "-1"], "--storm-limit"),
        (["--format", "csv"], "text"),
        (["--no-such-option"], "--no-such-option"),
        (["--chanel", "plant"], "'--channel'"),
        (["--over"], "did you mean '--overwrite'?"),
    ]:
        refused(64, *lines("ENC_A"), *arguments, words=[word, "see 'tap capture --help'"])


@case
def a_command_line_without_board_or_with_an_unknown_command_is_reported_in_one_line():
    one_line(tap("capture", "--line", "A", status=64).err, "--board", "--sim", "see 'tap capture --help'")
    one_line(tap("captur", status=64).err, "did you mean 'capture'?", "see 'tap --help'")
    one_line(tap("sim", "rn", status=64).err, "did you mean 'run'?", "see 'tap sim --help'")
    one_line(tap("sim", "plot", "x.yaml", status=64).err, "--out", "see 'tap sim plot --help'")


@case
def names_are_exact():
    for name in ["", "enc_a", " ENC_A", "ENC_A\n", "ÉNC", "x" * 10_000]:
        result = refused(66, *lines(name))
        assert len(result.err) < 1_000, f"{len(result.err)} characters"


@case
def the_simulated_board_is_refused_nowhere():
    equal(capture(*lines("ENC_A"), "--count", "1", "--quiet", board=os.path.abspath(SIMULATOR)).status, 0)


@case
def quiet_hides_no_refused_request():
    result = capture(*lines("ENC_A"), "--count", "3", "--cpu", "1023", "--quiet")
    assert "capture threads: CPU 1023 refused: " in result.err and result.err.count("\n") == 1, result.err
