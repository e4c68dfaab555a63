"""Chromium as a person uses it: what is on the page, keys, sizes; and what the page saw, on the page's own clock."""
import atexit
import os
import sys
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "../Command"))

# Before anything of the page runs: every change of whether it is current, with the values that are shown then.
WATCH = """
window.seen = [];
window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective + ' ' + event.blockedURI));
const noted = () => {
  const values = Array.from(document.querySelectorAll('.value, .difference')).map((node) => node.textContent).filter((text) => text && text !== '\\u2014');
  window.seen.push([performance.timeOrigin + performance.now(), document.documentElement.dataset.current, values.length, document.querySelector('#lost') ? !document.querySelector('#lost').hidden : null]);
};
new MutationObserver(noted).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-current'] });
"""


class Browser:
    def __init__(self):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb",
                         "--disable-background-networking", "--no-first-run"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(60)
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        self.size(1280, 800)

    def cdp(self, command, **arguments):
        return self.driver.execute_cdp_cmd(command, arguments)

    def size(self, width, height, ratio=1, scheme="dark", medium=""):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=ratio, mobile=False)
        self.cdp("Emulation.setEmulatedMedia", media=medium, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, url, current=True):
        self.driver.get_log("browser")
        self.driver.get(url)
        if current:
            self.until(lambda: self.current, "the page is current")

    def js(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    @property
    def current(self):
        return self.js("return document.documentElement.dataset.current") == "yes"

    def text(self, selector):
        """What is seen of the first element, as a person reads it."""
        return self.driver.find_element(By.CSS_SELECTOR, selector).text

    def texts(self, selector):
        return [node.text for node in self.driver.find_elements(By.CSS_SELECTOR, selector)]

    def all_text(self):
        return self.js("return document.body.innerText")

    def verdict(self, selector):
        return self.js("return document.querySelector(arguments[0]).getAttribute('data-verdict')", selector)

    def until(self, holds, what, seconds=5):
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not within {seconds} s: {what}"
            time.sleep(0.02)

    def seen(self):
        """Each change: [time as time.time(), 'yes' or 'no', values that stand on the page, whether the banner is shown]."""
        return [[at / 1000, *rest] for at, *rest in self.js("return window.seen")]

    def keys(self, *keys, into=".lanes"):
        self.js("document.querySelector(arguments[0]).focus()", into)
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def complaints(self):
        """Of the browser: errors in scripts, refused resources. The server's own refusals are part of the cases."""
        said = [entry["message"] for entry in self.driver.get_log("browser")]
        return [text for text in said if "Failed to load resource" not in text] + self.js("return window.violations")


_browser = None


def browser():
    """The one browser of this run, as it comes: size and script as at its start."""
    global _browser
    if _browser is None:
        _browser = Browser()
        atexit.register(_browser.driver.quit)
    _browser.size(1280, 800)
    return _browser
