"""The organisation's own words, policies and limits: ``organisation.toml``.

With no profile everything works on the defaults below. Criteria may name any number here as
``profile.<field>``.
"""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from callqa.errors import ConfigError


class Profile(BaseModel):
    """What an organisation expects of its calls. Seconds end in ``_s``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation: str = ""  # the name, as it is spoken
    brands: tuple[str, ...] = ()  # other names that identify the organisation
    agents: tuple[str, ...] = ()  # first names of agents, as a help to recognition
    products: tuple[str, ...] = ()
    jargon: tuple[str, ...] = ()  # words customers should not have to hear
    identifiers_required: int = Field(default=2, ge=0)  # identity policy
    authority_amount: float = Field(default=25.0, ge=0)  # largest refund an agent may promise
    answer_s: float = 20.0  # ring time within which a call is answered
    opening_s: float = 30.0  # the opening's duties fall due within this
    silence_s: float = 15.0  # longest silence that needs no word about it
    hold_s: float = 120.0  # longest hold without going back to the customer
    pace_max_wpm: float = 190.0
    talk_share_max: float = 0.75
    interruptions_max: int = 3

    @property
    def fingerprint(self) -> str:
        """Changes when anything in the profile does."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def load_profile(path: Path | None) -> Profile:
    """The profile in ``path``, or the defaults when there is none.

    Raises:
        ConfigError: the file is not TOML, or a field is unknown or of the wrong kind.
    """
    if path is None:
        return Profile()
    try:
        return Profile(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"The profile {path} cannot be read: {error}.",
            remedy="Give a TOML file; docs/profile.md lists its fields.",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise ConfigError(
            f"The profile {path} has a field {where!r} that cannot be used: {first['msg']}.",
            remedy="Known fields: " + ", ".join(Profile.model_fields) + ".",
        ) from error
