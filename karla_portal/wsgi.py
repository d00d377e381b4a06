"""The web application. Start-up memory is frozen: the collector need not walk it again."""

import gc

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

gc.collect()
gc.freeze()
gc.set_threshold(10_000, 50, 50)
