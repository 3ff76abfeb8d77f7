"""What the environment says, read once at start; every complaint is told at once."""

from __future__ import annotations

import secrets
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class SettingsWrong(Exception):
    """The environment cannot be worked with; the text lists every variable, what is wrong, and how to mend it."""


class Settings(BaseSettings):
    """Each field is the environment variable `PARLEY_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", extra="ignore", frozen=True)

    database_url: str = "sqlite:///parley.sqlite3"
    public_url: str = "http://localhost:8000"
    secret_key: str = ""
    smtp_url: str = ""
    mail_from: str = "meetings@localhost"
    record_url: str = ""
    nats_url: str = ""
    files_url: str = "file:///files"
    persisted_only: bool = False
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    log_level: str = "INFO"
    worker_in_process: bool = False
    mail_sink: bool = False
    demo: bool = False
    metrics_token: str = ""
    database_pool: int = Field(default=5, ge=1, le=100)
    migrate_on_start: bool = False
    limit_body_bytes: int = Field(default=256 * 1024, ge=1024)
    limit_request_seconds: float = Field(default=15.0, gt=0)
    limit_tokens: int = Field(default=2000, ge=10)
    limit_depth: int = Field(default=12, ge=2)
    limit_aliases: int = Field(default=60, ge=1)
    limit_cost: int = Field(default=20_000, ge=10)
    limit_visitor_requests: str = "300/minute"
    limit_token_requests: str = "3000/minute"
    limit_sign_in: str = "10/minute"
    limit_booking: str = "30/minute"

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("must be the address people use, such as https://meet.example.com")
        return value.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("must begin with sqlite:/// (a file) or postgresql:// (a server)")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and not value.startswith(("smtp://", "smtps://")):
            raise ValueError("must look like smtp://user:password@mail.example.com:587?starttls=1")
        return value

    @field_validator("record_url")
    @classmethod
    def _record_template(cls, value: str) -> str:
        if value and "{id}" not in value:
            raise ValueError("must contain {id}, such as https://crm.example.com/contacts/{id}")
        return value

    def address(self, path: str) -> str:
        """The public address of a path that begins with a slash."""
        return f"{self.public_url}{path}"


_in_use: list[Settings] = []


def current() -> Settings:
    """The settings of this process, read when first asked for. `SettingsWrong` lists every complaint at once."""
    if not _in_use:
        _in_use.append(read())
    return _in_use[0]


def read(**given: object) -> Settings:
    """Settings from the environment, `given` before it. Outside the demo a secret key is required."""
    try:
        settings = Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values, and says more than mypy could
    except ValidationError as error:
        raise SettingsWrong("\n".join(_complaint(one["loc"], one["msg"]) for one in error.errors())) from error
    if not settings.demo and len(settings.secret_key) < 32:
        raise SettingsWrong(
            f"PARLEY_SECRET_KEY: needs 32 characters or more; this one was made for you just now: {secrets.token_hex(32)}"
        )
    return settings


def use(settings: Settings) -> None:
    """The process lives with these settings from here on (demo, tests)."""
    _in_use[:] = [settings]


def _complaint(location: tuple[int | str, ...], message: str) -> str:
    return f"PARLEY_{'_'.join(str(part) for part in location).upper()}: {message.removeprefix('Value error, ')}"
