"""Public holidays of a country for chosen years, as days of a calendar."""

from collections.abc import Iterable

import holidays
from holidays.registry import COUNTRIES

from sla.written import PublicHolidays


def countries() -> list[str]:
    """Return the codes of the countries whose holidays are known (ISO 3166-1)."""
    return sorted({code for _module, code, *_aliases in COUNTRIES.values()})  # loads none of them


def countries_by_name() -> list[tuple[str, str]]:
    """Return code and name of each such country, in the order of their names."""
    known = set(countries())
    named = {code: name.replace("_", " ").title() for name, (_, code, *_) in COUNTRIES.items()}
    return sorted(((code, named.get(code, code)) for code in known), key=lambda pair: pair[1])


def subdivisions(country: str) -> list[str]:
    """Return the codes of a country's parts that have holidays of their own (ISO 3166-2)."""
    return list(holidays.list_supported_countries(include_aliases=False).get(country, []))


def public_holidays(country: str, subdivision: str, years: Iterable[int]) -> list[dict[str, str]]:
    """Return the days on which a country, or a part of it, is closed."""
    found = holidays.country_holidays(country, subdiv=subdivision or None, years=years)
    return [{"date": on.isoformat(), "name": name} for on, name in sorted(found.items())]


def holidays_by_rule(
    country: str, subdivision: str, first_year: int, last_year: int
) -> PublicHolidays:
    """Return a rule of public holidays with the days that it means today. Years inclusive."""
    return PublicHolidays(
        country=country,
        subdivision=subdivision,
        first_year=first_year,
        last_year=last_year,
        days=public_holidays(country, subdivision, range(first_year, last_year + 1)),
    )
