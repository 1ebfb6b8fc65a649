"""The errors that callers can rely on.

A message says what is wrong; ``where`` names the place (``file:line`` or an option) and ``hint`` the
next step.  None of them may quote text that the anonymizer has not cleaned.
"""

from __future__ import annotations


class CodeEditError(Exception):
    """Something that a person can mend; the command line prints it as one line.

    Args:
        message: what is wrong, without a full stop.
        where: ``file:line``, a path or an option; may be empty.
        hint: what to do about it; may be empty.
    """

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{place}{self.message}{advice}"

    def as_dict(self) -> dict[str, str | int]:
        """Return what ``--json`` prints under ``error``."""
        return {
            "message": self.message,
            "where": self.where,
            "hint": self.hint,
            "exit_code": self.exit_code,
        }


class InputError(CodeEditError):
    """Wrong usage or bad input: exit code 2."""

    exit_code = 2


class MissingDependencyError(CodeEditError):
    """A package or a service that this command needs is not there: exit code 1."""


class InterruptedRunError(CodeEditError):
    """The user stopped the run; ``hint`` says how to go on: exit code 130."""

    exit_code = 130
