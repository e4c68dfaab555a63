"""What a capture file holds, and its picture: tap info, tap plot."""
import json
import os

from harness import case, equal, read, tap, write

TABLE = "t_ms,A,B\n0,0,1\n1,1,1\n2,0,1\n4,1,1\n5,0,1\n"


def one_line(text, *words):
    equal(text.count("\n"), 1)
    for word in words:
        assert word in text, f"{text!r}: no {word!r}"


@case
def info_shows_what_a_file_holds(folder):
    path = write(folder, "x.csv", TABLE)
    text = tap("info", path).out
    for words in [f"file     {path}, CSV\n", "lasts    5 ms\n", "ends     whole\n", "losses: none recorded in the file\n",
                  "A         4       2  333.3    low       1 ms         3 ms    3 ms  3 ms       1     0\n"]:
        assert words in text, f"no {words!r} in\n{text}"


@case
def info_is_one_json_object_if_asked(folder):
    path = write(folder, "x.csv", TABLE)
    found = json.loads(tap("info", path, "--json").out)
    equal(found["format"], "csv")
    equal((found["length_ns"], found["ends"], found["utc"], found["provenance"]), (5_000_000, "whole", None, None))
    equal([line["line"] for line in found["lines"]], ["A", "B"])
    equal(found["lines"][0]["pulses"], 2)
    equal(found["lines"][0]["shortest_period_ns"], 3_000_000)
    equal(found["losses"], [])


@case
def info_of_a_torn_file_is_no_error_and_says_so():
    result = tap("info", "Tests/Cases/break/torn.jsonl", "--json")
    found = json.loads(result.out)
    equal((found["ends"], found["provenance"], len(found["losses"])), ("torn", "simulated", 7))


@case
def info_refuses_what_is_no_capture(folder):
    one_line(tap("info", write(folder, "x.bin", "\0\1\2"), status=65).err, "is not any capture format that tap reads")


@case
def plot_writes_a_picture_beside_the_capture(folder):
    path = write(folder, "x.y.csv", TABLE)
    result = tap("plot", path)
    equal(result.err, f"{folder}/x.y.svg: 5 ms, 4 edges, 0 scans\n")
    svg = read(f"{folder}/x.y.svg")
    assert svg.startswith("<svg ") and svg.endswith("</svg>\n"), svg[:80]
    one_line(tap("plot", path, status=73).err, "already exists", "--overwrite")
    equal(tap("plot", path, "--overwrite", "--quiet").err, "")
    equal(read(f"{folder}/x.y.svg"), svg)
    equal(sorted(os.listdir(folder)), ["x.y.csv", "x.y.svg"])


@case
def plot_goes_where_it_is_sent(folder):
    path = write(folder, "x.csv", TABLE)
    result = tap("plot", path, "--out", "-")
    assert result.out.startswith("<svg ") and result.err == "", result.err
    one_line(tap("plot", path, "--out", f"{folder}/x.png", status=64).err, ".png is not written here")
    one_line(tap("plot", "/dev/stdin", status=64).err, "--out", "name the picture")
    one_line(tap("plot", path, "--line", "C", "--out", "-", status=66).err, "line 'C'", "it has: A, B")
    one_line(tap("plot", path, "--from", "1s", "--out", "-", status=64).err, "--from")
    equal(sorted(os.listdir(folder)), ["x.csv"])
