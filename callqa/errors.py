"""Every failure a user can meet, as one small tree.

::

    CallqaError               anything below; the command line prints it as one sentence
    ├── UsageError            the words of the command or call are off (exit code 2)
    │   └── ConfigError       a settings, profile, lexicon or criteria file cannot be used
    ├── RecordingError        these bytes cannot be listened to (corrupt, empty, silent, no sound)
    ├── TranscriptError       this transcript cannot be read
    ├── WeightsError          a model file is missing or is not the file that was pinned
    ├── EvidenceError         a record claims something its call does not hold
    └── StoreError            the workspace cannot be read or written

A message gives what was given, what was expected, and what to do about it. Messages never
carry words of a call: they end up in logs.
"""

from __future__ import annotations


class CallqaError(Exception):
    """A failure with a cause that a person can understand and a remedy they can apply."""

    def __init__(self, message: str, *, remedy: str = "", call: str = "", stage: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.call = call
        self.stage = stage

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword-only arguments are lost by Exception's own pickling; flows pickle errors.
        state = {"remedy": self.remedy, "call": self.call, "stage": self.stage}
        return (_rebuild, (type(self), self.message, state))


def _rebuild(kind: type[CallqaError], message: str, state: dict[str, str]) -> CallqaError:
    return kind(message, **state)


class UsageError(CallqaError):
    """The words of a command or a call are off."""


class ConfigError(UsageError):
    """A settings, profile, lexicon or criteria file cannot be used as it stands."""


class RecordingError(CallqaError):
    """A recording cannot be listened to: corrupt, empty, silent or without sound."""


class TranscriptError(CallqaError):
    """A transcript made elsewhere cannot be read."""


class WeightsError(CallqaError):
    """A model's weights are missing, or are not the bytes that were pinned."""


class EvidenceError(CallqaError):
    """A record claims something that its call does not hold."""


class StoreError(CallqaError):
    """The workspace cannot be read or written."""
