"""Whether the Hugging Face hub can be asked: its client tries for most of a minute before it says no."""

from __future__ import annotations

import os
import socket
from functools import cache
from urllib.parse import urlsplit

_SECONDS = 5.0
_PROXIES = ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")


def is_cached(name: str, file: str) -> bool:
    """Tell whether a model's file is on this machine."""
    from huggingface_hub import try_to_load_from_cache

    return isinstance(try_to_load_from_cache(name, file), str)


@cache
def hub_answers() -> bool:
    """Tell whether something answers at the hub's address; through a proxy it is taken for granted."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    if any(os.environ.get(name) for name in _PROXIES):
        return True
    address = urlsplit(constants.ENDPOINT)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        socket.create_connection((address.hostname or "", port), timeout=_SECONDS).close()
    except OSError:
        return False
    return True
