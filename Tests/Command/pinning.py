"""What a recorder pins of its own accord."""
import json

from harness import case, equal, tap
from service import WATCHED, service, site
from stores import make, verify


def pins(folder):
    return json.loads(tap("record", "status", f"{folder}/store", "--json").out)["pins"]


def watch_until_broken(folder):
    site(folder, WATCHED)
    with service(folder) as running:
        running.until("STATUS=")
        running.line("incident 1 opened")
        running.end()


@case
def what_is_recorded_around_an_incident_is_pinned(folder):
    _, key = make(folder)
    watch_until_broken(folder)
    (pin,) = pins(folder)
    equal((pin["number"], pin["by"], pin["why"]), (1, "tap", "incident 1: Wires contradict each other: Pump"))
    assert pin["segments"] > 0, "there is something in that span"
    assert "nothing is altered" in verify(f"{folder}/store", key)


@case
def pins_of_incidents_go_when_32_newer_ones_are_there_and_no_others(folder):
    make(folder)
    span = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T00:10:00Z"]
    tap("record", "pin", f"{folder}/store", *span, "--why", "incident 7: looked into", "--by", "A. Smith")
    for number in range(32):
        tap("record", "pin", f"{folder}/store", *span, "--why", f"incident {number}: before", "--by", "tap")
    watch_until_broken(folder)
    equal([pin["number"] for pin in pins(folder)], [1, *range(3, 35)])
