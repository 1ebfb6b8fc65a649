"""Ingest: editor logs become anonymized tasks in parquet."""

from codeedit.pipeline.ingest.logs import read_sessions
from codeedit.pipeline.ingest.replay import replay

__all__ = ["read_sessions", "replay"]
