"""Every setting of the API and its worker, read once by `main.py` or `worker.py` and handed on from there.

A variable is `SECTION_NAME`: `DATABASE_POOL_SIZE` is `settings.database.pool_size`. Sections ignore names they do not
know, because the embedded stack keeps its ports beside them (`REDIS_PORT`, `DATABASE_PORT`).
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEFAULT_SECRET_KEY = "a-secret-for-development-only"
SPOTIFY_ACCOUNTS = "https://accounts.spotify.com"
MEBIBYTE = 1024 * 1024


class Section(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class AppSettings(Section):
    environment: Literal["development", "test", "production"] = "development"
    secret_key: SecretStr = SecretStr(DEFAULT_SECRET_KEY)
    public_url: str = "http://127.0.0.1:7700"
    page_url: str = Field(
        default="", description="where the API itself fetches the page's index.html from; empty: public_url"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    demo_file: Path | None = Field(default=None, description="listeners.json of the demo town, for development")
    registration: str = Field(
        default="open", description="who may make an account: open, closed, or e-mail addresses, comma-separated"
    )

    @property
    def takes_new_accounts(self) -> bool:
        return self.registration != "closed"

    @property
    def invited(self) -> set[str]:
        return {name for each in self.registration.split(",") if (name := each.strip().casefold())}

    def may_register(self, email: str | None) -> bool:
        """Whether somebody with this address may make an account."""
        return self.registration == "open" or (email is not None and email.casefold() in self.invited)

    @model_validator(mode="after")
    def refuse_what_names_nobody(self) -> Self:
        is_list = self.registration not in {"open", "closed"}
        if is_list and any("@" not in name for name in self.invited):
            raise ValueError("APP_REGISTRATION is open, closed, or e-mail addresses separated by commas")
        return self


class DatabaseSettings(Section):
    url: SecretStr = SecretStr("postgresql+psycopg://postgres@127.0.0.1:7704/tonearm")
    pool_size: int = Field(default=24, ge=1, description="three for each request worked on at once")


class RedisSettings(Section):
    url: SecretStr = SecretStr("redis://127.0.0.1:7705/0")


class FirebaseSettings(Section):
    project_id: str = "demo-tonearm"
    api_key: str = Field(default="demo-key", description="public by design: the browser signs in with it")
    credentials_file: Path | None = None
    auth_emulator_host: str | None = Field(default=None, description="host:port; tokens are then unsigned")


class InferenceSettings(Section):
    url: str = "http://127.0.0.1:7710"
    management_url: str = "http://127.0.0.1:7711"
    key_file: Path = Path("key_file.json")
    deadline_ms: int = Field(default=800, ge=50)
    manifest: Path = Path("model_store/manifest.json")


class UploadsSettings(Section):
    dir: Path = Path(".tonearm/uploads")
    max_bytes: int = Field(default=1024 * MEBIBYTE, ge=1)
    max_unpacked_bytes: int = Field(default=4096 * MEBIBYTE, ge=1)
    max_entries: int = Field(default=500, ge=1)


class AudioSettings(Section):
    library_dir: Path | None = Field(default=None, description="the listener's own audio files, matched by their tags")


class DeezerSettings(Section):
    previews: bool = Field(default=False, description="hear tracks without a file from Deezer's half minutes")
    url: str = Field(default="https://api.deezer.com", description="another address for tests")


class SpotifySettings(Section):
    """Optional: without a client id everything but the live capture works."""

    client_id: str | None = Field(default=None, description="of an app at developer.spotify.com; no secret is needed")
    token_keys: SecretStr | None = Field(
        default=None, description="Fernet keys, comma-separated, newest first; unset, one is made from APP_SECRET_KEY"
    )
    api_url: str = "https://api.spotify.com"
    accounts_url: str = SPOTIFY_ACCOUNTS
    timeout_s: float = Field(default=10, gt=0)
    look_every_minutes: int = Field(default=25, ge=1, description="50 plays of 30 s are 25 minutes")
    daily_calls: int = Field(default=1000, ge=1, description="all listeners together, in any 24 hours")
    enrichment: bool = Field(default=True, description="covers, durations, dates and credits of tracks")

    @property
    def is_stand_in(self) -> bool:
        """Whether something else than Spotify asks for consent."""
        return self.accounts_url.rstrip("/") != SPOTIFY_ACCOUNTS

    @property
    def pictures_from(self) -> str | None:
        """A server of covers besides Spotify's own."""
        return self.api_url if self.is_stand_in else None


class Settings(BaseSettings):
    """Raises pydantic's ValidationError, naming the variable, when a value cannot be used."""

    model_config = SettingsConfigDict(
        env_nested_delimiter="_", env_nested_max_split=1, env_ignore_empty=True, extra="ignore", frozen=True
    )

    app: AppSettings = AppSettings()
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    firebase: FirebaseSettings = FirebaseSettings()
    inference: InferenceSettings = InferenceSettings()
    uploads: UploadsSettings = UploadsSettings()
    audio: AudioSettings = AudioSettings()
    deezer: DeezerSettings = DeezerSettings()
    spotify: SpotifySettings = SpotifySettings()

    @model_validator(mode="after")
    def refuse_development_secrets_in_production(self) -> Self:
        if self.app.environment == "production":
            if self.app.secret_key.get_secret_value() == DEFAULT_SECRET_KEY:
                raise ValueError("APP_SECRET_KEY is still the development default; set a long random value")
            if self.firebase.auth_emulator_host:
                raise ValueError(
                    "FIREBASE_AUTH_EMULATOR_HOST is set: the emulator's tokens are unsigned and anyone can write one"
                )
        return self

    @model_validator(mode="after")
    def refuse_a_known_key_for_tokens(self) -> Self:
        known = self.app.secret_key.get_secret_value() == DEFAULT_SECRET_KEY
        if self.spotify.client_id and not self.spotify.token_keys and known and self.app.environment != "development":
            raise ValueError(
                "SPOTIFY_CLIENT_ID is set, but tokens would be encrypted with the development default; set"
                " SPOTIFY_TOKEN_KEYS or a long random APP_SECRET_KEY"
            )
        return self
