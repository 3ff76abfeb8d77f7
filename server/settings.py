"""What the environment says, read once at start; every complaint is told at once."""

from __future__ import annotations

import secrets
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import unquote, urlsplit

import limits
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

SECRET_LENGTH = 32
TOKEN_LENGTH = 24
KEPT_FILE_TYPES = (
    "image/*",
    "audio/*",
    "video/*",
    "text/*",
    "application/pdf",
    "application/json",
    "application/zip",
    "application/rtf",
    "application/msword",
    "application/vnd.*",
)
"""What meetings have as attachments, unless somebody says otherwise."""


def database_folder(database_url: str) -> Path:
    """The folder in which a SQLite database lies; for any other the one in which this process was started."""
    if database_url.startswith("sqlite:///"):
        return Path(unquote(database_url.removeprefix("sqlite:///"))).resolve().parent
    return Path.cwd()


class SettingsWrong(Exception):
    """The environment cannot be worked with; the text lists every variable, what is wrong, and how to mend it."""


class Settings(BaseSettings):
    """Each field is the environment variable `PARLEY_<NAME>`; `docs/operating/settings.md` tells what each is for."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", extra="ignore", frozen=True, validate_default=True)

    demo: bool = False
    database_url: str = Field(default="sqlite:///parley.sqlite3", repr=False)
    database_pool: int = Field(default=5, ge=1, le=100)
    migrate_on_start: bool = False
    public_url: str = "http://localhost:8000"
    secret_key: str = Field(default="", repr=False)
    allowed_origins: Annotated[tuple[str, ...], NoDecode] = ()
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ("127.0.0.1", "::1")
    smtp_url: str = Field(default="", repr=False)
    mail_from: str = "meetings@localhost"
    mail_sink: bool = False
    mail_templates_dir: str = ""
    inbound_mail_token: str = Field(default="", repr=False)
    graphiql: bool = False
    record_url: str = ""
    apns_key_id: str = ""
    apns_team_id: str = ""
    apns_topic: str = ""
    apns_key: str = Field(default="", repr=False)
    apns_url: str = "https://api.push.apple.com"
    fcm_credentials: str = Field(default="", repr=False)
    fcm_url: str = "https://fcm.googleapis.com"
    web_push_contact: str = ""
    web_push_key: str = Field(default="", repr=False)
    stripe_secret_key: SecretStr = SecretStr("")
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_url: str = "https://api.stripe.com"
    private_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    nats_url: str = Field(default="", repr=False)
    files_url: str = Field(default="", repr=False)
    file_types: Annotated[tuple[str, ...], NoDecode] = KEPT_FILE_TYPES
    persisted_only: bool = False
    worker_in_process: bool | None = None
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["AUTO", "JSON", "TEXT"] = "AUTO"
    metrics_token: str = Field(default="", repr=False)
    limit_body_bytes: int = Field(default=256 * 1024, ge=1024)
    limit_request_seconds: float = Field(default=15.0, gt=0)
    limit_tokens: int = Field(default=2000, ge=10)
    limit_depth: int = Field(default=12, ge=2)
    limit_aliases: int = Field(default=60, ge=1)
    limit_cost: int = Field(default=20_000, ge=10)
    limit_file_bytes: int = Field(default=25 * 1024 * 1024, ge=1024)
    limit_account_files_bytes: int = Field(default=10 * 1024 * 1024 * 1024, ge=1024)
    limit_query_seconds: float = Field(default=5.0, gt=0)
    limit_visitor_requests: str = "300/minute"
    limit_token_requests: str = "3000/minute"
    limit_sign_in: str = "10/minute"
    limit_booking: str = "30/minute"
    limit_form_seconds: int = Field(default=2, ge=0)
    limit_calendar_silence_hours: int = Field(default=24, ge=1)

    @field_validator("allowed_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _whole_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            parts = urlsplit(origin)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
                raise ValueError(f"{origin} is no origin; list them like https://app.example.com,https://example.com")
        return value

    @field_validator("private_hosts", mode="before")
    @classmethod
    def _split_hosts(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().lower() for part in value.split(",") if part.strip())
        return value

    @field_validator("files_url")
    @classmethod
    def _known_files(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return (database_folder(info.data.get("database_url", "")) / "files").as_uri()
        parts = urlsplit(value)
        is_known = (parts.scheme == "file" and parts.path) or (parts.scheme == "s3" and parts.netloc)
        if not is_known:
            raise ValueError("must be file:///path/of/a/folder or s3://bucket/folder")
        return value

    @field_validator("file_types", mode="before")
    @classmethod
    def _split_types(cls, value: object) -> object:
        return (
            tuple(part.strip().lower() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("web_push_contact")
    @classmethod
    def _contact(cls, value: str) -> str:
        if value and not value.startswith(("mailto:", "https://")):
            raise ValueError(
                "must be an address to reach you at: mailto:you@example.com or https://example.com/contact"
            )
        return value

    @field_validator("apns_url", "fcm_url")
    @classmethod
    def _encrypted_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme != "https" or not parts.netloc:
            raise ValueError("must begin with https:// and a host")
        return value.rstrip("/")

    @field_validator("stripe_webhook_secret")
    @classmethod
    def _notices_can_be_told_apart(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(value.get_secret_value()) != bool(info.data["stripe_secret_key"].get_secret_value()):
            raise ValueError("belongs with PARLEY_STRIPE_SECRET_KEY: without its notices no payment becomes a meeting")
        return value

    @field_validator("stripe_url")
    @classmethod
    def _encrypted_or_here(cls, value: str) -> str:
        parts = urlsplit(value)
        is_here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
        if not parts.netloc or not (parts.scheme == "https" or is_here):
            raise ValueError("must begin with https:// and a host")
        return value.rstrip("/")

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_proxies(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for one in value:
            try:
                ip_network(one)
            except ValueError as error:
                raise ValueError(f"{one} is no address or network; list them like 10.0.0.5,172.16.0.0/12") from error
        return value

    @field_validator("inbound_mail_token")
    @classmethod
    def _long_token(cls, value: str) -> str:
        if value and len(value) < TOKEN_LENGTH:
            made = secrets.token_urlsafe(24)
            raise ValueError(f"needs {TOKEN_LENGTH} characters or more; this one was made for you just now: {made}")
        return value

    @field_validator("public_url")
    @classmethod
    def _absolute_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("must be the address people use, such as https://meet.example.com")
        return value.rstrip("/")

    @field_validator("secret_key")
    @classmethod
    def _long_secret(cls, value: str, info: ValidationInfo) -> str:
        if len(value) < SECRET_LENGTH and not info.data.get("demo"):
            made = secrets.token_hex(32)
            raise ValueError(f"needs {SECRET_LENGTH} characters or more; this one was made for you just now: {made}")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("must begin with sqlite:/// (a file) or postgresql:// (a server)")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _known_mail(cls, value: str) -> str:
        if value and (not value.startswith(("smtp://", "smtps://")) or not urlsplit(value).hostname):
            raise ValueError("must look like smtp://user:password@mail.example.com:587?starttls=1")
        return value

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str) -> str:
        if value.count("@") != 1 or any(mark.isspace() or mark in "<>,;" for mark in value):
            raise ValueError("must be an address alone, such as meetings@example.com; the name comes from the account")
        return value

    @field_validator("record_url")
    @classmethod
    def _record_template(cls, value: str) -> str:
        if value and "{id}" not in value:
            raise ValueError("must contain {id}, such as https://crm.example.com/contacts/{id}")
        return value

    @field_validator("log_level", "log_format", mode="before")
    @classmethod
    def _upper_case(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("limit_visitor_requests", "limit_token_requests", "limit_sign_in", "limit_booking")
    @classmethod
    def _rate(cls, value: str) -> str:
        try:
            limits.parse(value)
        except ValueError as error:
            raise ValueError("must be a number and a time, such as 300/minute") from error
        return value

    @property
    def runs_worker(self) -> bool:
        """Whether `parley serve` makes the deliveries too. Unless said otherwise it does on SQLite, where one process
        is all there is, and not on PostgreSQL, where `parley worker` does."""
        return self.database_url.startswith("sqlite:") if self.worker_in_process is None else self.worker_in_process

    @property
    def sub_path(self) -> str:
        """The path below which people reach this server, such as `/meetings`; empty unless the public address has
        one."""
        return urlsplit(self.public_url).path

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
        return Settings(**given)  # type: ignore[arg-type]  # pydantic checks the values, and says more than mypy could
    except ValidationError as error:
        raise SettingsWrong("\n".join(_complaint(one["loc"], one["msg"]) for one in error.errors())) from error


def use(settings: Settings) -> None:
    """The process lives with these settings from here on (demo, tests)."""
    _in_use[:] = [settings]


def _complaint(location: tuple[int | str, ...], message: str) -> str:
    return f"PARLEY_{'_'.join(str(part) for part in location).upper()}: {message.removeprefix('Value error, ')}"
