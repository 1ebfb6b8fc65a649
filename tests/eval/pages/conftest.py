"""A headless Chromium, driven through its DevTools protocol; tests that need it skip where there is none."""

import base64
import dataclasses
import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from codeedit.eval.pages.server import make_server
from codeedit.eval.pages.tasks import TaskBrowser
from codeedit.pipeline.task_table import write_tasks
from codeedit.records import HistoryEdit, Redaction, RelatedFile

# Ends elements, comments and sections; runs where it is not kept text; hides and reorders.
HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    "--><!-- ]]> </style> &amp; ${x} `\0\x07 \u2028\u2029 \u202egnp.exe\u202c \u200b \ufeff \ud800 %s {{x}} "
    "<!--SCRIPT-->"
)

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --remote-debugging-port=0 --remote-allow-origins=* "
    "--force-color-profile=srgb --hide-scrollbars --disable-dev-shm-usage"
)
WAIT = 60.0  # seconds, for what has to come sooner or later
KEYS = {"Escape": 27, "Enter": 13, "ArrowDown": 40, "ArrowUp": 38, "End": 35, "Home": 36, "PageDown": 34}


class Tab:
    """One tab: what it shows, and all that it said or asked for."""

    def __init__(self, socket: Any) -> None:
        self.socket = socket
        self.number = 0
        self.complaints: list[str] = []  # errors and warnings on the console, and exceptions
        self.requests: list[str] = []  # addresses
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                assert "error" not in message, message["error"]
                return message["result"]
            self._note(message)

    def _note(self, message: dict[str, Any]) -> None:
        method, given = message["method"], message["params"]
        if method == "Runtime.exceptionThrown":
            details = given["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and given["type"] in ("error", "warning", "assert"):
            self.complaints.append(str(given["args"]))
        elif method == "Log.entryAdded" and given["entry"]["level"] in ("error", "warning"):
            self.complaints.append(given["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(given["request"]["url"])

    def open(self, url: str) -> None:
        """Go to an address and wait until the page says that it is ready."""
        self.call("Page.navigate", url="about:blank")
        self.call("Page.navigate", url=url)
        self.until("document.body && document.body.dataset.ready === 'true'")

    def js(self, expression: str) -> Any:
        """Return the value of an expression; a promise is waited for."""
        answer = self.call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait for an expression to become true."""
        end = time.monotonic() + WAIT
        while not self.js(expression):
            assert time.monotonic() < end, f"never true: {expression}; console: {self.complaints}"
            time.sleep(0.02)

    def text(self, selector: str) -> str:
        """Return the text that a person reads in an element."""
        return self.js(f"document.querySelector({json.dumps(selector)}).innerText")

    def count(self, selector: str) -> int:
        """Return how many elements there are."""
        return self.js(f"document.querySelectorAll({json.dumps(selector)}).length")

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            code = {"key": key, "windowsVirtualKeyCode": KEYS.get(key, 0)}
            typed = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
            self.call("Input.dispatchKeyEvent", type="keyDown", **code, **typed)
            self.call("Input.dispatchKeyEvent", type="keyUp", **code)

    def click(self, selector: str) -> None:
        """Click an element."""
        self.js(f"document.querySelector({json.dumps(selector)}).click()")

    def choose(self, selector: str, value: str) -> None:
        """Choose a value of a select."""
        self.js(
            f"(select => {{ select.value = {json.dumps(value)};"
            f" select.dispatchEvent(new Event('change')); }})(document.querySelector({json.dumps(selector)}))"
        )

    def look(self, width: int = 1440, height: int = 900, scheme: str = "light") -> None:
        """Set the window's size and the colours that the person prefers."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def picture(self, path: Path) -> None:
        """Write what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))


# WCAG 2.2, 1.4.3: the texts whose contrast with what lies behind them is below 4.5.
CONTRAST = """
(() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const color = parse(getComputedStyle(one).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.getClientRects().length || element.closest("svg, script, dialog")) continue;
    const lights = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort();
    const ratio = (Math.max(...lights) + .05) / (Math.min(...lights) + .05);
    if (ratio < 4.5) low.push(`${element.className || element.tagName}: ${ratio.toFixed(2)}`);
  }
  return low;
})()
"""


@pytest.fixture
def contrast() -> str:
    """A script that names what is hard to read on a page."""
    return CONTRAST


@pytest.fixture(scope="session")
def chromium():
    """The address of a running browser."""
    if CHROMIUM is None:
        pytest.skip("no chromium here")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                [CHROMIUM, *FLAGS.split(), f"--user-data-dir={folder}/profile", "about:blank"],
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        try:
            end = time.monotonic() + WAIT
            while not (
                found := re.search(r"DevTools listening on ws://([^/]+)/", log.read_text(errors="replace"))
            ):
                assert process.poll() is None, log.read_text(errors="replace")
                assert time.monotonic() < end, log.read_text(errors="replace")
                time.sleep(0.05)
            yield found[1]
        finally:
            process.terminate()
            process.wait(timeout=WAIT)


@pytest.fixture
def tab(chromium):
    """A new tab of 1440 by 900 pixels."""
    import urllib.request

    import websocket

    request = urllib.request.Request(f"http://{chromium}/json/new?about:blank", method="PUT")
    with urllib.request.urlopen(request) as answer:
        target = json.load(answer)
    socket = websocket.create_connection(target["webSocketDebuggerUrl"], timeout=WAIT)
    try:
        tab = Tab(socket)
        tab.look()
        yield tab
    finally:
        socket.close()
        with urllib.request.urlopen(f"http://{chromium}/json/close/{target['id']}") as answer:
            answer.read()


@pytest.fixture
def data(tmp_path, tasks):
    """Four train tasks, of which the first is hostile in all its texts, and one test task."""
    bad = HOSTILE.replace("\ud800", "")  # which no file of tasks can hold
    first = dataclasses.replace(
        tasks[0],
        path=f"{bad}.py",
        project=bad,
        hint=bad,
        edit=bad,
        history=(HistoryEdit(bad, f"@@ -1 +1 @@\n-{bad}\n", 5),),
        redactions=(Redaction(bad, 1),),
    )
    folder = tmp_path / "data"
    folder.mkdir()
    write_tasks([first, *tasks[1:]], folder / "train-00000.parquet")
    related = (RelatedFile("src/near.py", "# a neighbour"),)
    test = dataclasses.replace(tasks[0], id="t", hint="rename it", related=related)
    write_tasks([test], folder / "test-00000.parquet")
    return folder


@pytest.fixture
def server(data):
    """A server of these tasks."""
    server = make_server(TaskBrowser(data))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
