"""Countries of addresses, in the language of the page."""

from django import template

from portal.addresses import country_of

register = template.Library()
register.filter(country_of)
