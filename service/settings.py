"""The settings of one running service: read once, from the environment, and refused by name when they are wrong."""

import re
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Every setting is an environment variable with the prefix SAID_, for instance SAID_DATABASE_URL.

    A secret may also be given as a file: SAID_DATABASE_URL_FILE names a file that holds it.
    """

    model_config = SettingsConfigDict(env_prefix="SAID_", extra="ignore", env_ignore_empty=True)

    mode: Literal["development", "production", "test"] = "development"
    var: Path = ROOT / "var"
    database_url: SecretStr | None = None
    database_url_file: Path | None = None
    smtp_url: SecretStr | None = None
    smtp_url_file: Path | None = None
    mail_from: str = ""
    notify_key: SecretStr | None = None
    notify_key_file: Path | None = None
    notify_template: str = ""
    notify_url: str = "https://api.notifications.service.gov.uk"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_client_secret_file: Path | None = None
    oidc_name: str = ""
    oidc_domains: str = ""
    oidc_collaborations: str = ""
    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: str = ""
    security_contact: str | None = None
    metrics_token: SecretStr | None = None
    metrics_token_file: Path | None = None
    key_requests: int = Field(default=6_000, ge=1)
    key_rows: int = Field(default=3_000_000, ge=1)
    log: Literal["json", "plain"] = "plain"
    now: datetime | None = None
    webhook_loopback: bool = False

    @model_validator(mode="after")
    def _settled(self) -> Self:
        if self.now is not None and self.mode != "test":
            raise ValueError("SAID_NOW is honoured in test mode only: remove it, or set SAID_MODE=test")
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError("SAID_NOW needs a time zone, for instance 2026-11-22T09:00:00Z")
        if self.webhook_loopback and self.mode != "test":
            raise ValueError("SAID_WEBHOOK_LOOPBACK is honoured in test mode only: webhooks are never told inside the house")
        if not self.public_url:
            self.public_url = f"http://{'127.0.0.1' if self.host == '0.0.0.0' else self.host}:{self.port}"  # noqa: S104 (compared, not bound)
        if self.mode == "production" and not self.public_url.startswith("https://"):
            raise ValueError("SAID_PUBLIC_URL must begin with https:// in production")
        for name in ("database_url", "smtp_url", "oidc_client_secret", "notify_key", "metrics_token"):
            file: Path | None = getattr(self, f"{name}_file")
            if file is not None:
                try:
                    setattr(self, name, SecretStr(file.read_text().strip()))
                except OSError:
                    raise ValueError(f"SAID_{name.upper()}_FILE names {file}, which cannot be read") from None
        self._mail_settled()
        self._texts_settled()
        self._login_settled()
        if not self.database.startswith(("sqlite:///", "postgresql://", "postgres://")):
            raise ValueError("SAID_DATABASE_URL must begin with sqlite:/// or postgresql://")
        self.public_url = self.public_url.rstrip("/")
        return self

    def _mail_settled(self) -> None:
        if self.smtp_url is None:
            return
        if not re.fullmatch(r"smtps?://([^@/\s]+@)?(\[[0-9a-f:]+\]|[\w.-]+)(:\d{1,5})?/?", self.smtp_url.get_secret_value()):
            raise ValueError("SAID_SMTP_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465")
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", self.mail_from):
            raise ValueError("SAID_MAIL_FROM must be the address from which mail comes, for instance said@example.org")

    def _texts_settled(self) -> None:
        if self.notify_key is None:
            return
        ids = rf"{UUID}-{UUID}"
        if not re.fullmatch(rf"(.+-)?{ids}", self.notify_key.get_secret_value()):
            raise ValueError("SAID_NOTIFY_KEY must be an API key of GOV.UK Notify: its name, the service's id and the secret, with hyphens")
        if not re.fullmatch(UUID, self.notify_template):
            raise ValueError("SAID_NOTIFY_TEMPLATE must be the id of a text message template with the one placeholder ((message))")
        if not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d{1,5})?", self.notify_url):
            raise ValueError("SAID_NOTIFY_URL must begin with https://")

    def _login_settled(self) -> None:
        if not self.oidc_issuer:
            return
        if not re.fullmatch(r"https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d{1,5})?(/[^\s?#]*)?", self.oidc_issuer):
            raise ValueError("SAID_OIDC_ISSUER must begin with https:// and have no ? or #, as the provider itself writes it")
        for name in ("client_id", "name", "domains"):
            if not getattr(self, f"oidc_{name}").strip():
                raise ValueError(f"SAID_OIDC_{name.upper()} is needed where SAID_OIDC_ISSUER is set")
        for domain in listed(self.oidc_domains):
            if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain):
                raise ValueError("SAID_OIDC_DOMAINS lists what stands behind the @, with commas: hillside.gov.uk,hub.example")

    @property
    def sends_mail(self) -> bool:
        """Whether there is a mail server to hand letters to."""
        return self.smtp_url is not None

    @property
    def sends_texts(self) -> bool:
        """Whether GOV.UK Notify brings text messages."""
        return self.notify_key is not None

    @property
    def database(self) -> str:
        """The address of the database: SQLite under `var` unless another is named."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.var.absolute() / 'said.db'}"

    @property
    def over_tls(self) -> bool:
        """Whether people reach the service by https: cookies are then named and marked for it."""
        return self.public_url.startswith("https://")


def listed(text: str) -> frozenset[str]:
    """What a setting lists, with commas between."""
    return frozenset(part.strip().lower() for part in text.split(",") if part.strip())
