"""A browser driven through chromedriver's HTTP interface (W3C WebDriver), with the standard library alone."""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the key of an element in the protocol's JSON
KEYS = {
    "Backspace": "\ue003", "Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Escape": "\ue00c", "End": "\ue010",
    "Home": "\ue011", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "Delete": "\ue017",
}  # fmt: skip
PATIENCE = 15  # seconds


class BrowserError(Exception):
    """What the driver or the browser says went wrong."""


class Browser:
    """One window of a headless Chromium."""

    def __init__(self, width: int = 1280, height: int = 860) -> None:
        driver = shutil.which("chromedriver")
        browser = next(filter(None, map(shutil.which, ["chromium", "google-chrome", "chromium-browser"])), None)
        if driver is None:
            raise BrowserError("there is no chromedriver; install it and Chromium with Scripts/setup browser")
        self._start(driver)
        try:
            self._session = ""
            self._session = "/session/" + self._call("POST", "/session", {"capabilities": {"alwaysMatch": {
                "browserName": "chrome",
                "goog:chromeOptions": self._options(browser, width, height),
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            }}})["sessionId"]  # fmt: skip
        except BaseException:
            self._driver.kill()
            raise

    @staticmethod
    def _options(browser: str | None, width: int, height: int) -> dict[str, Any]:
        arguments = [
            "--headless=new", f"--window-size={width},{height}", "--disable-gpu", "--disable-dev-shm-usage",
            "--hide-scrollbars", "--lang=en", "--disable-background-networking",
            # Root and containers have none, and the page is our own.
            "--no-sandbox",
        ]  # fmt: skip
        return {"args": arguments, **({"binary": browser} if browser else {})}

    def _start(self, driver: str) -> None:
        # The free port that it finds may be taken before it has it.
        for _ in range(5):
            self._driver = subprocess.Popen([driver, "--port=0"], stdout=subprocess.PIPE, text=True)
            assert self._driver.stdout is not None
            for line in self._driver.stdout:
                if found := re.search(r"successfully on port (\d+)", line):
                    self._address = f"http://127.0.0.1:{found[1]}"
                    return
            self._driver.wait()
        raise BrowserError("chromedriver does not start; run chromedriver --port=0 to see why")

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(
            self._address + path, data, {"Content-Type": "application/json"}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(json.load(error)["value"]["message"].split("\n")[0]) from None

    def close(self) -> None:
        try:
            self._call("DELETE", self._session)
        finally:
            self._driver.terminate()
            self._driver.wait()

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Pages

    def open(self, url: str) -> None:
        self._call("POST", f"{self._session}/url", {"url": url})

    def back(self) -> None:
        self._call("POST", f"{self._session}/back")

    def js(self, expression: str, *arguments: Any) -> Any:
        """The value of a JavaScript expression; its arguments are a, b, c."""
        script = f"const [a, b, c] = arguments; return ({expression});"
        return self._call("POST", f"{self._session}/execute/sync", {"script": script, "args": list(arguments)})

    def until(self, expression: str, *arguments: Any) -> Any:
        """The value of an expression once it is true."""
        end = time.monotonic() + PATIENCE
        while True:
            value = self.js(expression, *arguments)
            if value:
                return value
            if time.monotonic() > end:
                raise AssertionError(f"never came true: {expression} {arguments or ''}")
            time.sleep(0.05)

    def cdp(self, command: str, **parameters: Any) -> Any:
        """A command of Chromium's own protocol."""
        return self._call("POST", f"{self._session}/goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self._call("GET", f"{self._session}/screenshot")))

    # Hands

    def _element(self, selector: str) -> str:
        found = self._call("POST", f"{self._session}/element", {"using": "css selector", "value": selector})
        return found[ELEMENT]

    def click(self, selector: str) -> None:
        """Clicks as a person does: what is not to be seen or covered cannot be clicked."""
        self.until("document.querySelector(a)?.checkVisibility()", selector)
        self._call("POST", f"{self._session}/element/{self._element(selector)}/click")

    def choose_files(self, selector: str, paths: list[Path]) -> None:
        self._call(
            "POST", f"{self._session}/element/{self._element(selector)}/value", {"text": "\n".join(map(str, paths))}
        )

    def press(self, *keys: str, shift: bool = False) -> None:
        """Presses keys of the keyboard: names of KEYS, or characters."""
        strokes = [{"type": kind, "value": KEYS.get(key, key)} for key in keys for kind in ("keyDown", "keyUp")]
        if shift:
            strokes = [{"type": "keyDown", "value": KEYS["Shift"]}, *strokes, {"type": "keyUp", "value": KEYS["Shift"]}]
        self._perform({"type": "key", "id": "keyboard", "actions": strokes})

    def type(self, text: str) -> None:
        self.press(*text)

    def hover(self, x: float, y: float) -> None:
        self._perform(self._mouse([self._move(x, y)]))

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self._perform(self._mouse([
            self._move(*start), {"type": "pointerDown", "button": 0}, self._move(*middle), self._move(*end),
            {"type": "pointerUp", "button": 0},
        ]))  # fmt: skip

    @staticmethod
    def _move(x: float, y: float) -> dict[str, Any]:
        return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 20}

    @staticmethod
    def _mouse(actions: list[dict[str, Any]]) -> dict[str, Any]:
        return {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}

    def _perform(self, source: dict[str, Any]) -> None:
        self._call("POST", f"{self._session}/actions", {"actions": [source]})

    # What it reports

    def console(self) -> list[str]:
        """What was written to the console as an error or a warning since the last call, broken rules of the CSP too.

        That a request was answered with 422, as unknown words are, is the browser's remark and no fault.
        """
        entries = self._call("POST", f"{self._session}/se/log", {"type": "browser"})
        messages = [entry["message"] for entry in entries if entry["level"] in ("SEVERE", "WARNING")]
        return [message for message in messages if "responded with a status of 422" not in message]

    def requests(self) -> Iterator[str]:
        """The addresses that were asked for since the last call."""
        for entry in self._call("POST", f"{self._session}/se/log", {"type": "performance"}):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                yield message["params"]["request"]["url"]
