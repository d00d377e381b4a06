"""What was found, for people and for programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from doctor.examination import Finding

NAMED = 10


def as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    return [
        {
            "check": finding.check.name,
            "shop": finding.shop.slug if finding.shop else None,
            "title": finding.check.title,
            "means": finding.check.means,
            "advice": finding.check.advice,
            "can_be_mended": finding.check.mend is not None,
            "mended": finding.mended,
            "cut_off": finding.cut_off or None,
            "troubles": [
                {"subject": trouble.subject, "label": trouble.label, "detail": trouble.detail}
                for trouble in finding.troubles
            ],
        }
        for finding in findings
    ]


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        where = f" in {finding.shop.slug}" if finding.shop else ""
        yield ""
        if finding.cut_off:
            yield f"{finding.check.name}{where}: NOT DONE TO THE END: {finding.cut_off}"
            yield (
                f"  What to do: see that the database answers and is migrated, then once more: "
                f"manage.py doctor --check {finding.check.name}"
            )
            continue
        yield f"{finding.check.name}{where}: NOT SO: {finding.check.title}"
        if finding.mended:
            yield f"  mended: {finding.mended:,}; left: {len(finding.troubles):,}"
        for trouble in finding.troubles[:NAMED]:
            yield f"  - {trouble.label}: {trouble.detail}"
        if len(finding.troubles) > NAMED:
            yield f"  - and {len(finding.troubles) - NAMED:,} more (--json names them)"
        if finding.troubles:
            yield f"  What it means: {finding.check.means}"
            yield f"  What to do: {finding.check.advice}"
