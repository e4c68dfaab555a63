"""The timeline: keys, single edges, a table that says the same, and what a draw costs."""
import models
import scripted
from browser import browser
from harness import case, equal
from selenium.webdriver.common.keys import Keys
from stand import Stand

NOW = models.START_NS
SECOND = 10**9
figures = []


def served(timeline, edit=None):
    page = browser()
    stand = Stand(models.model(edit), timeline)
    page.open(stand.url)
    page.until(lambda: page.js("return performance.getEntriesByName('draw').length") > 0 and len(stand.questions) >= 2, "the lanes are drawn")
    return page, stand


def value(page):
    return page.js("return document.querySelector('.lanes').getAttribute('aria-valuetext')")


def mode(page):
    return page.text(".mode")


@case
def keys_move_stop_zoom_and_go_live_again():
    page, stand = served(scripted.station(NOW))
    equal(mode(page), "LIVE")
    page.keys(" ")
    equal(mode(page), "PAST, not live")
    seen = page.text(".seen")
    page.keys(Keys.PAGE_UP)
    page.until(lambda: page.text(".seen") != seen, "a span earlier")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    page.keys(Keys.ARROW_LEFT)
    page.until(lambda: value(page).startswith("LT1 1.") and "hmi.LEVEL says 1." in value(page), "the cursor says the values")
    before = value(page)
    page.keys(Keys.ARROW_LEFT)
    page.until(lambda: value(page) != before, "the cursor has moved")
    page.keys("+", "+")
    page.until(lambda: "(15 s)" in page.text(".seen"), "a quarter of a minute is seen")
    page.keys("-")
    page.until(lambda: "(30 s)" in page.text(".seen"), "half a minute is seen")
    equal(page.text("#verdict-now"), "Agree")
    page.keys(Keys.END)
    equal(mode(page), "LIVE")
    equal(page.complaints(), [])
    stand.kill()


@case
def the_page_says_how_far_memory_reaches():
    page, stand = served(scripted.station(NOW))
    equal(page.text(".reach"), "Memory reaches back to 2026-03-26 06:03:47.")
    page.keys(Keys.HOME)
    page.until(lambda: page.text(".seen").startswith("2026-03-26 06:03:47.1"), "the first of it is seen")
    stand.kill()


@case
def edges_one_nanosecond_apart_stay_two():
    edge = NOW - 20 * SECOND + 123456789
    page, stand = served(scripted.timeline([scripted.Digital("FAST", [edge, edge + 1, edge + 2])]))
    page.js("document.querySelector('.as-table').open = true")
    page.keys(" ", Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    edges = ["2026-03-26 07:03:27.243456789", "2026-03-26 07:03:27.243456790", "2026-03-26 07:03:27.243456791"]
    table = lambda: list(zip(page.texts(".as-table table:last-of-type tbody th"), page.texts(".as-table table:last-of-type tbody td")))
    page.until(lambda: table() == list(zip(edges, ["rising", "falling", "rising"])), "the table has each")
    for wanted in reversed(edges):
        page.keys("p")
        page.until(lambda: value(page).endswith(wanted), f"the cursor is on {wanted}: {value(page)}")
    page.keys(*"+" * 40)
    page.until(lambda: "(20 ns)" in page.text(".seen"), "20 ns are seen")
    page.until(lambda: stand.questions[-1]["lanes"] == "FAST" and int(stand.questions[-1]["to"]) - int(stand.questions[-1]["from"]) <= 40, "the span was asked for")
    # On the canvas: the columns at which the line goes up or down.
    columns = lambda: page.js("""const canvas = document.querySelector('.lanes canvas');
        const top = 34 + 22 + 7 + 5, pen = canvas.getContext('2d'), found = [];
        const row = pen.getImageData(148, top, canvas.width - 148, 1).data;
        const wire = [98, 198, 207];
        for (let x = 0; x < row.length / 4; x += 1) {
          if (wire.every((part, index) => Math.abs(row[4 * x + index] - part) < 60) && (found.length === 0 || x - found[found.length - 1] > 5)) found.push(x);
        }
        return found;""")
    page.until(lambda: len(columns()) == 3, f"three edges are drawn: {columns()}")
    first, second, third = columns()
    wide = page.js("return document.querySelector('.lanes canvas').width - 148") / 20
    assert abs(second - first - wide) < 3 and abs(third - second - wide) < 3, (columns(), wide)
    stand.kill()


@case
def the_table_says_what_the_lanes_show():
    page, stand = served(scripted.station(NOW))
    page.keys(" ")
    page.js("document.querySelector('.as-table').open = true")
    rows = lambda: {cells[0]: cells[1:] for cells in page.js(
        "return Array.from(document.querySelectorAll('.as-table table:first-of-type tbody tr')).map((line) => Array.from(line.children).map((cell) => cell.textContent))")}
    page.until(lambda: "P2_FB" in rows(), "the table is there")
    equal(rows()["P2_FB"][0], "low")
    equal(rows()["P2_FB"][1], "hmi.P2_RUN on")
    equal(rows()["P2_FB"][2], "1 edge")
    equal(rows()["LSH"][2:], ["2 edges", "yes, hatched"])
    equal(rows()["FT1"][3], "none detected")
    stand.kill()


@case
def an_incident_is_shown_in_the_timeline_at_its_beginning_and_the_verdict_stays_live():
    page, stand = served(scripted.station(NOW), models.disagree)
    page.js("document.querySelector('.incident .actions button').click()")
    page.until(lambda: mode(page) == "PAST, not live", "the timeline is in the past")
    assert page.text(".readout").endswith("2026-03-26 07:00:00.120000000"), page.text(".readout")
    equal(page.text("#verdict-now"), "Disagree")
    stand.kill()


# Draws, one a frame, each after a key; how long the page's script took for each, and frames a second.
DRAWS = """const done = arguments[arguments.length - 1], wanted = arguments[0], lanes = document.querySelector('.lanes');
    performance.clearMeasures('draw');
    const began = performance.now();
    let frames = 0;
    const next = () => {
      const times = performance.getEntriesByName('draw').map((entry) => entry.duration);
      if (times.length >= wanted) {
        done([times, frames * 1000 / (performance.now() - began)]);
        return;
      }
      frames += 1;
      lanes.dispatchEvent(new KeyboardEvent('keydown', {key: frames % 2 ? 'ArrowLeft' : 'ArrowRight', bubbles: true}));
      requestAnimationFrame(next);
    };
    next();"""


def percentile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


@case
def a_draw_of_512_lines_and_200_claims_takes_few_milliseconds():
    page = browser()
    stand = Stand(models.model(), scripted.large(NOW))
    for width, height, ratio in ((1280, 800, 1), (390, 844, 3)):
        page.size(width, height, ratio)
        page.open(stand.url)
        page.until(lambda: len(stand.questions) >= 2, "the lanes were asked for", 20)
        page.js("document.getElementById('timeline').scrollIntoView({behavior: 'instant'})")
        # In six places of the lanes, each with what the server answered for it, 25 draws as a person causes them by keys.
        times, rates = [], []
        for place in range(6):
            asked = len(stand.questions)
            page.js("const lanes = document.querySelector('.lanes'); lanes.scrollTop = arguments[0] / 6 * (lanes.scrollHeight - lanes.clientHeight)", place + 0.5)
            page.until(lambda: len(stand.questions) > asked, "these lanes were asked for", 10)
            page.driver.execute_async_script("const done = arguments[arguments.length - 1]; performance.clearMeasures('draw'); const drawn = () => "
                "(performance.getEntriesByName('draw').length > 0 ? done() : requestAnimationFrame(drawn)); drawn()")
            took, rate = page.driver.execute_async_script(DRAWS, 25)
            times += took
            rates.append(rate)
        rate = percentile(rates, 0.5)
        median, last = percentile(times, 0.5), percentile(times, 0.99)
        figures.append(f"a draw of 512 lines and 200 claims at {width}x{height}, ratio {ratio}: median {median:.1f} ms, 99 % {last:.1f} ms, {rate:.0f} frames/s, {len(times)} draws")
        assert len(times) >= 150, f"{len(times)} draws"
        # The slowest draws are those during which something else had the processor: printed, and judged by three times their limit.
        assert median <= 8 and last <= 99, figures[-1]
    stand.kill()
