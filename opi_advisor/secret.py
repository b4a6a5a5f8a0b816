"""The secret that signs what the page gets: from the settings, else made once and kept in var/secret."""
from __future__ import annotations

import os
import secrets
from pathlib import Path

from opi_advisor.project import VAR
from opi_advisor.settings import MIN_SECRET, Settings, SettingsError

SECRET_FILE = VAR / "secret"


def load_secret(settings: Settings, path: Path = SECRET_FILE) -> str:
    """The secret of the settings, else that in `path`, which is made (readable by its owner only) where it is missing.

    Raises:
        SettingsError: the file can't be made or read, or is too short.
    """
    if settings.secret:
        return settings.secret
    try:
        if not path.exists():
            _make(path)
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"The secret in {path} can't be made or read ({error}): let this user write there, or set "
                            "OPI_ADVISOR_SECRET.")
    if len(secret) < MIN_SECRET:
        raise SettingsError(f"The secret in {path} is too short: delete the file, and a new one is made.")
    return secret


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
        # A link appears whole or not at all, so a process that starts at the same time reads the same secret.
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
