"""The pipeline that `rasa init` gives: the DIET classifier on words and character n-grams, read from the installed Rasa."""
from pathlib import Path

import rasa
import yaml

import rasa_pipeline

CONFIG = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"

if __name__ == "__main__":
    rasa_pipeline.run(yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["pipeline"])
