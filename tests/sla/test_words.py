"""Spans as people say them, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla.words import seconds_in, span_of

GERMAN = {"%(count)s h": "%(count)s Std.", "%(count)s min": "%(count)s Min."}


@given(st.integers(-(10**9), 10**9))
def test_what_is_said_of_a_span_is_that_span(seconds):
    assert seconds_in(span_of(seconds)) == seconds


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("90", 5400),
        ("90 s", 90),
        ("1 h 30", 5400),
        ("1H30MIN", 5400),
        ("2 m", 120),
        ("-30", -1800),
        (" - 1 h ", -3600),
        ("0", 0),
    ],
)
def test_spans_are_read_as_people_write_them(words, seconds):
    assert seconds_in(words) == seconds


@pytest.mark.parametrize(
    "words",
    ["", "-", "soon", "h", "5 d", "1.5 h", "30 20", "5 min 1 h", "1 h 1 h", "--5", "5\x00", "٣"],
)
def test_what_is_no_span_is_not_guessed_at(words):
    assert seconds_in(words) is None


def test_the_readers_own_units_are_read_too():
    def say(form):
        return GERMAN.get(form, form)

    assert span_of(5400, say) == "1 Std. 30 Min."
    assert seconds_in("1 Std. 30 Min.", say) == seconds_in("1 h 30 min", say) == 5400
