"""Where long names may be broken."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def breakable(name: str) -> SafeString:
    """A NAME_OF_SEVERAL_WORDS that goes on in the next line after an underscore only."""
    return format_html_join(SafeString("_<wbr>"), "{}", ((word,) for word in name.split("_")))
