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


class Stored:
    """A running 'tap window' of a store."""

    def __init__(self, folder, store):
        self.process = subprocess.Popen(
            [TAP, "window", store, "--site", "sites/pump-station.yaml", "--address", "0", "--cache", f"{folder}/cache", "--quiet"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)
        self.url = self.process.stderr.readline().split(" ")[-1].strip()

    def kill(self):
        self.process.kill()
        self.process.wait()


def store_of(folder, span):
    store = f"{folder}/plant"
    for arguments in [("init", store, "--origin", "plant/simulated", "--provenance", "simulated"),
                      ("run", "--store", store, "--sim", attack(folder), "--speed", "max", "--for", span, "--quiet")]:
        subprocess.run([TAP, "record", *arguments], check=True, capture_output=True)
    return store


@case
def a_store_is_shown_as_a_record_and_nothing_of_it_looks_live(folder):
    page, window = browser(), Stored(folder, store_of(folder, "400s"))
    page.open(window.url)
    page.until(lambda: page.text("#currency") == "record, not live", "the page says that it is a record", 10)
    equal(page.text("#provenance"), "RECORD: SIMULATED")
    equal(page.js("return document.querySelector('#currency').dataset.live"), "no")
    page.until(lambda: page.verdict("#trust-line .verdict") == "disagree", "the record is watched to its end", 60)
    assert page.text("#trust-line .since").startswith("at the end of this record, "), page.text("#trust-line .since")
    assert page.js("return document.title").startswith("Record: Disagree - "), page.js("return document.title")
    assert page.texts(".incident h3"), "no incident"
    assert "RECORD, not live, from " in page.js("return document.querySelector('#mark').textContent")
    facts = dict(zip(page.texts("#own-place dt"), page.texts("#own-place dd")))
    assert facts["Record"].endswith("plant, of plant/simulated (simulated)"), facts
    assert facts["Timeline"].startswith("summed up whole") and "not evidence" in facts["Timeline"], facts
    # The whole of it is seen; from there down to single edges.
    assert "END OF THE RECORD, not live" in page.text(".frame-head"), page.text(".frame-head")
    assert "400 s" in page.text(".seen") or "6 min 40 s" in page.text(".seen"), page.text(".seen")
    page.js("document.querySelector('.as-table').open = true")
    page.until(lambda: "P1_CMD" in page.texts(".as-table table:first-of-type tbody th"), "the lanes are drawn", 20)
    page.js("document.querySelector('.lanes').focus()")
    page.keys(" ")
    page.until(lambda: page.text(".frame-head").startswith("RECORD, not live"), "the frame says so in the past", 5)
    assert not [word for word in page.text("body").split() if word.strip(".,") in ("LIVE", "live.")], page.text("body")
    equal(page.complaints(), [])
    window.kill()


@case
def a_store_whose_program_is_killed_is_not_current(folder):
    page, window = browser(), Stored(folder, store_of(folder, "20s"))
    page.open(window.url)
    page.until(lambda: page.verdict("#trust-line .verdict") != "unknown", "the record is watched to its end", 60)
    lost_after(page, window.kill, "tap killed")


class Viewed:
    """A running 'tap window view', and the watch behind it."""

    def __init__(self, folder):
        self.socket = f"{folder}/view"
        self.scenario = attack(folder)
        self.watch = self.process = None
        self.begin()
        self.view()

    def begin(self):
        self.watch = self.started("watch", "sites/pump-station.yaml", "--sim", self.scenario, "--speed", "1", "--view", self.socket, "--quiet")
        self.watch.stderr.readline()

    def view(self, port=0):
        self.process = self.started("window", "view", self.socket, "--address", str(port), "--quiet")
        self.url = self.process.stderr.readline().split(" ")[-1].strip()

    @staticmethod
    def started(*arguments):
        process = subprocess.Popen([TAP, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        atexit.register(process.kill)
        return process


@case
def what_watches_behind_another_process_is_lost_and_comes_back(folder):
    page, viewed = browser(), Viewed(folder)
    page.open(viewed.url)
    lost_after(page, lambda: viewed.watch.send_signal(signal.SIGSTOP), "watch behind a view stopped")
    viewed.watch.send_signal(signal.SIGCONT)
    page.until(lambda: page.current, "the page is current again", 8)
    lost_after(page, viewed.watch.kill, "watch behind a view killed")
    page.until(lambda: "is 'tap run --view' running?" in page.text("#lost"), "the page says what does not answer", 6)
    viewed.watch.wait()
    viewed.begin()
    page.until(lambda: page.current, "the page is current again", 8)
    lost_after(page, lambda: viewed.process.send_signal(signal.SIGSTOP), "view stopped")
    viewed.process.send_signal(signal.SIGCONT)
    page.until(lambda: page.current, "the page is current again", 8)
    nothing_old_was_shown(page)
    equal(page.complaints(), [])
    for process in (viewed.process, viewed.watch):
        process.kill()
        process.wait()
