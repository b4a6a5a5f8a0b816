"""The browser of the tests: Chromium of the system, else the one that Playwright brings."""
import shutil
from pathlib import Path
from typing import Optional

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO_GET_ONE = ("No Chromium was found. Install the one of your system (Debian: `apt-get install chromium`) or Playwright's own: "
                  "`uv run playwright install --with-deps chromium`.")


class BrowserMissing(Exception):
    """There is no Chromium on this machine; the message tells how to get one."""


def launch_chromium(playwright: Playwright) -> Browser:
    """Start Chromium without a window.

    Raises:
        BrowserMissing: there is none.
    """
    of_the_system = find_in_path()
    if of_the_system is None and not Path(playwright.chromium.executable_path).is_file():
        raise BrowserMissing(HOW_TO_GET_ONE)
    return playwright.chromium.launch(executable_path=of_the_system)


def find_in_path() -> Optional[str]:
    """The system's Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
