"""The command `opi-advisor`: run, train, ask, check and evaluate the advisor."""
from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, Iterator, List, Mapping, Optional, Tuple

import typer
from redis import Redis
from redis.exceptions import RedisError
from rich.markdown import Markdown
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from opi_advisor.addresses import is_loopback
from opi_advisor.check import check_project
from opi_advisor.client import AdvisorClient, AdvisorUnreachable, Answer
from opi_advisor.evaluation import evaluate, read_cases
from opi_advisor.feedback import FeedbackStore, summary
from opi_advisor.knowledge import LANGUAGES, PARTIES, Knowledge, default_knowledge
from opi_advisor.model import STAGES, TrainingError, fitting_model, model_problem, train_model
from opi_advisor.nlu.adapter import Adapter, AdapterError
from opi_advisor.nlu.encoder_file import EncoderFileError, encoder_path
from opi_advisor.placements import PlacementsError, read_placements
from opi_advisor.privacy.commands import privacy
from opi_advisor.project import ADAPTER, ROOT
from opi_advisor.scores_text import scores_text
from opi_advisor.secret import load_secret
from opi_advisor.serving import ServingError, Supervisor, children, free_port, port_is_free
from opi_advisor.settings import MIN_SECRET, Settings, SettingsError
from opi_advisor.sheet_html import comparison_html, is_sheet, profile_html
from opi_advisor.stores.database import open_database, reason
from opi_advisor.stores.probe import write_probe
from opi_advisor.terminal import FAILED, messages, output, refuse, usable_settings
from opi_advisor.yaml_source import ContentError

DEFAULT_URL = "http://127.0.0.1:5005"
PROGRESS = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
Language = Enum("Language", {name: name for name in LANGUAGES}, type=str)
Side = Enum("Side", {name: name for name in PARTIES}, type=str)
OUT = typer.Option(..., help="HTML file to write. One that was written so before is replaced; any other is left alone.")
LANG = typer.Option(LANGUAGES[0], help="Language of the sheet.")

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="OPI Advisor: answers, in Danish and English, how private and public partners typically differ "
                       "in OPI projects.")
app.add_typer(privacy, name="privacy")


def main() -> None:
    """Entry point of the command."""
    app()


def _require_parts(adapter: bool = True) -> None:
    """Refuse where a part is missing or broken that every process needs, before any is started."""
    _knowledge()
    try:
        encoder_path()
        if adapter:
            Adapter.load(ADAPTER)
    except (EncoderFileError, AdapterError) as error:
        raise refuse(str(error))


def _knowledge() -> Knowledge:
    try:
        return default_knowledge()
    except ContentError as error:
        raise refuse(f"The knowledge base can't be used:\n{error}")


def _require_secret(settings: Settings) -> None:
    try:
        load_secret(settings)
    except SettingsError as error:
        raise refuse(str(error))


def _require_guarded(settings: Settings, host: str) -> None:
    if settings.rest and not settings.token and not is_loopback(host):
        raise refuse(f"With --host {host} other machines reach the plain REST API, and it has no token: set OPI_ADVISOR_TOKEN to at least "
                      f"{MIN_SECRET} random characters, or switch that API off with OPI_ADVISOR_REST=off (the page works without it).")


def _require_stores(settings: Settings) -> None:
    """Refuse where nothing could be kept, before anything is started."""
    try:
        if isinstance(settings.database, Path):
            settings.database.parent.mkdir(parents=True, exist_ok=True)
        write_probe(open_database(settings.database))
    except (SQLAlchemyError, OSError) as error:
        raise refuse(f"The database (OPI_ADVISOR_DATABASE) can't be written: {reason(error)}. Mend it, or name another.")
    try:
        if settings.redis:
            Redis.from_url(settings.redis, socket_timeout=3, socket_connect_timeout=3).ping()
    except (RedisError, OSError) as error:
        raise refuse(f"Redis (OPI_ADVISOR_REDIS) does not answer: {error}. Start it, or mend the address.")


def _trained_model(no_train: bool, verbose: bool) -> Path:
    model = fitting_model()
    problem = model_problem(model) if model else None
    if problem:
        raise refuse(f"{model.relative_to(ROOT)} {problem}. Run `opi-advisor train --force` to have it trained anew.")
    if model:
        return model
    if no_train:
        raise refuse("No trained model fits the project as it is now. Run `opi-advisor train`, or leave out --no-train.")
    return _train(verbose)


def _train(verbose: bool) -> Path:
    on_line = (lambda line: messages.print(line, markup=False, style="dim")) if verbose else (lambda line: None)
    with Progress(*PROGRESS, console=messages) as progress:
        task = progress.add_task("Training the model", total=len(STAGES) - 1)

        def on_stage(number: int, name: str) -> None:
            progress.update(task, completed=number, description=f"Training the model: {name}")
            if not messages.is_terminal:
                messages.print(f"Training the model ({number + 1}/{len(STAGES)}): {name}")

        try:
            return train_model(on_stage, on_line)
        except TrainingError as error:
            raise refuse(f"The training failed. The end of its log:\n{error}\n"
                          "Run `opi-advisor check` for errors in the data, or `opi-advisor train --verbose` for the whole log.", FAILED)


@app.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="Address to listen on; 127.0.0.1 is this machine only."),
    port: int = typer.Option(5005, min=1, max=65535, help="Port to listen on."),
    no_train: bool = typer.Option(False, "--no-train", help="Refuse to start where no trained model fits, instead of training."),
    verbose: bool = typer.Option(False, "--verbose", help="Show the logs of both processes instead of keeping them in var/logs."),
) -> None:
    """Run the advisor: train a model if none fits, start both processes, and stop them on Ctrl-C."""
    settings = usable_settings()
    _require_secret(settings)
    _require_guarded(settings, host)
    _require_parts()
    if not port_is_free(host, port):
        raise refuse(f"Port {port} on {host} is in use or not allowed. Stop what listens there, or choose another with --port.")
    _require_stores(settings)
    model = _trained_model(no_train, verbose)
    url = f"http://{host}:{port}"
    messages.print(f"Starting with {model.relative_to(ROOT)} ...")
    supervisor = Supervisor(children(model, host, port), verbose)
    try:
        asyncio.run(supervisor.run(lambda: output.print(f"OPI Advisor answers at {url} (stop it with Ctrl-C)", soft_wrap=True)))
    except ServingError as error:
        raise refuse(str(error), FAILED)


@app.command()
def train(
    force: bool = typer.Option(False, "--force", help="Train even if a model that fits is there."),
    verbose: bool = typer.Option(False, "--verbose", help="Show Rasa's log."),
) -> None:
    """Train the model that fits the data, config, domain and knowledge as they are now, into models/."""
    _require_parts()
    model = fitting_model()
    if model and not force:
        output.print(f"{model.relative_to(ROOT)} already fits; nothing to train (use --force to train all the same).")
        return
    output.print(f"Trained {_train(verbose).relative_to(ROOT)}")


@app.command()
def adapt() -> None:
    """Adapt the encoder to the examples as they are now, and average data/adapter.npz with it; worth its minutes after many new examples."""
    from opi_advisor.nlu.adapting import adapt_to_project  # needs TensorFlow, whose import takes seconds

    _require_parts(adapter=ADAPTER.exists())
    with Progress(*PROGRESS, console=messages) as progress:
        task = progress.add_task("Adapting the encoder")

        def on_step(step: int, steps: int, loss: float) -> None:
            progress.update(task, completed=step, total=steps, description=f"Adapting the encoder (loss {loss:.2f})")
            if not messages.is_terminal and step % 100 == 0:
                messages.print(f"Adapting the encoder: step {step} of {steps}, loss {loss:.2f}")

        adapter = adapt_to_project(on_step)
    adapter.save(ADAPTER)
    output.print(f"Wrote {ADAPTER.relative_to(ROOT)}; the next training uses it.")


@app.command()
def check() -> None:
    """Check the knowledge base, the NLU data and the domain; name each problem with file, line and how to mend it."""
    problems = check_project(ROOT)
    for problem in problems:
        output.print(str(problem), markup=False, soft_wrap=True)
    if problems:
        raise refuse(f"{len(problems)} problem(s) found.", FAILED)
    output.print("Knowledge base, NLU data and domain are in order.")


@app.command()
def ask(
    question: str = typer.Argument(..., help="One question, in Danish or English, in quotes."),
    url: str = typer.Option(DEFAULT_URL, help="A running advisor; without one there, one is started for this question."),
    as_json: bool = typer.Option(False, "--json", help="Print the reply contract as JSON instead of the text."),
) -> None:
    """Ask one question and print the answer."""
    with _advisor(url) as client:
        answer = _ask(client, f"ask-{uuid.uuid4().hex}", question)
    if as_json:
        output.print(json.dumps({**answer.custom, "text": answer.text, "buttons": answer.buttons}, ensure_ascii=False, indent=2),
                     markup=False, soft_wrap=True)
    else:
        _show(answer)


@app.command()
def chat(url: str = typer.Option(DEFAULT_URL, help="A running advisor; without one there, one is started for this chat.")) -> None:
    """Talk to the advisor here in the terminal. "#1" asks the first of the suggested questions; Ctrl-D ends."""
    sender, buttons = f"chat-{uuid.uuid4().hex}", ()
    with _advisor(url) as client:
        output.print("Write a question in Danish or English. Ctrl-D (or an empty line) ends the conversation.")
        while True:
            try:
                said = output.input("\n[bold]> [/bold]").strip()
            except (EOFError, KeyboardInterrupt):
                break
            if not said:
                break
            chosen = said.startswith("#") and said[1:].isdigit() and 0 < int(said[1:]) <= len(buttons)
            answer = _ask(client, sender, buttons[int(said[1:]) - 1] if chosen else said)
            _show(answer)
            buttons = answer.buttons
            for number, button in enumerate(buttons, 1):
                output.print(f"  #{number} {button}", markup=False, style="cyan")


@app.command(name="evaluate")
def evaluate_command(
    cases: List[Path] = typer.Argument(..., exists=True, dir_okay=False, help="Labelled conversations (JSON lines)."),
    url: str = typer.Option(DEFAULT_URL, help="A running advisor; without one there, one is started."),
    out: Optional[Path] = typer.Option(None, help="Write every turn with its reply and marks here (JSON lines)."),
) -> None:
    """Ask every question of labelled conversations and print how often each label was right."""
    run = uuid.uuid4().hex
    try:
        loaded = list(read_cases(cases))
    except ValueError as error:
        raise refuse(str(error))
    if not loaded:
        raise refuse("No cases in these files.")
    with _advisor(url) as client, Progress(console=messages) as progress:
        task = progress.add_task("Asking", total=sum(len(case["turns"]) for case in loaded))

        def ask_one(sender: str, message: str) -> Mapping[str, Any]:
            progress.advance(task)
            return _ask(client, f"evaluate-{run}-{sender}", message).custom

        scores = evaluate(loaded, ask_one)
    if out:
        out.write_text("".join(json.dumps(vars(turn), ensure_ascii=False) + "\n" for turn in scores.turns), encoding="utf-8")
    output.print(scores_text(scores), markup=False, soft_wrap=True)


@app.command()
def feedback(as_json: bool = typer.Option(False, "--json", help="Print every rating as JSON instead of a summary.")) -> None:
    """Print what people thought of the replies on the page and what they missed."""
    database = usable_settings().database
    try:
        ratings = FeedbackStore(database).read()
    except SQLAlchemyError as error:
        raise refuse(f"The feedback in {database} can't be read: {error.__cause__ or error}", FAILED)
    text = json.dumps(ratings, ensure_ascii=False, indent=2) if as_json else summary(ratings)
    output.print(text, markup=False, soft_wrap=True)


@app.command()
def profile(
    out: Path = OUT,
    lang: Language = LANG,
    side: Optional[Side] = typer.Option(None, help="Whose eyes to see it with; left out, both parties are shown alike."),
    placements: str = typer.Option("", help="Where your own two parties stand, the private one first: \"goals=1-5&risk=x-4\"."),
) -> None:
    """Write the one-page profile to print or to send: both parties on the six scales, and what to talk about."""
    try:
        placed = read_placements(placements)
    except PlacementsError as error:
        raise refuse(str(error))
    if side:
        placed = replace(placed, side=side.value)
    _write_sheet(out, profile_html(placed, lang.value, date.today(), _knowledge(), _base()))


@app.command()
def sheet(out: Path = OUT, lang: Language = LANG) -> None:
    """Write the whole comparison as a sheet to print or to send."""
    _write_sheet(out, comparison_html(lang.value, date.today(), _knowledge(), _base()))


def _base() -> Optional[str]:
    """Where people open the advisor, for the links of a sheet."""
    url = usable_settings().url
    return f"{url}/" if url else None


def _write_sheet(out: Path, html: str) -> None:
    try:
        if out.exists() and not is_sheet(out.read_text(encoding="utf-8", errors="replace")):
            raise refuse(f"{out} is there already and is no sheet of ours; choose another name.", FAILED)
        out.write_text(html, encoding="utf-8")
    except OSError as error:
        raise refuse(f"{out} can't be written: {error.strerror}.", FAILED)
    output.print(f"Wrote {out}", markup=False, soft_wrap=True)


def _ask(client: AdvisorClient, sender: str, message: str) -> Answer:
    try:
        return client.ask(sender, message)
    except AdvisorUnreachable as error:
        raise refuse(str(error), FAILED)


def _show(answer: Answer) -> None:
    if output.is_terminal:
        output.print(Markdown(answer.text))
    else:
        output.print(answer.text, markup=False, soft_wrap=True)


@contextmanager
def _advisor(url: str) -> Iterator[AdvisorClient]:
    """A client of the advisor at `url`; where none answers at the default address, of one that lives as long as this."""
    token = usable_settings().token
    client = AdvisorClient(url, token=token)
    if client.is_ready():
        yield client
        return
    if url != DEFAULT_URL:
        raise refuse(f"No advisor answers at {url}. Start one with `opi-advisor serve`.", FAILED)
    _require_parts()
    _trained_model(no_train=False, verbose=False)
    port = free_port()
    with messages.status("No advisor is running here; starting one for this ..."):
        server, client = _start_server(port, token)
    try:
        yield client
    finally:
        server.terminate()
        server.wait()


def _start_server(port: int, token: Optional[str]) -> Tuple[subprocess.Popen, AdvisorClient]:
    command = [sys.executable, "-m", "opi_advisor", "serve", "--no-train", "--port", str(port)]
    environment = {**os.environ, "OPI_ADVISOR_REST": "on"}  # what may be off for others is what we talk to it by
    server = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True)
    client = AdvisorClient(f"http://127.0.0.1:{port}", token=token)
    while not client.is_ready():
        if server.poll() is not None:
            raise refuse("The advisor did not start; see the lines above.", FAILED)
        time.sleep(0.2)
    return server, client
