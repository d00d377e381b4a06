"""The receivers that docs/receivers offers, each run in its own language on real signatures."""

import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from webhooks.signing import signature_headers

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "receivers"
SECRETS = ["a secret of the shop", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
BODY = '{"a": "ü",\n "b": [1.50, "%s \\\\ $x"]}'

PHP = """
    require $argv[1];
    $cases = json_decode(stream_get_contents(STDIN), true);
    echo json_encode(array_map(fn ($case) => is_genuine(...$case), $cases));
"""


def test_the_php_receiver_takes_genuine_requests_and_no_others():
    php = shutil.which("php")
    if php is None:
        pytest.skip("NOT RUN: there is no php here to run docs/receivers/receiver.php with")
    now = int(time.time())
    old, new = (signed([secret], now) for secret in SECRETS)
    both = signed(SECRETS, now)
    genuine = [(old, BODY, SECRETS[0]), (new, BODY, SECRETS[1])]
    genuine += [(both, BODY, secret) for secret in SECRETS]
    forged = [
        (old, BODY, SECRETS[1]),
        (old, f"{BODY} ", SECRETS[0]),
        (signed([SECRETS[0]], now - 301), BODY, SECRETS[0]),
        (signed([SECRETS[0]], now + 301), BODY, SECRETS[0]),
        (old.replace("v1=", "v0="), BODY, SECRETS[0]),
        (old.replace(str(now), str(now + 1)), BODY, SECRETS[0]),
        ("", BODY, SECRETS[0]),
        ("t=,v1=", BODY, SECRETS[0]),
        ("nonsense", BODY, SECRETS[0]),
    ]

    done = subprocess.run(
        [php, "-r", PHP, "--", str(FOLDER / "receiver.php")],
        input=json.dumps([*genuine, *forged]),
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr == ""
    assert json.loads(done.stdout) == [True] * len(genuine) + [False] * len(forged)


def signed(secrets: list[str], timestamp: int) -> str:
    headers = signature_headers(BODY.encode(), message_id="m", secrets=secrets, timestamp=timestamp)
    return headers["Karla-Signature"]
