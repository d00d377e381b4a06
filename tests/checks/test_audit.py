"""A finding fails, an unreachable database is told of, and nothing is accepted without a reason."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from checks import audit

PINNED = f"example-package==1.0 --hash=sha256:{'0' * 64}\n"
FOUND = {
    "id": "GHSA-aaaa-bbbb-cccc",
    "aliases": ["CVE-2026-0001"],
    "summary": "Bad.",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "example-package", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@contextmanager
def database(vulnerabilities: list[object]) -> Iterator[str]:
    """One that says this of everything, as OSV does: its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"vulns": vulnerabilities} if vulnerabilities else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(autouse=True)
def pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "requirements.txt"
    path.write_text(PINNED)
    monkeypatch.setattr(audit, "REQUIREMENTS", [path])
    monkeypatch.setattr(audit, "HERE", tmp_path)
    (tmp_path / "audit.toml").write_text("")


def test_a_finding_fails_and_says_where_it_is_mended(capsys):
    with database([FOUND]) as address:
        assert audit.main(["--osv-url", address]) == 1
    said = capsys.readouterr().err
    assert "example-package 1.0" in said
    assert "mended in 1.1" in said


def test_nothing_found_passes():
    with database([]) as address:
        assert audit.main(["--osv-url", address]) == 0


@pytest.mark.parametrize("name", ["GHSA-aaaa-bbbb-cccc", "CVE-2026-0001"])
def test_what_is_accepted_passes_under_any_of_its_names(tmp_path, name):
    (tmp_path / "audit.toml").write_text(
        f'[[accepted]]\nid = "{name}"\nreason = "Not called."\nuntil = 2999-01-01\n'
    )
    with database([FOUND]) as address:
        assert audit.main(["--osv-url", address]) == 0


def test_a_database_that_is_away_is_told_of_loudly_and_fails_nothing(capsys):
    assert audit.main(["--osv-url", "http://127.0.0.1:9/"]) == 0
    assert "NOT AUDITED" in capsys.readouterr().err


def test_a_reason_is_needed():
    said = '[[accepted]]\nid = "GHSA-1"\nreason = " "\nuntil = 2999-01-01\n'
    with pytest.raises(ValueError, match="without a reason"):
        audit.read_accepted(said, date(2026, 1, 1))


def test_what_was_accepted_is_a_finding_again_after_its_day():
    said = '[[accepted]]\nid = "GHSA-1"\nreason = "R"\nuntil = 2026-01-31\n'
    assert audit.read_accepted(said, date(2026, 1, 31)) == {"GHSA-1"}
    assert audit.read_accepted(said, date(2026, 2, 1)) == set()
