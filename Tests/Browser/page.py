"""What a person can do with the page, and what a check can ask of it."""

import base64

from webdriver import Browser
from world import Server, World

# JavaScript that tells of the page.
NAMES = "[...document.querySelectorAll('#results .grid button')].map(b => b.title)"
STATUS = "document.getElementById('status').textContent"
IDLE = "!document.querySelector('#results[aria-busy]') && document.querySelector('#about').textContent !== ''"
VIEWER = "document.querySelector('#viewer[open]')"
FOCUS = "document.activeElement"
DROP = """(() => {
  const bytes = Uint8Array.from(atob(a), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], c, { type: "image/png" }));
  const event = b === "paste"
    ? [new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })]
    : ["dragenter", "dragover", "drop"].map((type) =>
      new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
  for (const each of event) document.body.dispatchEvent(each);
  return true;
})()"""


# Whether the first photos are to be seen.
PICTURES = """[...document.querySelectorAll('#results img')].slice(0, 4)
  .every((i) => i.dataset.state === 'shown' && i.naturalWidth > 0)"""


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
