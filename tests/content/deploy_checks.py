"""What must hold of the files in deploy/: each check returns what is wrong, in words."""
from __future__ import annotations

import configparser
import fnmatch
import re
import shlex
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import kubernetes_validate
import yaml
from typer.main import get_command

from opi_advisor.cli import app
from opi_advisor.project import ROOT
from opi_advisor.settings import SettingsError, read_settings

KUBERNETES = "1.28"  # the oldest that it is meant for; what is stable there has stayed
LOCK_REVISION = 5  # the newest form of uv.lock that the uv in the Containerfile writes
PORT = 5005
NEEDED = {"opi_advisor", "actions", "data", "knowledge", "web", "config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "uv.lock",
          "pyproject.toml", "hatch_build.py"}  # for building the page, training and running
KINDS = {"Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy", "HorizontalPodAutoscaler"}
SECRETS = re.compile("SECRET|PASSWORD|TOKEN|DATABASE|REDIS")
_HARDENED = {"NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "CapabilityBoundingSet": ""}


def problems(deploy: Path) -> List[str]:
    """Everything that is wrong in a folder like deploy/."""
    return [f"{name}: {problem}" for name, check in (
        ("Containerfile", container_problems), ("compose.yml", compose_problems), ("kubernetes", kubernetes_problems),
        ("opi-advisor.service", unit_problems), ("settings", setting_problems)) for problem in check(deploy)]


def known_settings() -> List[str]:
    """The names of all settings: those that the code reads and the docs have."""
    code = set(re.findall(r'"(OPI_ADVISOR_[A-Z_]+)"', (ROOT / "opi_advisor" / "settings.py").read_text(encoding="utf-8")))
    docs = set(re.findall(r"^\| `(OPI_ADVISOR_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8"), re.M))
    return sorted(code & docs)


def setting_problems(deploy: Path) -> Iterator[str]:
    """Settings are there and can be used; examples hold no secrets."""
    for path in sorted(path for path in deploy.rglob("*") if path.is_file()):
        text = path.read_text(encoding="utf-8")
        for name in sorted(set(re.findall(r"OPI_ADVISOR_[A-Z_]+", text)) - set(known_settings())):
            yield f"{path.name} names {name}, which is no setting"
    for path in (deploy / ".env.example", deploy / "kubernetes" / "secret.env.example", deploy / "kubernetes" / "settings.env"):
        variables = environment_file(path)
        yield from (f"{path.name} gives {name} a value" for name, value in variables.items() if SECRETS.search(name) and value)
        try:
            read_settings(variables)
        except SettingsError as error:
            yield f"{path.name}: {error}"


def environment_file(path: Path) -> Dict[str, str]:
    """The variables of a file with a NAME=value in each line."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def container_instructions(deploy: Path) -> List[Tuple[str, str]]:
    """The instructions of the Containerfile, such as ("USER", "10001"), with continued lines joined."""
    text = re.sub(r"^#.*\n", "", (deploy / "Containerfile").read_text(encoding="utf-8"), flags=re.M).replace("\\\n", " ")
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in text.splitlines() if line.strip()]


def container_problems(deploy: Path) -> Iterator[str]:
    """The image is of this Python and this lock, complete, unprivileged, and starts the advisor."""
    instructions = container_instructions(deploy)
    final = instructions[max(index for index, (name, _) in enumerate(instructions) if name == "FROM"):]
    python = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    images = [value for name, value in instructions if name == "FROM" and not value.split()[0] in ("base",)]
    if not all(re.fullmatch(rf"python:{re.escape(python)}\.\d+-slim-\w+ AS base", image) for image in images):
        yield f"{images} is not one image of Python {python}, by its plain name and full version"
    everything = "\n".join(value for _, value in instructions)
    if not re.search(r"pip install [^\n]*\buv==\d+\.\d+\.\d+\b", everything):
        yield "uv is not pinned"
    if re.findall(r"uv sync(?! --locked --no-dev)", everything) or "uv sync" not in everything:
        yield "uv sync does not keep to uv.lock"
    lock = (ROOT / "uv.lock").read_text(encoding="utf-8")
    if not re.match(r"version = 1\n", lock) or int(re.search(r"^revision = (\d+)", lock, re.M)[1]) > LOCK_REVISION:
        yield "uv.lock is of a newer form than its uv writes: raise both it and LOCK_REVISION"
    yield from copy_problems(deploy, [value.split()[:-1] for name, value in instructions
                                      if name == "COPY" and "--from" not in value])
    if not re.fullmatch(r"[1-9]\d+:[1-9]\d+", dict(final).get("USER", "")):
        yield "it does not run as another user than root, by number"
    environment = dict(pair.split("=", 1) for name, value in final if name == "ENV" for pair in shlex.split(value))
    arguments = yaml.safe_load(dict(final)["CMD"])
    if "0.0.0.0" in arguments and read_settings(environment).rest:
        yield "the plain REST API is on, without a token"
    yield from command_problems(arguments)
    if "opi-advisor train" not in everything:
        yield "no model is trained"
    if dict(final).get("EXPOSE") != str(PORT) or not re.search(rf"127\.0\.0\.1:{PORT}/health/live'", dict(final).get("HEALTHCHECK", "")):
        yield "its port or health check is another than the advisor's"


def copy_problems(deploy: Path, copied: List[List[str]]) -> Iterator[str]:
    """What is copied is there and not ignored, and nothing is missing."""
    sources = [source for group in copied for source in group]
    ignore = [line for line in (deploy / "Containerfile.dockerignore").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    if ignore[0] != "*":
        yield "more than it needs goes to the builder"
    for source in sources:
        if not (ROOT / source).exists():
            yield f"{source} is copied and does not exist"
        if f"!{source}" not in ignore:
            yield f"{source} is copied and ignored"
    yield from (f"{name} is not copied" for name in sorted(NEEDED - set(sources)))
    for kept_out in ("var", "models", ".git", ".env", "deploy"):
        if any(fnmatch.fnmatch(kept_out, line[1:]) for line in ignore if line.startswith("!")):
            yield f"{kept_out} goes to the builder"


def command_problems(arguments: List[str]) -> Iterator[str]:
    """A command line is `opi-advisor serve` with options that it has."""
    program, name, *options = arguments
    if Path(program).name != "opi-advisor" or name != "serve":
        yield f"{arguments} is not `opi-advisor serve`"
        return
    known = {option for parameter in get_command(app).commands["serve"].params for option in parameter.opts}
    yield from (f"serve has no option {option}" for option in options if option.startswith("-") and option not in known)
    if "--no-train" not in options:
        yield "serve would train on a file system that can't be written"


def image_problems(image: str) -> Iterator[str]:
    """An image by its plain name, with a version."""
    if not re.fullmatch(r"[a-z-]+:[\w.-]*\d[\w.-]*", image):
        yield f"the image {image} is not a plain name with a version"


def compose_problems(deploy: Path) -> Iterator[str]:
    """The advisor alone can be reached, from this machine only; secrets come from .env; nobody has more rights than needed."""
    compose = yaml.safe_load((deploy / "compose.yml").read_text(encoding="utf-8"))
    services, example = compose["services"], environment_file(deploy / ".env.example")
    for name in re.findall(r"\$\{(\w+)", (deploy / "compose.yml").read_text(encoding="utf-8")):
        if name not in example:
            yield f"{name} is not in .env.example"
    for name, service in services.items():
        yield from image_problems(service["image"])
        if "no-new-privileges:true" not in service.get("security_opt", []):
            yield f"{name} may gain privileges"
        for port in service.get("ports", []):
            if name != "advisor" or not port.startswith("127.0.0.1:") or not port.endswith(f":{PORT}"):
                yield f"{name} can be reached at {port}"
        for variable, value in service.get("environment", {}).items():
            if re.search("SECRET|PASSWORD", variable) and not re.fullmatch(r"\$\{\w+:\?[^}]+}", value):
                yield f"{variable} of {name} is not from .env, or may be empty"
    advisor = services["advisor"]
    if not advisor.get("read_only") or advisor.get("cap_drop") != ["ALL"]:
        yield "the advisor has more rights than it needs"
    if not compose["networks"]["back"].get("internal") or any(services[name]["networks"] != ["back"] for name in ("database", "redis")):
        yield "database and Redis are not on an inner network"
    if {name for name, on in advisor["depends_on"].items() if on["condition"] == "service_healthy" and services[name]["healthcheck"]} != {
            "database", "redis"}:
        yield "the advisor does not wait for its stores"
    variables = {name: re.sub(r"\$\{[^}]+}", 40 * "x", value) for name, value in advisor["environment"].items()}
    for found in (re.search(r"@(\w+)/", variables["OPI_ADVISOR_DATABASE"]), re.search(r"//(\w+):", variables["OPI_ADVISOR_REDIS"])):
        if not found or found[1] not in services:
            yield "a store's address is no service"
    read_settings(variables)
    if not (ROOT / "deploy" / advisor["build"]["context"] / advisor["build"]["dockerfile"]).is_file():
        yield "it builds from no Containerfile"


def kubernetes_objects(folder: Path) -> List[Dict[str, Any]]:
    """All objects of a kustomize base but those that it generates."""
    base = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    return [found for name in base["resources"] for found in yaml.safe_load_all((folder / name).read_text(encoding="utf-8"))]


def schema_problems(objects: List[Dict[str, Any]]) -> Iterator[str]:
    """What the schemas of Kubernetes do not let pass; strictly, so that a misspelt key counts."""
    for found in objects:
        try:
            kubernetes_validate.validate(found, KUBERNETES, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{found['kind']}: {'.'.join(map(str, error.path))}: {error.message}"


def kubernetes_problems(deploy: Path) -> Iterator[str]:
    """The objects are valid, fit together, and have no more rights than needed."""
    folder = deploy / "kubernetes"
    base = yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))
    for name in sorted({path.name for path in folder.glob("*.yml")} ^ set(base["resources"])):
        yield f"{name} is a file or a resource, but not both"
    objects = kubernetes_objects(folder)
    yield from schema_problems(objects)
    by_kind = {found["kind"]: found for found in objects}
    if by_kind.keys() != KINDS:
        yield f"{sorted(by_kind.keys() ^ KINDS)} are missing, or not known here"
        return
    deployment = by_kind["Deployment"]
    pod, labels = deployment["spec"]["template"]["spec"], deployment["spec"]["template"]["metadata"]["labels"]
    selectors = {
        "Deployment": deployment["spec"]["selector"]["matchLabels"], "Service": by_kind["Service"]["spec"]["selector"],
        "PodDisruptionBudget": by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        "NetworkPolicy": by_kind["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
    }
    yield from (f"{kind} selects {selector}, and the pods are {labels}" for kind, selector in selectors.items() if selector != labels)
    if by_kind["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] != deployment["metadata"]["name"]:
        yield "the autoscaler scales something else"
    if by_kind["HorizontalPodAutoscaler"]["spec"]["minReplicas"] < 2 or "replicas" in deployment["spec"]:
        yield "there may be one pod only"
    yield from pod_problems(pod, base)
    policy = by_kind["NetworkPolicy"]["spec"]
    if policy["policyTypes"] != ["Ingress", "Egress"] or any(not rule.get("from") for rule in policy["ingress"]) or any(
            not rule.get("to") or not rule.get("ports") for rule in policy["egress"]):
        yield "the network policy lets everybody in or out"


def pod_problems(pod: Dict[str, Any], base: Dict[str, Any]) -> Iterator[str]:
    """A pod runs our image, unprivileged, with what it needs to be set."""
    container, = pod["containers"]
    tag = next(image["newTag"] for image in base["images"] if image["name"] == container["image"])
    yield from image_problems(f"{container['image']}:{tag}")
    secured, own = pod["securityContext"], container["securityContext"]
    if not secured.get("runAsNonRoot") or secured.get("seccompProfile") != {"type": "RuntimeDefault"} or pod.get(
            "automountServiceAccountToken", True):
        yield "the pod has more rights than it needs"
    if own != {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}:
        yield "the container has more rights than it needs"
    if {mount["mountPath"] for mount in container["volumeMounts"]} != {"/app/var", "/tmp"}:
        yield "not exactly /app/var and /tmp can be written"
    if container["envFrom"] != [{"configMapRef": {"name": base["configMapGenerator"][0]["name"]}}, {"secretRef": {"name": "opi-advisor"}}]:
        yield "settings and secrets are not referred to"
    if container["ports"] != [{"name": "http", "containerPort": PORT}]:
        yield "its port is another than the advisor's"
    resources = container["resources"]
    if not {"cpu", "memory"} <= resources["requests"].keys() or "memory" not in resources["limits"]:
        yield "requests or limits are missing"


def probe_paths(deploy: Path) -> Dict[str, str]:
    """The route of each probe, by its name."""
    deployment = next(found for found in kubernetes_objects(deploy / "kubernetes") if found["kind"] == "Deployment")
    container, = deployment["spec"]["template"]["spec"]["containers"]
    return {name: container[name]["httpGet"]["path"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}


def unit_problems(deploy: Path) -> Iterator[str]:
    """The systemd unit starts the advisor, unprivileged, and lets it write to var/ only."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read_string((deploy / "opi-advisor.service").read_text(encoding="utf-8"))
    service = dict(unit["Service"])
    yield from command_problems(service["ExecStart"].split())
    yield from (f"{name} is not {value or 'empty'}" for name, value in _HARDENED.items() if service.get(name) != value)
    if service.get("User") in (None, "root") or service.get("Restart") != "always":
        yield "it runs as root, or is not started again"
    folder = service["WorkingDirectory"]
    if service["ReadWritePaths"] != f"{folder}/var" or not service["ExecStart"].startswith(f"{folder}/.venv/bin/"):
        yield "its folders do not fit together"
