"""`manage.py doctor` at the terminal."""

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from karla_portal.embedded.environment import PROJECT
from orders.models import Order
from tests.factories import make_shop, place

pytestmark = pytest.mark.django_db(transaction=True)


def doctor(*options: str) -> str:
    stdout = io.StringIO()
    call_command("doctor", "--pause", "0", *options, stdout=stdout)
    return stdout.getvalue()


def test_all_well_is_said_in_one_line() -> None:
    shop = make_shop()
    place(shop)
    assert doctor("--shop", shop.slug) == "All is well: 26 checks, 1 shops.\n"


def test_a_finding_is_explained_and_ends_with_one() -> None:
    shop = make_shop()
    place(shop, order_number="4711")
    Order.objects.of(shop).update(state="fulfilled")
    stdout = io.StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("doctor", "--pause", "0", "--check", "order-states", stdout=stdout)
    assert ended.value.returncode == 1
    said = stdout.getvalue()
    assert f"order-states in {shop.slug}: NOT SO" in said
    assert "4711: is fulfilled, and 0 of 1 expected parcels were sent" in said
    assert "What it means: " in said
    assert "What to do: --mend" in said


def test_another_shop_is_left_alone() -> None:
    well, ill = make_shop(), make_shop()
    place(ill)
    Order.objects.of(ill).update(state="fulfilled")
    assert doctor("--shop", well.slug, "--check", "order-states", "--mend").startswith("All is")
    assert Order.objects.of(ill).get().state == "fulfilled"


def test_programs_read_json() -> None:
    shop = make_shop()
    order = place(shop)
    Order.objects.of(shop).update(state="fulfilled")
    [finding] = json.loads(doctor("--json", "--mend", "--check", "order-states"))
    assert (finding["check"], finding["shop"], finding["mended"]) == ("order-states", shop.slug, 1)
    assert Order.objects.of(shop).get(id=order.id).state == "placed"


def test_a_check_of_the_installation_is_not_of_a_shop() -> None:
    with pytest.raises(CommandError, match="the installation's: servers"):
        doctor("--shop", make_shop().slug, "--check", "servers")


def test_a_database_that_does_not_answer_is_a_finding() -> None:
    said = subprocess.run(
        [sys.executable, "manage.py", "doctor", "--pause", "0"],
        cwd=PROJECT,
        env=os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert "servers: NOT SO" in said.stdout
    assert "- database: does not answer" in said.stdout
    assert "No shop was looked at" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_unknown_shop_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no shop"):
        doctor("--shop", "nowhere")


def test_the_checks_can_be_listed() -> None:
    assert "order-states         The state of every order follows" in doctor("--list")
