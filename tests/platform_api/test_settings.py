"""Settings come from variables named SECTION_NAME and refuse what must not run."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from platform_api.core.settings import Settings


def test_variables_reach_their_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "7")
    monkeypatch.setenv("UPLOADS_MAX_UNPACKED_BYTES", "99")
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9")
    monkeypatch.setenv("AUDIO_LIBRARY_DIR", "/music")
    monkeypatch.setenv("REDIS_PORT", "1")  # the stack's, not ours
    settings = Settings()
    assert settings.database.pool_size == 7
    assert settings.uploads.max_unpacked_bytes == 99
    assert settings.firebase.auth_emulator_host == "127.0.0.1:9"
    assert settings.audio.library_dir == Path("/music")


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "")
    assert Settings().firebase.auth_emulator_host is None


def test_production_refuses_development_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIREBASE_AUTH_EMULATOR_HOST", raising=False)
    monkeypatch.delenv("APP_SECRET_KEY", raising=False)
    monkeypatch.setenv("APP_ENVIRONMENT", "production")
    with pytest.raises(ValidationError, match="APP_SECRET_KEY"):
        Settings()
    monkeypatch.setenv("APP_SECRET_KEY", "a long random value of this installation")
    assert Settings().app.environment == "production"
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:9099")
    with pytest.raises(ValidationError, match="FIREBASE_AUTH_EMULATOR_HOST"):
        Settings()


def test_secrets_do_not_show() -> None:
    settings = Settings.model_validate(
        {"app": {"secret_key": "hush-1"}, "database": {"url": "postgresql://u:hush-2@h/d"}, "redis": {"url": "hush-3"}}
    )
    assert "hush" not in repr(settings)
    assert "hush" not in settings.model_dump_json()
