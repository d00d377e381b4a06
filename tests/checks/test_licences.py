"""Which licences are let in, and what the bill of materials lists."""

import pytest

from checks.licences import HERE, PINNED, Policy, bill_of_materials

POLICY = Policy.read((HERE / "licences.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    "stated",
    [
        ["MIT"],
        ["Apache-2.0 AND MIT"],
        ["GPL-3.0-only OR MIT"],
        ["BSD License"],
        ["Something else", "MIT License"],
        ["LGPL-3.0-only"],
    ],
)
def test_these_are_allowed(stated):
    assert POLICY.refusal("example", stated) is None


@pytest.mark.parametrize(
    "stated",
    [
        ["GPL-3.0-only"],
        ["AGPL-3.0-or-later"],
        ["MIT AND GPL-2.0-only"],
        ["SSPL-1.0"],
        ["Proprietary"],
        [],
    ],
)
def test_these_are_refused(stated):
    assert "example" in str(POLICY.refusal("example", stated))


def test_pins_are_read_with_what_they_are_for():
    pins = "a==1 \\\n    --hash=x\nb[c]==2 ; sys_platform == 'win32' \\\n    --hash=y\n"
    assert PINNED.findall(pins) == [("a", ""), ("b", "sys_platform == 'win32' ")]


def test_the_bill_lists_what_it_is_asked_for_with_licences_and_links():
    bill = bill_of_materials({"django": "BSD-3-Clause", "asgiref": "BSD-3-Clause"})

    assert {one["name"].lower() for one in bill["components"]} == {"django", "asgiref"}
    assert all(one["licenses"] == [{"expression": "BSD-3-Clause"}] for one in bill["components"])
    refs = {one["bom-ref"] for one in bill["components"]}
    django = next(one for one in bill["components"] if one["name"].lower() == "django")
    asgiref = next(one for one in bill["components"] if one["name"].lower() == "asgiref")
    links = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    assert asgiref["bom-ref"] in links[django["bom-ref"]]
    assert all(set(targets) <= refs for targets in links.values())
