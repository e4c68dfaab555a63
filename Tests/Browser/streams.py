"""What the page says of a server that is gone, stopped, or behind something that answers in its place."""
import time

import models
from browser import browser
from harness import case, equal
from stand import Stand
from states import shown

# What the issue asks for: shown within two seconds.
LIMIT_S = 2.0
figures = []


def lost_after(page, act, what):
    """Does it; how long until the page said that it is not current, by the page's own clock."""
    before = len(page.seen())
    began = time.time()
    act()
    page.until(lambda: any(change[1] == "no" for change in page.seen()[before:]), f"{what}: the page says so")
    changes = [change for change in page.seen()[before:] if change[1] == "no"]
    figures.append(f"{what}: {changes[0][0] - began:.2f} s")
    assert changes[0][0] - began < LIMIT_S, f"{what}: shown after {changes[0][0] - began:.2f} s"
    equal(page.text("#trust-line .verdict"), "Not current")
    equal(page.js("return Array.from(document.querySelectorAll('.value')).map((node) => node.textContent).filter((text) => text !== '\\u2014')"), [])
    assert page.text("#lost").startswith("Not current: "), page.text("#lost")


def nothing_old_was_shown(page):
    """At each change to not current, no value stood on the page once the change was drawn."""
    for _, current, values, banner in page.seen():
        assert current == "yes" or (values == 0 and banner), page.seen()


@case
def a_server_that_is_killed_and_comes_back():
    page, stand = shown()
    lost_after(page, stand.kill, "server killed")
    again = Stand(models.model(models.disagree), port=stand.port)
    page.until(lambda: page.current, "the page is current again", 6)
    equal(page.text("#trust-line .verdict"), "Disagree")
    nothing_old_was_shown(page)
    again.kill()


@case
def a_server_that_stops_answering_and_goes_on():
    page, stand = shown()
    lost_after(page, stand.stop, "server stopped")
    stand.change(models.disagree)
    stand.stop(False)
    page.until(lambda: page.current, "the page is current again", 6)
    equal(page.text("#trust-line .verdict"), "Disagree")
    nothing_old_was_shown(page)
    stand.kill()


@case
def an_answer_that_was_held_brings_back_nothing():
    page, stand = shown()
    page.until(lambda: stand.streams == 1, "a stream is open")
    lost_after(page, stand.stop, "server stopped before it answers late")
    before, asked = len(page.seen()), len(stand.asked)
    stand.change(lambda state: state.update(held_ms=1500))
    stand.stop(False)
    page.until(lambda: len(stand.asked) >= asked + 4, "late answers came", 12)
    equal([change for change in page.seen()[before:] if change[1] == "yes"], [])
    assert "the process behind it does not" in page.text("#lost"), page.text("#lost")
    stand.change(lambda state: state.update(held_ms=800))
    page.until(lambda: page.current, "the page is current again", 6)
    nothing_old_was_shown(page)
    stand.kill()


@case
def a_stream_that_falls_silent_while_questions_are_answered():
    page, stand = shown()
    page.until(lambda: stand.streams == 1, "a stream is open")
    before = len(page.seen())
    stand.events = "silent"
    stand.change(models.disagree)
    page.until(lambda: page.verdict("#trust-line .verdict") == "disagree", "the change came by polling", 4)
    equal(page.seen()[before:], [])
    stand.events = "stream"
    asked = lambda: stand.asked.count("/api/state")
    page.until(lambda: stand.streams >= 1 and not polls_within(stand, page, 1.4), "polling ends once the stream is back", 20)
    stand.kill()


def polls_within(stand, page, seconds):
    before = stand.asked.count("/api/state")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if stand.asked.count("/api/state") > before:
            return True
        time.sleep(0.05)
    return False


@case
def an_event_stream_answered_by_502_or_by_html_comes_back():
    page = browser()
    for way in ("502", "html"):
        stand = Stand(models.model())
        stand.events = way
        page.open(stand.url)
        equal(page.text("#trust-line .verdict"), "Agree")
        before = len(page.seen())
        stand.events = "stream"
        page.until(lambda: stand.streams == 1, f"{way}: the stream is asked for again", 12)
        equal(page.seen()[before:], [])
        stand.kill()


@case
def a_server_that_answers_nothing_but_502_or_html_is_not_current():
    page, stand = shown()
    for way, words in (("502", "the server answers with 502"), ("html", "something else than the server answers")):
        def act():
            stand.events = stand.polls = way
            stand.change(lambda state: None)
        stand.events = stand.polls = "stream"
        page.until(lambda: page.current, "the page is current")
        page.until(lambda: stand.streams == 1, "a stream is open", 12)
        end_streams(stand, way)
        page.until(lambda: not page.current, f"{way}: the page is not current")
        page.until(lambda: words in page.text("#lost"), f"{way}: why stands there", 4)
    equal([message for message in page.complaints() if "SyntaxError" in message], [])
    stand.kill()


def end_streams(stand, way):
    stand.polls = way
    stand.events = "close"
    stand.change(lambda state: None)
    while stand.streams:
        time.sleep(0.01)
    stand.events = way


@case
def behind_a_proxy_that_buffers_the_page_polls_and_stays_current():
    page = browser()
    stand = Stand(models.model())
    stand.events = "buffered"
    page.open(stand.url)
    before = len(page.seen())
    stand.change(models.disagree)
    page.until(lambda: page.verdict("#trust-line .verdict") == "disagree", "the change came by polling", 3)
    page.until(lambda: stand.asked.count("/api/state") >= 4, "it goes on polling", 6)
    equal(page.seen()[before:], [])
    stand.kill()


@case
def a_session_whose_time_stands_still_is_not_current():
    page, stand = shown()
    stopped = stand.now_ns()
    stand.now_ns = lambda: stopped
    page.until(lambda: not page.current, "the page says so", 6)
    assert "stands still" in page.text("#lost"), page.text("#lost")
    stand.kill()


@case
def a_page_that_comes_back_says_not_current_before_it_shows_a_value():
    page, stand = shown()
    page.until(lambda: stand.streams == 1, "a stream is open")
    before = len(page.seen())
    first = page.driver.current_window_handle
    page.driver.switch_to.new_window("tab")
    other = page.driver.current_window_handle
    page.driver.switch_to.window(first)
    if page.js("return document.hidden") is False:
        # A browser without windows hides nothing: what the page does then is what matters.
        page.js("Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))")
    page.until(lambda: stand.streams == 0, "out of view it holds no stream")
    equal(page.seen()[before][1:], ["no", 0, True])
    stand.change(models.disagree)
    page.js("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.driver.switch_to.window(other)
    page.driver.close()
    page.driver.switch_to.window(first)
    page.until(lambda: page.current, "it is current again")
    equal([change[1] for change in page.seen()[before:]][-1], "yes")
    nothing_old_was_shown(page)
    equal(page.text("#trust-line .verdict"), "Disagree")
    stand.kill()


@case
def a_device_that_slept_asks_anew_before_it_goes_on():
    page, stand = shown()
    before = len(page.seen())
    # Nothing else says that a machine slept: its wall clock has gone on, and its counter has not.
    page.js("const real = Date.now.bind(Date); Date.now = () => real() + 60000")
    page.until(lambda: [change[1] for change in page.seen()[before:]] == ["no", "yes"], "not current, and then current")
    nothing_old_was_shown(page)
    stand.kill()


@case
def without_script_the_page_says_that_it_is_not_live():
    page = browser()
    stand = Stand(models.model())
    page.cdp("Emulation.setScriptExecutionDisabled", value=True)
    try:
        page.driver.get(stand.url)
        words = page.text("body")
    finally:
        page.cdp("Emulation.setScriptExecutionDisabled", value=False)
    assert "Not live. This page shows values only with JavaScript." in words, words
    assert "Agree" not in words and " m\n" not in words, words
    stand.kill()
