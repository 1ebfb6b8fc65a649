"""A server on this machine only, that hands out the page of tasks and the tasks it asks for."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from codeedit.eval.pages.document import render_front
from codeedit.eval.pages.tasks import TaskBrowser

ADDRESS = "127.0.0.1"
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def make_server(browser: TaskBrowser, port: int = 0) -> ThreadingHTTPServer:
    """Return a server that is bound but does not serve yet.

    Args:
        browser: the tasks.
        port: 0 takes a free one.

    Raises:
        OSError: the port is taken.
    """
    front = render_front(browser.page(), served=True).encode()
    handler = type("TaskHandler", (_Handler,), {"browser": browser, "front": front})
    return ThreadingHTTPServer((ADDRESS, port), handler)


def url_of(server: ThreadingHTTPServer) -> str:
    """Return where a server can be reached."""
    return f"http://{ADDRESS}:{server.server_address[1]}/"


class _Handler(BaseHTTPRequestHandler):
    browser: ClassVar[TaskBrowser]
    front: ClassVar[bytes]

    def do_GET(self) -> None:
        """Answer the page, a task, or the numbers of the tasks that contain a text."""
        if not self._is_for_us():
            self._send(HTTPStatus.FORBIDDEN, b"", "text/plain")
            return
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        if parts.path == "/":
            self._send(HTTPStatus.OK, self.front, "text/html; charset=utf-8")
        elif parts.path == "/api/search":
            self._send_json(self.browser.search(query.get("query", "")))
        elif parts.path == "/api/row":
            try:
                self._send_json(self.browser.task(int(query.get("at", ""))))
            except (IndexError, ValueError):
                self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")
        else:
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain")

    def _is_for_us(self) -> bool:
        """Refuse other names for this address: a page from elsewhere could have had one made for it."""
        host = self.headers.get("Host", "")
        return host.rsplit(":", 1)[0] in (ADDRESS, "localhost")

    def _send_json(self, value: Any) -> None:  # noqa: ANN401 - JSON
        self._send(HTTPStatus.OK, json.dumps(value).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        for name, value in (_HEADERS | {"Content-Type": kind, "Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as in the base class
        """Say nothing: a query may quote code."""
