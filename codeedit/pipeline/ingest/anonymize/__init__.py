"""Anonymize: nothing private leaves the machine, and the code stays code."""

from codeedit.pipeline.ingest.anonymize.anonymizer import Anonymizer, Redacted, Span
from codeedit.pipeline.ingest.anonymize.session import anonymize_session

__all__ = ["Anonymizer", "Redacted", "Span", "anonymize_session"]
