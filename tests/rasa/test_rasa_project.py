"""It stays an ordinary Rasa project: Rasa's own commands accept it."""
import subprocess
import sys

from opi_advisor.model import rasa_environment
from opi_advisor.project import ROOT


def rasa(*arguments):
    return subprocess.run([sys.executable, "-m", "rasa", *arguments], cwd=ROOT, env=rasa_environment(), capture_output=True,
                          text=True, timeout=600, stdin=subprocess.DEVNULL)


def test_rasa_data_validate_has_no_warnings():
    done = rasa("data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stderr[-3000:]


def test_rasa_data_validate_can_fail(tmp_path):
    (tmp_path / "rules.yml").write_text('version: "3.1"\nrules:\n- rule: x\n  steps:\n  - intent: nowhere\n  - action: action_answer\n')
    done = rasa("data", "validate", "--fail-on-warnings", "--data", str(tmp_path))
    assert done.returncode != 0


def test_rasa_test_passes_on_the_stories(model, tmp_path):
    done = rasa("test", "core", "--model", str(model), "--stories", "tests/rasa/test_stories.yml", "--out", str(tmp_path),
                "--fail-on-prediction-errors")
    assert done.returncode == 0, done.stderr[-3000:]
