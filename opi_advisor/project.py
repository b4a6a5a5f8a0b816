"""Where things are in the project."""
from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KNOWLEDGE = ROOT / "knowledge"
NLU_DATA = ROOT / "data" / "nlu"
LEXICON = ROOT / "data" / "lexicon.yml"
ADAPTER = ROOT / "data" / "adapter.npz"
MODELS = ROOT / "models"
VAR = ROOT / "var"  # conversations and logs; never in git
LOGS = VAR / "logs"
ENDPOINTS = ROOT / "opi_advisor" / "endpoints.yml"
STATIC = ROOT / "opi_advisor" / "static"  # the built page, see hatch_build.py; never in git
