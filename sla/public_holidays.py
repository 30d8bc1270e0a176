"""Public holidays of a country for chosen years, as days of a calendar."""

from collections.abc import Iterable

import holidays


def countries() -> list[str]:
    """Return the codes of the countries whose holidays are known (ISO 3166-1)."""
    return sorted(holidays.list_supported_countries(include_aliases=False))


def subdivisions(country: str) -> list[str]:
    """Return the codes of a country's parts that have holidays of their own (ISO 3166-2)."""
    return list(holidays.list_supported_countries(include_aliases=False).get(country, []))


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> list[dict[str, str]]:
    """Return the days on which a country, or a part of it, is closed."""
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    return [{"date": on.isoformat(), "name": name} for on, name in sorted(found.items())]
