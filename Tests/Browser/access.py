"""Who reads it otherwise: a phone, a screen reader, paper."""
import base64
import io
import os

import models
from browser import browser
from harness import Skip, case, equal
from stand import Stand
from states import shown

STATES = {"normal": None, "disagree": models.disagree, "unknown": models.unknown, "lost": models.lost}


def long_names(state):
    models.disagree(state)
    state["site"]["title"] = "Abwasserpumpwerk_" + "Nord" * 20
    state["assets"][0]["rows"][0]["claim"]["text"] = "x" * 200
    state["assets"][0]["rows"][0]["tag"] = "hmi." + "LEVEL_" * 20
    state["permits"] = [{"name": "c" * 90, "until_utc": "2026-03-26 08:30:00", "user": "weber", "reason": "r" * 300}]


@case
def at_320_pixels_nothing_has_to_be_moved_sideways():
    page = browser()
    page.size(320, 640, 2, "light")
    for name, edit in (STATES | {"long names": long_names}).items():
        stand = Stand(models.model(edit))
        page.open(stand.url)
        page.js("document.querySelectorAll('details').forEach((node) => { node.open = true })")
        wide = page.js("""return Array.from(document.querySelectorAll('main *, header *, footer *'))
            .filter((node) => !node.closest('.unseen, .as-table, .events, svg, thead') && node.getBoundingClientRect().right > innerWidth + 1)
            .map((node) => node.tagName + '.' + node.className).slice(0, 5)""")
        equal((name, page.js("return document.documentElement.scrollWidth"), wide), (name, 320, []))
        stand.kill()


def axe():
    """The rules of axe-core, from the package that brings them."""
    try:
        import axe_playwright_python
    except ImportError as error:
        raise Skip(f"axe-core is not installed: {error}") from None
    with open(os.path.join(os.path.dirname(axe_playwright_python.__file__), "axe.min.js")) as file:
        return file.read()


@case
def the_accessibility_rules_of_axe_find_nothing():
    page, source = browser(), axe()
    for scheme in ("dark", "light"):
        page.size(320, 640, 1, scheme)
        for name, edit in STATES.items():
            stand = Stand(models.model(edit))
            page.open(stand.url)
            check(page, source, f"{name}, {scheme}", scheme)
            stand.kill()
        stand = Stand(models.model(models.disagree))
        page.open(stand.url)
        stand.kill()
        page.until(lambda: not page.current, "not current")
        page.js("document.querySelectorAll('details').forEach((node) => { node.open = true })")
        check(page, source, f"not current, {scheme}", scheme)


def check(page, source, what, scheme):
    # By the driver's own way: the page's policy allows no foreign script.
    page.js(source)
    found = page.driver.execute_async_script(
        """const done = arguments[arguments.length - 1];
        axe.run(document, {resultTypes: ['violations'], ...arguments[0]}).then((result) => done(result.violations.map((one) => one.id + ': ' + one.nodes.map((node) => node.target.join(' ')).slice(0, 4).join(', '))))""",
        # Dark and light differ in their colours only.
        {} if scheme == "dark" else {"runOnly": ["color-contrast"]})
    equal((what, found), (what, []))


@case
def on_paper_every_sheet_says_that_it_is_simulated_and_as_of_when():
    try:
        import pypdf
    except ImportError as error:
        raise Skip(f"pypdf is not installed: {error}") from None
    page, stand = shown(models.disagree)
    sheets = pypdf.PdfReader(io.BytesIO(base64.b64decode(page.cdp("Page.printToPDF", printBackground=False)["data"]))).pages
    assert len(sheets) > 1, "all on one sheet proves nothing"
    for number, sheet in enumerate(sheets):
        text = " ".join(sheet.extract_text().split())
        for words in ("SIMULATED", "speed 1x", "disagree", "as of 2026-03-26 07:03:"):
            assert words in text, f"sheet {number + 1} does not say {words!r}:\n{text}"
    page.size(1280, 800, medium="print")
    corner = lambda: page.js("return Array.from(document.querySelector('.lanes canvas').getContext('2d').getImageData(3, 3, 1, 1).data)")
    page.until(lambda: corner() == [255, 255, 255, 255], "the lanes are dark on white")
    stand.kill()


@case
def dark_and_light_are_as_the_device_has_it_until_somebody_chooses():
    page, stand = shown()
    ground = lambda: page.js("return getComputedStyle(document.body).backgroundColor")
    dark = ground()
    page.size(1280, 800, 1, "light")
    light = ground()
    equal((dark, light), ("rgb(13, 17, 20)", "rgb(244, 245, 243)"))
    page.js("document.getElementById('theme').click()")
    equal(ground(), dark)
    page.js("document.getElementById('theme').click()")
    equal(ground(), light)
    stand.kill()
