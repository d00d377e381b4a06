"""Celery. A task is a nudge: what has to be done stands in PostgreSQL, where beat finds it too."""

import os
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging, worker_ready
from django.conf import settings

from common.heartbeats import EVERY
from common.scraping import answer_scrapes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")

TIME_LIMIT = 240  # seconds
VISIBILITY_TIMEOUT = 300  # seconds; above the time limit, so that no task runs twice at once


def transport_options(broker_url: str) -> dict[str, Any]:
    """Options for kombu's transport of this URL: every transport has its own."""
    if not urlsplit(broker_url).scheme.startswith("redis"):
        return {}
    return {
        # A task in the hands of a worker that was killed comes back after this; with kombu's own
        # throttle of ten it would be looked for every 100 seconds only.
        "visibility_timeout": VISIBILITY_TIMEOUT,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_connect_timeout": 2,
    }


@setup_logging.connect
def leave_logs_alone(**_said: object) -> None:
    """Celery sets up none of its own where somebody hears this: ours are, as LOG_LEVEL says."""


@worker_ready.connect
def tell_prometheus(**_said: object) -> None:
    answer_scrapes()


app = Celery("karla_portal", task_cls=settings.TASK_CLASS)
app.conf.update(
    broker_url=settings.BROKER_URL,
    broker_transport_options=transport_options(settings.BROKER_URL),
    broker_connection_retry_on_startup=True,
    broker_channel_error_retry=True,  # a broker whose disk is full refuses, and must end no worker
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=TIME_LIMIT,
    # A lost nudge costs less than a request that waits for the broker.
    task_publish_retry_policy={"max_retries": 1, "interval_start": 0.1},
    worker_concurrency=settings.WORKER_CONCURRENCY,
    worker_prefetch_multiplier=4,
    beat_schedule={
        "clear sessions": {"task": "shops.clear_sessions", "schedule": crontab(minute=7, hour=3)},
        "forget idempotent requests": {
            "task": "intake.forget_idempotent_requests",
            "schedule": crontab(minute=17),
        },
        "note alive": {
            "task": "common.note_alive",
            "schedule": EVERY,
            "options": {"expires": EVERY},
        },
        "dispatch": {"task": "webhooks.dispatch", "schedule": 10.0, "options": {"expires": 10}},
        "tell of disabled webhooks": {
            "task": "webhooks.tell_of_disabled_webhooks",
            "schedule": crontab(),
        },
        "forget old deliveries": {
            "task": "webhooks.forget_old_deliveries",
            "schedule": crontab(minute=37, hour=3),
        },
        "cut attempts by week": {
            "task": "webhooks.cut_attempts",
            "schedule": crontab(minute=27),
        },
        "cut events by month": {"task": "events.cut", "schedule": crontab(minute=12)},
        "cut page actions by month": {
            "task": "engagement.cut_page_actions",
            "schedule": crontab(minute=22),
        },
        "forget old bodies of mails": {
            "task": "notices.forget_old_bodies",
            "schedule": crontab(minute=47, hour=3),
        },
        "flag overdue shipments": {
            "task": "shipments.flag_overdue",
            "schedule": crontab(minute="*/5"),
        },
        "learn transit times": {
            "task": "shipments.learn_transit_times",
            "schedule": crontab(minute=37),
        },
        "send claims' answers": {
            "task": "claims.send_mails",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "forget claims' drafts": {
            "task": "claims.forget_drafts",
            "schedule": crontab(minute=47),
        },
        "refresh numbers": {
            "task": "analytics.refresh",
            "schedule": 30,
            "options": {"expires": 30},
        },
        "check numbers": {"task": "analytics.check", "schedule": crontab(minute=17, hour=2)},
        "forget moved orders": {
            "task": "analytics.forget_moves",
            "schedule": crontab(minute=47, hour=2),
        },
        "work off jobs": {
            "task": "portal.work_off_jobs",
            "schedule": 10.0,
            "options": {"expires": 10},
        },
        "end overdue visits of staff": {
            "task": "portal.end_overdue_visits",
            "schedule": crontab(),
        },
        "forget old jobs": {
            "task": "portal.forget_old_jobs",
            "schedule": crontab(minute=27, hour=3),
        },
        "finish exports and erasures": {
            "task": "portal.finish_privacy",
            "schedule": 60.0,
            "options": {"expires": 60},
        },
        "keep retentions": {"task": "portal.keep_retentions", "schedule": crontab(minute=52)},
        "play test parcels": {"task": "feeds.play_test_parcels", "schedule": 5},
        "ask carriers": {"task": "feeds.ask_carriers", "schedule": 30},
        "send weekly summaries": {
            "task": "portal.send_weekly_summaries",
            "schedule": crontab(minute=12),
        },
        "forget finished parcels": {
            "task": "feeds.forget_finished",
            "schedule": crontab(minute=37, hour=3),
        },
    },
    beat_scheduler="karla_portal.beat:Scheduler",
    beat_schedule_filename=str(settings.DATA_DIR / "beat-schedule"),
    timezone="UTC",
)
app.autodiscover_tasks()
