"""Tasks say who acts, and go on in the request that asked for them."""

from typing import Any

from celery import Task

from common.trace import SYSTEM, Via, current_trace, traced


class TracedTask(Task):  # type: ignore[type-arg]
    """One that no request asked for, such as beat's, has its own id as that of a request."""

    def apply_async(  # type: ignore[override]
        self, args: Any = None, kwargs: Any = None, **options: Any
    ) -> Any:
        headers = {"request_id": current_trace().request_id, **(options.pop("headers", None) or {})}
        return super().apply_async(args, kwargs, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        asked_in = (self.request.headers or {}).get("request_id")
        with traced(
            actor=SYSTEM,
            request_id=asked_in or self.request.id or "",
            via=Via.TASK,
            call=self.name,
        ):
            return self.work(*args, **kwargs)

    def work(self, *args: Any, **kwargs: Any) -> Any:
        """Run it, who asked for it being known."""
        return self.run(*args, **kwargs)
