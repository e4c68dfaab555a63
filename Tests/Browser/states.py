"""What the page says in each state of the site."""
import models
import scripted
from browser import browser
from harness import case, equal
from stand import Stand


def shown(edit=None, **size):
    """A page that shows the model, and who serves it."""
    page = browser()
    if size:
        page.size(**size)
    stand = Stand(models.model(edit), scripted.station(models.START_NS))
    page.open(stand.url)
    return page, stand


def cells(page, asset, signal):
    """The row of a signal: wire, claim, difference, verdict."""
    return page.js(
        """const name = document.getElementById('asset-' + arguments[0]).closest('article');
        const row = Array.from(name.querySelectorAll('tbody tr')).find((line) => line.querySelector('.signal').textContent === arguments[1]);
        const text = (selector) => row.querySelector(selector).textContent;
        return [text('.of-wire .value'), text('.of-claim .value'), text('.difference'), row.dataset.verdict];""", asset, signal)


@case
def where_all_agrees_the_page_says_so_and_names_its_cover():
    page, stand = shown()
    equal(page.text("#trust-line .verdict"), "Agree")
    equal(page.text("#trust-line .cover"), "19 of 26 tags compared; unwatched: PT")
    equal(page.text("#trust-line .since"), "since 06:10:00.1")
    equal(page.texts("#asset-lines .word"), ["Agree"] * 7)
    equal(cells(page, "well", "LT1"), ["1.43 m", "1.44 m", "+0.01 m", "agree"])
    equal(page.text(".none"), "No incident since the watch began.")
    equal(page.complaints(), [])
    stand.kill()


@case
def where_something_differs_the_page_says_where_since_when_and_why():
    page, stand = shown(models.disagree)
    equal(page.text("#trust-line .verdict"), "Disagree")
    equal(page.text("#trust-line .since"), "since 07:00:00.1")
    equal(page.texts("#trust-line .why li"), ["Pump 2: hmi.P2_RUN says true, P2_FB is low", "Wet well: hmi.LEVEL is 0.07 m above LT1"])
    equal(page.texts("#asset-lines .word"), ["Disagree", "Disagree", "Agree", "Agree", "Agree", "Agree", "Disagree"])
    equal(cells(page, "P2", "P2_FB"), ["low", "true", "differ", "disagree"])
    equal(cells(page, "P2", "P2_CMD")[3], "agree")
    equal(page.text(".incident h3"), "Screen is not showing this station")
    equal(page.text(".incident .so"), "Do not go by the screen.")
    equal(page.text(".incident .severity"), "HIGH")
    block = dict(zip(page.texts(".block dt"), page.texts(".block dd")))
    equal(block["First"], "Does not hold: The claim hmi.P2_RUN must be what P2_FB was at some time of the last 150ms.")
    equal(block["Look"], "stand in front of pump 2: does it run?")
    equal(page.driver.title, "Disagree - Pump station 14, Mill Lane (SIMULATED)")
    stand.kill()


@case
def what_is_silent_has_a_word_and_a_shape_and_leaves_no_last_value():
    page, stand = shown()
    assert "1.44 m" in page.all_text()
    stand.change(models.unknown)
    page.until(lambda: page.text("#trust-line .verdict") == "Cannot be known", "the verdict has changed")
    equal(cells(page, "well", "LT1"), ["1.43 m", "silent", "", "unknown"])
    assert "1.44 m" not in page.all_text(), "the last claim still stands on the page"
    equal(page.js("return document.querySelector('#trust-line use').getAttribute('href')"), "#shape-unknown")
    assert "for 97 s" in page.all_text() or "for 98 s" in page.all_text()
    stand.kill()


@case
def a_lost_line_a_muted_one_and_a_lost_clock_are_named():
    page, stand = shown(models.lost)
    equal(cells(page, "well", "LT1"), ["line lost", "1.44 m", "", "unknown"])
    equal(cells(page, "well", "LSH")[0], "muted: a storm")
    assert "lost: not synchronised since 07:01" in page.text("#own")
    assert "12 lost" in page.text(".sources")
    stand.kill()


@case
def permits_and_shelved_rules_stand_over_every_view_with_provenance_and_speed():
    page, stand = shown(models.lost)
    page.js("document.documentElement.style.scrollBehavior = 'auto'; window.scrollTo(0, document.body.scrollHeight)")
    equal(page.text("#excused"), "permit calibration until 08:30:00 \u00b7 shelved level-balance until 09:00:00")
    equal(page.text("#provenance"), "SIMULATED, speed 1x")
    for selector in ("#excused", "#provenance", "#verdict-now"):
        top, bottom = page.js("const box = document.querySelector(arguments[0]).getBoundingClientRect(); return [box.top, box.bottom]", selector)
        assert 0 <= top < bottom <= 150, f"{selector} is not seen at the end of the page: {top} to {bottom}"
    stand.kill()


@case
def a_verdict_that_is_not_known_to_the_page_counts_as_unknown():
    page, stand = shown(lambda state: state["trust"].update(verdict="fine"))
    equal(page.text("#trust-line .verdict"), "Cannot be known")
    stand.kill()


@case
def ages_grow_between_two_answers_and_not_by_the_clock_of_the_device():
    page, stand = shown(lambda state: state["assets"][0]["rows"][0]["wire"].update(age_ms=61500))
    first = ".asset tbody tr:first-child .of-wire .age"
    equal(page.text(first), "61 s old")
    page.js("const real = Date.now.bind(Date); Date.now = () => real() + 1000")
    page.until(lambda: page.text(first) == "62 s old", "a second later", 2)
    page.until(lambda: page.text(first) == "63 s old", "two seconds later", 2)
    stand.kill()


@case
def only_changes_of_a_verdict_are_announced():
    page, stand = shown()
    equal(page.js("return document.getElementById('announcer').textContent"), "Screens and wires: Agree.")
    page.js("window.spoken = []; new MutationObserver(() => spoken.push(document.getElementById('announcer').textContent))"
            ".observe(document.getElementById('announcer'), {childList: true, characterData: true, subtree: true})")
    stand.change(lambda state: state["assets"][0]["rows"][0]["wire"].update(text="1.46 m"))
    page.until(lambda: cells(page, "well", "LT1")[0] == "1.46 m", "the value is shown")
    equal(page.js("return spoken"), [])
    stand.change(models.disagree)
    page.until(lambda: page.js("return spoken.length") > 0, "the change is announced")
    equal(page.js("return spoken"), ["Screens and wires: Disagree. Wet well: Disagree. Rising main: Disagree. Pump 2: Disagree."])
    stand.kill()


@case
def the_sequence_of_events_is_asked_for_when_somebody_opens_it():
    page, stand = shown(models.disagree)
    stand.incident_events = [{"t_ns": "1", "utc": "07:25:09.163", "wire": None, "claim": "P1_RUN 1"}, {"t_ns": "2", "utc": "07:25:10.823", "wire": "P2_CMD rising", "claim": None}]
    page.js("document.querySelector('.incident summary').click()")
    page.until(lambda: page.texts(".events tbody th") == ["07:25:09.163", "07:25:10.823"], "the events are shown")
    equal(page.texts(".events tbody td"), ["", "P1_RUN 1", "P2_CMD rising", ""])
    stand.kill()
