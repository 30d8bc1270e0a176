"""Which tickets a policy is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.matching import PROPERTIES, Facts, conditions_of, is_for, refusing

TICKET = Facts(
    priority=2,
    type="internal",
    kind="incident",
    module="it",
    category=7,
    subcategory=8,
    service=3,
    tags=("on air", "studio"),
)
values = st.one_of(st.integers(1, 9), st.sampled_from(["it", "incident", "on air", "exec"]))


@pytest.mark.parametrize(
    ("stated", "holds"),
    [
        ({}, True),
        ({"priority": []}, True),
        ({"priority": [1, 2]}, True),
        ({"priority": [1]}, False),
        ({"category": [7]}, True),
        ({"category": [8]}, True),
        ({"category": [9]}, False),
        ({"tags": ["studio", "field"]}, True),
        ({"tags": ["field"]}, False),
        ({"region": [1]}, False),
        ({"vip_level": ["exec"]}, False),
        ({"priority": [2], "module": ["hr"]}, False),
    ],
    ids=str,
)
def test_a_ticket_must_have_one_value_of_each_property_that_is_stated(stated, holds):
    assert is_for(conditions_of(stated), TICKET) is holds


def test_what_refuses_is_named_in_the_order_of_properties():
    stated = {"module": ["hr"], "priority": [1], "kind": ["incident"]}

    assert refusing(conditions_of(stated), TICKET) == ["priority", "module"]


@given(st.dictionaries(st.sampled_from(PROPERTIES), st.lists(values, max_size=3)))
def test_a_policy_is_for_a_ticket_exactly_if_nothing_refuses(stated):
    conditions = conditions_of(stated)

    assert is_for(conditions, TICKET) == (refusing(conditions, TICKET) == [])
