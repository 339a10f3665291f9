"""All settings: one flat, typed object from ``TEMSIQA_…`` variables, a ``temsiqa.toml`` here, or defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from temsiqa.documents.worker import Limits
from temsiqa.errors import SettingsError
from temsiqa.index.encode import DEFAULT_ENCODER

SETTINGS_FILE = "temsiqa.toml"
DEFAULT_GLOSSARY = Path(__file__).parent / "retrieval" / "glossary.yaml"


class Settings(BaseSettings):
    """Where things are and how to serve them. Relative paths start at the working directory."""

    model_config = SettingsConfigDict(env_prefix="TEMSIQA_", toml_file=SETTINGS_FILE, extra="forbid", frozen=True)

    corpus: Path = Path("corpus")
    index: Path = Path("indexes")
    web: Path = Path("web")
    glossary: Path = DEFAULT_GLOSSARY
    policy: Path | None = None
    encoder: str = DEFAULT_ENCODER
    retractions: Path | None = None
    include_retracted: bool = False
    cross_encoder: bool = True
    read_seconds: float = Field(default=60, gt=0)
    read_megabytes: int = Field(default=1024, ge=256)
    host: str = Field(default="127.0.0.1", min_length=1)  # an empty one would listen to the whole network
    port: int = Field(default=8000, ge=0, le=65535)

    @property
    def limits(self) -> Limits:
        """What reading one file may cost."""
        return Limits(self.read_seconds, self.read_megabytes << 20)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Options given in code win over the environment, and that over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings(**given: object) -> Settings:
    """The settings, with those of ``given`` that are not None on top. Raises ``SettingsError``."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"setting {name!r}: {first['msg']}; see TEMSIQA_{name.upper()} and {SETTINGS_FILE}"
        ) from error
    except ValueError as error:
        raise SettingsError(f"{SETTINGS_FILE}: no valid TOML ({error}); mend the file") from error
    except OSError as error:
        raise SettingsError(f"{SETTINGS_FILE}: cannot be read ({error.strerror}); mend its permissions") from error
