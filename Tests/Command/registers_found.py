"""A register map that is proposed of a tapped bus and the wires beside it."""
import json
import os

from harness import case, equal, one_line, tap, write

BUS = ["--line", "RS485", "--uart", "19200,8e1"]
STATION = "scenarios/pump-station.yaml"


def station(folder, length):
    path = os.path.join(folder, "wires.jsonl")
    tap("sim", "run", STATION, "--for", length, "--out", path, "--quiet")
    return path


@case
def a_register_map_of_a_bus_is_proposed_and_a_site_file_takes_it(folder):
    path = station(folder, "5min")
    found = json.loads(tap("claims", "check", path, *BUS, "--json").out)
    words = {(entry["unit"], entry["address"] + place) for entry in found["registers"] for place in range(entry["words"])}
    equal(sorted(word for word in words if word[0] == 1), [(1, address) for address in range(19)])
    equal([found["buses"], found["losses_on_bus"], found["one_of"]], [["RS485"], 0, 1])
    # Set points do not move, whatever the hour is.
    equal([(entry["verdict"], entry["value"]) for entry in found["registers"] if entry["address"] in range(11, 15)],
          [("did not move", value) for value in (2000, 1000, 2600, 3600)])
    text = tap("claims", "check", path, *BUS).out
    assert text.endswith("\n\n" + found["site"]), text
    site = tap("site", "init", "--board", STATION).out.replace("../", "")
    site = site.replace("  RS485: {asset: plant, role: unset}",
                        '  RS485: {asset: plant, role: bus, uart: "19200,8e1"}')
    site = site.replace(f"board: \"{STATION}\"\n", "").replace(f"board: {STATION}\n", "")
    tap("site", "check", write(folder, "site.yaml", site + found["site"]))
    # Nothing is heard before the first poll.
    early = tap("claims", "check", path, *BUS, "--to", "10ms").out
    assert "! no answer was heard" in early, early


@case
def a_register_map_wants_a_bus_and_wires(folder):
    path = station(folder, "1s")
    one_line(tap("claims", "check", path, "--line", "NOT", "--uart", "19200,8e1", status=66).err, "NOT")
    one_line(tap("claims", "check", path, "--line", "RS485", "--uart", "19200,7e1", status=64).err, "8 data bits")
    assert "go together" in tap("claims", "check", path, "--line", "RS485", status=64).err
    packets = write(folder, "none.pcap", "")
    one_line(tap("claims", "check", packets, *BUS, status=64).err, "has no lines")
