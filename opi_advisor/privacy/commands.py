"""`opi-advisor privacy`: what a data protection officer needs to answer a person who asks what is stored, or to have it deleted."""
from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import datetime
from typing import Iterator, Optional

import typer
from sqlalchemy.exc import SQLAlchemyError

from opi_advisor.privacy.stored_conversations import StoredConversations, Summary
from opi_advisor.stores import NotRead
from opi_advisor.stores.database import reason
from opi_advisor.terminal import FAILED, messages, output, refuse, usable_settings

privacy = typer.Typer(no_args_is_help=True, help="Show, find and delete stored conversations (for the data protection officer).")

ID = typer.Argument(..., metavar="ID", help="The conversation, as `opi-advisor privacy list` shows it.")


@privacy.command(name="list")
def list_command(
    contains: Optional[str] = typer.Option(None, help="Only those in which the person wrote this; shows these messages."),
    day: Optional[datetime] = typer.Option(None, formats=["%Y-%m-%d"], help="Only those that went on on this day."),
) -> None:
    """List stored conversations, the newest first: id, first and last message, number of messages."""
    with _stored() as stored:
        found = [summary for summary in stored.summaries(contains) if day is None or _was_on(summary, day)]
    for summary in found:
        damaged = f", {summary.damaged} damaged" if summary.damaged else ""
        lines = [f"{summary.id}  {_time(summary.first)} to {_time(summary.last)}  {summary.messages} message(s){damaged}",
                 *(f"    {' '.join(text.split())}" for text in summary.found)]
        output.print("\n".join(lines), markup=False, soft_wrap=True)
    if not found:
        raise refuse("No such conversation is stored.", FAILED)


@privacy.command()
def export(conversation: str = ID) -> None:
    """Print everything that is stored of one conversation, as JSON."""
    with _stored() as stored:
        exported = stored.export(conversation)
    if exported is None:
        raise _not_found(conversation)
    output.print(json.dumps(exported, ensure_ascii=False, indent=2), markup=False, soft_wrap=True)


@privacy.command()
def erase(conversation: str = ID, yes: bool = typer.Option(False, "--yes", help="Delete without asking.")) -> None:
    """Delete everything that is stored of one conversation, for good, also while the advisor runs."""
    with _stored() as stored:
        if not stored.has(conversation):
            raise _not_found(conversation)
        if not yes and not typer.confirm(f"Delete the conversation {conversation} for good?", err=True):
            raise refuse("Nothing was deleted.", FAILED)
        stored.erase(conversation)
    messages.print(f"The conversation {conversation} is deleted. Backups of the database may still have it.", markup=False, soft_wrap=True)


@contextmanager
def _stored() -> Iterator[StoredConversations]:
    """The conversations in the database of the settings."""
    try:
        yield StoredConversations(usable_settings().database)
    except NotRead as error:
        raise refuse(str(error), FAILED)
    except SQLAlchemyError as error:
        raise refuse(f"The database (OPI_ADVISOR_DATABASE) can't be used: {reason(error)}. Mend it, or name another.", FAILED)


def _not_found(conversation: str) -> typer.Exit:
    return refuse(f"No conversation {conversation} is stored. `opi-advisor privacy list` shows those that are.", FAILED)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M")


def _was_on(summary: Summary, day: datetime) -> bool:
    return datetime.fromtimestamp(summary.first).date() <= day.date() <= datetime.fromtimestamp(summary.last).date()
