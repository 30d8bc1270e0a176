"""Template tags of assignment's pages. Nothing here queries."""

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils.safestring import SafeString

from dispatch import load_card
from nova.web.words import present_reader

register = template.Library()


@register.simple_tag
def load_cards(
    told: Iterable[tuple[load_card.Ticket, str]], now: datetime, gives: bool, holder: object = ""
) -> SafeString:
    return load_card.load_cards(told, str(holder), present_reader(now), gives=gives)
