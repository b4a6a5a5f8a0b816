"""The log of both processes: Rasa's lines for people, or, with OPI_ADVISOR_LOG=json, one JSON object a line for programs."""
from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import datetime, timezone
from typing import Any, Dict, Optional

import coloredlogs

from opi_advisor.settings import read_settings


class JsonLines(logging.Formatter):
    """A record as {"time", "level", "process", "logger", "event"} and, where something was raised, "error" and "trace".

    Of an error, its type and the places in the code are given and not its text, which may quote what a person wrote.
    """

    def __init__(self, process: str):
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        entry = {"time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
                 "level": record.levelname.lower(), "process": self._process, "logger": record.name, "event": _event(record.getMessage())}
        error = record.exc_info[1] if record.exc_info else None
        return json.dumps({**entry, **_raised(error)}, ensure_ascii=False)


def set_up_log(process: str) -> None:
    """Have everything that this process logs written as the settings say. `process` is its name in the JSON.

    Raises:
        SettingsError: OPI_ADVISOR_LOG has a value that can't be used.
    """
    if read_settings(os.environ).log != "json":
        return
    os.environ["FORCE_JSON_LOGGING"] = "true"  # has Rasa's structlog write JSON on a terminal, too
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.lastResort = handler  # Sanic's loggers pass nothing on, and have no handler of their own
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(_is_no_deprecation)
    sys.excepthook = _log_what_ends_us
    coloredlogs.install = _keep_the_handlers  # Rasa calls it, and it would put lines for people in the place of ours


def _event(message: str) -> str:
    """What a record says; structlog, which parts of Rasa log by, has it in a JSON object."""
    try:
        return str(json.loads(message)["event"]) if message.startswith("{") else message
    except (ValueError, LookupError):
        return message


def _raised(error: Optional[BaseException]) -> Dict[str, Any]:
    if error is None:
        return {}
    frames = traceback.extract_tb(error.__traceback__)
    return {"error": type(error).__name__, "trace": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]}


def _is_no_deprecation(record: logging.LogRecord) -> bool:
    return "DeprecationWarning" not in record.getMessage()  # of libraries, for their developers


def _log_what_ends_us(kind: type, error: BaseException, trace: Any) -> None:
    logging.getLogger(__name__).critical("The process ends", exc_info=(kind, error, trace))


def _keep_the_handlers(*_: Any, **__: Any) -> None:
    """In the place of coloredlogs.install."""
