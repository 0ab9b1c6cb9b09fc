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

    organisation: str = Field("", description="its name, as it is spoken")
    brands: tuple[str, ...] = Field((), description="other names it answers with")
    agents: tuple[str, ...] = Field((), description="first names of agents")
    products: tuple[str, ...] = Field((), description="what it sells, as it is spoken of")
    jargon: tuple[str, ...] = Field((), description="words customers should not have to hear")
    required_wording: tuple[str, ...] = Field((), description="phrases agents must say")
    identifiers_required: int = Field(2, ge=0, description="identifiers an identity check needs")
    authority_amount: float = Field(25.0, ge=0, description="largest refund an agent may promise")
    answer_s: float = Field(20.0, gt=0, description="ring time within which a call is answered")
    opening_s: float = Field(30.0, gt=0, description="duties of the opening fall due within this")
    silence_s: float = Field(15.0, gt=0, description="longest silence that needs no word about it")
    hold_s: float = Field(120.0, gt=0, description="longest hold without coming back")
    pace_max_wpm: float = Field(220.0, gt=0, description="words a minute that are too fast")
    talk_share_max: float = Field(0.75, gt=0, le=1, description="agent's share that is too much")
    interruptions_max: int = Field(3, ge=0, description="interruptions that are still few")

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
            remedy="Give a TOML file; docs/reference.md lists its fields.",
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(p) for p in first["loc"])
        raise ConfigError(
            f"The profile {path} has a field {where!r} that cannot be used: {first['msg']}.",
            remedy="Known fields: " + ", ".join(Profile.model_fields) + ".",
        ) from error
