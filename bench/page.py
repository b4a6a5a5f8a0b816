"""Measure the page: the size of its bundle, what a first visit loads, and how soon it can be used on a slow computer.

    uv run python bench/page.py

Starts an advisor of its own. Each visit is a browser with an empty cache whose processor is slowed down 4 times; medians of
five. The same is measured in turn for a page of one line of text from the same server, so that the machine's own share shows.
"""
import gzip
import statistics
import tempfile
from pathlib import Path
from typing import Dict, List

from playwright.sync_api import Browser, sync_playwright

from opi_advisor.project import STATIC
from tests.browser.chromium import launch_chromium
from tests.conftest import Server

ROUNDS = 5
SLOWDOWN = 4
PAGES = {"page": "/?lang=da", "line": "/version"}  # /version is Rasa's own and says its version
OBSERVE = """
window.measured = { painted: 0, busyUntil: 0, usable: 0 };
const observe = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
observe("largest-contentful-paint", (entry) => { measured.painted = entry.startTime; });
observe("longtask", (entry) => { measured.busyUntil = entry.startTime + entry.duration; });
const inside = (root, name) => root?.querySelector(name)?.shadowRoot;
const look = () => {
  const chat = inside(inside(document, "opi-page"), "opi-chat");
  const isWhole = inside(chat, "opi-composer")?.querySelector("textarea") && chat.querySelector(".examples");
  const isPlain = document.readyState === "complete" && !document.querySelector("opi-page");
  if (isWhole || isPlain) measured.usable = performance.now();
  else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""
SETTLE_MILLISECONDS = 1_000  # after which no further paint or long task of the start is to be expected


def visit(browser: Browser, address: str) -> Dict[str, float]:
    """One first visit: milliseconds until painted and until usable, number of requests, bytes over the wire."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWDOWN})
    sizes: List[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_function("measured.usable > 0")
    page.wait_for_timeout(SETTLE_MILLISECONDS)
    measured = page.evaluate("measured")
    context.close()
    return {"painted": measured["painted"], "usable": max(measured["usable"], measured["busyUntil"]),
            "requests": len(sizes), "bytes": sum(sizes)}


def medians(visits: List[Dict[str, float]]) -> Dict[str, float]:
    """The median of each figure."""
    return {name: statistics.median(one[name] for one in visits) for name in visits[0]}


def measure(url: str) -> Dict[str, Dict[str, float]]:
    """Both pages in turn, by their names in PAGES."""
    visits: Dict[str, List[Dict[str, float]]] = {name: [] for name in PAGES}
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        for _ in range(ROUNDS):
            for name, address in PAGES.items():
                visits[name].append(visit(browser, url + address))
        browser.close()
    return {name: medians(found) for name, found in visits.items()}


def report(figures: Dict[str, Dict[str, float]]) -> str:
    """A Markdown table."""
    page, line = figures["page"], figures["line"]
    bundle = (STATIC / "widget.js").read_bytes()

    def against(name: str) -> str:
        return f"{page[name]:.0f} ms / {line[name]:.0f} ms = {page[name] / line[name]:.1f}"

    rows = [
        ("bundle (page and widget), raw / gzip", f"{len(bundle) / 1024:.1f} KB / {len(gzip.compress(bundle)) / 1024:.1f} KB"),
        ("first visit: requests / bytes over the wire", f"{page['requests']:.0f} / {page['bytes'] / 1024:.1f} KB"),
        (f"largest paint, processor slowed down {SLOWDOWN} times, against one line of text", against("painted")),
        (f"ready for a question, processor slowed down {SLOWDOWN} times, against one line of text", against("usable")),
    ]
    return "\n".join(["| figure | measured |", "|---|---|", *(f"| {label} | {value} |" for label, value in rows)])


def main() -> None:
    """Start the advisor, measure, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            server.wait_until_ready()
            print(report(measure(server.url)))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
