"""The web application. Start-up memory is frozen: the collector need not walk it again."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from common.request_body import MeasuredBody

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "karla_portal.settings")

application = MeasuredBody(get_wsgi_application())

gc.collect()
gc.freeze()
gc.set_threshold(10_000, 50, 50)
