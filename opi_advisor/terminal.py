"""What all commands share: where they write, how they refuse, and the settings that they need."""
from __future__ import annotations

import os

import typer
from rich.console import Console

from opi_advisor.settings import Settings, SettingsError, read_settings

FAILED, UNUSABLE = 1, 2  # exit codes: something went wrong; it could not even start

messages = Console(stderr=True, highlight=False)
output = Console(highlight=False)


def refuse(message: str, code: int = UNUSABLE) -> typer.Exit:
    """Print `message` as an error; the caller raises what comes back, which ends the command with `code`."""
    messages.print(message, markup=False, style="red", soft_wrap=True)
    return typer.Exit(code)


def usable_settings() -> Settings:
    """The settings of the environment; a value that can't be used ends the command.

    Raises:
        typer.Exit: with the code UNUSABLE.
    """
    try:
        return read_settings(os.environ)
    except SettingsError as error:
        raise refuse(str(error))
