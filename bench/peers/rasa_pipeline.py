"""What both peers made of Rasa's own components share: train the pipeline as `rasa train nlu` does, and parse with the model."""
import asyncio
import json
import logging
import os
import tempfile
from pathlib import Path

os.environ["RASA_MAX_CACHE_SIZE"] = "0"  # else Rasa would take a training of the same data from its cache

import yaml
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from rasa.utils.log_utils import configure_structlog

import protocol

FALLBACK, OUT_OF_SCOPE = "nlu_fallback", "out_of_scope"


def run(pipeline):
    """Measure the components of `pipeline`, as they stand in a config.yml of Rasa."""
    configure_structlog(logging.INFO)  # as its command line does; else each question costs the printing of its debug lines
    protocol.run(lambda training, folder: train(pipeline, training, folder), load)


def train(pipeline, training, folder):
    """Rasa's JSON form of the data takes each text as it is; its YAML form would read brackets as entities."""
    with tempfile.TemporaryDirectory() as name:
        config, data = Path(name) / "config.yml", Path(name) / "nlu.json"
        config.write_text(yaml.safe_dump({"recipe": "default.v1", "assistant_id": "peer", "language": "da", "pipeline": pipeline}), encoding="utf-8")
        examples = [{"text": line["text"], "intent": line["label"], "entities": []} for line in training]
        data.write_text(json.dumps({"rasa_nlu_data": {"common_examples": examples}}), encoding="utf-8")
        train_nlu(str(config), str(data), str(folder))


def load(folder):
    """Classify as Rasa parses a message; where it falls back, the label is out of scope."""
    agent, loop = Agent.load(next(folder.glob("*.tar.gz"))), asyncio.new_event_loop()

    def classify(text):
        parsed = loop.run_until_complete(agent.parse_message(text))
        scores = {entry["name"]: entry["confidence"] for entry in parsed["intent_ranking"] if entry["name"] != FALLBACK}
        label = parsed["intent"]["name"]
        return OUT_OF_SCOPE if label == FALLBACK else label, scores

    return classify
