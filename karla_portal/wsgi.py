"""The web application. Start-up memory is frozen: the collector need not walk it again.

And it comes only after more new objects than a large request has at once (a thousand scans have
twenty thousand): going through those cost a fifth of what the request did, and freed nothing.
"""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from common.request_body import MeasuredBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")

application = MeasuredBody(get_wsgi_application())
get_resolver().url_patterns  # noqa: B018 - imports every view

gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)
