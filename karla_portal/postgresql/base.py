"""Django's PostgreSQL backend, but that a connection's health costs no query when it is well."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Asked before each request that reuses a connection (CONN_HEALTH_CHECKS).

        On an idle connection nothing waits to be read, unless the server has closed it or says that
        it is about to; only then is it asked by a query.
        """
        if self.connection is None:
            return False
        watched = select.poll()
        watched.register(self.connection.fileno(), select.POLLIN)
        return not watched.poll(0) or super().is_usable()
