"""The settings of the stores, and that Rasa really makes ours from both endpoint files."""
import pytest
from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.utils.endpoints import read_endpoint_config

from opi_advisor.project import ENDPOINTS, ROOT, VAR
from opi_advisor.settings import SettingsError, read_settings
from opi_advisor.stores.lock_store import ConversationLocks
from opi_advisor.stores.tracker_store import ConversationStore

DOC = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", [ENDPOINTS, ROOT / "endpoints.yml"], ids=["serve", "rasa run"])
def test_rasa_makes_our_stores(path, tmp_path, monkeypatch):
    """It would go on with its own in memory, without an error, where it could not import them."""
    monkeypatch.setenv("OPI_ADVISOR_DATABASE", str(tmp_path / "conversations.db"))
    monkeypatch.setenv("OPI_ADVISOR_ACTIONS_URL", "http://127.0.0.1:5055/webhook")
    monkeypatch.setenv("OPI_ADVISOR_ACTIONS_SECRET", "a secret of the tests")
    assert type(TrackerStore.create(read_endpoint_config(str(path), "tracker_store"))) is ConversationStore
    assert type(LockStore.create(read_endpoint_config(str(path), "lock_store"))) is ConversationLocks


def test_without_settings_there_is_one_server_with_a_file():
    settings = read_settings({"OPI_ADVISOR_REDIS": ""})
    assert settings.database == VAR / "conversations.db" and settings.redis is None


@pytest.mark.parametrize("url", ["postgresql://user:password@host/database", "postgresql://host:5433/database?sslmode=require",
                                 "postgresql:///database?host=/var/run/postgresql"])
def test_a_postgresql_url_is_taken(url):
    assert read_settings({"OPI_ADVISOR_DATABASE": url}).database == url


@pytest.mark.parametrize("url", ["redis://host", "redis://host:6380/3", "rediss://:password@host:6380/0", "redis://user:password@host/"])
def test_a_redis_url_is_taken(url):
    assert read_settings({"OPI_ADVISOR_REDIS": url}).redis == url


@pytest.mark.parametrize(("name", "value"), [
    ("OPI_ADVISOR_DATABASE", "postgresql://user:hidden@host"), ("OPI_ADVISOR_DATABASE", "postgresql://user:hidden@host:port/database"),
    ("OPI_ADVISOR_DATABASE", "mysql://user:hidden@host/database"), ("OPI_ADVISOR_DATABASE", "postgres://user:hidden@host/database"),
    ("OPI_ADVISOR_DATABASE", "postgresql://user:hidden@host:99999/database"),
    ("OPI_ADVISOR_REDIS", "host:6379"), ("OPI_ADVISOR_REDIS", "redis://:hidden@host:port"), ("OPI_ADVISOR_REDIS", "redis:///0"),
    ("OPI_ADVISOR_REDIS", "http://:hidden@host"), ("OPI_ADVISOR_REDIS", "redis://:hidden@host/name"),
])
def test_a_wrong_url_is_refused_by_name_and_without_its_password(name, value):
    with pytest.raises(SettingsError, match=f"^{name} can't be used: write .*\\.$") as refused:
        read_settings({name: value})
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("name", ["DATABASE", "REDIS"])
def test_both_are_documented(name):
    assert f"`OPI_ADVISOR_{name}`" in DOC
