"""The page of tasks as one HTML text: style, script and perhaps the tasks themselves, nothing from outside.

A content security policy names the hashes of the page's own script and style: whatever the code in the
data says, nothing else can run, and nothing can be sent anywhere but to the page's own server.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any


def render(data: Mapping[str, Any]) -> str:
    """Return the page.

    Args:
        data: ``title``, ``languages``, and ``tasks`` where the page is to stand alone; without them it
            asks its server.
    """
    script, style = _asset("tasks.js"), _asset("tasks.css")
    policy = (
        f"default-src 'none'; script-src 'sha256-{_hash(script)}'; style-src 'sha256-{_hash(style)}'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    parts = {"POLICY": policy, "STYLE": style, "DATA": _embed(data), "SCRIPT": script}
    page = _asset("tasks.html")
    for name in ("POLICY", "STYLE", "SCRIPT", "DATA"):  # what stands in the data is never looked into
        page = page.replace(f"<!--{name}-->", parts[name], 1)
    return page


def _asset(name: str) -> str:
    return (files(__package__) / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _embed(data: Mapping[str, Any]) -> str:
    """Return JSON that holds no character with which HTML could end or begin anything."""
    text = json.dumps(data)  # ASCII
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
