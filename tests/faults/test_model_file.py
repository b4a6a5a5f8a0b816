"""A model file that can't be used is refused before anything starts. Rasa itself starts with any of these and answers nothing."""
import gzip
import io
import json
import os
import random
import subprocess
import sys
import tarfile
from shutil import copy, copytree, ignore_patterns

import pytest
from rasa import __version__

from opi_advisor.channels.readiness import MODEL
from opi_advisor.model import model_problem
from opi_advisor.project import ROOT
from opi_advisor.serving import free_port


def archive(**files) -> bytes:
    """A tar.gz with JSON files, as Rasa's."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in files.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(f"{name}.json")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def metadata(version=__version__, assistant="opi_advisor"):
    return {"rasa_open_source_version": version, "assistant_id": assistant}


def flipped(data: bytes, seed: int) -> bytes:
    """`data` with one bit turned."""
    place = random.Random(seed).randrange(len(data) * 8)
    return data[:place // 8] + bytes([data[place // 8] ^ 1 << place % 8]) + data[place // 8 + 1:]


@pytest.fixture(scope="module")
def whole(model):
    return model.read_bytes()


def problem(tmp_path, content: bytes):
    path = tmp_path / "opi-advisor-0123456789abcdef.tar.gz"
    path.write_bytes(content)
    return model_problem(path)


def test_the_trained_model_is_in_order(model):
    assert model_problem(model) is None


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999999])
def test_a_truncated_one_is_damaged(tmp_path, whole, share):
    assert "damaged" in problem(tmp_path, whole[:int(len(whole) * share)])


def test_an_empty_one_is_no_model(tmp_path):
    assert problem(tmp_path, b"")


def test_zeros_and_noise_are_damaged(tmp_path):
    assert "damaged" in problem(tmp_path, bytes(100_000))
    assert "damaged" in problem(tmp_path, random.Random(1).randbytes(100_000))


@pytest.mark.parametrize("seed", range(5))
def test_a_single_bit_is_noticed(tmp_path, whole, seed):
    assert problem(tmp_path, flipped(whole, seed))


def test_one_without_metadata_is_no_model(tmp_path):
    assert "no model of Rasa" in problem(tmp_path, archive(words={}))
    assert "no model of Rasa" in problem(tmp_path, archive(metadata={"domain": {}}))
    assert problem(tmp_path, gzip.compress(b"no tar at all"))
    assert problem(tmp_path, archive(metadata=[]))


def test_a_foreign_one_is_named(tmp_path):
    assert problem(tmp_path, archive(metadata=metadata())) is None
    assert "Rasa 3.1.0" in problem(tmp_path, archive(metadata=metadata("3.1.0")))
    assert "another assistant (weather)" in problem(tmp_path, archive(metadata=metadata(assistant="weather")))


def refusal(folder, model, content: bytes) -> str:
    """What `serve` says in a copy of the project whose only model is `content`, named as one that fits."""
    for name in ("opi_advisor", "actions", "knowledge", "data"):
        copytree(ROOT / name, folder / name, ignore=ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml", "credentials.yml", "uv.lock"):
        copy(ROOT / name, folder)
    (folder / "models").mkdir()
    (folder / "models" / model.name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-m", "opi_advisor", "serve", "--port", str(free_port())], cwd=folder, capture_output=True, text=True, timeout=120,
        env={**os.environ, "OPI_ADVISOR_SECRET": "a secret of the tests, never used elsewhere", "OPI_ADVISOR_DATABASE": ""})
    assert done.returncode != 0 and done.stdout == "" and "opi-advisor train --force" in done.stderr
    return done.stderr


def test_serve_refuses_a_damaged_one_in_one_sentence(tmp_path, model, whole):
    said = refusal(tmp_path, model, whole[:-1000])
    assert said.startswith(f"models/{model.name} is damaged") and said.count("\n") == 1


def test_serve_ends_where_rasa_can_not_load_one_after_all(tmp_path, model):
    said = refusal(tmp_path, model, archive(metadata=metadata()))
    assert said.splitlines()[1:] == [MODEL]
