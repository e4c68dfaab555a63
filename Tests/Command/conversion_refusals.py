"""Capture files that are damaged, hostile or something else: one clear line, and nothing half-written."""
import os
import struct
import subprocess
import zipfile

import foreign
from foreign import convert, session
from harness import SIMULATOR, TAP, TIMEOUT_S, Skip, case, equal, lines, one_line, peak_kib, read, tap, write


def refuses(folder, path, status, *words, out="out.vcd", options=()):
    """`tap convert` and `tap replay` refuse it, in one line, and leave nothing behind."""
    before = sorted(os.listdir(folder))
    for result in [
        convert(path, f"{folder}/{out}", *options, status=status),
        *([] if options or out != "out.vcd" else [tap("replay", path, "--quiet", "--out", f"{folder}/out.txt", status=status)]),
    ]:
        one_line(result.err, *words)
        equal(result.out, "")
    left = [name for name in sorted(os.listdir(folder)) if name not in before]
    # A replay is a capture: it keeps what was whole before the damage.
    equal([name for name in left if name != "out.txt"], [])
    for name in left:
        os.unlink(f"{folder}/{name}")


@case
def a_capture_of_another_kind_than_its_name_says_is_refused(folder):
    path = session(folder, "x.vcd")
    refuses(folder, path, 65, path, "its extension says Value Change Dump, but its content is sigrok session", "rename it to .sr")
    refuses(folder, write(folder, "y.sr", "t_ns,A\n0,1\n"), 65, "its extension says sigrok session, but its content is CSV")
    refuses(folder, write(folder, "z.csv", "\x7fELF\0\0\0"), 65, "is not CSV, as its extension says, nor any capture format that tap reads")
    refuses(folder, write(folder, "empty.jsonl", ""), 65, "is not JSON Lines of tap, as its extension says")


@case
def a_file_that_cannot_be_read_is_reported(folder):
    refuses(folder, f"{folder}/none.sr", 65, "none.sr: no such file", "check the path")
    refuses(folder, folder, 65, folder)
    write(folder, "lone.cfg", "s,d,2013\n1,0A,1D\n")
    refuses(folder, f"{folder}/lone.cfg", 65, "has no .dat file beside it")


@case
def damaged_sessions_are_reported(folder):
    path = session(folder)
    whole = open(path, "rb").read()
    torn = f"{folder}/torn.sr"
    open(torn, "wb").write(whole[:len(whole) // 2])
    refuses(folder, torn, 65, torn, "is not a ZIP archive as a .sr file must be, or truncated", "use a complete file")
    for name, words, options in [
        ("rate", "has no samplerate", {"metadata": "[device 1]\ntotal probes=1\ncapturefile=logic-1\nprobe1=A\n"}),
        ("unit", "unitsize = 9' is not 0 to 8", {"metadata": "[device 1]\nsamplerate=1 MHz\ntotal probes=1\nunitsize=9\n"}),
        ("many", "is not 0 to 64", {"metadata": "[device 1]\nsamplerate=1 MHz\ntotal probes=99999999999\n"}),
        ("fast", "faster than 1 GHz", {"metadata": "[device 1]\nsamplerate=2 GHz\ntotal probes=1\n"}),
        ("version", "version: is '3', but tap reads 1 and 2", {"version": "3"}),
        ("names", "names no channels", {"metadata": "[device 1]\nsamplerate=1 MHz\ntotal probes=1\nunitsize=1\n"}),
        ("two", "several devices", {"metadata": "[device 1]\nsamplerate=1 MHz\n[device 2]\n"}),
    ]:
        path = session(folder, f"{name}.sr", **options)
        refuses(folder, path, 69 if name in ("version", "two") else 65, path, words)
    with zipfile.ZipFile(f"{folder}/other.sr", "w") as archive:
        archive.writestr("readme", "x")
    refuses(folder, f"{folder}/other.sr", 65, "without the entries 'version' and 'metadata'")
    # One byte of the samples is not what its checksum says.
    stored = f"{folder}/crc.sr"
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("version", "2")
        archive.writestr("metadata", zipfile.ZipFile(session(folder, "m.sr")).read("metadata"))
        archive.writestr("logic-1-1", foreign.logic())
    content = open(stored, "rb").read()
    place = content.index(foreign.logic()) + 500
    open(stored, "wb").write(content[:place] + b"\x03" + content[place + 1:])
    refuses(folder, stored, 65, "entry 'logic-1-1'", "is damaged")


@case
def a_bomb_is_read_in_bounded_memory(folder):
    # Some 300 MB of samples in 300 kB.
    path = f"{folder}/bomb.sr"
    metadata = zipfile.ZipFile(session(folder)).read("metadata")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version", "2")
        archive.writestr("metadata", metadata)
        with archive.open("logic-1-1", "w") as entry:
            for _ in range(300):
                entry.write(bytes(1 << 20))
    peak = peak_kib(subprocess.Popen([TAP, "convert", path, f"{folder}/x.vcd", "--quiet"]))
    assert peak < 40 * 1024, f"{peak} KiB"
    huge = session(folder, "huge.sr", metadata="x" * (2 << 20))
    refuses(folder, huge, 65, "entry 'metadata'", "is longer than 1048576 bytes")


@case
def mistakes_in_dumps_have_their_line(folder):
    head = "$timescale 1 ns $end\n$var wire 1 ! A $end\n$enddefinitions $end\n"
    for name, text, place, words in [
        ("back", head + "#5\n1!\n#4\n", 6, "time goes back from #5 to #4"),
        ("id", head + "#5\n1%\n", 5, "a change of '%', which no $var declares"),
        ("word", head + "#5\ngello\n", 5, "'gello' is neither a time nor a value change"),
        ("time", head + "#5x\n", 4, "a time that is not a number"),
        ("over", head.replace("1 ns", "100 s") + "#999999999999999999\n", 4, "later than 584 years"),
        ("unit", "$timescale 3 years $end\n", 1, "a timescale of '3years'"),
        ("torn", "$timescale 1 ns $end\n$var wire 1", 2, "'$var' has no $end"),
        ("head", "$timescale 1 ns $end\n", 2, "ends within the head"),
        ("wide", "$timescale 1 ns $end\n$var wire many ! A $end\n", 2, "is not type, width, identifier and name"),
        ("bits", head + "#0 b111 !\n", 4, "3 bits for a variable of 1"),
    ]:
        path = write(folder, f"{name}.vcd", text)
        refuses(folder, path, 65, f"{path}:{place}: ", words)


@case
def mistakes_in_json_lines_have_their_line(folder):
    path = f"{folder}/sim.jsonl"
    tap("capture", "--board", SIMULATOR, *lines("ENC_A"), "--channel", "plant", "--for", "20ms", "--format", "jsonl",
        "--out", path, "--quiet")
    rows = read(path).split("\n")
    for name, row, words in [
        ("torn", rows[3][:-10], ""), ("name", rows[3].replace('"ENC_A"', '"NONE"').replace('"plant"', '"NONE"'), "'NONE' is not in the session header"),
        ("deep", '{"x":' + "[" * 99 + "]" * 99 + "}", "lists and objects 16 deep"),
        ("text", "hello", "no object at column 1"), ("time", '{"line":"ENC_A","edge":"rising","seq":1}', "a record without t_ns"),
        ("short", '{"t_ns":1,"device":"plant","scan":0,"raw":[1],"stamps":"exact"}', "a scan of 1 samples, but the device has 4"),
        ("edge", '{"t_ns":1,"line":"ENC_A","edge":"up","seq":1}', "neither rising nor falling"),
    ]:
        broken = write(folder, f"{name}.jsonl", "\n".join(rows[:3] + [row]) + "\n")
        refuses(folder, broken, 65, f"{broken}:4: ", words)
    for name, text, words in [
        ("format", rows[0].replace('"format":1', '"format":9'), "is format 9, but this tap reads 1"),
        ("other", '{"a":1}', "has no session header of tap"),
        ("size", rows[0].replace('"bytes_per_scan":8', '"bytes_per_scan":99999999999'), "more than any device's"),
    ]:
        broken = write(folder, f"{name}.jsonl", text + "\n")
        refuses(folder, broken, 65, f"{broken}:1: ", words)


@case
def mistakes_in_tables_have_their_line(folder):
    for name, text, place, words in [
        ("back", "t_ns,A\n5,1\n4,0\n", 3, "time goes back from 5 ns to 4 ns"),
        ("few", "t_ns,A,B\n5,1\n", 2, "1 values, but there are 2 columns"),
        ("more", "t_ns,A\n5,1,1\n", 2, "more values than the 1 columns"),
        ("time", "t_ns,A\n5,1\n6x,1\n", 3, "'6x' is not a time from zero to 584 years"),
        ("before", "t_ns,A\n-5,1\n-6,1\n", 3, "time goes back from 0 ns to -1 ns"),
        ("number", "t_ns,A [V]\n5,y\n", 2, "'y' is not a number"),
        ("none", "A,B\n1,2\n", 1, "the first column, 'A', is not a time"),
        ("level", "t_ns,A\n" + "5,1\n" * 20_000 + "6,2\n", 20_002, "'2' where line 'A' has 0 or 1"),
    ]:
        path = write(folder, f"{name}.csv", text)
        refuses(folder, path, 65, f"{path}:{place}: ", words)


@case
def mistakes_in_comtrade_have_their_place(folder):
    from conversions import CFG
    good = CFG.replace("Relay, bay 7", "Relay")
    rows = "1,0,100,0,1\r\n2,250,-7,1,1\r\n3,500,99999,1,0\r\n"
    for name, configuration, place, words in [
        ("year", good.replace(",2013", ",abcd"), ".cfg:1: ", "COMTRADE of 'abcd'"),
        ("comma", CFG, ".cfg:1: ", "4 fields where 'station,device,year' stand"),
        ("counts", good.replace("3,1A,2D", "9,1A,2D"), ".cfg:2: ", "the numbers must add up"),
        ("huge", good.replace("3,1A,2D", "999999999,1A,999999998D"), ".cfg:2: ", "at most 4096"),
        ("type", good.replace("ASCII", "MORSE"), ".cfg:11: ", "data of type 'MORSE'"),
        ("rate", good.replace("4000,3", "4000"), ".cfg:8: ", "no 'rate,last sample'"),
        ("torn", good[:60], ".cfg:", ""),
    ]:
        path = write(folder, f"{name}.cfg", configuration)
        write(folder, f"{name}.dat", rows)
        refuses(folder, path, 65, f"{folder}/{name}{place}", words)
    path = write(folder, "b.cfg", good.replace("ASCII", "BINARY"))
    with open(f"{folder}/b.dat", "wb") as data:
        data.write(struct.pack("<IIhH", 2, 0, 5, 1) + struct.pack("<IIhH", 1, 250, 5, 1))
    refuses(folder, path, 65, f"{folder}/b.dat:byte 12: ", "sample 1 where 3 is due")


@case
def what_cannot_be_written_is_refused_and_leaves_no_file(folder):
    path = session(folder)
    dumped = foreign.converted(folder, path, "vcd")
    refuses(folder, dumped, 64, "has no sample rate", "--rate 1MHz", out="y.sr")
    refuses(folder, path, 64, "its extension is none that tap writes", out="y.xyz")
    refuses(folder, path, 64, "is the data of a COMTRADE record", out="y.dat")
    refuses(folder, path, 69, "float32 came with COMTRADE 2013", out="y.cfg", options=["--year", "1999", "--data", "float32"])
    refuses(folder, path, 66, "line 'C'", "it has: A, B", out="y.vcd", options=["--line", "C"])
    refuses(folder, path, 75, "line 'A': is named twice", out="y.vcd", options=["--line", "A", "--line", "A"])
    refuses(folder, path, 64, "--rate", out="y.sr", options=["--rate", "9GHz"])


@case
def a_file_that_is_there_is_left_alone_unless_it_may_be_replaced(folder):
    path = session(folder)
    for out in ["y.vcd", "y.sr", "y.cfg"]:
        write(folder, out, "precious\n")
        refuses(folder, path, 73, "already exists", "--overwrite", out=out)
        equal(read(f"{folder}/{out}"), "precious\n")
        convert(path, f"{folder}/{out}", "--overwrite")
    # Damage found late does not cost what was there.
    bad = write(folder, "bad.csv", "t_ns,A\n" + "".join(f"{n},{n % 2}\n" for n in range(100_000)) + "0,0\n")
    write(folder, "keep.vcd", "precious\n")
    convert(bad, f"{folder}/keep.vcd", "--overwrite", status=65)
    equal(read(f"{folder}/keep.vcd"), "precious\n")
    one_line(convert(path, "/dev/null", "--overwrite", status=64).err, "/dev/null", "extension is none that tap writes")
    for out in ["null.sr", "null.cfg"]:
        os.symlink("/dev/null", f"{folder}/{out}")
        one_line(convert(path, f"{folder}/{out}", "--overwrite", status=73).err, "is not a file that can be replaced")


@case
def options_of_a_table_do_not_fit_other_formats_or_one_another(folder):
    path = write(folder, "x.csv", "t_ns,A\n0,0\n5,1\n")
    for option in [["--separator", "tab"], ["--decimal-comma", "--separator", "tab"], ["--time", "s"], ["--every", "1s"]]:
        refuses(folder, path, 64, "out.vcd", "is no .csv", "leave them out", options=option)
    refuses(folder, path, 64, "--decimal-comma", "add --separator semicolon", out="y.csv", options=["--decimal-comma"])
    refuses(folder, path, 64, "--time utc", "does not say", "take --time s", out="y.csv", options=["--time", "utc"])
