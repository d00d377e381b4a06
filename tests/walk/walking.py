"""Opening a page as people do, and what is wrong with it."""

import gzip
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Response

from tests.portal.browser.visits import overflow

WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 360, "height": 800}
MOST_BYTES = 100_000
AXE = Axe()
ELSEWHERE = "net::ERR_FAILED"
"""What the console says of pictures of other sites, which tests do not load."""
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""What else axe looks at is the same in the dark."""
INLINE = re.compile(
    r"<style\b|<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>|<[^>]+\s(?:style|on[a-z]+)=\"",
    re.IGNORECASE,
)
COMPRESSED = {".css", ".js", ".svg", ".ttf", ".json"}


class Walk:
    """Many pages in one window; `faults` has what is wrong, by page."""

    def __init__(self, page: Page, said: list[str]) -> None:
        self.page = page
        self.said = said
        self.faults: dict[str, list[str]] = {}
        self.weights: dict[str, int] = {}
        self.most_bytes = MOST_BYTES
        self.rules: list[str] = []
        """Of axe; all that it knows unless some are named."""
        self.without: list[str] = []
        self.awaited = "h1"
        """What is there once the page is; some pages are drawn by scripts."""
        self._sizes: dict[str, int] = {}

    def visit(self, pages: dict[str, str]) -> None:
        """Those that answer with a page; what they download is no business of this."""
        for name, path in pages.items():
            if faults := list(self._faults(name, path)):
                self.faults[f"{name} {path}"] = faults

    def _faults(self, name: str, path: str) -> Iterator[str]:
        self.said.clear()
        self.page.set_viewport_size(WIDE)
        self.page.emulate_media(color_scheme="light")
        answer = self.page.goto(path)
        assert answer is not None
        if answer.status != 200 and name not in REFUSING:
            yield f"answers {answer.status}"
        if found := INLINE.search(answer.text()):
            yield f"inline: {found[0][:200]}"
        self.page.wait_for_selector(self.awaited)
        yield from self._structure()
        self.weights[name] = self._weight(answer)
        if self.weights[name] > self.most_bytes:
            yield f"weighs {self.weights[name]:,} bytes"
        self.page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        self.page.evaluate(AXE.axe_script)
        yield from (f"light: {one}" for one in self._violations(self.rules))
        self.page.emulate_media(color_scheme="dark")
        self.page.evaluate("document.getAnimations().forEach(one => one.finish())")
        yield from (f"dark: {one}" for one in self._violations(RULES_OF_COLOUR))
        self.page.locator("details").evaluate_all("all => all.forEach(one => one.open = false)")
        self.page.set_viewport_size(NARROW)
        if (pixels := overflow(self.page)) > 0:
            yield f"{pixels} px too wide for a telephone"
        expected = [ELSEWHERE] if answer.ok else [ELSEWHERE, f"status of {answer.status}"]
        yield from (text for text in self.said if not any(part in text for part in expected))

    def _violations(self, only: Sequence[str]) -> list[str]:
        options: dict[str, Any] = {
            "resultTypes": ["violations"],
            "preload": False,
            "rules": {rule: {"enabled": False} for rule in self.without},
        }
        if only:
            options["runOnly"] = list(only)
        found = self.page.evaluate("options => axe.run(options)", options)["violations"]
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
            for one in found
            for node in one["nodes"]
        ]

    def _structure(self) -> Iterator[str]:
        headings = self.page.locator("h1").count()
        if headings != 1:
            yield f"{headings} × h1"
        language = self.page.locator("html").get_attribute("lang")
        if language is None or language.partition("-")[0] != "en":
            yield f"lang={language}"

    def _weight(self, answer: Response) -> int:
        """What is sent for it to somebody who was never here; static files go out compressed."""
        named: list[str] = self.page.evaluate(
            "performance.getEntriesByType('resource').map(one => one.name)"
        )
        own = {url for url in named if "/static/" in url}
        own_bytes = answer.request.sizes()["responseBodySize"]
        return own_bytes + sum(self._size(unquote(urlsplit(url).path)) for url in own)

    def _size(self, url: str) -> int:
        if url not in self._sizes:
            path = finders.find(url.removeprefix("/static/"))
            assert isinstance(path, str), url
            content = Path(path).read_bytes()
            is_compressed = Path(path).suffix in COMPRESSED
            self._sizes[url] = len(gzip.compress(content)) if is_compressed else len(content)
        return self._sizes[url]


REFUSING = {"portal:invitation", "no order"}
"""Pages whose row in the matrix names what nobody has."""
