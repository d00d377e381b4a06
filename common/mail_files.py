"""Without a mail server each mail is a file; it names people, and its links open accounts."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.mail.backends import filebased


class EmailBackend(filebased.EmailBackend):
    """Django's, but the folder and its files are open to their owner only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        with suppress(PermissionError):  # another user's folder, who let us write to it
            Path(self.file_path).chmod(0o700)

    def open(self) -> bool:
        if self.stream is None:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            self.stream = os.fdopen(os.open(self._get_filename(), flags, 0o600), "ab")
            return True
        return False
