"""The window as tap serves it: an attack is played, and the page says it; the program is ended, stopped and started again."""
import atexit
import os
import re
import signal
import subprocess

from browser import browser
from harness import TAP, case, equal
from states import cells
from streams import lost_after, nothing_old_was_shown


class Watch:
    """A running 'tap watch --window'."""

    def __init__(self, folder, *arguments, port=0, scenario=None, speed="10", site="sites/pump-station.yaml"):
        if scenario is None:
            scenario = attack(folder)
        self.process = subprocess.Popen(
            [TAP, "watch", site, "--sim", scenario, "--speed", speed, "--window", f"127.0.0.1:{port}", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        # Of a case that failed nothing stays.
        atexit.register(self.process.kill)
        for line in self.process.stderr:
            found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
            if found:
                self.port, self.url = int(found[1]), found[0]
                return
        raise AssertionError(f"tap said no address, and ended with {self.process.wait()}")

    def kill(self):
        self.process.kill()
        self.process.wait()


def attack(folder):
    """From 20 s of the plant's time on the screen shows the level half a metre too low."""
    path = os.path.join(folder, "attack.yaml")
    with open("scenarios/attacks/frozen-level.yaml") as file:
        text = file.read()
    head = text[:text.index("attacks:")]
    with open(path, "w") as file:
        file.write(head + "attacks:\n  - {aim: falsified-monitoring, variant: bias, target: LEVEL, strength: -0.5, from: 20s, for: 2h}\n")
    return path


@case
def an_attack_that_tap_watches_is_said_by_the_page_with_its_incident(folder):
    page, watch = browser(), Watch(folder)
    page.open(watch.url)
    equal(page.text("#provenance"), "SIMULATED, speed 10x")
    page.until(lambda: page.verdict("#trust-line .verdict") == "disagree", "the site disagrees", 20)
    page.until(lambda: page.texts(".incident h3"), "an incident stands there", 5)
    wire, claim, difference, verdict = cells(page, "well", "LT1")
    equal(verdict, "disagree")
    assert wire.endswith(" m") and claim.endswith(" m") and difference.startswith("-0."), (wire, claim, difference)
    assert "hmi.LEVEL" in dict(zip(page.texts(".block dt"), page.texts(".block dd")))["Rules broken"]
    page.js("document.querySelector('.incident summary').click()")
    page.until(lambda: page.texts(".events tbody tr") or "No event" in page.text(".events"), "the sequence of events is shown")
    page.js("document.querySelector('.as-table').open = true")
    page.until(lambda: "P1_CMD" in page.texts(".as-table table:first-of-type tbody th"), "the lanes are drawn", 10)
    equal(page.complaints(), [])
    watch.kill()


@case
def tap_killed_stopped_and_started_again_is_seen_by_the_page(folder):
    page, watch = browser(), Watch(folder, speed="1")
    page.open(watch.url)
    lost_after(page, lambda: watch.process.send_signal(signal.SIGSTOP), "tap stopped")
    watch.process.send_signal(signal.SIGCONT)
    page.until(lambda: page.current, "the page is current again", 8)
    lost_after(page, watch.kill, "tap killed")
    again = Watch(folder, port=watch.port, speed="1")
    page.until(lambda: page.current, "the page is current again", 8)
    nothing_old_was_shown(page)
    again.kill()


@case
def a_watch_that_has_ended_says_so_and_its_ages_stand(folder):
    page, watch = browser(), Watch(folder, "--for", "5s", "--window-stays", speed="10")
    page.open(watch.url)
    page.until(lambda: page.text("#currency") == "ended", "the page says that it has ended", 10)
    equal(page.current, True)
    watch.kill()
