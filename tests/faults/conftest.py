"""One rig for all tests of faults; each gets it mended."""
import pytest

from tests.faults.rig import Rig


@pytest.fixture(scope="session")
def whole_rig(model, tmp_path_factory):
    built = Rig(tmp_path_factory.mktemp("faults"), model)
    try:
        built.start()
        yield built
    finally:
        built.stop()


@pytest.fixture()
def rig(whole_rig):
    """The rig, with everything at work before and after the test."""
    whole_rig.wait_until_ready()
    yield whole_rig
    whole_rig.stand_in.mode = "well"
    whole_rig.free_the_disk()
    whole_rig.redis.repair()
    whole_rig.wait_until_ready()
