"""The Rasa component of the NLU pipeline: trains an `Understanding` and puts its reading on each message."""
from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any, Dict, List

import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, METADATA, METADATA_INTENT, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from opi_advisor.nlu.labels import labels_of
from opi_advisor.nlu.storage import load_understanding, save_understanding
from opi_advisor.nlu.understanding import Understanding

READING = "reading"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MessageReader(GraphComponent, IntentClassifier):
    """Sets a message's intent, and its `reading` (all other labels, for the actions)."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`lexicon`: the file with the words that name parties and places; `adapter`: the file with what the encoder has learnt
        from the examples (both relative to the project's root); `depth`: how many layers of the encoder a message goes
        through (1 to 12, those that the adapter was made for)."""
        return {"lexicon": "data/lexicon.yml", "adapter": "data/adapter.npz", "depth": 6}

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> str:
        """A hash of this package and of the files that the config names, so that Rasa does not take an older training from its cache."""
        named = {**cls.get_default_config(), **config}  # Rasa asks with and without the defaults
        files = [*sorted(Path(__file__).parent.glob("*.py")), Path(named["lexicon"]), Path(named["adapter"])]
        return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._understanding: Understanding

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> "MessageReader":
        """Make an untrained component (called by Rasa)."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> "MessageReader":
        """Make the component from a trained model (called by Rasa)."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._understanding = load_understanding(Path(folder))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example's intent and its group's metadata, and keep the result in the model."""
        from opi_advisor.nlu.transformer import make_encoder  # imports ONNX, which a server has no need of

        lexicon = yaml.safe_load(Path(self._config["lexicon"]).read_text(encoding="utf-8"))
        examples = [(message.get(TEXT), labels_of(message.get(INTENT), message.get(METADATA, {}).get(METADATA_INTENT, {})))
                    for message in training_data.intent_examples]
        encoder = make_encoder(self._config["depth"], Path(self._config["adapter"]))
        self._understanding = Understanding.fit(examples, lexicon, encoder)
        with self._model_storage.write_to(self._resource) as folder:
            save_understanding(self._understanding, Path(folder))
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Read each message."""
        for message in messages:
            reading = self._understanding.read(message.get(TEXT) or "")
            ranking = reading.pop("ranking")
            intent = reading["intent"]
            message.set(INTENT, {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: ranking[intent]}, add_to_output=True)
            told = {name: value for name, value in reading.items() if value}  # what is left open need not be sent and stored
            message.set(READING, told, add_to_output=True)
        return messages
