"""Checks of how people differ: without a mouse, without sight, on a phone, in the dark, in need of stillness."""

from page import FOCUS, NAMES, VIEWER, Page, equal

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
    if (!(own || node.placeholder) || node.closest("noscript, .unseen, :disabled")) continue;
    if (!node.checkVisibility({ opacityProperty: true })) continue;
    const colour = getComputedStyle(node, node.placeholder && !node.value ? "::placeholder" : null).color;
    const [one, other] = [luminance(rgba(colour)), luminance(ground(node))].sort((x, y) => y - x);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) bad.push(`${node.tagName} ${node.className} ${node.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return bad;
})()"""


# Whether one sees where the focus is; a radio button's label has the outline.
OUTLINED = """((focused) => focused.matches(':focus-visible')
  && (focused.type === 'radio' || getComputedStyle(focused).outlineStyle !== 'none'))(document.activeElement)"""
# What is too small for a finger, links within texts aside.
SMALL = """[...document.querySelectorAll('button:not(#skip, .link), nav a')].filter((target) => {
  const { width, height } = target.getBoundingClientRect();
  return target.checkVisibility() && width > 0 && Math.min(width, height) < 32;
}).map((target) => target.outerHTML.slice(0, 80))"""


def check_keyboard_only(page: Page) -> None:
    page.open()
    page.press("/")
    equal(page.js(FOCUS + ".id"), "text", "the focus after /")
    page.browser.type("a small white ball")
    page.found("a small white ball")
    reached = []
    for _ in range(12):
        page.press("Tab")
        visible = page.js(OUTLINED)
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
            equal(page.js(SMALL), [], "what is too small for a finger")
        page.open("#/search?text=a+red+ball")
        places = page.js("[...document.querySelectorAll('#results .grid li')].map((tile) => tile.offsetLeft)")
        equal(len(set(places)), 2, "the number of columns")
    finally:
        page.browser.cdp("Emulation.clearDeviceMetricsOverride")


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
    moving = page.js("""[...document.querySelectorAll('body *')]
      .filter((each) => !['none', 'all'].includes(getComputedStyle(each).transitionProperty)).length""")
    equal(moving, 0, "the number of elements with transitions")
    page.browser.cdp("Emulation.setEmulatedMedia", features=[])
