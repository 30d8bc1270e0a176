"""What people mean by the words that they look for."""

import pytest

from tickets.wording import Meaning, meaning_of


@pytest.mark.parametrize(
    ("typed", "query", "words"),
    [
        pytest.param("wall", "'wall':*", ("wall",), id="half a word"),
        pytest.param("video wa", "'video' & 'wa':*", ("video", "wa"), id="several"),
        pytest.param('"video wall"', "'video wall'", ("video", "wall"), id="a phrase"),
        pytest.param('dark "video wall"', "'dark' & 'video wall'", ("dark", "video", "wall")),
        pytest.param('"video wall', "'video wall'", ("video", "wall"), id="not yet closed"),
        pytest.param("wall -dark", "'wall' & !'dark'", ("wall",), id="without"),
        pytest.param('-"too dark" wall', "!'too dark' & 'wall':*", ("wall",), id="without both"),
        pytest.param("e-mail", "'e' & 'mail':*", ("e", "mail"), id="a hyphen is no minus"),
        pytest.param("-e-mail x", "!'e mail' & 'x':*", ("x",), id="without a compound"),
        pytest.param("(wall | 'studio", "'wall' & 'studio':*", ("wall", "studio"), id="operators"),
        pytest.param("ÉCRAN noi", "'ÉCRAN' & 'noi':*", ("ÉCRAN", "noi"), id="letters"),
        pytest.param("-dark", "!'dark'", (), id="only without"),
        pytest.param('" - & \\', "", (), id="nothing"),
        pytest.param("", "", (), id="empty"),
    ],
)
def test_words_are_meant_so(typed, query, words):
    assert meaning_of(typed) == Meaning(query, words)
