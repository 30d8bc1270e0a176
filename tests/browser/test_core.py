"""Nova Core in the browser: its theme needs a policy of its own, and must keep to it."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/core/", "People", id="the start"),
        pytest.param("/core/accounts/user/", "Mia Ruiz", id="a list"),
        pytest.param("/core/accounts/user/add/", "Time zone", id="a form"),
    ],
)
def test_core_opens_under_its_policy(visit, desk, path, words):
    page = visit(desk.admin).go(path)
    expect(page.get_by_text(words, exact=False).first).to_be_visible()
    # Alpine has begun where nothing is cloaked any more.
    expect(page.locator("[x-cloak]")).to_have_count(0)
