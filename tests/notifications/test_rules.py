"""When to try again, and what a header can bear."""

import pytest

from nova.notifications import rules


@pytest.mark.parametrize(
    ("attempts", "jitter", "seconds"),
    [(1, 0, 10), (2, 0, 20), (3, 0, 40), (7, 0, 640), (1, 1, 12.5), (3, 0.5, 45)],
)
def test_each_wait_is_twice_the_one_before(attempts, jitter, seconds):
    assert rules.wait_after(attempts, jitter).total_seconds() == seconds


def test_the_eighth_failure_is_the_last():
    assert rules.wait_after(8, 0) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a\r\nBcc: b", "a Bcc: b"),
        ("  a \t b  ", "a b"),
        ("a\x00b\u2028c", "a b c"),
        ("x" * 300, "x" * 200),
        ("größer 5", "größer 5"),
    ],
)
def test_a_subject_is_one_line(text, line):
    assert rules.one_line(text) == line


def test_a_key_tells_apart_what_differs():
    keys = {
        rules.key_of(cause, template, channel, whom)
        for cause in ("1", "2")
        for template in ("a", "b")
        for channel in ("email", "slack")
        for whom in (1, 2)
    }
    assert len(keys) == 16
