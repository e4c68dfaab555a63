"""Acknowledging and noting in the page, with keys alone, as tap takes it."""
import os
import subprocess

from selenium.webdriver.common.keys import Keys

from browser import browser
from harness import TAP, case, equal
from real import Watch, attack


def token(path, name, word="add"):
    return subprocess.run([TAP, "window", "token", word, name, "--tokens", path], check=True, capture_output=True, text=True).stdout.strip()


def focused(page):
    return page.js("return document.activeElement.getAttribute('aria-label') || document.activeElement.id")


def write(page, into, text):
    """As a person does: into a field that had something."""
    page.js("document.querySelector(arguments[0]).select()", into)
    page.keys(*text, into=into)


@case
def an_incident_is_acknowledged_and_noted_with_keys_and_wrong_tokens_are_answered(folder):
    path = os.path.join(folder, "tokens")
    mine = token(path, "A. Smith")
    page, watch = browser(), Watch(folder, "--window-tokens", path, scenario=attack(folder))
    page.open(watch.url)
    equal(page.js("return document.querySelector('.tokens').hidden"), True)
    page.until(lambda: page.texts(".incident h3"), "an incident stands there", 20)
    said = lambda: page.text(".said")
    # Without a token the page says what is missing, and goes there.
    page.js("document.querySelector('.say input').focus()")
    page.keys(Keys.ENTER, into=".say input")
    equal(said(), "")
    page.keys(Keys.TAB, Keys.ENTER, into=".say input")
    page.until(lambda: said().startswith("Enter your token first"), "what is missing")
    equal(focused(page), "token")
    write(page, "#token", "0" * 64)
    page.keys(Keys.TAB, Keys.ENTER, into=".say input")
    page.until(lambda: said().startswith("Not done: nobody has this token"), "the refusal")
    write(page, "#token", mine)
    page.keys(Keys.TAB, Keys.TAB, Keys.ENTER, into=".say input")
    page.until(lambda: said().startswith("Write first what there is to note"), "an empty note")
    write(page, ".say input", "on my way <b>")
    page.keys(Keys.TAB, into=".say input")
    equal(focused(page), "Acknowledge incident 1")
    page.js("document.querySelector('.say button').click()")
    page.until(lambda: said() == "Done: incident 1 acknowledged.", "the answer")
    page.until(lambda: page.text(".marks").startswith("Acknowledged by "), "that somebody looks after it", 5)
    page.until(lambda: "(says: A. Smith)" in page.text(".block") and "on my way <b>" in page.text(".block"), "who, and the words", 5)
    # The token is nowhere but in its field, and does not outlive the page.
    equal(page.js("return [document.cookie, localStorage.length, sessionStorage.length]"), ["", 0, 0])
    token(path, "A. Smith", "revoke")
    write(page, ".say input", "x")
    page.keys(Keys.TAB, Keys.TAB, Keys.ENTER, into=".say input")
    page.until(lambda: said().startswith("Not done: nobody has this token"), "the refusal")
    # Enter in its field neither leaves the page nor asks the server for anything.
    address, began = page.js("return location.href"), page.js("return performance.timeOrigin")
    page.js("performance.clearResourceTimings()")
    page.keys(Keys.ENTER, into="#token")
    equal(page.js("return [location.href, performance.timeOrigin, document.querySelector('#token').value]"), [address, began, mine])
    equal(page.js("return performance.getEntriesByType('resource').filter((one) => one.name.includes('/ack') || one.name.includes('/note')).length"), 0)
    page.open(watch.url)
    equal(page.js("return document.querySelector('#token').value"), "")
    equal(page.complaints(), [])
    watch.kill()
