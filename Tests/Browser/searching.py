"""Checks of searching: words, photos, what is added and taken away."""

from page import IDLE, NAMES, PICTURES, STATUS, VIEWER, Page, equal
from world import SHOWN_NAME, picture


def check_search_as_one_types(page: Page) -> None:
    page.open()
    equal(page.js(STATUS), "40 of 61 photos")
    names = page.search("a large red ball on a blue ground")
    assert names[0] in ("large-red-on-blue.png", SHOWN_NAME), f"found {names[:3]}"
    equal(page.js(STATUS), "40 photos found")
    scores = page.js(
        "[...document.querySelectorAll('#results .score')].map(s => Number(s.textContent.replace('−', '-')))"
    )
    equal(scores, sorted(scores, reverse=True), "the order of the scores")
    page.until(PICTURES)
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
        if (options?.body?.includes?.('"a large black ball"')) await new Promise((resolve) => setTimeout(resolve, 900));
        window.late = options?.body?.includes?.('"a large black ball"') || window.late;
        return answer;
      };
    })()""")
    page.click("#text")
    page.browser.type("a large black ball")
    page.until("document.getElementById('results').hasAttribute('aria-busy')")
    page.js("new Promise((resolve) => setTimeout(resolve, 250)).then(() => 1)")
    page.browser.type(" on a green ground")
    page.until("window.late")
    page.js("new Promise((resolve) => setTimeout(resolve, 200))")  # for the page to take it
    assert "black-on-green" in page.found("a large black ball on a green ground")[0]


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
    page.js("document.querySelector('#balance input').focus()")
    page.press("Home")
    page.until("location.hash.includes('balance=0')")
    equal(page.found()[0], "large-red-on-black.png", "the best hit for the photo alone")


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


def check_hubness(page: Page) -> None:
    page.open()
    assert not page.js("document.getElementById('hubs').checkVisibility()"), "there is nothing to correct yet"
    plain = page.search("a large red ball")
    scores = "[...document.querySelectorAll('#results .score')].map(s => s.textContent).join()"
    before = page.js(scores)
    page.click("#hubs")
    page.until("location.hash.includes('hubness=csls')")
    corrected = page.found()
    page.until(scores + " !== a", before)
    assert "red" in corrected[0], corrected[:3]
    equal(len(corrected), len(plain))
    page.js("location.reload()")
    page.until(IDLE + " && document.querySelector('#hubs input').checked")
    equal(page.found(), corrected, "what is found after a reload")
    page.click("#hubs")
    page.until("!location.hash.includes('hubness') && " + scores + " === a", before)
