"""Programming languages: which one a file is in, and its syntax tree."""

from codeedit.pipeline.syntax.languages import LANGUAGES, language_of
from codeedit.pipeline.syntax.trees import parse

__all__ = ["LANGUAGES", "language_of", "parse"]
