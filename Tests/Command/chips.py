"""Chips without a board file, and a board file of what the kernel lists."""
import glob
import os

from harness import Skip, case, equal, tap


def one_line(text, *words):
    equal(text.count("\n"), 1)
    for word in words:
        assert word in text, f"{text!r}: no {word!r}"


def need_no_hardware():
    if glob.glob("/dev/gpiochip*") or glob.glob("/sys/bus/iio/devices/*"):
        raise Skip("this machine has GPIO chips or ADCs")


@case
def a_chip_that_is_not_there_is_refused_with_what_is():
    need_no_hardware()
    result = tap("capture", "--chip", "gpiochip0", "--line", "17", status=66)
    one_line(result.err, "chip 'gpiochip0': is not on this machine", "tap doctor")


@case
def a_chip_excludes_files_and_channels():
    words = ["--line", "17"]
    one_line(tap("capture", "--chip", "gpiochip0", "--board", "boards/simulator.yaml", *words, status=64).err,
             "--board and --chip exclude each other")
    one_line(tap("capture", *words, status=64).err, "--board", "--chip", "--sim")
    one_line(tap("capture", "--chip", "gpiochip0", "--channel", "adc", status=64).err, "--channel goes with --board")
    one_line(tap("capture", "--chip", "gpiochip0", status=64).err, "nothing to capture", "'tap lines' lists them")


@case
def no_board_is_written_of_nothing(folder):
    need_no_hardware()
    path = os.path.join(folder, "gateway.yaml")
    one_line(tap("lines", "--write-board", path, status=66).err, "has no GPIO line and no ADC", "tap doctor")
    equal(os.listdir(folder), [])


@case
def a_board_is_written_of_the_kernel_alone(folder):
    path = os.path.join(folder, "gateway.yaml")
    one_line(tap("lines", "--write-board", path, "--json", status=64).err, "--write-board excludes")
    one_line(tap("lines", "--overwrite", status=64).err, "--overwrite goes with --write-board")
    equal(os.listdir(folder), [])
