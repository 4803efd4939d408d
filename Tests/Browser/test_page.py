#!/usr/bin/env python3
"""Tests the page of `vse serve` in a real Chromium: what `make test-browser` runs.

    Tests/Browser/test_page.py [--vse .build/release/vse] [--screenshots FOLDER] [CHECK…]

Draws pictures, trains a small model, indexes them, serves them, and does what a person does with the page. A line for
each check; exit code 1 if any fails. CHECK: names of checks to run, all by default. Needs chromium and chromedriver
(Scripts/setup browser), nothing beyond Python's standard library.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import searching
import serving
import using
import viewing
from page import Page
from webdriver import Browser, BrowserError
from world import Server, World

ROOT = Path(__file__).resolve().parent.parent.parent
# A function check_… of these modules is a check; it fails by an assertion, or by anything in the browser's console.
CHECKS: dict[str, Callable[[Page], None]] = {
    name.removeprefix("check_").replace("_", "-"): check
    for module in (searching, viewing, using, serving)
    for name, check in vars(module).items()
    if name.startswith("check_")
}


def take_pictures(page: Page, folder: Path) -> None:
    """Keeps pictures of the page, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    views = {
        "start": "#/search", "search": "#/search?text=a+large+ball&plus=red&minus=blue", "map": "#/map?text=a+red+ball",
        "like": "#/search?text=green&like=5", "photo": "#/search?text=a+red+ball&photo=3", "caption": "#/caption",
        "unknown": "#/search?text=zyzzyva",
    }  # fmt: skip
    for device, width, height in [("wide", 1440, 900), ("phone", 360, 740)]:
        page.browser.cdp(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        for scheme in ["light", "dark"]:
            page.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
            for view, fragment in views.items():
                page.open(fragment)
                page.js("new Promise((resolve) => setTimeout(resolve, 700))")
                page.browser.screenshot(folder / f"{view}-{device}-{scheme}.png")


def run(page: Page, names: list[str], screenshots: Path | None) -> int:
    failures = 0
    hosts: set[str] = set()
    for name in names:
        reason = None
        try:
            CHECKS[name](page)
            if messages := page.browser.console():
                reason = f"the console says: {messages[0]}"
        except (AssertionError, BrowserError) as error:
            reason = str(error)
            page.browser.console()
        hosts |= {
            urlsplit(url).netloc
            for url in page.browser.requests()
            if urlsplit(url).scheme not in ("blob", "data", "about")
        }
        print(f"ok    {name}" if reason is None else f"FAIL  {name}: {reason}", flush=True)
        if reason is not None:
            failures += 1
            if screenshots:
                with contextlib.suppress(BrowserError):
                    page.browser.screenshot(screenshots / f"failed-{name}.png")
    is_alone = bool(hosts) and all(host.startswith("127.0.0.1:") for host in hosts)
    print(f"{'ok   ' if is_alone else 'FAIL '} no-other-host: asked {', '.join(sorted(hosts))}")
    return failures + (not is_alone)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=", ".join(CHECKS))
    parser.add_argument("--vse", type=Path, default=ROOT / ".build/release/vse")
    parser.add_argument("--screenshots", type=Path, help="a folder to keep pictures of the page in")
    options = parser.parse_args()
    if unknown := set(options.checks) - set(CHECKS):
        parser.error(f"no such check: {', '.join(sorted(unknown))}; there are {', '.join(CHECKS)}")
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), options.vse.resolve())
        with Server(world, world.index) as server, Browser() as browser:
            page = Page(browser, server, world)
            failures = run(page, options.checks or list(CHECKS), options.screenshots)
            if options.screenshots:
                take_pictures(page, options.screenshots)
    print(f"test-browser: {failures} failed" if failures else "test-browser: all is well")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
