"""tap window view --site: the record before the memory of a recorder that runs."""
import json
import bisect
import os
import pathlib
import signal

from harness import case, equal, one_line, read, tap, wait_until, write
from service import WATCHED, service, site
from stores import make, verify
from window import Window, check, looked_at
from window_stores import is_whole
from window_view import viewed

SIGNALS = """signals:
  FLOW_PULSE: {{asset: pump, role: count}}
  DOSE_STEP: {{asset: pump, role: command, high: steps}}
  LEVEL: {{asset: pump, role: measurement, channel: plant.level, unit: V}}
"""
TEXT = WATCHED.replace("signals:\n", SIGNALS)
MS = 1_000_000
SECOND = 1_000 * MS


def past(folder, view):
    return viewed(view, "--site", f"{folder}/site.yaml", "--cache", f"{folder}/cache")


def reaches(state, since_ns):
    """The record is read up to a time of the session."""
    found = state["past"]
    return found["share"] == 1 and found["reach_ns"] is not None and int(found["reach_ns"]) >= since_ns


def remembered(shown):
    """A time of the session before which the recorder remembers everything: a line of 400 edges a second has had one after it."""
    now = int(shown.state()["now_ns"])

    def is_there():
        answer = shown.json(f"/api/timeline?from={now}&to={now + 60 * SECOND}&buckets=1&lanes=FLOW_PULSE")
        return any(int(bucket["at_ns"]) >= now and bucket["count"] for bucket in lane(answer, "FLOW_PULSE")["buckets"]) or any(
            time >= now for time, _ in exact(lane(answer, "FLOW_PULSE")))
    wait_until(is_there, "an edge after that")
    return now


def records(store):
    """Of a store: edges by line, and values of the one channel, with their times."""
    _, lines = tap("replay", store, "--speed", "max", "--format", "jsonl", "--quiet").records()
    edges, values = {}, []
    for line in lines:
        if "edge" in line:
            edges.setdefault(line["line"], []).append((line["t_ns"], int(line["edge"] == "rising")))
        if "scan" in line:
            values.append((line["t_ns"], line["values"][0]))
    return edges, values


def lane(timeline, name):
    [found] = [lane for lane in timeline["lanes"] if lane["name"] == name]
    return found


def exact(lane):
    return [(int(time), None if value is None else int(value)) for time, value in lane["edges"]]


def is_in_order(buckets):
    return all(int(one["at_ns"]) < int(one["until_ns"]) for one in buckets) and all(
        int(one["until_ns"]) <= int(next_one["at_ns"]) for one, next_one in zip(buckets, buckets[1:]))


def compare(timeline, end, origin, edges, values):
    """An answer up to `end` with what was recorded: `origin` is where the session began, in the record's time."""
    begin = int(timeline["from_ns"])
    for name, recorded in {"FLOW_PULSE": edges["FLOW_PULSE"], "DOSE_STEP": edges["DOSE_STEP"], "LEVEL": values}.items():
        buckets, times = lane(timeline, name)["buckets"], [time - origin for time, _ in recorded]
        assert is_in_order(buckets), (name, buckets)

        def place(text):
            return bisect.bisect_left(times, int(text))
        seen = 0
        for bucket in buckets:
            first, last = place(bucket["at_ns"]), place(bucket["until_ns"])
            # At the very nanosecond where the session begins the one before it may have had its last: the memory has it not.
            own = bisect.bisect_right(times, 0) if bucket["at_ns"] == "0" else first
            # What came into the last one after the question may be in it.
            least = place(min(end, int(bucket["until_ns"])))
            most = least if int(bucket["until_ns"]) <= end else last
            assert least - own <= bucket["count"] <= most - first, (
                begin, end, timeline["memory_from_ns"], len(buckets), name, bucket, least - first, most - first, origin, times[first:first + 2], times[last - 2:last + 2])
            if name == "LEVEL" and last > own and most == least:
                # Either with what was at that nanosecond or without.
                spans = [(min(part), max(part)) for part in ([value for _, value in recorded[start:last]] for start in (first, own))]
                assert (bucket["min"], bucket["max"]) in spans, (bucket, spans)
            seen += max(0, least - max(first, place(begin)))
        equal((name, seen), (name, place(end) - place(begin)))
    steps = [(time - origin, level) for time, level in edges["DOSE_STEP"] if begin <= time - origin < end]
    if "edges" in lane(timeline, "DOSE_STEP"):
        found = [edge for edge in exact(lane(timeline, "DOSE_STEP")) if edge[0] < end]
        # What becomes known at a session's start, and unknown at its end, is no edge.
        equal([edge for edge in found if edge in set(steps)], steps)
        assert len(found) <= len(steps) + 4, found
        assert all(one[0] <= next_one[0] for one, next_one in zip(found, found[1:])), found
    return len(steps)


def spans_of_two_sessions(folder, shown, store):
    """What is answered of both, while the second one runs: (begin, [(answer, up to where it is whole)])."""
    answers = []
    state = shown.wait_for(
        lambda state: state["tap"]["recording"] and state["tap"]["recording"]["session"] == "2" and reaches(state, 4 * SECOND), "the record")
    check(state, "State")
    begin = int(state["past"]["from_ns"])
    assert begin < -4 * SECOND, state["past"]
    equal((state["past"]["store"], state["past"]["failure"], state["past"]["evidence"]), (store, None, False))
    # All of it, from the first session on, and what is newest; up to a time that the store cannot have yet.
    for before, ahead in [(None, 20 * SECOND), (4 * SECOND, 20 * SECOND), (300 * MS, 20 * SECOND), (None, -SECOND)]:
        for buckets in (1, 1_000):
            now = remembered(shown)
            begins, ends = begin if before is None else now - before, now + ahead
            answer = shown.json(f"/api/timeline?from={begins}&to={ends}&buckets={buckets}&lanes=FLOW_PULSE,DOSE_STEP,LEVEL")
            check(answer, "Timeline")
            equal((answer["session"], answer["from_ns"], answer["to_ns"]), ("2", str(begins), str(ends)))
            answers.append((answer, min(now, ends)))
    # The session before is neither judged nor known to the recorder, and not called empty.
    equal({finding["began_ns"].startswith("-") for finding in answers[0][0]["findings"]}, {False})
    assert "no lane" in shown.json("/api/timeline?from=-9&to=9&lanes=%3Cb%3E", 404)["error"]
    assert "buckets must" in shown.json("/api/timeline?from=-9&to=9&buckets=0", 400)["error"]
    # The file of summaries has no name.
    equal(os.listdir(f"{folder}/cache"), [])
    now = remembered(shown)
    return begin, answers + [(shown.json(f"/api/timeline?from={-3000 * SECOND}&to={now}&buckets=400&lanes=FLOW_PULSE,DOSE_STEP,LEVEL"), now)]


def is_one_timeline(folder, store, begin, answers):
    """They are what was recorded, and what the window of the store has of the same spans, in its own time."""
    edges, values = records(store)
    counts = [compare(answer, known, -begin, edges, values) for answer, known in answers]
    assert counts[0] > 150 and counts[2] > 100, counts
    with looked_at("window", store, "--site", f"{folder}/site.yaml", "--address", "0", "--cache", f"{folder}/own") as shown:
        shown.wait_for(is_whole, "the record to be watched")
        for answer, known in answers[:-1]:
            same = shown.json(f"/api/timeline?from={int(answer['from_ns']) - begin}&to={known - begin}&buckets=300&lanes=FLOW_PULSE,DOSE_STEP,LEVEL")
            check(same, "Timeline")
            # The memory has what an analog signal was before to a tenth of a second.
            for name in ["DOSE_STEP"] + (["LEVEL"] if int(answer["from_ns"]) < 0 else []):
                equal((name, lane(same, name)["before"], lane(same, name)["unit"]), (name, lane(answer, name)["before"], lane(answer, name)["unit"]))
            if "edges" in lane(answer, "DOSE_STEP") and "edges" in lane(same, "DOSE_STEP"):
                # Between two sessions it is not known for no time at all.
                mine = [(time - begin, level) for time, level in exact(lane(answer, "DOSE_STEP")) if time < known]
                equal([edge for edge in exact(lane(same, "DOSE_STEP")) if edge[1] is not None], [edge for edge in mine if edge[1] is not None])


@case
def the_record_and_the_memory_of_a_recorder_are_one_timeline_without_a_seam(folder):
    store, key = make(folder)
    site(folder, TEXT)
    view = f"{folder}/view"
    with service(folder, arguments=["--view", view]) as running:
        with past(folder, view) as shown:
            shown.wait_for(lambda state: int(state["now_ns"]) > 4 * SECOND, "a first session")
            running.process.send_signal(signal.SIGHUP)
            found = spans_of_two_sessions(folder, shown, store)
        running.end()
    assert "nothing is altered" in verify(store, key)
    is_one_timeline(folder, store, *found)


def window_of(running):
    """The one that it serves itself; each session has another."""
    return Window(running.process, int(running.line("tap: window: http://127.0.0.1:").rstrip("/\n").rsplit(":", 1)[1]))


@case
def the_window_of_a_recorder_itself_reaches_back_into_its_store(folder):
    store, key = make(folder)
    path = site(folder, TEXT)
    with service(folder, arguments=["--window", "127.0.0.1:0", "--cache", f"{folder}/cache"]) as running:
        window_of(running).wait_for(lambda state: int(state["now_ns"]) > 4 * SECOND, "a first session")
        running.process.send_signal(signal.SIGHUP)
        found = spans_of_two_sessions(folder, window_of(running), store)
        running.end()
    assert "nothing is altered" in verify(store, key)
    is_one_timeline(folder, store, *found)
    one_line(tap("run", path, "--cache", f"{folder}/cache", status=64).err, "--cache goes with --window")


@case
def a_window_whose_summaries_have_no_room_says_so_and_the_recording_goes_on(folder):
    store, key = make(folder)
    site(folder, TEXT)
    write(folder, "cache", "no folder")
    with service(folder, arguments=["--window", "127.0.0.1:0", "--cache", f"{folder}/cache"]) as running:
        shown = window_of(running)
        state = shown.wait_for(lambda state: state["past"]["failure"], "what is wrong")
        assert f"{folder}/cache" in state["past"]["failure"], state["past"]
        shown.wait_for(lambda state: int(state["now_ns"]) > 2 * SECOND, "a second of the plant")
        now = remembered(shown)
        answer = shown.json(f"/api/timeline?from={now - SECOND}&to={now}&lanes=FLOW_PULSE")
        assert sum(bucket["count"] for bucket in lane(answer, "FLOW_PULSE")["buckets"]) > 100, answer
        running.end()
    assert "nothing is altered" in verify(store, key)


@case
def a_record_that_is_pruned_or_cannot_be_read_beside_a_recorder_is_said_and_the_memory_stands(folder):
    store, _ = make(folder)
    path = site(folder, TEXT)
    view = f"{folder}/view"
    with service(folder, arguments=["--view", view]) as running:
        running.line("tap: view: ")
        running.until("STATUS=")
        running.process.send_signal(signal.SIGHUP)
        running.until("RELOADING=1")
        running.until("STATUS=")
        with past(folder, view) as shown:
            state = shown.wait_for(lambda state: reaches(state, SECOND), "the record")
            begin = int(state["past"]["from_ns"])
            # The segments of the first session are removed, as retention does, while somebody looks.
            for segment in sorted(pathlib.Path(store, "segments").iterdir())[:1]:
                segment.unlink()
            gone = shown.json(f"/api/timeline?from={begin}&to=-1&lanes=DOSE_STEP,LEVEL")
            check(gone, "Timeline")
            assert any(bucket["lost"] for lane in gone["lanes"] for bucket in lane["buckets"]), gone
            equal(shown.json("/api/timeline?from=0&to=1000000000&lanes=LEVEL")["session"], "2")
        # Another site file than the one that runs.
        other = read(path).replace(f"{folder}/store", f"{folder}/other")
        write(folder, "other.yaml", other)
        with viewed(view, "--site", f"{folder}/other.yaml", "--cache", f"{folder}/cache") as shown:
            state = shown.wait_for(lambda state: state["past"]["failure"], "what is wrong")
            check(state, "State")
            assert "other" in state["past"]["failure"] and state["past"]["from_ns"] is None, state["past"]
            answer = shown.json("/api/timeline?from=0&to=1000000000&lanes=LEVEL")
            assert lane(answer, "LEVEL")["buckets"], answer
        # Killed, it leaves nothing, and the recorder goes on.
        with past(folder, view) as shown:
            shown.wait_for(lambda state: reaches(state, 0), "the record")
            shown.process.kill()
        equal(os.listdir(f"{folder}/cache"), [])
        running.end()
    bare = write(folder, "bare.yaml", "".join(line for line in read(path).splitlines(keepends=True) if not line.startswith("record:")))
    for arguments, status, words in [(["--site", f"{folder}/none.yaml"], 65, "none.yaml"), (["--cache", f"{folder}/x"], 64, "--cache goes with --site"),
                                     (["--site", bare], 65, "has no 'record'")]:
        one_line(tap("window", "view", view, "--address", "0", *arguments, status=status).err, words)
