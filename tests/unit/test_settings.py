"""The settings from the environment, and the secret that is made where none is set."""
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from opi_advisor.project import ROOT, VAR
from opi_advisor.secret import load_secret
from opi_advisor.settings import SettingsError, normal_origin, read_settings

DOC = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_nothing_set_is_the_strictest():
    settings = read_settings({})
    assert settings == read_settings({name: "" for name in ("OPI_ADVISOR_ORIGINS", "OPI_ADVISOR_CONTACT", "OPI_ADVISOR_DATABASE")})
    assert settings.origins == frozenset() and settings.frame_ancestors == "'self'"
    assert settings.token is None and settings.rest and settings.trusted_hops == 0
    assert (str(settings.rate_conversation), str(settings.rate_address)) == ("30 per 1 minute", "600 per 1 minute")
    assert settings.contact is None and settings.secret is None and settings.database == VAR / "conversations.db"


def test_everything_set():
    settings = read_settings({
        "OPI_ADVISOR_ORIGINS": "https://Intranet.example, http://other.example:8080,https://third.example:443",
        "OPI_ADVISOR_FRAME_ANCESTORS": "'self' https://*.kommune.example", "OPI_ADVISOR_CONTACT": "mailto:opi@example.org",
        "OPI_ADVISOR_SECRET": "x" * 32, "OPI_ADVISOR_DATABASE": "var/other.db"})
    assert settings.origins == {"https://intranet.example", "http://other.example:8080", "https://third.example"}
    assert settings.frame_ancestors == "'self' https://*.kommune.example"
    assert settings.contact == "mailto:opi@example.org" and settings.database == VAR / "other.db"


@pytest.mark.parametrize(("name", "value"), [
    ("OPI_ADVISOR_ORIGINS", "*"), ("OPI_ADVISOR_ORIGINS", "https://a.example,*"), ("OPI_ADVISOR_ORIGINS", "null"),
    ("OPI_ADVISOR_ORIGINS", "intranet.example"), ("OPI_ADVISOR_ORIGINS", "https://a.example/path"),
    ("OPI_ADVISOR_ORIGINS", "https://a.example/"), ("OPI_ADVISOR_ORIGINS", "https://user@a.example"),
    ("OPI_ADVISOR_ORIGINS", "https://*.a.example"), ("OPI_ADVISOR_ORIGINS", "https://a.example:port"),
    ("OPI_ADVISOR_ORIGINS", "ftp://a.example"),
    ("OPI_ADVISOR_FRAME_ANCESTORS", "*"), ("OPI_ADVISOR_FRAME_ANCESTORS", "self"), ("OPI_ADVISOR_FRAME_ANCESTORS", "'none' 'self'"),
    ("OPI_ADVISOR_FRAME_ANCESTORS", "'self';script-src *"),
    ("OPI_ADVISOR_CONTACT", "opi@example.org"), ("OPI_ADVISOR_CONTACT", "javascript:alert(1)"), ("OPI_ADVISOR_CONTACT", "http://a.example"),
    ("OPI_ADVISOR_CONTACT", "https://"), ("OPI_ADVISOR_CONTACT", "mailto:"),
    ("OPI_ADVISOR_TOKEN", "x" * 31), ("OPI_ADVISOR_TOKEN", "x" * 31 + " "), ("OPI_ADVISOR_TOKEN", "ø" * 32), ("OPI_ADVISOR_REST", "no"),
    ("OPI_ADVISOR_TRUSTED_HOPS", "-1"), ("OPI_ADVISOR_TRUSTED_HOPS", "11"), ("OPI_ADVISOR_TRUSTED_HOPS", "all"),
    ("OPI_ADVISOR_RATE_CONVERSATION", "30"), ("OPI_ADVISOR_RATE_CONVERSATION", "0/minute"), ("OPI_ADVISOR_RATE_ADDRESS", "1/fortnight"),
    ("OPI_ADVISOR_RATE_ADDRESS", "1/second;2/minute"),
    ("OPI_ADVISOR_SECRET", "x" * 31), ("OPI_ADVISOR_DATABASE", "no/such/folder/x.db"), ("OPI_ADVISOR_DATABASE", "."),
])
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"^{name} .*: .*\\.$"):
        read_settings({name: value})


@pytest.mark.parametrize(("written", "normal"), [
    ("https://A.example", "https://a.example"), ("http://a.example:80", "http://a.example"),
    ("https://a.example:80", "https://a.example:80"),
    ("http://[::1]:5005", "http://[::1]:5005"), ("null", None), ("", None), ("https://a.example/", None), ("https://a example", None),
    ("https://a.example:99999", None), ("https://", None),
])
def test_origins_have_one_spelling(written, normal):
    assert normal_origin(written) == normal


@pytest.mark.parametrize("name", ["ORIGINS", "FRAME_ANCESTORS", "CONTACT", "SECRET", "DATABASE", "REDIS", "TOKEN", "REST", "TRUSTED_HOPS",
                                  "RATE_CONVERSATION", "RATE_ADDRESS", "RETENTION_DAYS"])
def test_each_setting_is_documented(name):
    assert f"`OPI_ADVISOR_{name}`" in DOC


def test_the_secret_is_made_once_even_at_the_same_time(tmp_path: Path):
    path = tmp_path / "var" / "secret"
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda number: load_secret(read_settings({}), path), range(32)))
    assert len(made) == 1 and len(made.pop()) >= 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_the_secret_of_the_settings_goes_first(tmp_path: Path):
    assert load_secret(read_settings({"OPI_ADVISOR_SECRET": "s" * 32}), tmp_path / "secret") == "s" * 32
    assert not (tmp_path / "secret").exists()


@pytest.mark.parametrize("content", [b"short", b"", b"\xff" * 64])
def test_a_damaged_secret_is_refused(tmp_path: Path, content):
    (tmp_path / "secret").write_bytes(content)
    with pytest.raises(SettingsError, match="secret"):
        load_secret(read_settings({}), tmp_path / "secret")


def test_a_secret_that_can_not_be_made_is_named(tmp_path: Path):
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(SettingsError, match="OPI_ADVISOR_SECRET"):
        load_secret(read_settings({}), tmp_path / "var" / "secret")
