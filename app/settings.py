"""The limits and switches of the application, read once from the environment (`docs/settings.md` lists them)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "CONVOSCOPE_"

_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}


class SettingsError(ValueError):
    """A variable of the environment that cannot be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Each field is read from `CONVOSCOPE_` and its name in capitals."""

    base_url: str = ""
    cache_bytes: int = 64 * 1024 * 1024
    body_limit: int = 1024 * 1024
    query_limit: int = 32 * 1024
    offline_figures: int = 500
    offline_bytes: int = 8 * 1024 * 1024
    threads: int = 2
    processes: int = 1
    queue: int = 256
    heavy_seconds: int = 10
    drain_seconds: int = 0
    shutdown_seconds: int = 30
    log: str = field(default="", metadata={"choices": ("json", "logfmt")})
    log_addresses: bool = False
    metrics: bool = False
    exports: int = 2
    export_frames: int = 600
    export_pixels: int = 4096 * 2304
    export_bytes: int = 256 * 1024 * 1024
    export_seconds: int = 120
    brotli_quality: int = 9
    reload: bool = False
    strict_strings: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read what is set; the defaults stand for the rest.

        >>> Settings.from_environment({"CONVOSCOPE_THREADS": "4"}).threads
        4
        """
        source = os.environ if environment is None else environment
        given: dict[str, Any] = {}
        for one in fields(cls):
            name = variable(one.name)
            if name in source:
                choices = one.metadata.get("choices", ())
                given[one.name] = _read(name, source[name].strip(), type(one.default), choices)
        return cls(**given)


def variable(field: str) -> str:
    """The environment's name of a setting.

    >>> variable("body_limit")
    'CONVOSCOPE_BODY_LIMIT'
    """
    return PREFIX + field.upper()


def _read(name: str, text: str, kind: type, choices: tuple[str, ...] = ()) -> str | int | bool:
    if choices and text not in ("", *choices):
        raise SettingsError(f"{name} is {' or '.join(choices)}, or empty, not {text!r}.")
    if kind is bool:
        if text.lower() not in _SWITCH:
            raise SettingsError(f"{name} is a switch: 1 or 0, not {text!r}.")
        return _SWITCH[text.lower()]
    if kind is int:
        if not (text.isascii() and text.isdigit()):
            raise SettingsError(f"{name} is a whole number from 0 up, not {text!r}.")
        return int(text)
    return text.rstrip("/")
