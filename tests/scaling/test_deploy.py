"""What is shipped for containers holds what it promises."""

from typing import Any

import pytest
import yaml

from karla_portal.embedded.environment import PROJECT

KUBERNETES = PROJECT / "deploy" / "kubernetes"
COMPOSE = yaml.safe_load((PROJECT / "deploy" / "compose.yaml").read_text())
OURS = ["web", "worker", "deliver", "beat", "migrate"]


def objects() -> list[dict[str, Any]]:
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    return [one for name in listed for one in yaml.safe_load_all((KUBERNETES / name).read_text())]


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


def test_every_file_is_listed() -> None:
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    found = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert found == set(listed)


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


def test_every_variable_has_its_line_in_the_example() -> None:
    example = (PROJECT / "deploy" / "env.example").read_text()
    named = {
        word.split("}")[0] for word in (PROJECT / "deploy/compose.yaml").read_text().split("${")[1:]
    }
    said = {line.split("=")[0] for line in example.splitlines() if "=" in line}
    assert named <= said
