"""How this installation runs: read once from a TOML file and the environment, every error told at once.

Environment wins over the file. Names are `PARKING_` and the field's name; thresholds nest with two underscores
(`PARKING_THRESHOLDS__SIGNS__FULL_ENTER_BAYS=3`). Secrets come from files, never from the command line.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from parking.address import parse_address
from parking.domain.errors import BadSettings
from parking.domain.settings import Settings
from parking.domain.thresholds import crossings

CONFIG_VARIABLE: Final = "PARKING_CONFIG"
DEFAULT_FILE: Final = "parking.toml"

Role = Literal["collect", "decide", "web"]
ROLES: Final[tuple[Role, ...]] = ("collect", "decide", "web")

OTHERS: Final = {
    CONFIG_VARIABLE,
    *("PARKING_CACHE", "PARKING_SHARED", "PARKING_REQUIRE_ALL"),
    *("PARKING_DATABASE_URL_FILE", "PARKING_BROKER_URL_FILE", "PARKING_PUBLISH", "PARKING_PUBLISH_MQTT"),
}
"""Names of the environment that other parts read: the launcher, the tests, the image's start script."""


class ServiceSettings(BaseSettings):
    """Everything an administrator may set."""

    model_config = SettingsConfigDict(
        env_prefix="PARKING_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    town: str = Field("fengjie", description="A shipped town's name, or a folder with town files")
    data: Path = Field(Path("var"), description="Folder of the embedded database and broker")
    database_url: SecretStr | None = Field(None, description="PostgreSQL 15 or newer; empty: embedded")
    broker_url: SecretStr | None = Field(None, description="MQTT broker, mqtt://user:password@host:port; empty: own")
    host: str = Field("127.0.0.1", description="Address the page and API listen on")
    port: int = Field(8080, ge=0, le=65535, description="Port of the page and API; 0 picks a free one")
    run: str = Field("live", pattern=r"^[a-z][a-z0-9_]{0,30}$", description="Run id; every run has its own schema")
    topic_root: str = Field("parking/v1", pattern=r"^[^#+\s]+$", description="MQTT topics begin with this")
    roles: Annotated[tuple[Role, ...], NoDecode] = Field(ROLES, description="What this process does")
    webhook_url: str | None = Field(None, pattern=r"^https?://", description="Where alerts and cases are posted")
    webhook_secret_file: Path | None = Field(None, description="File with the secret that signs webhook posts")
    retention_days: int = Field(400, ge=365, description="Readings are kept this long; the rule asks for a year")
    log_format: Literal["console", "json"] = "console"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    thresholds: Settings = Field(default_factory=Settings, description="Thresholds of every decision")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, then environment, then the TOML file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=_file())

    @field_validator("roles", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value

    @field_validator("thresholds")
    @classmethod
    def _apart(cls, value: Settings) -> Settings:
        if problems := crossings(value):
            raise ValueError("; ".join(problems))
        return value

    @field_validator("broker_url")
    @classmethod
    def _broker(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            try:
                parse_address(value.get_secret_value())
            except BadSettings as trouble:
                raise ValueError("; ".join(trouble.problems)) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().startswith(("postgresql://", "postgres://")):
            raise ValueError("write postgresql://user:password@host:port/database")
        return value

    @field_validator("webhook_secret_file")
    @classmethod
    def _secret(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_file():
            raise ValueError(f"{value}: no such file; write the secret there, readable for the service alone")
        return value

    @model_validator(mode="after")
    def _together(self) -> "ServiceSettings":
        problems = []
        if "web" in self.roles and "decide" not in self.roles:
            problems.append("roles: 'web' needs 'decide' in the same process in this version")
        if self.webhook_url and not self.webhook_secret_file:
            problems.append("webhook_url needs webhook_secret_file: posts are always signed")
        if problems:
            raise ValueError("; ".join(problems))
        return self


def read_settings(**overrides: object) -> ServiceSettings:
    """The settings of this process. Raises BadSettings with every problem and its remedy."""
    if strangers := _strangers():
        raise BadSettings(strangers)
    try:
        return ServiceSettings(**_given(overrides))
    except ValidationError as trouble:
        raise BadSettings(tuple(_problem(dict(error)) for error in trouble.errors(include_input=False))) from None
    except (OSError, ValueError) as trouble:
        raise BadSettings((f"{_file()}: {trouble}; mend the file or unset {CONFIG_VARIABLE}",)) from trouble


def _strangers() -> tuple[str, ...]:
    """Names in the environment that look like settings and are none: a slip that would otherwise change nothing."""
    known = {f"PARKING_{name.upper()}" for name in ServiceSettings.model_fields} | OTHERS
    names = (name for name in sorted(os.environ) if name.startswith("PARKING_"))
    return tuple(
        f"{name}: no such setting; correct or unset it (see `parking config schema`)"
        for name in names
        if name not in known and not name.startswith("PARKING_THRESHOLDS__")
    )


def _given(overrides: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in overrides.items() if value is not None}


def _file() -> Path:
    named = os.environ.get(CONFIG_VARIABLE)
    if named and not Path(named).is_file():
        raise BadSettings((f"{CONFIG_VARIABLE}={named}: no such file; correct the path or unset it",))
    return Path(named or DEFAULT_FILE)


def _problem(error: dict[str, Any]) -> str:
    place = ".".join(str(part) for part in error["loc"]) or "settings"
    return f"{place}: {error['msg']} (see `parking config schema`)"
