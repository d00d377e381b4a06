"""What is shipped for containers holds what it promises. `tests/faults/test_read_only.py` runs its
processes as they run there.
"""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands
from django.urls import resolve

from karla_portal.embedded.environment import PROJECT
from karla_portal.health import healthz, readyz
from karla_portal.prepare import collect_static_files
from tests.test_operations import asked_of_the_environment

KUBERNETES = PROJECT / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
COMPOSE = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text())
CONTAINERFILE = (PROJECT / "deploy" / "Containerfile").read_text().replace("\\\n", "")
OURS = ["web", "worker", "deliver", "beat", "migrate"]
WRITABLE = {"/data", "/tmp"}  # noqa: S108 - where containers have it
[ENV] = re.findall(r"^ENV (.*)$", CONTAINERFILE, re.MULTILINE)
OF_THE_IMAGE = dict(re.findall(r"(\w+)=(\S+)", ENV))


def objects() -> list[dict[str, Any]]:
    return [
        one
        for name in KUSTOMIZATION["resources"]
        for one in yaml.safe_load_all((KUBERNETES / name).read_text())
    ]


PODS = {
    f"{one['kind']} {one['metadata']['name']}": one["spec"]["template"]
    for one in objects()
    if one["kind"] in {"Deployment", "Job"}
}


@pytest.mark.parametrize("name", PODS)
def test_pods_run_as_nobody_on_a_file_system_they_cannot_write(name) -> None:
    spec = PODS[name]["spec"]
    assert spec["securityContext"]["runAsNonRoot"]
    assert spec["automountServiceAccountToken"] is False
    for container in spec["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert {volume["mountPath"] for volume in container["volumeMounts"]} == WRITABLE


def test_every_file_is_listed() -> None:
    found = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert found == set(KUSTOMIZATION["resources"])


def test_selectors_meet_their_pods() -> None:
    labels = [pod["metadata"]["labels"] for pod in PODS.values()]
    for one in objects():
        selector = one["spec"].get("selector") if "spec" in one else None
        if selector is not None:
            wanted = selector.get("matchLabels", selector)
            assert any(wanted.items() <= found.items() for found in labels), one["metadata"]


@pytest.mark.parametrize("name", OURS)
def test_containers_run_as_nobody_on_a_file_system_they_cannot_write(name) -> None:
    service = COMPOSE["services"][name]
    assert service["read_only"]
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]
    assert {volume.split(":")[1] for volume in service["volumes"]} | {*service["tmpfs"]} == WRITABLE


def test_the_image_is_nobody_s_and_the_same_everywhere() -> None:
    assert re.findall(r"^USER (.*)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    images = {
        container["image"] for pod in PODS.values() for container in pod["spec"]["containers"]
    }
    assert images == {COMPOSE["services"][name]["image"] for name in OURS} == {"post-purchase"}
    assert [one["name"] for one in KUSTOMIZATION["images"]] == ["post-purchase"]


def test_the_image_has_every_pinned_extra_that_is_set_by_a_variable() -> None:
    installed = set(re.findall(r"-r /src/(\S+)", CONTAINERFILE))
    assert installed == {"requirements.txt", "requirements-s3.txt", "requirements-otel.txt"}
    [copied] = re.findall(r"^COPY (requirements.*) /src/$", CONTAINERFILE, re.MULTILINE)
    assert set(copied.split()) == installed
    assert all((PROJECT / name).exists() for name in installed)
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    assert said["project"]["optional-dependencies"]["s3"] == said["dependency-groups"]["s3"]


def test_what_the_image_runs_while_it_is_built_is_there() -> None:
    [program] = re.findall(r'python -c "([^"]+)"', CONTAINERFILE)
    subprocess.run([sys.executable, "-c", program], cwd=PROJECT, check=True)


def test_no_secret_key_made_while_it_is_built_stays_in_the_image() -> None:
    [run] = re.findall(r"^RUN (.*manage\.py.*)$", CONTAINERFILE, re.MULTILINE)
    assert "&& DATA_DIR=$made python manage.py " in run
    assert run.endswith('&& rm -r "$made"')


def test_static_files_of_the_image_are_left_as_they_are(monkeypatch, settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    monkeypatch.setenv("STATIC_DIR", str(settings.STATIC_ROOT))
    collect_static_files()
    assert list(tmp_path.iterdir()) == []


def test_no_file_of_secrets_gets_into_the_image() -> None:
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()
    assert COMPOSE["services"]["web"]["env_file"] == ".env"  # beside compose.yaml
    assert {"**/.env", ".data"} <= set(ignored)


def commands() -> Iterator[list[str]]:
    for pod in PODS.values():
        yield from (one["command"] for one in pod["spec"]["containers"] if "command" in one)
    yield from (COMPOSE["services"][name]["command"] for name in OURS if name != "web")
    yield json.loads(re.findall(r"^CMD (.*)$", CONTAINERFILE, re.MULTILINE)[0])


def test_every_command_is_there() -> None:
    for program, *words in commands():
        if program == "celery":
            # Its banner is no line of JSON.
            assert words[:3] == ["--quiet", "--app", "karla_portal.celery"]
            assert words[3] in {"worker", "beat"}
        elif words[0] == "-m":
            assert program == "python"
            assert find_spec(words[1])
        else:
            assert [program, words[0]] == ["python", "manage.py"]
            assert words[1] in get_commands()


def test_probes_ask_what_the_web_server_answers() -> None:
    [container] = PODS["Deployment web"]["spec"]["containers"]
    asked = {name: container[f"{name}Probe"]["httpGet"] for name in ("startup", "liveness")}
    asked["readiness"] = container["readinessProbe"]["httpGet"]
    answering = {name: resolve(urlsplit(one["path"]).path).func for name, one in asked.items()}
    assert answering == {"startup": healthz, "liveness": healthz, "readiness": readyz}
    assert asked["readiness"]["path"].endswith("?for=requests")
    for one in asked.values():
        assert one["port"] == container["ports"][0]["containerPort"] == int(OF_THE_IMAGE["PORT"])
    [url] = re.findall(r"http://[^']+", COMPOSE["services"]["web"]["healthcheck"]["test"][-1])
    assert resolve(urlsplit(url).path).func == readyz
    assert urlsplit(url).port == int(OF_THE_IMAGE["PORT"])


def test_every_variable_is_a_setting() -> None:
    known = asked_of_the_environment()
    [secrets, configuration] = (
        one.get("stringData") or one["data"]
        for kind in ("Secret", "ConfigMap")
        for one in objects()
        if one["kind"] == kind
    )
    of_boto3 = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert {*secrets, *configuration} - known == of_boto3
    for name in OURS:
        assert set(COMPOSE["services"][name]["environment"]) <= known
    of_python = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    assert set(OF_THE_IMAGE) - of_python <= known
    example = (PROJECT / "deploy" / "env.example").read_text()
    said = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert said - known == {"POSTGRES_PASSWORD"}
    # Without these, machines would not read each other's secrets and sessions.
    assert {"SECRET_KEY", "ENCRYPTION_KEYS"} <= set(secrets) & said


def test_every_server_that_is_named_is_a_service() -> None:
    urls = [url for name in OURS for url in COMPOSE["services"][name]["environment"].values()]
    assert {urlsplit(url).hostname for url in urls} <= set(COMPOSE["services"])


def test_migrations_wait_for_a_database_that_takes_connections() -> None:
    assert COMPOSE["services"]["migrate"]["depends_on"]["postgres"] == {
        "condition": "service_healthy"
    }
    # While its image makes the database, a server answers at the socket only.
    assert "--host" in COMPOSE["services"]["postgres"]["healthcheck"]["test"]


def test_every_variable_has_its_line_in_the_example() -> None:
    example = (PROJECT / "deploy" / "env.example").read_text()
    named = {
        word.split("}")[0] for word in (PROJECT / "deploy/compose.yaml").read_text().split("${")[1:]
    }
    said = {line.split("=")[0] for line in example.splitlines() if "=" in line}
    assert named <= said
