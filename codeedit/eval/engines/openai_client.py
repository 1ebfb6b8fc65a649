"""One request to a server with OpenAI's API: sent again while it may help, and read with care.

Tried again are lost connections, 408, 409, 425, 429 and 5xx, with growing pauses or after what the server's
``Retry-After`` says; fewer times, time-outs and answers that are no completion.  All else is an error.
The API: https://platform.openai.com/docs/api-reference/chat and /completions.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from codeedit.errors import CodeEditError, InputError

if TYPE_CHECKING:
    import httpx

_TRIES = 8  # of a server that is away or busy: about a minute
_ODD_TRIES = 3  # of one that is silent or talks nonsense
_FIRST_PAUSE = 0.5  # seconds; doubles
_LONGEST_PAUSE = 30.0  # seconds
_LONGEST_WISH = 120.0  # seconds that a Retry-After may ask for
_CONNECT = 10.0  # seconds
_AGAIN = (408, 409, 425, 429)
_TOO_LONG = re.compile(
    r"context[ _-]?(length|size|window)|exceed_context|maximum (context|input|model) length|too many tokens",
    re.IGNORECASE,
)
_MESSAGE = 160  # characters of a server's own words
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
KEPT = "answers given so far are kept: run the same command again to go on"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    text: str
    truncated: bool
    prompt_too_long: bool = False


class _RetryError(Exception):
    """A failure that may pass."""

    def __init__(self, what: str, *, odd: bool = False, wait: float | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.odd = odd
        self.wait = wait  # seconds that the server asks for


class Client:
    """Asks one server.

    Args:
        url: the API's base address.
        key: goes into the ``Authorization`` header, and nowhere else.
        timeout: seconds for an answer.
        concurrency: connections at once.
    """

    def __init__(self, url: str, key: str | None, timeout: float, concurrency: int) -> None:
        import httpx

        self._url, self._key, self._timeout = url, key, timeout
        self._giving_up = False
        self._http = httpx.AsyncClient(
            timeout=httpx.Timeout(timeout, connect=min(_CONNECT, timeout), pool=None),
            limits=httpx.Limits(max_connections=concurrency, max_keepalive_connections=concurrency),
            **_common(url, key),
        )

    def give_up(self) -> None:
        """Let requests under way end, and try none again."""
        self._giving_up = True

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def ask(self, body: Mapping[str, Any]) -> Reply:
        """Return the answer to a request.

        Raises:
            InputError: the server refuses it.
            CodeEditError: the server fails each time.
        """
        failures = odd = 0
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._once(body)
            except _RetryError as error:
                failures, odd = failures + 1, odd + error.odd
                if self._giving_up or failures >= _TRIES or odd >= _ODD_TRIES:
                    times = f" ({failures} times)" if failures > 1 else ""
                    raise CodeEditError(f"{error.what}{times}", where=self._url, hint=KEPT) from None
                wait = pause * random.uniform(0.5, 1.0) if error.wait is None else error.wait  # noqa: S311
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _once(self, body: Mapping[str, Any]) -> Reply:
        import httpx

        path = "/completions" if "prompt" in body else "/chat/completions"
        try:
            response = await asyncio.wait_for(self._http.post(self._url + path, json=body), self._timeout)
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise _RetryError(f"no answer within {self._timeout:g} s", odd=True) from None
        except httpx.HTTPError as error:
            raise _RetryError(_connection_words(error)) from None
        except UnicodeEncodeError:  # half a character: no JSON in UTF-8 can hold it
            raise InputError("a prompt with half a surrogate pair cannot be sent", where=self._url) from None
        return self._read(response)

    def _read(self, response: httpx.Response) -> Reply:
        status = response.status_code
        if status in _AGAIN or status >= 500:
            raise _RetryError(f"the server answers {status}", wait=_wish(response))
        if status >= 300:
            words = self._words(response)
            if status in (400, 413, 422) and _TOO_LONG.search(words):
                return Reply("", truncated=False, prompt_too_long=True)
            raise refusal(self._url, status, words)
        try:
            choice = response.json()["choices"][0]
            return _reply(choice)
        except (ValueError, KeyError, IndexError, TypeError):
            raise _RetryError("the server's answer is no completion", odd=True) from None

    def _words(self, response: httpx.Response) -> str:
        """Return what the server says of an error, on one line and without the key."""
        return server_words(response, self._key)


def _reply(choice: Mapping[str, Any]) -> Reply:
    truncated = choice.get("finish_reason") == "length"
    if "message" not in choice:
        text = choice["text"]
    else:
        message = choice["message"]
        text = message.get("content")
        thought = message.get("reasoning_content") or message.get("reasoning")
        if not text and isinstance(thought, str) and thought:
            text = f"<think>{thought}"  # it thought until it was cut off: no answer
        elif text is None:
            text = ""
    if not isinstance(text, str):
        raise TypeError
    return Reply(text, truncated)


def list_models(url: str, key: str | None, timeout: float) -> list[str]:
    """Return the names of a server's models; ``CodeEditError`` where it cannot be asked."""
    import httpx

    try:
        with httpx.Client(timeout=min(timeout, _CONNECT), **_common(url, key)) as http:
            response = http.get(f"{url}/models")
    except httpx.HTTPError as error:
        hint = "start it, or name another with --url"
        raise CodeEditError(_connection_words(error), where=url, hint=hint) from None
    if response.status_code != 200:
        raise refusal(url, response.status_code, server_words(response, key))
    try:
        return [str(entry["id"]) for entry in response.json()["data"]]
    except (ValueError, KeyError, TypeError):
        raise InputError("no server with OpenAI's API", where=url, hint="its address ends in /v1") from None


def _common(url: str, key: str | None) -> dict[str, Any]:
    """Return what all clients are made with; loading certificates takes a while, and http needs none."""
    host = urlsplit(url).hostname
    return {
        "headers": {"Authorization": f"Bearer {key}"} if key else {},
        "verify": url.startswith("https:"),
        "trust_env": host not in _LOOPBACK,  # no proxy on the way to this machine itself
    }


def refusal(url: str, status: int, words: str) -> CodeEditError:
    """Return the error for an answer that asking again does not mend."""
    said = f": {words}" if words else ""
    hints = {
        401: "put the key into OPENAI_API_KEY, or name its variable with --api-key-env",
        403: "the key may not do this; name another's variable with --api-key-env",
        404: "check --url and --model",
    }
    return InputError(f"the server refuses ({status}){said}", where=url, hint=hints.get(status, KEPT))


def server_words(response: httpx.Response, key: str | None) -> str:
    """Return a server's error message on one line, shortened, without the key."""
    try:
        found = response.json()
    except ValueError:
        return ""
    for name in ("error", "message"):
        if isinstance(found, Mapping):
            found = found.get(name, found)
    if not isinstance(found, str):
        return ""
    words = " ".join(found.split())
    if key:
        words = words.replace(key, "***")
    return words if len(words) <= _MESSAGE else f"{words[:_MESSAGE]}..."


def _connection_words(error: Exception) -> str:
    import httpx

    if isinstance(error, httpx.ConnectTimeout):
        return "the server cannot be reached: no connection in time"
    if isinstance(error, httpx.ConnectError):
        return "the server cannot be reached"
    if isinstance(error, httpx.TimeoutException):
        return "no answer in time"
    return "the connection was lost"


def _wish(response: httpx.Response) -> float | None:
    """Return how many seconds ``Retry-After`` asks for: a number, or a date."""
    text = response.headers.get("Retry-After", "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return None
    return min(max(seconds, 0.0), _LONGEST_WISH) if seconds == seconds else None  # noqa: PLR0124 - nan
