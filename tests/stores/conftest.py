"""One PostgreSQL and one Redis for all tests of the stores; those that break them get them repaired."""
import itertools

import pytest

from tests.stores.services import PostgreSQL, Redis

_numbers = itertools.count()


def running(service):
    try:
        service.start()
        yield service
    finally:
        service.remove()


@pytest.fixture(scope="session")
def postgresql():
    yield from running(PostgreSQL())


@pytest.fixture(scope="session")
def redis():
    yield from running(Redis())


@pytest.fixture()
def breakable(postgresql):
    """The PostgreSQL, for a test that freezes or kills it."""
    yield postgresql
    postgresql.repair()


@pytest.fixture()
def breakable_redis(redis):
    yield redis
    redis.repair()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return tmp_path / "conversations.db"
    return request.getfixturevalue("postgresql").new_database(f"test{next(_numbers)}")
