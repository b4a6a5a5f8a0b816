"""`opi-advisor serve` refuses, in one sentence, to start on stores that can't be used, and tells no secret of theirs."""
import os
import subprocess
import sys

import pytest

from opi_advisor.project import ROOT
from opi_advisor.serving import free_port


@pytest.mark.parametrize(("settings", "said"), [
    ({"OPI_ADVISOR_DATABASE": "postgresql://opi:passw0rd@127.0.0.1:{port}/opi"}, "The database (OPI_ADVISOR_DATABASE) can't be written: "),
    ({"OPI_ADVISOR_DATABASE": "README.md"}, "The database (OPI_ADVISOR_DATABASE) can't be written: file is not a database."),
    ({"OPI_ADVISOR_DATABASE": "/proc/conversations.db"}, "The database (OPI_ADVISOR_DATABASE) can't be written: unable to open"),
    ({"OPI_ADVISOR_REDIS": "redis://:passw0rd@127.0.0.1:{port}/0"}, "Redis (OPI_ADVISOR_REDIS) does not answer: "),
    ({"OPI_ADVISOR_LOG": "xml"}, "OPI_ADVISOR_LOG is 'xml': write text or json."),
])
def test_stores_that_can_not_be_used(tmp_path, settings, said):
    readme = (ROOT / "README.md").read_bytes()
    settings = {name: value.format(port=free_port()) for name, value in settings.items()}
    done = subprocess.run(
        [sys.executable, "-m", "opi_advisor", "serve", "--no-train"], cwd=ROOT, capture_output=True, text=True, timeout=60,
        env={**os.environ, "OPI_ADVISOR_SECRET": "a secret of the tests, never used elsewhere",
             "OPI_ADVISOR_DATABASE": str(tmp_path / "conversations.db"), **settings})
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(said) and done.stderr.count("\n") == 1
    assert "passw0rd" not in done.stderr
    assert (ROOT / "README.md").read_bytes() == readme
