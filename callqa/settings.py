"""One frozen ``Settings``, read only at the edges: command line, flows, web.

Sources, strongest first: arguments, ``CALLQA_*`` environment variables, ``callqa.toml`` in the
working directory, the defaults below.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from callqa.errors import ConfigError

_DATA = Path(str(files("callqa"))) / "data"


class Settings(BaseSettings):
    """Where things are and how recordings are listened to."""

    model_config = SettingsConfigDict(
        env_prefix="CALLQA_", toml_file="callqa.toml", frozen=True, extra="forbid"
    )

    workspace: Path = Path("workspace")
    database_url: str | None = None  # SQLAlchemy URL; default: SQLite in the workspace
    lexicons: Path = _DATA / "lexicons"
    criteria: Path = _DATA / "criteria"
    profile: Path | None = None  # organisation.toml
    whisper: str = "base"  # "base", "tiny.en", a folder, or a hub name when hub is true
    compute_type: Literal["int8", "int8_float32", "float32"] = "int8"
    threads: int = Field(default=0, ge=0)  # 0: as many as the machine has
    batch_size: int = Field(default=8, ge=1)
    hub: bool = False  # whether weights may be fetched from the Hugging Face hub
    customer_emotion: bool = True  # signs from the customer's voice; none for the agent, ever

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments over environment over ``callqa.toml``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings(**given: object) -> Settings:
    """Settings from all sources; ``None`` among the arguments means “not given”.

    Raises:
        ConfigError: a value cannot be used.
    """
    try:
        return Settings(**{k: v for k, v in given.items() if v is not None})  # type: ignore[arg-type]
    except (ValidationError, ValueError) as error:
        first = error.errors()[0] if isinstance(error, ValidationError) else None
        what = f"{first['loc'][0]!s}: {first['msg']}" if first else str(error)
        raise ConfigError(
            f"A setting cannot be used: {what}.",
            remedy="See docs/settings.md for each setting and its values.",
        ) from error
