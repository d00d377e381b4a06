"""What customers would see of a draft, in any language and variant."""

from dataclasses import dataclass

from django.conf import settings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from campaigns.choice import Variant
from campaigns.promotion import Promotion, promotion_of
from portal.campaigns.draft import Draft

SHOWN = (Variant.A, Variant.B)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Which of the page's faces is previewed."""

    language: str
    variant: Variant

    @classmethod
    def of(cls, draft: Draft, said: QueryDict) -> "Seen":
        language, variant = said.get("preview_language", ""), said.get("preview_variant", "")
        is_known = language in dict(settings.LANGUAGES)
        return cls(
            language=language if is_known else draft.shop.language,
            variant=Variant.B if variant == Variant.B else Variant.A,
        )


def preview_of(draft: Draft, seen: Seen) -> SafeString:
    with translation.override(seen.language):
        promotion = promotion_of(
            draft.shown(), seen.variant, language=seen.language, currency=draft.shop.currency
        )
        shown = _rendered(promotion) if promotion else None
    return shown or _rendered(None)  # what is missing is said to the editor, not to customers


def _rendered(promotion: Promotion | None) -> SafeString:
    html = render_to_string("portal/campaigns/_preview.html", {"promotion": promotion})
    return mark_safe(html)  # noqa: S308 - a template's output  # nosec B308, B703
