"""Modules that are imported late: not before they are used, and then as always."""
import os
import subprocess
import sys

import pytest

from opi_advisor.lean_rasa import import_late


@pytest.fixture()
def package(tmp_path, monkeypatch):
    """A package whose module `heavy` writes down that it was loaded, and whose module `user` imports it as Rasa's do."""
    folder = tmp_path / "late_package"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "heavy.py").write_text("import late_package\nlate_package.loaded = True\nWEIGHT = 7\n")
    (folder / "user.py").write_text("import late_package.heavy\nfrom late_package import heavy\n\n\ndef weight():\n    return heavy.WEIGHT\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield __import__("late_package")
    for name in [name for name in sys.modules if name.startswith("late_package")]:
        del sys.modules[name]


def test_it_is_loaded_when_something_of_it_is_used(package):
    import_late("late_package.heavy")
    from late_package import user
    assert not hasattr(package, "loaded")
    assert user.weight() == 7 and package.loaded and user.weight() == 7
    assert sys.modules["late_package.heavy"].WEIGHT == 7


def test_to_be_asked_what_it_is_does_not_load_it(package):
    import_late("late_package.heavy")
    stand_in = sys.modules["late_package.heavy"]
    assert stand_in.__file__.endswith("heavy.py") and stand_in.__spec__.name == "late_package.heavy" and not hasattr(stand_in, "__wrapped__")
    assert not hasattr(package, "loaded")


def test_from_import_loads_it(package):
    import_late("late_package.heavy")
    from late_package.heavy import WEIGHT
    assert WEIGHT == 7 and package.loaded


def test_what_is_not_there_is_named(package):
    with pytest.raises(ModuleNotFoundError, match="late_package.nothing"):
        import_late("late_package.nothing")
    import_late("late_package.heavy")
    from late_package import heavy
    with pytest.raises(AttributeError, match="nothing"):
        heavy.nothing


def test_settings_of_tensorflow_do_not_bring_it_back():
    script = "from opi_advisor.lean_rasa import make_lean; make_lean(); import sys\n" \
             "from rasa.utils.tensorflow.environment import setup_tf_environment; setup_tf_environment()\n" \
             "assert 'tensorflow' not in sys.modules"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=300,
                          env={**os.environ, "TF_INTRA_OP_PARALLELISM_THREADS": "1"})
    assert done.returncode == 0, done.stderr


def test_rasas_networks_still_work_where_a_config_has_them():
    script = "from opi_advisor.lean_rasa import make_lean; make_lean(); import sys\n" \
             "from rasa.core.policies.rule_policy import RulePolicy; assert 'tensorflow' not in sys.modules\n" \
             "from rasa.nlu.classifiers.diet_classifier import DIETClassifier; assert DIETClassifier.get_default_config()['epochs'] == 300\n" \
             "from rasa.utils import train_utils; assert train_utils.rank_and_mask"
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
