"""Cards as they are kept: the same for anybody's ticket, and whole for who may know of VIPs."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch import cards
from dispatch.cards import card_for, plain_of
from dispatch.engine.deciding import decide
from dispatch.engine.facts import Engineer, Job, Policy, Presence
from dispatch.engine.terms import WEIGHTS
from dispatch.words import because_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
THERE = Presence(NOW + timedelta(hours=4), NOW)
AWAY = Presence(None, NOW)
PEOPLE = st.lists(
    st.builds(
        Engineer,
        pk=st.integers(1, 9),
        name=st.sampled_from(["Ann", "Ben"]),
        presence=st.sampled_from([THERE, AWAY]),
        capacity=st.sampled_from([100, 1000]),
        load=st.sampled_from([0, 50]),
        languages=st.sampled_from([frozenset(), frozenset({"de"})]),
        is_for_vips=st.booleans(),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda each: each.pk,
)
POLICIES = st.builds(Policy, weights=st.just(WEIGHTS), only_preferred_for_vips=st.booleans())
VIPS = Job(pk=1, language="de", is_for_vip=True)


@pytest.fixture(autouse=True, scope="module")
def _few_are_ranked():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cards, "RANKED", 2)
        yield


@given(PEOPLE, POLICIES)
def test_what_everybody_may_read_is_as_of_anybodys_ticket(people, policy):
    of_vip = decide(VIPS, people, policy, NOW)
    of_others = decide(replace(VIPS, is_for_vip=False), people, policy, NOW)
    named = {"primary": of_others.primary, "backup": of_others.backup}

    assert plain_of(of_vip)[0] == plain_of(of_others)[0]
    assert because_of(replace(of_vip, **named)) == because_of(of_others)
    assert "vip" not in str(plain_of(of_vip)[0]).lower()


@given(PEOPLE, POLICIES)
def test_who_may_know_reads_what_was_decided(people, policy):
    card = decide(VIPS, people, policy, NOW)
    told = card_for(*plain_of(card), may_see_vips=True)

    ranked = [(each.engineer.pk, each.score, dict(each.terms)) for each in card.ranked[:2]]
    found = [(each["person"], each["score"], each["terms"]) for each in told["candidates"]]
    assert found == ranked
    assert told["others"] == max(0, len(card.ranked) - 2)
    refused = {each["person"]: [gate["why"] for gate in each["gates"]] for each in told["refused"]}
    assert refused == {pk: [each.why for each in found] for pk, found in card.refused.items()}
