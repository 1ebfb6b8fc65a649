"""A server with OpenAI's API on loopback that behaves as a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Fake:
    """What the server saw, and how it is to behave."""

    # Gets the body and how often it was asked so far: status, headers and body; None cuts the connection.
    behave: Callable[[dict, int], tuple[int, dict, bytes] | None]
    models: list[str] = field(default_factory=lambda: ["fake"])
    bodies: list[dict] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict] = field(default_factory=list)
    most_at_once: int = 0
    url: str = ""
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def stop(self) -> None:
        raise NotImplementedError


def _handler(fake: Fake) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Print nothing."""

        def do_GET(self) -> None:
            fake.headers.append(dict(self.headers))
            self._send(200, {}, json.dumps({"data": [{"id": name} for name in fake.models]}).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with fake._lock:
                fake.bodies.append(body)
                fake.paths.append(self.path)
                fake.headers.append(dict(self.headers))
                number = len(fake.bodies)
                fake._now += 1
                fake.most_at_once = max(fake.most_at_once, fake._now)
            try:
                answer = fake.behave(body, number)
            finally:
                with fake._lock:
                    fake._now -= 1
            if answer is None:
                self.close_connection = True
                return
            self._send(*answer)

        def _send(self, status: int, headers: dict, body: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


@pytest.fixture
def serve(monkeypatch) -> Iterator[Callable[..., Fake]]:
    """Start servers; a behaviour may be a function or one answer for all."""
    running = []
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    def start(behave, **fields) -> Fake:
        fake = Fake(behave if callable(behave) else lambda *_: behave, **fields)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(fake))
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        fake.url = f"http://127.0.0.1:{server.server_port}/v1"

        def stop() -> None:
            server.shutdown()
            server.server_close()

        fake.stop = stop
        running.append(server)
        return fake

    yield start
    for server in running:
        server.shutdown()
        server.server_close()
