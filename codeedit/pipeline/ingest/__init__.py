"""Ingest: editor logs become anonymized tasks in parquet."""

from codeedit.pipeline.ingest.logs import read_sessions
from codeedit.pipeline.ingest.replay import replay
from codeedit.pipeline.ingest.run import ingest

__all__ = ["ingest", "read_sessions", "replay"]
