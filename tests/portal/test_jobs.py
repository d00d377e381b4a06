import csv
import io

import pytest

from jobs.models import Job, JobState
from jobs.work import work_off
from orders.models import Order
from orders.states import OrderState
from portal.jobs.kinds import KINDS
from shops.models import Role
from tests.factories import fulfil, make_member, make_shop, place
from tests.portal.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return make_shop()


@pytest.fixture
def editor(shop, client):
    client.force_login(make_member(shop, Role.EDITOR, email="editor@example.com"))
    return client


def ask(client, shop, **said):
    return client.post(f"/shops/{shop.slug}/jobs/do/cancel_orders", said)


def state(order):
    return Order.objects.get(id=order.id).state


def test_ticked_orders_are_cancelled_after_a_question(shop, editor):
    ticked, other = place(shop), place(shop)

    asked = ask(editor, shop, order=[ticked.id])
    answer = ask(editor, shop, order=[ticked.id], confirmed="on")
    work_off(KINDS, seconds=10)

    assert "Cancel 1 order?" in asked.content.decode()
    assert state(ticked) == OrderState.CANCELLED
    assert state(other) == OrderState.PLACED
    assert "Done" in editor.get(answer.headers["Location"]).content.decode()
    assert Job.objects.get().actor == "editor@example.com"


def test_all_that_match_are_cancelled_whatever_page_they_are_on(shop, editor):
    for number in range(45):
        place(shop, order_number=f"A{number}", order_name="bulk")
    sparing = place(shop)

    ask(editor, shop, query="q=bulk", everything="on", confirmed="on")
    place(shop, order_name="bulk")
    work_off(KINDS, seconds=20)

    cancelled = Order.objects.of(shop).filter(state=OrderState.CANCELLED)
    assert set(cancelled.values_list("order_number", flat=True)) == {f"A{n}" for n in range(45)}
    assert state(sparing) == OrderState.PLACED


def test_what_cannot_be_cancelled_is_named_with_the_reason(shop, editor):
    sent = fulfil(shop, place(shop), "123456")
    gone = place(shop)
    ask(editor, shop, order=[gone.id], confirmed="on")
    work_off(KINDS, seconds=10)

    answer = ask(editor, shop, order=[sent.id, gone.id], confirmed="on")
    work_off(KINDS, seconds=10)

    page = answer.headers["Location"]
    rows = b"".join(editor.get(f"{page}/rows.csv").streaming_content).decode()
    outcomes = {row["subject"]: row["outcome"] for row in csv.DictReader(io.StringIO(rows))}
    assert outcomes == {sent.order_number: "failed", gone.order_number: "skipped"}
    assert "detach its trackings" in editor.get(page).content.decode()


@pytest.mark.parametrize("said", [{}, {"order": ["x"]}, {"query": "q=a"}])
def test_without_a_selection_nothing_is_done(shop, editor, said):
    place(shop)

    answer = ask(editor, shop, confirmed="on", **said)

    query = f"?{said['query']}" if "query" in said else ""
    assert answer.headers["Location"] == f"/shops/{shop.slug}/orders{query}"
    assert not Job.objects.exists()


def test_a_filter_that_makes_no_sense_cancels_nothing(shop, editor):
    order = place(shop)

    ask(editor, shop, query="state=nonsense", everything="on", confirmed="on")
    work_off(KINDS, seconds=10)

    assert state(order) == OrderState.PLACED


def test_other_shops_orders_are_out_of_reach(shop, editor):
    foreign = place(make_shop())

    ask(editor, shop, order=[foreign.id], confirmed="on")
    work_off(KINDS, seconds=10)

    assert state(foreign) == OrderState.PLACED
    assert Job.objects.get().done == 0


def test_a_job_is_stopped_from_its_page_before_it_has_begun(shop, editor):
    page = ask(editor, shop, order=[place(shop).id], confirmed="on").headers["Location"]
    before = text_of(editor.get(page))

    editor.post(f"{page}/stop")

    after = text_of(editor.get(page))
    assert ("Waiting to begin" in before, "Running" in before) == (True, False)
    assert ("Waiting to begin" in after, "Stopped" in after) == (False, True)
    assert Job.objects.get().state == JobState.STOPPED
    assert 'hx-trigger="every' not in editor.get(page).content.decode()
