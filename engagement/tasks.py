from celery import shared_task

from engagement.retention import cut_page_actions


@shared_task(name="engagement.cut_page_actions")
def cut_page_actions_by_month() -> None:
    cut_page_actions()
