"""The quickstarts of docs/api.md do what they say, pasted as they are."""

import io
import re
import subprocess
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from tests.factories import make_key, make_shop

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = Path(__file__).parent.parent / "docs" / "api.md"
WRITTEN_BASE = "http://localhost:8000"


def quickstart(language: str, server: str) -> str:
    """The first piece in this language, with a server and a key that are there."""
    [first, *_] = re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    _, secret = make_key(make_shop(slug="demo"))
    assert WRITTEN_BASE in first
    assert "…" in first
    return first.replace(WRITTEN_BASE, server).replace("…", secret, 1)


def test_the_one_in_python(live_server):
    with redirect_stdout(io.StringIO()) as printed:
        exec(quickstart("python", live_server.url), {})  # noqa: S102 - our own document

    assert printed.getvalue() == "partially_fulfilled\n"


def test_the_one_in_curl(live_server):
    script = quickstart("sh", live_server.url)

    done = subprocess.run(["sh", "-ec", script], capture_output=True, text=True, check=True)

    assert done.stdout.startswith("nullnull[{")
    assert '"state":"fulfilled"' in done.stdout
