"""The Celery app: what beat asks for exists, and each broker gets its own transport's options."""

import logging

from celery import current_app
from django.conf import settings

from karla_portal.celery import app, transport_options


def test_it_is_the_app_of_every_task() -> None:
    assert current_app.main == app.main


def test_what_beat_asks_for_are_tasks() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_logs_and_tasks_at_once_are_as_the_settings_say() -> None:
    level = logging.getLogger().level
    app.log.setup(loglevel="CRITICAL")
    assert logging.getLogger().level == level
    assert app.conf.worker_concurrency == settings.WORKER_CONCURRENCY


def test_a_lost_task_is_looked_for_every_few_seconds_on_redis() -> None:
    options = transport_options("redis+socket:///somewhere/valkey.sock?virtual_host=0")
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 10
    assert app.conf.task_time_limit < options["visibility_timeout"]


def test_other_brokers_are_left_as_they_are() -> None:
    assert transport_options("amqp://user:password@rabbit:5672//") == {}
