"""What is set by environment variables: read in one place, checked, and refused in one clear sentence. See docs/settings.md."""
from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import FrozenSet, List, Mapping, Optional, Tuple, Union
from urllib.parse import urlsplit

from limits import RateLimitItem, parse

from opi_advisor.project import ROOT, VAR

MIN_SECRET = 32  # characters
ACTIONS_SECRET = "OPI_ADVISOR_ACTIONS_SECRET"  # no setting: made by `serve` for each run, known to its two processes only
RETENTION_DAYS = 30
MAX_RETENTION_DAYS = 3650
MAX_HOPS = 10
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9.-]+|\[[0-9a-f:.]+\]")
_FRAME_ORIGIN = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:\d+)?", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"?#]+", re.IGNORECASE)
_TOKEN = re.compile(f"[!-~]{{{MIN_SECRET},}}")
_RATE = re.compile(r"[1-9]\d{0,5}/(second|minute|hour)")
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
    database: Union[Path, str]  # conversations and feedback: a SQLite file, or the URL of a PostgreSQL database
    redis: Optional[str]  # URL of the Redis that several servers share; None: this server is the only one
    retention_days: int  # a conversation is deleted this many days after its last message
    token: Optional[str]  # what programs send to the plain REST API; None: only direct calls from this machine get in
    rest: bool  # whether there is a plain REST API
    trusted_hops: int  # how many web servers stand before this one, whose X-Forwarded-For is believed
    rate_conversation: Optional[RateLimitItem]  # messages of one conversation; None: as many as one likes
    rate_address: Optional[RateLimitItem]  # requests of one address; None: as many as one likes
    log: str  # "text" for people or "json" for programs
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
        redis=_redis(environment.get("OPI_ADVISOR_REDIS")),
        retention_days=_retention_days(environment.get("OPI_ADVISOR_RETENTION_DAYS")),
        token=_token(environment.get("OPI_ADVISOR_TOKEN")),
        rest=_switch("OPI_ADVISOR_REST", environment.get("OPI_ADVISOR_REST")),
        trusted_hops=_hops(environment.get("OPI_ADVISOR_TRUSTED_HOPS")),
        rate_conversation=_rate("OPI_ADVISOR_RATE_CONVERSATION", environment.get("OPI_ADVISOR_RATE_CONVERSATION") or "30/minute"),
        rate_address=_rate("OPI_ADVISOR_RATE_ADDRESS", environment.get("OPI_ADVISOR_RATE_ADDRESS") or "600/minute"),
        log=_log(environment.get("OPI_ADVISOR_LOG")),
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


def _database(value: Optional[str]) -> Union[Path, str]:
    if value and "://" in value:
        if not _is_url(value, ("postgresql",)) or not urlsplit(value).path.strip("/"):
            raise SettingsError("OPI_ADVISOR_DATABASE can't be used: write postgresql://user:password@host/database (in user and "
                                "password, % and two digits for each special character), or the path of a file for SQLite.")
        return value
    path = ROOT / value if value else VAR / "conversations.db"
    if path.is_dir() or (value and not path.parent.is_dir()):
        raise SettingsError(f"OPI_ADVISOR_DATABASE is {value!r}: write the path of a file in a folder that exists.")
    return path


def _redis(value: Optional[str]) -> Optional[str]:
    # The message does not quote the value, which may have a password.
    if value and not (_is_url(value, ("redis", "rediss")) and urlsplit(value).hostname
                      and re.fullmatch(r"(/\d*)?", urlsplit(value).path)):
        raise SettingsError("OPI_ADVISOR_REDIS can't be used: write redis://host:port/number or rediss://:password@host:port/number.")
    return value or None


def _retention_days(value: Optional[str]) -> int:
    if value and not (re.fullmatch("[0-9]{1,4}", value) and 1 <= int(value) <= MAX_RETENTION_DAYS):
        raise SettingsError(f"OPI_ADVISOR_RETENTION_DAYS is {value!r}: write a whole number of days from 1 to {MAX_RETENTION_DAYS}.")
    return int(value) if value else RETENTION_DAYS


def _is_url(value: str, schemes: Tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _token(value: Optional[str]) -> Optional[str]:
    if value and not _TOKEN.fullmatch(value):
        raise SettingsError(f"OPI_ADVISOR_TOKEN can't be used: write at least {MIN_SECRET} random letters, digits or signs, no blanks.")
    return value or None


def _switch(name: str, value: Optional[str]) -> bool:
    if value and value not in ("on", "off"):
        raise SettingsError(f"{name} is {value!r}: write on or off.")
    return value != "off"


def _hops(value: Optional[str]) -> int:
    if value and not (re.fullmatch(r"\d{1,2}", value) and int(value) <= MAX_HOPS):
        raise SettingsError(f"OPI_ADVISOR_TRUSTED_HOPS is {value!r}: write how many web servers stand before this one, 0 to {MAX_HOPS}.")
    return int(value or 0)


def _rate(name: str, value: str) -> Optional[RateLimitItem]:
    if value == "off":
        return None
    if not _RATE.fullmatch(value):
        raise SettingsError(f"{name} is {value!r}: write a number, a slash, and second, minute or hour, such as 30/minute, or off.")
    return parse(value)


def _log(value: Optional[str]) -> str:
    if value and value not in ("text", "json"):
        raise SettingsError(f"OPI_ADVISOR_LOG is {value!r}: write text or json.")
    return value or "text"
