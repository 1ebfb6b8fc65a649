"""Programming languages: which one a file is in, and its syntax tree."""

from codeedit.pipeline.syntax.languages import LANGUAGES, language_of
from codeedit.pipeline.syntax.trees import Trees, is_broken, parse, syntax_errors

__all__ = ["LANGUAGES", "Trees", "is_broken", "language_of", "parse", "syntax_errors"]
