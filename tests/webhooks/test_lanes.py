"""What a worker has in hand for one endpoint."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from common.ids import new_id
from webhooks.answer import Answer
from webhooks.lanes import FAILURES_IN_A_ROW, FEWEST_IN_FLIGHT, IN_FLIGHT, TIME_TO_SEND, Lane
from webhooks.models import DeliveryState
from webhooks.queue import Claimed, Outcome


def make_lane(waiting: int = 0, **fields: Any) -> Lane:
    lane = Lane(new_id(), new_id())
    for _ in range(waiting):
        lane.add(make_claimed(**fields))
    return lane


def make_claimed(*, lease: timedelta = timedelta(seconds=30), is_probe: bool = False) -> Claimed:
    return Claimed(
        id=new_id(),
        shop_id=new_id(),
        webhook_id=new_id(),
        message_id=new_id(),
        number=1,
        retries=0,
        leased_until=timezone.now() + lease,
        body="{}",
        url="https://203.0.114.1/",
        secret="",
        previous_secret="",
        is_probe=is_probe,
        is_test=False,
        is_troubled=is_probe,
    )


def outcome_of(claimed: Claimed, *, is_success: bool, latency: int = 5) -> Outcome:
    return Outcome(
        claimed=claimed,
        state=DeliveryState.SUCCEEDED if is_success else DeliveryState.PENDING,
        next_attempt_at=None,
        request_headers={},
        answer=Answer(status=200 if is_success else 500),
        latency=latency,
    )


def take_all(lane: Lane) -> list[Claimed]:
    taken = []
    while claimed := lane.take_next(timezone.now()):
        taken.append(claimed)
    return taken


def test_so_many_are_in_flight_as_latency_merits():
    lane = make_lane(waiting=100)
    assert len(take_all(lane)) == FEWEST_IN_FLIGHT
    for _ in range(60):
        lane.note(outcome_of(make_claimed(), is_success=True, latency=5_000))
    assert FEWEST_IN_FLIGHT + len(take_all(lane)) == IN_FLIGHT


def test_what_has_too_little_left_of_its_lease_is_somebody_elses():
    lane = make_lane(waiting=2, lease=TIME_TO_SEND)

    assert take_all(lane) == []
    assert lane.is_idle


def test_failures_in_a_row_open_the_breaker_once():
    lane = make_lane(waiting=1)
    results = [lane.note(outcome_of(make_claimed(), is_success=False)) for _ in range(12)]

    assert results.index(True) == FAILURES_IN_A_ROW - 1
    assert results.count(True) == 1  # those that were in flight open it no second time


def test_a_success_in_between_starts_the_count_anew():
    lane = make_lane()
    for is_success in [False] * 4 + [True] + [False] * 4:
        assert not lane.note(outcome_of(make_claimed(), is_success=is_success))


def test_one_probe_decides_whether_it_stays_open():
    lane = make_lane(waiting=1, is_probe=True)
    assert lane.room == 0
    [probe] = take_all(lane)

    assert lane.note(outcome_of(probe, is_success=False))
    lane.add(make_claimed(is_probe=True))
    assert not lane.note(outcome_of(probe, is_success=True))
    assert lane.room > 0
