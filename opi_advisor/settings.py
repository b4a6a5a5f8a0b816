"""What is set by environment variables: read in one place, checked, and refused in one clear sentence. See docs/settings.md."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, List, Mapping, Optional
from urllib.parse import urlsplit

from opi_advisor.project import ROOT, VAR

MIN_SECRET = 32  # characters
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")
_FRAME_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"?#]+", re.IGNORECASE)
_CONTACT = re.compile(r"mailto:[^\s@<>\"]+@[^\s@<>\"]+|https://[^\s<>\"/]+[^\s<>\"]*")


class SettingsError(Exception):
    """An environment variable has a value that can't be used; the message names it and says what to write."""


@dataclass(frozen=True)
class Settings:
    """All settings, checked."""

    origins: FrozenSet[str]  # other sites that may embed the widget, as normal_origin writes them
    frame_ancestors: str  # sites that may show the page in a frame, as the content security policy writes them
    contact: Optional[str]  # mailto: or https: address of a person who can help
    secret: Optional[str]  # what signs ids; None: the one in var/secret
    database: Path  # conversations and feedback
    url: Optional[str]  # where people open the advisor, for links in texts; without a slash at its end


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the settings from `environment`; a variable that is empty counts as not set.

    Raises:
        SettingsError: a value can't be used.
    """
    return Settings(
        origins=frozenset(_origin(item) for item in _items(environment, "OPI_ADVISOR_ORIGINS")),
        frame_ancestors=_frame_ancestors(_items(environment, "OPI_ADVISOR_FRAME_ANCESTORS")),
        contact=_contact(environment.get("OPI_ADVISOR_CONTACT")),
        secret=_secret(environment.get("OPI_ADVISOR_SECRET")),
        database=_database(environment.get("OPI_ADVISOR_DATABASE")),
        url=_url(environment.get("OPI_ADVISOR_URL")),
    )


def normal_origin(text: str) -> Optional[str]:
    """An origin in one spelling (small letters, no default port); None where `text` is no origin, such as "null"."""
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        return None
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host) or text.lower() != f"{parts.scheme}://{parts.netloc}":
        return None
    return f"{parts.scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}")


def _items(environment: Mapping[str, str], name: str) -> List[str]:
    return [item for item in re.split(r"[\s,]+", environment.get(name, "")) if item]


def _origin(item: str) -> str:
    origin = normal_origin(item)
    if origin is None:
        raise SettingsError(f"OPI_ADVISOR_ORIGINS has {item!r}, which is no origin: write scheme and host and no path, such as "
                            "https://intranet.example, with commas between several; * is not allowed.")
    return origin


def _frame_ancestors(items: List[str]) -> str:
    for item in items:
        if item not in ("'self'", "'none'") and not _FRAME_ORIGIN.fullmatch(item):
            raise SettingsError(f"OPI_ADVISOR_FRAME_ANCESTORS has {item!r}: write 'self', 'none' (both with their quotes) or origins "
                                "such as https://intranet.example.")
    if "'none'" in items and len(items) > 1:
        raise SettingsError("OPI_ADVISOR_FRAME_ANCESTORS has 'none' beside others: let 'none' stand alone, or remove it.")
    return " ".join(items) or "'self'"


def _contact(value: Optional[str]) -> Optional[str]:
    if value and not _CONTACT.fullmatch(value):
        raise SettingsError(f"OPI_ADVISOR_CONTACT is {value!r}: write an address that begins with mailto: or https://, such as "
                            "mailto:opi@example.org.")
    return value or None


def _secret(value: Optional[str]) -> Optional[str]:
    if value and len(value) < MIN_SECRET:
        raise SettingsError(f"OPI_ADVISOR_SECRET is too short: write at least {MIN_SECRET} random characters, or leave it out.")
    return value or None


def _url(value: Optional[str]) -> Optional[str]:
    if value and not _URL.fullmatch(value):
        raise SettingsError(f"OPI_ADVISOR_URL is {value!r}: write where people open the advisor, such as https://intranet.example/opi-advisor.")
    return value.rstrip("/") if value else None


def _database(value: Optional[str]) -> Path:
    path = ROOT / value if value else VAR / "conversations.db"
    if path.is_dir() or (value and not path.parent.is_dir()):
        raise SettingsError(f"OPI_ADVISOR_DATABASE is {value!r}: write the path of a file in a folder that exists.")
    return path
