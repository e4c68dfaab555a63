"""What an attacker may write into claims and names, and what must not come of it."""
import json
import os
import subprocess

import models
import scripted
from browser import browser
from harness import case, equal
from stand import PAGE, Stand
from states import cells, shown

MARKUP = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
TURNED = "1.43 m\u202e m 05.1\u2066\n2\u200b"


def poison(state):
    models.disagree(state)
    well = state["assets"][0]
    well["title"] = MARKUP
    well["why"] = [MARKUP]
    well["rows"][0]["claim"]["text"] = MARKUP
    well["rows"][1]["claim"]["text"] = TURNED
    state["trust"]["why"] = [MARKUP, "javascript:alert(1)", "{{7*7}}${7*7}"]
    state["incidents"][0]["title"] = MARKUP
    state["incidents"][0]["text"].append("  By claims     " + MARKUP)
    state["permits"] = [{"name": MARKUP, "until_utc": MARKUP, "user": MARKUP, "reason": TURNED}]
    state["tap"]["blind"] = [MARKUP]
    state["tap"]["sources"][0]["name"] = MARKUP


@case
def markup_is_shown_as_it_was_said_and_marks_that_turn_text_round_as_their_numbers():
    page, stand = shown(poison)
    equal(cells(page, "well", "LT1")[1], MARKUP)
    equal(cells(page, "well", "hmi.ALM_HIGH")[1], "1.43 m\\u{202e} m 05.1\\u{2066}\\u{a}2\\u{200b}")
    equal(page.texts("#trust-line .why li"), [MARKUP, "javascript:alert(1)", "{{7*7}}${7*7}"])
    equal(page.js("return [document.images.length, document.querySelectorAll('script').length, document.querySelectorAll('main [href^=javascript]').length]"), [0, 1, 0])
    equal(page.driver.title, "Disagree - Pump station 14, Mill Lane (SIMULATED)")
    equal(page.complaints(), [])
    stand.kill()


@case
def a_lane_with_markup_or_turned_text_in_its_name_is_text_in_the_table():
    page = browser()
    names = ["<b>LT1</b>", "P1\u202eDMC"]
    stand = Stand(models.model(), scripted.timeline([scripted.Digital(name, [models.START_NS - 10**9]) for name in names]))
    page.open(stand.url)
    page.js("document.querySelector('.as-table').open = true")
    page.until(lambda: page.texts(".as-table tbody:first-of-type tr th") == ["<b>LT1</b>", "P1\\u{202e}DMC"], "the lanes are in the table")
    equal(page.complaints(), [])
    stand.kill()


@case
def an_answer_that_is_no_model_is_not_current_and_ends_nothing():
    page, stand = shown()
    stand.model = lambda: [1, 2, 3]
    stand.change(lambda state: None)
    page.until(lambda: not page.current, "the page is not current")
    equal(page.text("#trust-line .verdict"), "Not current")
    del stand.model
    stand.change(models.disagree)
    page.until(lambda: page.current, "the page is current again", 6)
    equal(page.text("#trust-line .verdict"), "Disagree")
    stand.kill()


@case
def an_incident_with_ten_thousand_lines_and_a_name_of_a_megabyte_leave_the_page_usable():
    def edit(state):
        models.disagree(state)
        state["incidents"][0]["text"] += [f"  Line {number:05}    x" for number in range(10000)]
        state["assets"][0]["rows"][0]["claim"]["text"] = "9" * 1000000
    page, stand = shown(edit)
    assert len(page.js("return document.body.innerText")) < 1000000
    stand.change(lambda state: state["trust"].update(verdict="unknown"))
    page.until(lambda: page.verdict("#trust-line .verdict") == "unknown", "it goes on")
    stand.kill()


@case
def the_page_is_small_and_asks_nobody_but_its_server():
    page, stand = shown(models.disagree)
    sizes = sum(os.path.getsize(os.path.join(PAGE, name)) for name in os.listdir(PAGE))
    assert sizes < 150000, f"{sizes} bytes"
    asked = page.js("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    equal([name for name in asked if not name.startswith(stand.url)], [])
    stand.kill()


@case
def every_script_is_of_the_language_of_2020():
    for name in sorted(os.listdir(PAGE)):
        if name.endswith(".js"):
            run = subprocess.run(["acorn", "--ecma2020", "--module", "--silent", os.path.join(PAGE, name)], capture_output=True, text=True)
            equal((name, run.returncode, run.stderr), (name, 0, ""))
            with open(os.path.join(PAGE, name)) as file:
                text = file.read()
            for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
                assert word not in text, f"{name} has {word}"
    for name in ("page.html", "page.css"):
        with open(os.path.join(PAGE, name)) as file:
            text = file.read()
        for word in ("http:", "https:", "<style", " style=", "onclick", "@import", "url("):
            assert word not in text, f"{name} has {word}"
