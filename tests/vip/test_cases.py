"""Expiry, overlap, precedence and the middle of a ticket, as a table, with the words for it."""

from datetime import timedelta

import pytest

from tests.factories import NOW
from vip.attributes import saying_of
from vip.conditions import Facts
from vip.rules import Ground, Rule, Standing, Subject, assess, change_in_words

DAY = timedelta(days=1)
CHIEFS = Rule(
    *(7, "Chiefs", "gold"),
    {
        "match": "all",
        "clauses": [{"attribute": "title", "operator": "starts_with", "value": "Chief"}],
    },
)
CHIEF, FLAGGED = Facts(title="Chief cook"), Facts(attributes={"isVIP": True, "vip_level": "gold"})
BY_RULE = "Gold: Chiefs (title starts with “Chief”)"


def by(source, level, reason="Board", start=-9, end=None):
    """Return a ground that begins and ends so many days from now."""
    ends_at = None if end is None else NOW + end * DAY
    return Ground(level, source, reason, starts_at=NOW + start * DAY, ends_at=ends_at)


def assessed(facts=None, *grounds, rules=(CHIEFS,), at=0, is_here=True):
    subject = Subject(1, is_here, facts or Facts(), grounds)
    return assess(subject, rules, "priority", at=NOW + at * DAY)


@pytest.mark.parametrize(
    ("standing", "level", "source", "reasons"),
    [
        pytest.param(assessed(), "", "", (), id="nothing"),
        pytest.param(
            assessed(None, by("manual", "exec", end=1)),
            *("exec", "manual", ("Exec: Board",)),
            id="the last day",
        ),
        pytest.param(
            assessed(None, by("manual", "exec", end=1), at=1), "", "", (), id="the end is beyond"
        ),
        pytest.param(
            assessed(None, by("manual", "exec", start=0)),
            *("exec", "manual", ("Exec: Board",)),
            id="the start is within",
        ),
        pytest.param(assessed(None, by("manual", "exec", start=1)), "", "", (), id="not begun"),
        pytest.param(
            assessed(None, by("manual", "exec", end=1), by("api", "priority", "Floor"), at=2),
            *("priority", "api", ("Priority: Floor",)),
            id="what overlaps is left when the stronger ends",
        ),
        pytest.param(
            assessed(CHIEF, by("manual", "priority")),
            *("gold", "rule", (BY_RULE, "Priority: Board")),
            id="the strongest counts, whoever says it",
        ),
        pytest.param(
            assessed(CHIEF, by("manual", "gold")),
            *("gold", "manual", ("Gold: Board", BY_RULE)),
            id="of two alike a person speaks before a rule",
        ),
        pytest.param(
            assessed(FLAGGED, by("api", "gold", "Key account")),
            *("gold", "api", ("Gold: Key account", "Gold: vip_level is gold")),
            id="the API before the identity provider",
        ),
        pytest.param(
            assessed(Facts(title="Chief cook", attributes={"isVIP": True, "vip_level": "gold"})),
            *("gold", "scim", ("Gold: vip_level is gold", BY_RULE)),
            id="the identity provider before a rule",
        ),
        pytest.param(
            assessed(CHIEF, by("cosmo", "gold", "Named in a mail")),
            *("gold", "rule", (BY_RULE, "Gold: Named in a mail")),
            id="a rule before Cosmo",
        ),
        pytest.param(
            assessed(CHIEF, rules=()), "", "", (), id="what a rule gave ends with the rule"
        ),
        pytest.param(
            assessed(CHIEF, by("manual", "exec"), is_here=False),
            *("", "", ()),
            id="who has left is nobody special",
        ),
    ],
)
def test_who_is_a_vip_and_by_whose_word(standing, level, source, reasons):
    assert (standing.level, standing.source, standing.reasons) == (level, source, reasons)


@pytest.mark.parametrize(
    ("before", "after", "because", "words"),
    [
        ("", Standing("gold", "rule"), "The rule Chiefs was made", "A VIP now (Gold, rule): {}"),
        ("gold", Standing(), "Changed: title", "No longer a VIP (was Gold): {}"),
        ("gold", Standing("exec", "manual"), "Board", "From Gold up to Exec (manual): {}"),
        ("exec", Standing("gold", "scim"), "x", "From Exec down to Gold (identity provider): {}"),
        ("exec", Standing("exec", "scim"), "x", ""),
        ("", Standing(), "x", ""),
    ],
)
def test_what_becomes_of_an_open_ticket_is_said_with_its_cause(before, after, because, words):
    assert change_in_words(before, after, because) == words.format(because)


@pytest.mark.parametrize(
    ("attributes", "level", "note"),
    [
        ({}, "", ""),
        ({"isVIP": True}, "priority", ""),
        ({"isvip": "True"}, "priority", ""),
        ({"isVIP": False}, "", ""),
        ({"isVIP": "No"}, "", ""),
        ({"vip_level": "Gold"}, "gold", ""),
        ({"isVIP": True, "vip_level": "exec"}, "exec", ""),
        ({"isVIP": True, "vip_level": "none"}, "priority", ""),
        ({"isVIP": True, "vip_level": "platinum"}, "priority", "which is not known here"),
        ({"vip_level": "platinum"}, "", "which is not known here"),
        ({"isVIP": False, "vip_level": "gold"}, "", "isVIP false, which counts"),
        ({"isVIP": [True, False]}, "", "both true and false"),
        ({"isVIP": {"value": True}, "vip_level": None}, "", ""),
    ],
    ids=str,
)
def test_what_an_identity_provider_says_is_a_ground_and_what_is_odd_is_said(
    attributes, level, note
):
    found = saying_of(attributes, "priority")

    assert found.level == level
    assert (note in found.note) if note else not found.note
