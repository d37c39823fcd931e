"""Settings are read from the environment, and each is documented."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, variable

TABLE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_with_its_default_and_nothing_else_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    defaults = {variable(field.name): _shown(field.default) for field in fields(Settings)}
    assert dict(rows) == defaults


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return str(int(default))
    return str(default) or "empty"


def test_what_is_not_set_has_its_default() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"CONVOSCOPE_OTHER": "1", "BODY_LIMIT": "1"}) == Settings()


def test_what_is_set_is_read() -> None:
    environment = {
        "CONVOSCOPE_BODY_LIMIT": " 17 ",
        "CONVOSCOPE_RELOAD": "true",
        "CONVOSCOPE_BASE_URL": "https://convoscope.example/",
        "CONVOSCOPE_LOG": "logfmt",
    }
    settings = Settings.from_environment(environment)
    assert (settings.body_limit, settings.reload, settings.base_url) == (17, True, "https://convoscope.example")
    assert settings.log == "logfmt"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BODY_LIMIT", "1 MB"),
        ("BODY_LIMIT", "-1"),
        ("BODY_LIMIT", ""),
        ("THREADS", "²"),
        ("RELOAD", "perhaps"),
        ("LOG", "xml"),
    ],
)
def test_what_cannot_be_understood_is_named(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"CONVOSCOPE_{name}"):
        Settings.from_environment({f"CONVOSCOPE_{name}": text})
