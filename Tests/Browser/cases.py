"""Takes the pictures of the six cases of docs/window-cases.md: the page alone, of one moment of a run."""
import base64
import os
import sys
import tempfile

from browser import browser
from real import Watch

SCREEN = 1600
# Name of the picture: plant, scenario, what is changed in it, how long it has run, how fast, permits.
CALIBRATION = ("--permit", "calibration for 2h: yearly check of the level transmitter, work order 4411")
CASES = {
    "1": ("pump-station", "attacks/tank-hidden", {}, "29min", ()),
    "2": ("feeder-bay", "attacks/feeder-setting-raised", {}, "8min", ()),
    "3": ("batch-plant", "attacks/batch-drain", {}, "20min", ()),
    "4": ("pump-station", "pump-station", {"  events:\n": "  events:\n    - {what: loop-open, at: 50min, for: 3h}\n"}, "62min", ()),
    "5": ("pump-station", "pump-station", {"00:00:00": "08:00:00", "at: 9h": "at: 40min", "at: 10h": "at: 56min"}, "58min", CALIBRATION),
    "6": ("pump-station", "pump-station", {"converters:\n": "faults:\n  - {fault: read-error, converter: station, at: 45min, for: 2h}\nconverters:\n"}, "1h", ()),
}


def changed(folder, scenario, changes):
    with open(f"scenarios/{scenario}.yaml") as file:
        text = file.read()
    for old, new in changes.items():
        assert text.count(old) >= 1, (scenario, old)
        text = text.replace(old, new, 1)
    path = f"{folder}/{os.path.basename(scenario)}.yaml"
    with open(path, "w") as file:
        file.write(text)
    return path


def main():
    place = sys.argv[1]
    os.makedirs(place, exist_ok=True)
    page = browser()
    for name, (plant, scenario, changes, length, more) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            watch = Watch(None, "--for", length, "--window-stays", *more, site=f"sites/{plant}.yaml",
                          scenario=changed(folder, scenario, changes), speed="max")
            page.size(1280, 800, 1, "light")
            page.open(watch.url)
            page.until(lambda: page.text("#currency") == "ended", "the run is over", 120)
            page.size(1280, page.js("return document.documentElement.scrollHeight"), 1, "light")
            page.driver.execute_async_script("const done = arguments[arguments.length - 1]; setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 1500)")
            height = page.js("return document.documentElement.scrollHeight")
            for piece in range(0, height, SCREEN):
                clip = {"x": 0, "y": piece, "width": 1280, "height": min(SCREEN, height - piece), "scale": 1}
                data = page.cdp("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)["data"]
                with open(f"{place}/{name}-{piece // SCREEN + 1}.png", "wb") as file:
                    file.write(base64.b64decode(data))
            print(f"{name}: {height} pixels high", flush=True)
            watch.kill()


if __name__ == "__main__":
    main()
