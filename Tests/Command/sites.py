"""Site files: tap site check."""
import os

from harness import case, equal, one_line, tap, write

HEAD = "tap-site: 1\nname: well\ntitle: Well\nsignals: {A: {role: command}, B: {role: feedback}}\n"


@case
def a_site_in_order_is_explained():
    text = tap("site", "check", "sites/pump-station.yaml").out
    for words in [
            "23 signals, 26 claims, 31 rules, 4 kinds of work\n",
            "\nsiren-sounds  (at the latest after 3.02 s, later near a threshold)\n"
            "  Whenever high_water for 2s, there must be SIREN within 1s, for the first 3min. "
            "Its last proof may be 90d ago at most.\n",
            "\n! No rule watches hmi.ALM_LEVEL.\n"]:
        assert words in text, f"{words!r} is not in\n{text}"


@case
def rules_are_formulas_too():
    text = tap("site", "check", "sites/pump-station.yaml", "--formulas").out
    equal(len(text.splitlines()), 56)
    assert "No formula decides" not in text, text
    for line in ["hmi writes: not (hmi writes)", "hmi.HMI_TIME: not ("]:
        assert f"\n{line}" in text, text
    assert "\ndry-run: not (historically[0s, 2s] (LSL and (P1_FB or P2_FB)))\n" in text, text


@case
def every_mistake_of_a_site_has_its_place(folder):
    path = write(folder, "s.yaml", HEAD + "words: {w: A and C}\nrules:\n  r: {never: B, for: -2s}\n  q: {never: off}\n")
    errors = tap("site", "check", path, status=65).err
    for words in [
            "s.yaml:5:18: w: 'C' is not known: add it to signals, words or tags\n",
            "s.yaml:7:22: for -2s is negative: write 0s or more\n",
            "s.yaml:8:14: never is off, which many programs read as true or false: write true, false, or the name of a signal\n"]:
        assert words in errors, f"{words!r} is not in\n{errors}"


@case
def a_site_of_another_board_is_refused(folder):
    path = write(folder, "s.yaml", HEAD + f"board: {os.path.abspath('scenarios/pump-station.yaml')}\n")
    errors = tap("site", "check", path, status=65).err
    assert "signal A: " in errors and "has no line 'A'" in errors, errors


@case
def a_file_that_is_no_site_is_refused(folder):
    one_line(tap("site", "check", "boards/simulator.yaml", status=65).err, "the file is a board file, where a site file is expected")
    one_line(tap("site", "check", os.path.join(folder, "none.yaml"), status=65).err, "no such file")
