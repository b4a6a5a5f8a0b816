"""Make docs/images/chat.svg: a short conversation with a running advisor, as a picture of the terminal.

    uv run python docs/images/make_chat.py      (while `opi-advisor serve` runs)
"""
import io
import uuid
from pathlib import Path

from rich.console import Console
from rich.markdown import Markdown

from opi_advisor.client import AdvisorClient

QUESTIONS = ("Why is the municipality so afraid of risk?", "og virksomheden?")
# rich's own frame without the web font that it would fetch from outside
FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="A short conversation">
<style>{styles} .{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px; line-height: {line_height}px }}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/></clipPath>{lines}</defs>
{chrome}<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>"""


def main() -> None:
    """Ask the questions and write the picture."""
    client, sender = AdvisorClient("http://127.0.0.1:5005"), uuid.uuid4().hex
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True)
    for question in QUESTIONS:
        console.print(f"[bold cyan]> {question}[/bold cyan]\n")
        console.print(Markdown(client.ask(sender, question).text))
        console.print()
    console.save_svg(str(Path(__file__).with_name("chat.svg")), title="opi-advisor chat", code_format=FRAME)


if __name__ == "__main__":
    main()
