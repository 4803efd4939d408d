#!/usr/bin/env python3
"""Tests the page of `vse serve` in a real Chromium: what `make test-browser` runs.

    Tests/Browser/test_page.py [--vse .build/release/vse] [--screenshots FOLDER] [CHECK…]

Draws pictures, trains a small model, indexes them, serves them, and does what a person does with the page. A line for each
check; exit code 1 if any fails. CHECK: names of checks to run, all by default. Needs chromium and chromedriver
(Scripts/setup browser), nothing beyond Python's standard library.
"""

import argparse
import base64
import contextlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from webdriver import Browser, BrowserError
from world import HOSTILE_CAPTION, HOSTILE_NAME, Server, World, picture

ROOT = Path(__file__).resolve().parent.parent.parent
NAMES = "[...document.querySelectorAll('#results .grid button')].map(b => b.title)"
STATUS = "document.getElementById('status').textContent"
IDLE = "!document.getElementById('results').hasAttribute('aria-busy') && document.getElementById('about').textContent !== ''"
VIEWER = "document.querySelector('#viewer[open]')"
FOCUS = "document.activeElement"
DROP = """(() => {
  const bytes = Uint8Array.from(atob(a), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], c, { type: "image/png" }));
  const event = b === "paste"
    ? [new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })]
    : ["dragenter", "dragover", "drop"].map((type) => new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  for (const each of event) document.body.dispatchEvent(each);
  return true;
})()"""
# Contrast of every text that is to be seen with the nearest opaque ground (WCAG 2), where that is one colour.
LOW_CONTRAST = """(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour[3] > 250) return colour;
    }
    return rgba("Canvas");
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!(own || node.placeholder) || !node.checkVisibility({ opacityProperty: true }) || node.closest("noscript, .unseen, :disabled")) continue;
    const colour = getComputedStyle(node, node.placeholder && !node.value ? "::placeholder" : null).color;
    const [one, other] = [luminance(rgba(colour)), luminance(ground(node))].sort((x, y) => y - x);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) bad.push(`${node.tagName} ${node.className} ${node.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return bad;
})()"""


def equal(found: object, wanted: object, what: str = "") -> None:
    assert found == wanted, f"{what or 'value'} is {found!r}, not {wanted!r}"


class Page:
    """What a person can do with the page."""

    def __init__(self, browser: Browser, server: Server, world: World) -> None:
        self.browser, self.server, self.world = browser, server, world
        self.js, self.until, self.press, self.click = browser.js, browser.until, browser.press, browser.click

    def open(self, fragment: str = "#/search") -> None:
        # The same address with another fragment would not be loaded again.
        self.browser.open("about:blank")
        self.browser.open(self.server.url + fragment)
        self.until(IDLE)

    def search(self, text: str) -> list[str]:
        """Types into the empty field, and gives the names of what is found."""
        self.click("#text")
        self.browser.type(text)
        return self.found(text)

    def found(self, text: str | None = None) -> list[str]:
        """The names of the photos once the address has the text, and the answer is there."""
        if text is not None:
            self.until("new URLSearchParams(location.hash.split('?')[1]).get('text') === a", text)
        self.until(IDLE)
        return self.js(NAMES)

    def give(self, png: bytes, how: str = "drop", name: str = "holiday.png") -> None:
        self.js(DROP, base64.b64encode(png).decode(), how, name)

    def chips(self) -> list[str]:
        return self.js("[...document.querySelectorAll('#chips .chip span')].map(s => s.textContent)")


def check_search_as_one_types(page: Page) -> None:
    page.open()
    equal(page.js(STATUS), "40 of 61 photos")
    names = page.search("a large red ball on a blue ground")
    assert names[0] in ("large-red-on-blue.png", HOSTILE_NAME), f"found {names[:3]}"
    equal(page.js(STATUS), "40 photos found")
    scores = page.js(
        "[...document.querySelectorAll('#results .score')].map(s => Number(s.textContent.replace('−', '-')))"
    )
    equal(scores, sorted(scores, reverse=True), "the order of the scores")
    page.until(
        "[...document.querySelectorAll('#results img')].slice(0, 4).every(i => i.dataset.state === 'shown' && i.naturalWidth > 0)"
    )
    assert page.js("[...document.querySelectorAll('#results img')].every(i => i.loading === 'lazy' && i.sizes)")
    page.click("#results .more")
    page.until("document.querySelectorAll('#results .grid li').length > 40")


def check_old_answers_are_dropped(page: Page) -> None:
    page.open()
    # The answer to what is typed first comes last.
    page.js("""(() => {
      const send = window.fetch;
      window.fetch = async (path, options) => {
        const answer = await send(path, { ...options, signal: undefined });
        if (options?.body?.includes?.('"a black ball"')) await new Promise((resolve) => setTimeout(resolve, 900));
        window.late = options?.body?.includes?.('"a black ball"') || window.late;
        return answer;
      };
    })()""")
    page.click("#text")
    page.browser.type("a black ball")
    page.until("document.getElementById('results').hasAttribute('aria-busy')")
    page.js("new Promise((resolve) => setTimeout(resolve, 250)).then(() => 1)")
    page.browser.type(" on a green ground")
    page.until("window.late")
    assert "black-on-green" in page.found("a black ball on a green ground")[0]


def check_photo_dropped_pasted_chosen(page: Page) -> None:
    page.open()
    page.give(picture("green", "white", "large"))
    page.until("document.querySelector('#chips .photo img')?.naturalWidth > 0")
    equal(page.chips(), ["holiday.png"])
    page.until(IDLE + " && location.hash.includes('upload=')")
    equal(page.found()[0], "large-green-on-white.png", "the best hit")
    page.click("#chips .photo button")
    page.until("document.querySelectorAll('#chips li').length === 0")
    page.give(picture("yellow", "black", "small"), "paste", "pasted.png")
    page.until("document.querySelectorAll('#chips .photo').length === 1")
    equal(page.found()[0], "small-yellow-on-black.png", "the best hit for what was pasted")
    given = page.world.folder / "chosen.png"
    given.write_bytes(picture("white", "red", "large"))
    page.browser.choose_files("#file", [given])
    page.until("document.querySelector('#chips .photo').textContent.includes('chosen.png')")
    equal(page.found()[0], "large-white-on-red.png", "the best hit for what was chosen")
    # After a reload the photo is gone; giving another one works.
    page.js("location.reload()")
    page.until("document.querySelector('#results .blank')?.textContent.includes('Give it again')")
    page.give(picture("white", "red", "small"))
    page.until("document.querySelector('#chips .photo').textContent.includes('holiday.png')")
    equal(page.found()[0], "small-white-on-red.png", "the best hit after a reload")
    page.give(b"\x89PNG\r\n\x1a\nno picture", name="broken.png")
    page.until("document.querySelector('#results .blank') && document.getElementById('status').textContent !== ''")
    assert "That did not work" in page.js("document.querySelector('#results').textContent")


def check_plus_and_minus(page: Page) -> None:
    page.open()
    page.search("a large ball")
    page.browser.type(" +red -blue ")
    page.until("document.querySelectorAll('#chips li').length === 2")
    equal(page.chips(), ["+ red", "− blue"])
    equal(page.js("document.getElementById('text').value.trim()"), "a large ball")
    assert all("red" in name for name in page.found("a large ball")[:3]), page.js(NAMES)[:3]
    # The same through the buttons, with several words at once.
    page.click("#add-plus")
    page.browser.type("white ground")
    page.press("Enter")
    page.until("document.querySelectorAll('#chips li').length === 3")
    page.click("#add-minus")
    page.browser.type("never")
    page.press("Escape")
    equal(page.chips(), ["+ red", "+ white ground", "− blue"])
    assert "red" in page.found()[0], page.js(NAMES)[:3]
    # A photo with a colour taken away and another one added.
    page.open()
    page.give(picture("red", "black", "large"))
    page.until("document.querySelectorAll('#chips .photo').length === 1")
    page.click("#text")
    page.browser.type("-red +green ")
    page.until("document.querySelectorAll('#chips li').length === 3")
    assert any("green-on-black" in name for name in page.found()[:3]), page.js(NAMES)[:3]
    assert page.js("document.getElementById('balance').checkVisibility()")
    page.js(
        "(() => { const r = document.querySelector('#balance input'); r.value = 0; r.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    page.until("location.hash.includes('balance=0')")
    equal(page.found()[0], "large-red-on-black.png", "the best hit for the photo alone")


def check_viewer(page: Page) -> None:
    page.open()
    names = page.search("a small yellow ball on a green ground")
    page.click("#results .grid li button")
    page.until(VIEWER + "?.querySelector('.large')?.naturalWidth > 0")
    equal(page.js("document.getElementById('viewer-name').textContent"), names[0])
    page.until(VIEWER + ".querySelectorAll('.said li').length === 5")
    assert "yellow" in page.js(VIEWER + ".querySelector('.said').textContent")
    assert page.js(VIEWER + ".querySelector('.measure').textContent").startswith("Score 0.")
    page.press("Right")
    page.until("document.getElementById('viewer-name').textContent === a", names[1])
    page.press("Left")
    page.until("document.getElementById('viewer-name').textContent === a", names[0])
    page.click("#viewer .actions .main")  # More like this
    page.until("!" + VIEWER + " && location.hash.includes('like=')")
    page.until("document.querySelectorAll('#chips .photo').length === 1")
    assert names[0] not in page.found()[:1], "a photo is not like itself"
    page.until(IDLE)


def check_address_and_history(page: Page) -> None:
    page.open()
    page.search("a red ball")
    page.press("Enter")
    page.press(*["Backspace"] * 8)
    page.browser.type("blue ball")
    page.found("a blue ball")
    first = page.js(NAMES)
    page.click("#results .grid li button")
    page.until(VIEWER)
    page.browser.back()
    page.until("!" + VIEWER)
    equal(page.found("a blue ball"), first, "what back shows")
    page.browser.back()
    assert "red" in page.found("a red ball")[0]
    equal(page.js("document.getElementById('text').value"), "a red ball")
    # A link finds the same, and opens the photo.
    page.open("#/search?text=a+blue+ball")
    equal(page.found(), first, "what a link finds")
    page.open("#/search?text=a+blue+ball&photo=1")
    page.until(VIEWER)
    page.press("Escape")
    page.until("!" + VIEWER + " && !location.hash.includes('photo')")


def check_unknown_words_and_nothing(page: Page) -> None:
    page.open()
    page.search("a zyzzyva red ball")
    page.until("document.querySelector('#notes .note')?.textContent.includes('zyzzyva')")
    assert "red" in page.found()[0]
    page.open("#/search?text=Zyzzyva+qwerty")
    page.until("document.querySelector('#results .blank')?.textContent.includes('Zyzzyva, qwerty')")
    page.open("#/search?text=red&group=nowhere")
    page.until("document.querySelector('#results .blank')?.textContent.includes('Nothing found')")
    page.open("#/search?text=A+RED+ball")
    page.click("#notes .link")
    page.found("a red ball")
    page.until("!document.querySelector('#notes q')")
    page.open("#/search?photo=999999")
    page.until("document.querySelector('#viewer .failure')")
    page.browser.console()  # That there is no such item was written there.


def check_captions_as_results(page: Page) -> None:
    page.open()
    page.search("a large red ball on a blue ground")
    page.click("#kinds label:nth-of-type(2)")
    page.until("document.querySelectorAll('#results .captions li').length > 10")
    assert "red ball" in page.js("document.querySelector('#results .captions q').textContent")
    page.until(STATUS + ".includes('captions found')")
    page.click("#results .captions button")
    page.until(VIEWER + "?.querySelector('blockquote')")
    page.press("Escape")
    page.until("!" + VIEWER)


def check_caption_tab(page: Page) -> None:
    page.open()
    page.click("nav a[data-view=caption]")
    page.until("document.querySelector('#caption .dropzone')")
    page.give(picture("blue", "yellow", "small"))
    page.until("document.querySelectorAll('#caption .captions li').length > 2")
    best = page.js("document.querySelector('#caption q').textContent")
    assert "blue ball" in best and "yellow ground" in best, best
    equal(page.js(STATUS), "8 captions found")
    page.click("#caption .captions button")
    page.until("document.getElementById('text').value === a", best)
    assert "blue-on-yellow" in page.found(best)[0]


def check_map(page: Page) -> None:
    page.open("#/search?text=red")
    page.click("nav a[data-view=map]")
    page.until("document.querySelector('#map canvas')")
    # Photos are drawn on it, so it has many colours.
    page.until("""(() => {
      const canvas = document.querySelector("#map canvas");
      const data = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      return new Set(data).size > 500;
    })()""")
    page.js("document.querySelector('#map canvas').scrollIntoView({ block: 'end' })")
    left, top, width, height = page.js(
        "(({ left, top, width, height }) => [left, top, width, height])(document.querySelector('#map canvas').getBoundingClientRect())"
    )
    seen = False
    for at in range(1, 60):
        page.browser.hover(left + width * (at % 10 + 0.5) / 10, top + height * (at // 10 + 0.5) / 6)
        if seen := page.js("!document.querySelector('#map .sight').hidden"):
            break
    assert seen, "no point shows its photo when the pointer is over it"
    page.until(
        "document.querySelector('#map .sight img').naturalWidth > 0 && document.querySelector('#map .sight').textContent !== ''"
    )
    # Not in the rounded corners.
    page.browser.drag((left + 20, top + 20), (left + width - 70, top + height - 20))
    page.until("document.querySelectorAll('#map .selected .grid li').length > 10")
    assert "selected" in page.js(STATUS)
    page.click("#map .selected .grid button")
    page.until(VIEWER)
    page.press("Escape")
    page.until("!" + VIEWER)
    # By keyboard.
    page.js("document.querySelector('#map canvas').focus()")
    page.press("Right")
    page.until("!document.querySelector('#map .sight').hidden")
    heard = page.until(STATUS + ".includes('.png') && " + STATUS)
    for key in ["Left", "Up", "Left", "Down"]:
        page.press(key)
    page.until(STATUS + " !== a", heard)
    page.press("+")
    page.press("Enter")
    page.until(VIEWER + "?.querySelector('.large')?.naturalWidth > 0")
    page.press("Escape")
    page.until("!" + VIEWER)
    equal(page.js(FOCUS + ".tagName"), "CANVAS", "the focus after closing")


def check_keyboard_only(page: Page) -> None:
    page.open()
    page.press("/")
    equal(page.js(FOCUS + ".id"), "text", "the focus after /")
    page.browser.type("a small white ball")
    page.found("a small white ball")
    reached = []
    for _ in range(12):
        page.press("Tab")
        visible = page.js(
            f"{FOCUS}.matches(':focus-visible') && (getComputedStyle({FOCUS}).outlineStyle !== 'none' || {FOCUS}.type === 'radio')"
        )
        reached.append(page.js(f"{FOCUS}.id || {FOCUS}.name || {FOCUS}.title"))
        assert visible, f"the focus on {reached[-1]} is not to be seen"
        if page.js(FOCUS + ".closest('#results') !== null"):
            break
    for wanted in ["choose", "add-plus", "add-minus"]:
        assert wanted in reached, f"Tab does not reach {wanted}: {reached}"
    names = page.js(NAMES)
    equal(page.js(FOCUS + ".title"), names[0], "the first tile")
    page.press("Right", "Right", "Left")
    equal(page.js(FOCUS + ".title"), names[1], "after three arrows")
    page.press("Enter")
    page.until(VIEWER)
    page.press("Right", "Escape")
    page.until("!" + VIEWER)
    equal(page.js(FOCUS + ".title"), names[1], "the focus after closing")
    # Chips: made and removed without a mouse.
    page.press("/")
    page.press("End")
    page.browser.type(" +red +blue ")
    page.until("document.querySelectorAll('#chips li').length === 2")
    page.press("Home", "Left")
    equal(page.js(FOCUS + ".getAttribute('aria-label')"), "Remove blue, added")
    page.press("Left", "Delete")
    page.until("document.querySelectorAll('#chips li').length === 1")
    equal(page.chips(), ["+ blue"])
    assert page.js(FOCUS + ".closest('.chip') !== null"), "the focus is lost with the chip"
    page.press("Backspace")
    page.until("document.querySelectorAll('#chips li').length === 0 && document.activeElement.id === 'text'")


def check_screen_reader(page: Page) -> None:
    page.open("#/search?text=a+red+ball&plus=blue&photo=3")
    page.until(VIEWER + "?.querySelectorAll('.said li').length === 5")
    named_roles = {
        "button",
        "link",
        "searchbox",
        "textbox",
        "radio",
        "slider",
        "image",
        "dialog",
        "application",
        "navigation",
    }
    for fragment in [
        "#/search?text=a+red+ball&plus=blue&photo=3",
        "#/search?text=a+red+ball&plus=blue&like=4",
        "#/map",
        "#/caption",
    ]:
        page.open(fragment)
        tree = page.browser.cdp("Accessibility.getFullAXTree")["nodes"]
        seen = set()
        for node in tree:
            role = node.get("role", {}).get("value")
            if node.get("ignored") or role not in named_roles:
                continue
            seen.add(role)
            assert node.get("name", {}).get("value", "").strip(), f"a {role} has no name at {fragment}"
        assert "button" in seen, f"no button at {fragment}"
    equal(page.js("document.getElementById('status').getAttribute('role')"), "status")


def check_phone(page: Page) -> None:
    page.browser.cdp("Emulation.setDeviceMetricsOverride", width=360, height=740, deviceScaleFactor=2, mobile=True)
    try:
        for fragment in [
            "#/search", "#/search?text=a+red+ball&plus=white&minus=a+very+long+sentence+about+something+else&like=3",
            "#/search?text=a+red+ball&photo=5", "#/map", "#/caption", "#/search?text=Zyzzyva",
        ]:  # fmt: skip
            page.open(fragment)
            widest = page.js("Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)")
            assert widest <= 360, f"{fragment} is {widest} wide"
            small = page.js("""[...document.querySelectorAll('button, nav a')].filter((b) => b.checkVisibility()).map((b) => [b, b.getBoundingClientRect()])
              .filter(([b, r]) => r.width > 0 && b.id !== 'skip' && !b.matches('.link') && Math.min(r.width, r.height) < 32).map(([b]) => b.outerHTML.slice(0, 80))""")
            equal(small, [], "what is too small for a finger")
        page.open("#/search?text=a+red+ball")
        equal(
            page.js(
                "new Set([...document.querySelectorAll('#results .grid li')].slice(0, 4).map(t => t.offsetLeft)).size"
            ),
            2,
            "columns",
        )
    finally:
        page.browser.cdp("Emulation.clearDeviceMetricsOverride")


def check_server_gone_and_back(page: Page) -> None:
    page.open()
    page.search("a red ball")
    page.browser.console()
    equal(page.server.stop(), 0, "the server's exit code")
    page.press(*["Backspace"] * 8)
    page.browser.type("blue ball")
    page.until("document.getElementById('banner').checkVisibility()")
    assert "does not answer" in page.js("document.getElementById('banner').textContent")
    again = Server(page.world, page.world.index, port=page.server.port)
    page.server._process, page.server._log = again._process, again._log
    page.until("!document.getElementById('banner').checkVisibility()")
    page.until(NAMES + "[0].includes('-blue-on-')")
    page.browser.console()  # Requests that failed were written there, and should be.


def check_busy(page: Page) -> None:
    page.open()
    page.js("""(() => {
      const send = window.fetch;
      let refused = 0;
      window.fetch = (path, options) => path === "/api/search" && refused++ < 2
        ? Promise.resolve(new Response('{"error":{"code":"busy","message":"busy"}}', { status: 503, headers: { "Retry-After": "1" } }))
        : send(path, options);
    })()""")
    page.click("#text")
    page.browser.type("a red ball")
    page.until(STATUS + ".includes('busy')")
    page.until(STATUS + " === '40 photos found'")
    assert "red" in page.found("a red ball")[0]


def check_html_is_inert(page: Page) -> None:
    page.open()
    page.search("a large red ball on a blue ground")
    page.until("[...document.querySelectorAll('#results .grid button')].some(b => b.title === a)", HOSTILE_NAME)
    page.js("[...document.querySelectorAll('#results .grid button')].find(b => b.title === a).click()", HOSTILE_NAME)
    page.until(VIEWER + "?.textContent.includes('<s>studio</s>')")
    equal(page.js("document.getElementById('viewer-name').textContent"), HOSTILE_NAME)
    assert "<i>odd</i>" in page.js("document.getElementById('viewer').textContent")
    page.press("Escape")
    page.click("#kinds label:nth-of-type(2)")
    page.until("[...document.querySelectorAll('#results q')].some(q => q.textContent === a)", HOSTILE_CAPTION)
    for marker in ["q *", "figcaption *", "dd :not(button)", "dt *", "h2 *", "[onerror]", "main b", "s", "u"]:
        equal(page.js("document.querySelectorAll(a).length", marker), 0, f"elements {marker} out of texts")
    page.open("#/search?text=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&plus=%3Cb%3Ered%3C%2Fb%3E")
    equal(page.js("document.querySelectorAll('[onerror], .chip b, .blank b').length"), 0, "elements out of the address")


def check_token(page: Page) -> None:
    with Server(page.world, page.world.index, "--token", "open sesame") as locked:
        page.browser.open("about:blank")
        page.browser.open(locked.url)
        page.until("document.querySelector('#token[open] input')")
        page.browser.type("wrong")
        page.press("Enter")
        page.until("document.querySelector('#token[open]')?.textContent.includes('does not take')")
        page.js("document.querySelector('#token input').focus()")
        page.browser.type("open sesame")
        page.press("Enter")
        page.until(IDLE)
        page.until(
            "[...document.querySelectorAll('#results img')].slice(0, 4).every(i => i.dataset.state === 'shown' && i.naturalWidth > 0)"
        )
        page.search("a red ball")
        page.click("#results .grid li button")
        page.until(VIEWER + "?.querySelector('.large')?.naturalWidth > 0")
        page.press("Escape")
        page.browser.console()  # Refusals were written there.


def check_empty_index(page: Page) -> None:
    with Server(page.world, page.world.empty) as empty:
        for fragment, words in [("#/search", "This index is empty"), ("#/map", "Nothing on the map yet")]:
            page.browser.open("about:blank")
            page.browser.open(empty.url + fragment)
            page.until("document.querySelector('main').textContent.includes(a)", words)


def check_add_and_remove(page: Page) -> None:
    with Server(page.world, page.world.index, "--allow-changes") as writable:
        page.browser.open("about:blank")
        page.browser.open(writable.url)
        page.until(IDLE)
        page.click("nav a[data-view=add]")
        new = []
        for colour in ["red", "green"]:
            new.append(page.world.folder / f"new-{colour}.png")
            new[-1].write_bytes(picture(colour, colour, "small", 200))
        page.browser.choose_files("#add input[type=file]", new)
        page.until(STATUS + " === '2 photos added'")
        page.until("document.getElementById('about').textContent.includes('63 photos')")
        page.browser.choose_files("#add input[type=file]", new[:1])
        page.until(STATUS + ".includes('1 known already')")
        page.click("nav a[data-view=search]")
        page.give(new[1].read_bytes())
        page.until("document.querySelectorAll('#chips .photo').length === 1")
        page.found()
        page.click("#results .grid li button")
        page.click("#viewer .removal button")
        page.click("#viewer .removal .danger")
        page.until("!" + VIEWER + " && document.getElementById('about').textContent.includes('62 photos')")


def check_dark_and_contrast(page: Page) -> None:
    grounds = []
    for scheme in ["light", "dark"]:
        page.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        for fragment in [
            "#/search?text=a+red+zyzzyva&plus=blue&minus=white",
            "#/search?text=red&photo=2",
            "#/map",
            "#/caption",
        ]:
            page.open(fragment)
            page.until("!document.querySelector('.waiting')?.checkVisibility()")
            equal(page.js(LOW_CONTRAST), [], f"texts below 4.5:1, {scheme}, {fragment}")
        grounds.append(page.js("getComputedStyle(document.body).backgroundColor"))
    page.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "light"}])
    assert grounds[0] != grounds[1], "dark is as light"


def check_reduced_motion(page: Page) -> None:
    page.browser.cdp("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
    page.open()
    moving = page.js(
        "[...document.querySelectorAll('body *')].filter(e => e.getAnimations().some(a => a instanceof CSSTransition)).length"
    )
    equal(moving, 0, "elements that move")
    assert page.js(
        "[...document.querySelectorAll('.frame img, #results')].every(e => getComputedStyle(e).transitionProperty === 'none' || getComputedStyle(e).transitionDuration === '0s')"
    )
    page.browser.cdp("Emulation.setEmulatedMedia", features=[])


CHECKS: dict[str, Callable[[Page], None]] = {
    name.removeprefix("check_").replace("_", "-"): check
    for name, check in list(globals().items())
    if name.startswith("check_")
}


def take_pictures(page: Page, folder: Path) -> None:
    """Keeps pictures of the page, to be looked at."""
    folder.mkdir(parents=True, exist_ok=True)
    views = {
        "start": "#/search", "search": "#/search?text=a+large+ball&plus=red&minus=blue", "like": "#/search?text=green&like=5",
        "photo": "#/search?text=a+red+ball&photo=3", "map": "#/map?text=a+red+ball", "caption": "#/caption",
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
    others = {host for host in hosts if not host.startswith("127.0.0.1:")}
    print(f"FAIL  no-other-host: asked {sorted(others)}" if others else f"ok    no-other-host, of {len(hosts)}")
    return failures + bool(others)


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
