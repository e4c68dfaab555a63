"""tap window: what a store shows, for browsers and programs."""
import glob
import os
import pathlib
import shutil
import struct
import zlib

from harness import TIMEOUT_S, case, equal, read, stop, tap, write
from stores import recorded, verify
from watching import CUT, SITE, station
from window import check, edges_of, looked_at


def stored(folder, store, *arguments, site=SITE):
    """A store that is looked at; its cache is in the folder."""
    return looked_at("window", store, "--site", site, "--address", "0", "--cache", f"{folder}/cache", *arguments)


def is_whole(state):
    return state["record"]["watched"] and state["record"]["summaries"]["done"]


def files_of(store):
    return sorted((str(path.relative_to(store)), path.stat().st_size) for path in pathlib.Path(store).rglob("*") if path.is_file())


def check_summaries(folder, store, status):
    return tap("window", store, "--site", SITE, "--cache", f"{folder}/cache", "--check", status=status).err


@case
def a_store_is_seen_as_a_record_with_its_incidents_and_each_edge(folder):
    scenario = station(folder, "cut", CUT)
    store, key = recorded(folder, scenario, "60s")
    before = files_of(store)
    assert "there are no whole summaries" in check_summaries(folder, store, 2)
    with stored(folder, store) as shown:
        state = shown.wait_for(is_whole, "the record to be watched")
        check(state, "State")
        record = state["record"]
        equal((state["mode"], record["provenance"], record["sessions"]), ("store", "simulated", 1))
        equal((record["summaries"]["evidence"], record["summaries"]["failure"], record["remarks"]), (False, None, []))
        assert record["summaries"]["kept"].startswith(f"{folder}/cache/"), record
        equal(state["trust"]["verdict"], "agree")
        equal([incident["title"] for incident in state["incidents"]], ["Alarm not sounded: High-level siren"])
        one = shown.json("/api/incidents/1")
        check(one, "Incident")
        assert any("ALM_HIGH" in event["claim"] for event in one["events"]), one["events"]
        end = int(state["now_ns"])
        equal(end // 10**9, 60)
        timeline = shown.json(f"/api/timeline?from=0&to={end}&buckets=200")
        check(timeline, "Timeline")
        _, records = tap("replay", store, "--speed", "max", "--format", "jsonl", "--quiet").records()
        wanted = {}
        for line in records:
            if "edge" in line:
                wanted.setdefault(line["line"], []).append((line["t_ns"], int(line["edge"] == "rising")))
        lanes = [lane for lane in timeline["lanes"] if lane["kind"] == "digital" and lane["captured"]]
        assert len(wanted) > 2, wanted.keys()
        for lane in lanes:
            mine = wanted.get(lane["name"], [])
            equal((lane["name"], edges_of(lane)[1:]), (lane["name"], mine))
            equal(sum(bucket["count"] for bucket in lane["buckets"]), len(mine))
        # Above 300 s they are summaries, also of a span that is longer than the record.
        long = shown.json(f"/api/timeline?from=0&to={400 * 10**9}&buckets=400&lanes=LT1")
        check(long, "Timeline")
        equal(sum(bucket["count"] for bucket in long["lanes"][0]["buckets"]), 6001)
        stop(shown.process)
        equal(shown.process.wait(TIMEOUT_S), 0)
        assert "summaries of the record are in " in shown.process.stderr.read()
    # Nothing came into the store, and the next time there is nothing to be made.
    equal(files_of(store), before)
    assert "nothing is altered" in verify(store, key)
    assert "as the store has it" in check_summaries(folder, store, 0)
    with stored(folder, store) as shown:
        shown.wait_for(is_whole, "the record to be watched")
        stop(shown.process)
        assert "summaries of the record are used: " in shown.process.stderr.read()


@case
def a_store_that_is_pruned_or_damaged_while_somebody_looks_is_answered_clearly(folder):
    store, _ = recorded(folder, station(folder, "calm", level=1.5), "60s")
    copy = shutil.copytree(store, f"{folder}/copy")
    with stored(folder, store) as shown:
        shown.wait_for(is_whole, "the record to be watched")
        segments = sorted(pathlib.Path(store, "segments").iterdir())
        for segment in segments:
            data = bytearray(segment.read_bytes())
            for place in range(1_000, len(data), 1_000):
                data[place] ^= 1
            segment.write_bytes(data)
        refused = shown.json(f"/api/timeline?from={10**10}&to={2 * 10**10}", 500)
        assert "were altered" in refused["error"] and "tap verify" in refused["error"], refused
        for segment in segments:
            segment.unlink()
        pruned = shown.json(f"/api/timeline?from={10**10}&to={2 * 10**10}&lanes=LT1")
        check(pruned, "Timeline")
        [lane] = pruned["lanes"]
        equal({(bucket["lost"], bucket["known"]) for bucket in lane["buckets"]}, {(True, False)})
        # What was summed up is still seen.
        long = shown.json(f"/api/timeline?from=0&to={400 * 10**9}&lanes=LT1")
        equal(sum(bucket["count"] for bucket in long["lanes"][0]["buckets"]), 6_001)
        equal(shown.state()["trust"]["verdict"], "agree")
    # Damaged before: the watch stops there, and no verdict is shown.
    with open(sorted(glob.glob(f"{copy}/segments/*"))[-1], "r+b") as segment:
        segment.seek(os.path.getsize(segment.name) * 4 // 5)
        byte = segment.read(1)
        segment.seek(-1, 1)
        segment.write(bytes([byte[0] ^ 1]))
    with stored(f"{folder}/other", copy) as shown:
        state = shown.wait_for(lambda state: state["record"]["failure"] and state["record"]["summaries"]["failure"], "the failure to be said", 60)
        check(state, "State")
        equal((state["trust"]["verdict"], state["record"]["watched"]), ("unknown", False))
        assert "were altered" in state["trust"]["why"][0], state["trust"]
        reach = int(state["record"]["summaries"]["reach_ns"])
        assert 0 < reach < 6 * 10**10, reach
        [lane] = shown.json(f"/api/timeline?from=0&to={400 * 10**9}&lanes=LT1")["lanes"]
        last = lane["buckets"][-1]
        equal((last["known"], last["lost"], int(last["at_ns"])), (False, False, reach))


@case
def altered_summaries_are_found_and_what_is_no_store_is_refused(folder):
    store, _ = recorded(folder, station(folder, "calm", length="5s", level=1.5), "5s")
    with stored(folder, store) as shown:
        shown.wait_for(is_whole, "the record to be watched")
        result = tap("window", store, "--site", SITE, "--address", str(shown.port), "--cache", f"{folder}/cache", status=74)
        assert f"127.0.0.1:{shown.port}: cannot be listened on: " in result.err, result.err
    [summaries] = pathlib.Path(folder, "cache").iterdir()
    data = bytearray(summaries.read_bytes())
    assert data.startswith(b"tap summaries 1\nnot evidence"), data[:80]
    # The first page's first bucket: one more record than there was. Page and directory get the sums that belong to them.
    directory, length = struct.unpack_from("<QQ", data, len(data) - 32)
    place = directory
    while struct.unpack_from("<Q", data, place)[0] == 0:
        place += 8
    offset, word = struct.unpack_from("<QQ", data, place + 16)
    data[offset + 40] += 1
    page = bytes(data[offset:offset + 48 * (word & 0xFFFFFFFF)])
    struct.pack_into("<Q", data, place + 24, word & 0xFFFFFFFF | zlib.crc32(page) << 32)
    struct.pack_into("<Q", data, len(data) - 16, zlib.crc32(bytes(data[directory:directory + length])))
    summaries.write_bytes(data)
    assert ": altered: the bucket of " in check_summaries(folder, store, 1)
    for target, words in [(folder, "is no store"), (f"{folder}/nothing", "is no store")]:
        assert words in tap("window", target, "--site", SITE, status=65).err
    assert "--site" in tap("window", store, status=64).err


@case
def the_site_file_of_another_plant_is_said(folder):
    store, _ = recorded(folder, station(folder, "calm", length="5s", level=1.5), "5s")
    with stored(folder, store, site="sites/feeder-bay.yaml") as shown:
        state = shown.wait_for(is_whole, "the record to be watched")
        [remark] = state["record"]["remarks"]
        # What both have is a clock that the screen claims.
        assert remark.startswith("of 39 signals and tags of the site file, 38 are not in this record: CB_CLOSED, ") \
            and remark.endswith(" more; is it the site file of another plant?"), remark
        stop(shown.process)
        assert remark + "\n" in shown.process.stderr.read()
    # One signal more than were recorded.
    lines = [line for line in read(SITE).splitlines(keepends=True) if not line.startswith("board:")]
    more = write(folder, "site.yaml", "".join(lines).replace("signals:\n", "signals:\n  SPARE: {asset: well, role: alarm, high: door open}\n", 1))
    with stored(folder, store, site=more) as shown:
        remarks = shown.wait_for(is_whole, "the record to be watched")["record"]["remarks"]
        assert len(remarks) == 1 and remarks[0].endswith("1 is not in this record: SPARE"), remarks
    with stored(folder, store) as shown:
        equal(shown.wait_for(is_whole, "the record to be watched")["record"]["remarks"], [])
