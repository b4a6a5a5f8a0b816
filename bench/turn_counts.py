"""Write down what a turn sends to the database and to the action server; tests/stores/test_turn_counts.py holds later changes to it.

    uv run python bench/turn_counts.py

Writes tests/stores/turn_counts.json: the largest of several conversations, as a row is compressed and what is random in it (identifiers,
times) makes it a few bytes longer or shorter. Commit it with the change that moved the counts, and say in the commit why where one has
risen. Takes half a minute; needs a trained model.
"""
import json
import os
import tempfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from opi_advisor.nlu.model_file import require_model
from opi_advisor.project import ROOT
from tests.stores.counted_server import CountedServer

CEILINGS = ROOT / "tests" / "stores" / "turn_counts.json"
TURNS = (1, 2, 5, 10, 50)
CONVERSATIONS = 5


def main() -> None:
    """Count, write, and print what changed."""
    require_model()
    before = json.loads(CEILINGS.read_text(encoding="utf-8")) if CEILINGS.is_file() else {}
    with tempfile.TemporaryDirectory() as folder, CountedServer(Path(folder)) as server:
        conversations = [server.conversation(number, TURNS) for number in range(CONVERSATIONS)]
    counted = {turn: {name: max(one[turn][name] for one in conversations) for name in counts} for turn, counts in conversations[0].items()}
    for turn, counts in counted.items():
        for name, count in counts.items():
            print(f"turn {turn}, {name}: {before.get(turn, {}).get(name, 'new')} -> {count}")
    CEILINGS.write_text(json.dumps(counted, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
