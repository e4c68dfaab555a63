"""Takes docs/pictures/window-*.png of the running program: the replay attack on the pump station."""
import os
import signal

from browser import browser
from real import Watch

PLACE = "docs/pictures"


def save(page, name):
    page.driver.save_screenshot(f"{PLACE}/window-{name}.png")
    size = os.path.getsize(f"{PLACE}/window-{name}.png")
    print(f"{PLACE}/window-{name}.png: {size} bytes")


def drawn(page, lane, span_ns):
    """Until an answer with that lane, of not much more than the span, is drawn."""
    page.until(lambda: page.js(
        """return performance.getEntriesByType('resource').some((entry) => {
          const query = new URL(entry.name).searchParams;
          return (query.get('lanes') || '').split(',').includes(arguments[0]) && query.get('to') - query.get('from') <= 1.6 * arguments[1];
        })""", lane, span_ns), "an answer", 30)
    page.driver.execute_async_script("const done = arguments[arguments.length - 1]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 500)")


def opened(attack):
    watch = Watch(None, scenario=f"scenarios/attacks/{attack}.yaml", speed="240")
    page = browser()
    page.open(watch.url)
    page.js("performance.setResourceTimingBufferSize(100000)")
    page.until(lambda: any("HIGH" in text for text in page.texts(".severity")), "an incident of severity high", 300)
    return page, watch


def main():
    # Much rain, and the wire of the siren is cut.
    page, watch = opened("siren-cut")
    save(page, "disagree")
    page.size(390, 844, 1, "light")
    save(page, "phone")
    watch.process.send_signal(signal.SIGSTOP)
    page.until(lambda: not page.current, "not current")
    page.size(1280, 560, 1, "light")
    save(page, "not-current")
    watch.process.send_signal(signal.SIGCONT)
    watch.kill()
    # From one hour on the screen repeats what was half an hour before, and both pumps are held off.
    page.size(1280, 800)
    page, watch = opened("replay")
    page.js("document.documentElement.style.scrollBehavior = 'auto'; document.querySelector('.incident .actions button').click()")
    page.js("const spans = document.querySelector('.tools select'); spans.value = '600000000000'; spans.dispatchEvent(new Event('change'))")
    page.js("document.querySelector('.lanes').scrollTop = 480")
    drawn(page, "SUPPLY_OK", 600e9)
    page.js("document.getElementById('timeline').scrollIntoView()")
    save(page, "timeline")
    watch.kill()


if __name__ == "__main__":
    main()
