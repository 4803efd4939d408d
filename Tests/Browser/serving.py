"""Checks of the server's moods: gone, busy, locked, empty, writable; and of texts that are not to be trusted."""

from urllib.parse import quote

from page import IDLE, NAMES, PICTURES, STATUS, VIEWER, Page, equal
from world import HOSTILE_CAPTION, HOSTILE_GROUP, SHOWN_NAME, TURN, Server, picture

# Texts of the page that have a character which turns what is around them.
TURNED = """[document.title, document.body.innerText,
  ...[...document.querySelectorAll('body *')].flatMap((node) => [node.title, node.alt, node.ariaLabel])]
  .filter((text) => /[\\u202a-\\u202e\\u2066-\\u2069]/.test(text ?? ''))"""


def check_server_gone_and_back(page: Page) -> None:
    page.open()
    page.search("a red ball")
    page.browser.console()
    equal(page.server.stop(), 0, "the server's exit code")
    page.press(*["Backspace"] * 8)
    page.browser.type("blue ball")
    page.until("document.getElementById('banner').checkVisibility()")
    assert "does not answer" in page.js("document.getElementById('banner').textContent")
    page.server.start()
    page.until("!document.getElementById('banner').checkVisibility()")
    page.until(NAMES + "[0].includes('blue')")
    page.browser.console()  # Requests that failed were written there, and should be.


def check_busy(page: Page) -> None:
    page.open()
    page.js("""(() => {
      const send = window.fetch;
      let refused = 0;
      window.fetch = async (path, options) => path === "/api/search" && refused++ < 2
        ? new Response('{"error":{"code":"busy","message":"busy"}}', { status: 503, headers: { "Retry-After": "1" } })
        : await send(path, options);
    })()""")
    page.click("#text")
    page.browser.type("a red ball")
    page.until(STATUS + ".includes('busy')")
    page.until(STATUS + " === '40 photos found'")
    assert "red" in page.found("a red ball")[0]


def check_html_is_inert(page: Page) -> None:
    page.open()
    page.search("a large red ball on a blue ground")
    page.until("[...document.querySelectorAll('#results .grid button')].some(b => b.title === a)", SHOWN_NAME)
    page.js("[...document.querySelectorAll('#results .grid button')].find(b => b.title === a).click()", SHOWN_NAME)
    page.until(VIEWER + "?.textContent.includes('<s>studio</s>')")
    equal(page.js("document.getElementById('viewer-name').textContent"), SHOWN_NAME)
    assert "<i>odd</i>" in page.js("document.getElementById('viewer').textContent")
    page.press("Escape")
    page.click("#kinds label:nth-of-type(2)")
    page.until("[...document.querySelectorAll('#results q')].some(q => q.textContent === a)", HOSTILE_CAPTION)
    for marker in ["q :not(bdi)", "figcaption :not(bdi)", "dd :not(button, bdi)", "dt :not(bdi)", "h2 :not(bdi)", "[onerror]", "main b", "s", "u"]:
        equal(page.js("document.querySelectorAll(a).length", marker), 0, f"elements {marker} out of texts")
    page.open("#/search?group=" + quote(HOSTILE_GROUP))
    equal(page.found(), [SHOWN_NAME], "what is in the group")
    page.click("#results .grid button")
    page.until(VIEWER + "?.querySelector('dd .link')?.textContent === a", HOSTILE_GROUP.removesuffix(TURN))
    equal(page.js(TURNED), [], "texts that turn others round")
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
        page.until(PICTURES)
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
