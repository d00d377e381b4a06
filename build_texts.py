"""Compiles the translated texts into the wheel, which brings no .po files."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))  # a build starts without its project on the path

from common.compiled_texts import compile_texts


class TextsBuildHook(BuildHookInterface[Any]):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        compile_texts(Path(self.root))
        build_data["artifacts"].append("*/locale/*/LC_MESSAGES/django.mo")
