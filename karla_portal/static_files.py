"""Static files as they are collected: named by their content, and compressed once."""

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class CompressedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **options: Any) -> Compressor:
        """By gzip alone: Brotli (there for the typeface) takes longer than all that starts."""
        return Compressor(use_brotli=False, **options)
