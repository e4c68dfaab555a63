"""Chips that are taken away while they are in use: last, for stamps after it differ from boot to boot (docs/hil.md)."""
import time

from drives import SIMULATOR
from guest import BENCH, BOARD, Chip, finish, start
from harness import case


@case
def a_chip_that_goes_while_it_is_driven_is_reported():
    made = Chip()
    process = start(BENCH, "drive", SIMULATOR, "--board", BOARD, "--line", "ENC_A=SIM0")
    time.sleep(1)
    made.remove()
    _, reported = finish(process, status=74)
    last = reported.split("\n")[-2]
    assert last.startswith("tap-bench: line 'SIM0': its pull cannot be written: "), reported
