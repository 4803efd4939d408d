"""Checks of what one looks at: a photo, the history, captions, the map."""

from page import FOCUS, IDLE, NAMES, STATUS, VIEWER, Page, equal
from world import picture


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
    assert "blue-on-yellow" in page.found(best)[0], page.js(NAMES)[:3]


def check_map(page: Page) -> None:
    page.open("#/search?text=red")
    page.click("nav a[data-view=map]")
    page.until("document.querySelector('#map canvas')")
    # Photos are drawn on it, so it has many colours. They are counted on a copy: Chromium warns in the console of a
    # canvas that is read several times, as this one is on a machine that draws slowly.
    page.until("""(() => {
      const canvas = document.querySelector("#map canvas");
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const data = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
      return new Set(data).size > 500;
    })()""")
    page.js("document.querySelector('#map canvas').scrollIntoView({ block: 'end' })")
    frame = page.js("document.querySelector('#map canvas').getBoundingClientRect().toJSON()")
    left, top, width, height = (frame[key] for key in ("left", "top", "width", "height"))
    seen = False
    for at in range(1, 60):
        page.browser.hover(left + width * (at % 10 + 0.5) / 10, top + height * (at // 10 + 0.5) / 6)
        if seen := page.js("!document.querySelector('#map .sight').hidden"):
            break
    assert seen, "no point shows its photo when the pointer is over it"
    page.until("document.querySelector('#map .sight img').naturalWidth > 0")
    page.until("document.querySelector('#map .sight').textContent !== ''")
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
