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

    workspace: Path = Field(Path("workspace"), description="folder of the database and pages")
    database_url: str | None = Field(
        None, description="SQLAlchemy URL; without one, SQLite in the workspace"
    )
    lexicons: Path = Field(_DATA / "lexicons", description="folder of phrase families")
    criteria: Path = Field(_DATA / "criteria", description="folder of criteria sets")
    profile: Path | None = Field(None, description="the organisation's profile, a TOML file")
    whisper: str = Field(
        "base", description="`base`, `tiny.en`, a folder, or a hub name where hub is true"
    )
    compute_type: Literal["int8", "int8_float32", "float32"] = Field(
        "int8", description="precision of recognition"
    )
    threads: int = Field(0, ge=0, description="threads of recognition; 0: as many as there are")
    batch_size: int = Field(6, ge=1, description="stretches of speech a thread recognises at once")
    hub: bool = Field(False, description="whether weights may come from the Hugging Face hub")
    customer_emotion: bool = Field(
        True, description="signs from the customer's voice; for the agent there are none, ever"
    )

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
            remedy="See docs/reference.md for each setting and its values.",
        ) from error
