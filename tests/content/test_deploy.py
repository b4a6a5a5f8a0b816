"""deploy/ fits the advisor: files are valid, settings and options exist, probes name real routes; and each check can fail."""
import re
from pathlib import Path
from shutil import copytree
from typing import Any, Dict, List

import httpx
import pytest
import tomli
import yaml
from packaging.requirements import Requirement

from opi_advisor.project import ROOT
from tests.content import deploy_checks
from tests.content.deploy_checks import known_settings, probe_paths, problems, schema_problems

DEPLOY = ROOT / "deploy"
# The newest kubernetes-validate that goes with Rasa's jsonschema is of 2023, and so is its Python.
pytestmark = [pytest.mark.filterwarnings(f"ignore::DeprecationWarning:{module}")
              for module in ("kubernetes_validate.*", "jsonschema.*", "pkg_resources.*")]


@pytest.fixture()
def deploy(tmp_path: Path) -> Path:
    """A copy of deploy/ to plant faults in."""
    return copytree(DEPLOY, tmp_path / "deploy", ignore=lambda folder, names: {".env", "secret.env"} & set(names))


def plant(deploy: Path, name: str, old: str, new: str) -> None:
    path = deploy / name
    text = path.read_text(encoding="utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_all_is_in_order(deploy):
    assert problems(deploy) == []


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("Containerfile", "python:3.10.22-slim-bookworm", "python:3.11.9-slim-bookworm", "not one image of Python 3.10"),
    ("Containerfile", "python:3.10.22-slim-bookworm", "python:latest", "not one image of Python 3.10"),
    ("Containerfile", "FROM python", "FROM registry.example/python", "not one image of Python 3.10"),
    ("Containerfile", "uv==0.13.9", "uv", "uv is not pinned"),
    ("Containerfile", "uv sync --locked --no-dev \\", "uv sync \\", "does not keep to uv.lock"),
    ("Containerfile", "USER 10001:10001\n", "", "another user than root"),
    ("Containerfile", "USER 10001:10001", "USER 0:0", "another user than root"),
    ("Containerfile", "OPI_ADVISOR_REST=off ", "", "the plain REST API is on"),
    ("Containerfile", "--verbose", "--noisy", "no option --noisy"),
    ("Containerfile", ', "--no-train"', "", "would train"),
    ("Containerfile", " && opi-advisor train \\\n", "", "no model is trained"),
    ("Containerfile", "/health/live", "/health", "health check"),
    ("Containerfile", "COPY actions actions\n", "", "actions is not copied"),
    ("Containerfile", "COPY data data", "COPY data examples data", "examples is copied and does not exist"),
    ("Containerfile.dockerignore", "!data\n", "", "data is copied and ignored"),
    ("Containerfile.dockerignore", "!web\n", "!web\n!var\n", "var goes to the builder"),
    ("compose.yml", "127.0.0.1:5005:5005", "5005:5005", "can be reached at 5005:5005"),
    ("compose.yml", "postgres:17-bookworm", "postgres:latest", "not a plain name with a version"),
    ("compose.yml", "postgres:17-bookworm", "registry.example/postgres:17", "not a plain name with a version"),
    ("compose.yml", "${OPI_ADVISOR_SECRET:?copy .env.example to .env and fill it in}", "${OPI_ADVISOR_SECRET}", "may be empty"),
    ("compose.yml", "@database/", "@elsewhere/", "a store's address is no service"),
    ("compose.yml", "    internal: true", "    internal: false", "not on an inner network"),
    ("compose.yml", "    read_only: true\n    tmpfs: [\"/tmp", "    tmpfs: [\"/tmp", "more rights"),
    ("compose.yml", "redis: {condition: service_healthy}", "redis: {condition: service_started}", "does not wait"),
    (".env.example", "POSTGRES_PASSWORD=\n", "", "POSTGRES_PASSWORD is not in .env.example"),
    (".env.example", "POSTGRES_PASSWORD=\n", "POSTGRES_PASSWORD=password\n", "gives POSTGRES_PASSWORD a value"),
    ("kubernetes/deployment.yml", "readinessProbe:", "readyProbe:", "'readyProbe' was unexpected"),
    ("kubernetes/deployment.yml", "periodSeconds: 10", "periodSeconds: often", "is not of type 'integer'"),
    ("kubernetes/deployment.yml", "runAsNonRoot: true", "runAsNonRoot: false", "the pod has more rights"),
    ("kubernetes/deployment.yml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "the container has more rights"),
    ("kubernetes/deployment.yml", "containerPort: 5005", "containerPort: 8080", "its port is another"),
    ("kubernetes/deployment.yml", "            limits: {memory: 1536Mi}", "            limits: {}", "requests or limits are missing"),
    ("kubernetes/deployment.yml", "            - secretRef: {name: opi-advisor}\n", "", "settings and secrets"),
    ("kubernetes/deployment.yml", "  revisionHistoryLimit: 3", "  replicas: 1", "one pod only"),
    ("kubernetes/service.yml", "selector: {app.kubernetes.io/name: opi-advisor}", "selector: {app: advisor}", "Service selects"),
    ("kubernetes/disruption-budget.yml", "{app.kubernetes.io/name: opi-advisor}", "{app: x}", "PodDisruptionBudget selects"),
    ("kubernetes/autoscaler.yml", "name: opi-advisor}", "name: advisor}", "scales something else"),
    ("kubernetes/autoscaler.yml", "minReplicas: 2", "minReplicas: 1", "one pod only"),
    ("kubernetes/network-policy.yml", "policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", "lets everybody in or out"),
    ("kubernetes/kustomization.yaml", "  - network-policy.yml\n", "", "network-policy.yml is a file or a resource"),
    ("kubernetes/settings.env", "OPI_ADVISOR_LOG=json", "OPI_ADVISOR_LOG=xml", "OPI_ADVISOR_LOG is 'xml'"),
    ("kubernetes/settings.env", "OPI_ADVISOR_REST=off", "OPI_ADVISOR_RESTS=off", "OPI_ADVISOR_RESTS, which is no setting"),
    ("opi-advisor.service", "User=opi-advisor", "User=root", "runs as root"),
    ("opi-advisor.service", "ProtectSystem=strict", "ProtectSystem=full", "ProtectSystem is not strict"),
    ("opi-advisor.service", "--no-train", "--no-training", "no option --no-training"),
    ("opi-advisor.service", "ReadWritePaths=/opt/opi-advisor/var", "ReadWritePaths=/opt/opi-advisor", "do not fit together"),
])
def test_each_fault_is_noticed(deploy, name, old, new, words):
    plant(deploy, name, old, new)
    assert any(words in problem for problem in problems(deploy)), problems(deploy)


def test_a_newer_form_of_the_lock_is_noticed(deploy, monkeypatch):
    monkeypatch.setattr(deploy_checks, "LOCK_REVISION", 1)
    assert any("uv.lock is of a newer form" in problem for problem in problems(deploy))


def test_the_probes_name_routes_that_answer(server):
    paths = probe_paths(DEPLOY)
    assert {name: httpx.get(server.url + path, trust_env=False).status_code for name, path in paths.items()} == dict.fromkeys(paths, 200)
    assert httpx.get(f"{server.url}/health/alive", trust_env=False).status_code == 404  # what a misspelt one would get


def test_every_setting_is_known_to_the_code_and_the_docs():
    settings = (ROOT / "opi_advisor" / "settings.py").read_text(encoding="utf-8")
    assert set(re.findall(r'environment\.get\("(OPI_ADVISOR_[A-Z_]+)"', settings)) <= set(known_settings())


def test_what_is_raised_over_rasas_pins_is_named():
    overrides = [Requirement(line) for line in uv_settings()["override-dependencies"]]
    assert [found.name for found in overrides if not re.search(rf"\b{found.name}\b", rasas_pins())] == []


def test_what_is_raised_is_raised_to_what_the_table_says():
    raised = rasas_pins().partition("These can't be raised")[0]
    rows = dict(re.findall(r"^\| ([a-z-]+) (\d[\d.]*)\b", raised, re.M))
    overrides = [Requirement(line) for line in uv_settings()["override-dependencies"]]
    bounds = {found.name: bound.version for found in overrides for bound in found.specifier if bound.operator == ">="}
    assert len(rows) == 10
    assert rows.items() <= bounds.items()


def test_what_is_left_out_is_named_and_not_locked():
    left_out = uv_settings()["exclude-dependencies"]
    assert left_out
    assert [name for name in left_out if locked(name) or not re.search(rf"\b{name}\b", rasas_pins())] == []


def test_what_is_held_back_is_locked_as_the_table_says():
    """A package that was raised, or fell, makes its row wrong."""
    held_back = rasas_pins().partition("These can't be raised")[2]
    rows = re.findall(r"^\| ([a-z-]+) (\d[\d.]*) \|", held_back, re.M)
    assert len(rows) == 9
    assert [row for row in rows if row[1] not in locked(row[0])] == []
    assert "0.0.1" not in locked("sanic") and locked("no-such-package") == []


def rasas_pins() -> str:
    """What SECURITY.md says of Rasa's pins."""
    return (ROOT / "SECURITY.md").read_text(encoding="utf-8").partition("## Rasa's pins")[2]


def uv_settings() -> Dict[str, Any]:
    """uv's part of pyproject.toml."""
    return tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["uv"]


def locked(name: str) -> List[str]:
    """The versions of a package in uv.lock."""
    packages = tomli.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return [package["version"] for package in packages if package["name"] == name]


def test_the_files_that_security_names_exist():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:tests|opi_advisor|docs|deploy)/[\w./-]*)`", text) + re.findall(r"\]\(([^)#\s]+)", text)
    assert len(names) > 15
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_git_leaves_out_what_holds_secrets():
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/deploy/.env", "/deploy/kubernetes/secret.env"} <= set(ignored)


def test_the_objects_in_the_docs_are_valid():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    objects = [found for block in re.findall(r"```yaml\n(.*?)```", text, re.S) for found in yaml.safe_load_all(block)]
    kinds = [found["kind"] for found in objects]
    assert "Ingress" in kinds and "Kustomization" in kinds
    assert list(schema_problems([found for found in objects if found["kind"] != "Kustomization"])) == []
