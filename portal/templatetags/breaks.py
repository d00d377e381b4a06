"""Where long names may be broken."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def breakable(name: str, after: str = "_") -> SafeString:
    """A NAME_OF_SEVERAL_WORDS that goes on in the next line after an underscore first.

    Or after another sign: an e-mail address after its @.
    """
    parts = ((part,) for part in name.split(after))
    return format_html_join(format_html("{}<wbr>", after), "{}", parts)
