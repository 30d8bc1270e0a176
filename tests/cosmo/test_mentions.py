"""Whom texts mean, and how sure that is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nova.cosmo.naming import Directory, Known
from nova.cosmo.reading import LONGEST
from nova.cosmo.rules import mentions_in

DANA, TOM, JOSE, ANNA, ANN, URSULA, ONE, OTHER, AIDE = range(1, 10)
PEOPLE = [
    Known(DANA, "Dana Fischer", "Chief Financial Officer"),
    Known(TOM, "Tom Berg", "CEO"),
    Known(JOSE, "José Muñoz-García", "Head of Finance"),
    Known(ANNA, "Anna-Lena Müller", "CTO"),
    Known(ANN, "Ann O'Brien", "Group COO"),
    Known(URSULA, "Dr. Ursula von der Leyen", "Head of Legal"),
    Known(ONE, "Chris Long", "Editor"),
    Known(OTHER, "Chris Long", "Presenter"),
    Known(AIDE, "Amir Haddad", "Assistant to the CIO"),
]
DIRECTORY = Directory(PEOPLE)
# Each with whom it means, how sure that is, and whether a phrase says that it is for them.
SURE = [
    ("This is on behalf of Dana Fischer.", DANA, "1.00"),
    ("ON BEHALF OF DANA FISCHER", DANA, "1.00"),
    ("on behalf of our CFO", DANA, "0.90"),
    ("on behalf of the Chief Financial Officer", DANA, "0.90"),
    ("On behalf of Fischer, Dana", DANA, "1.00"),
    ("on behalf of Dana M. Fischer", DANA, "1.00"),
    ("on behalf of my boss, Dana Fischer", DANA, "1.00"),
    ("requested by: d. fischer", DANA, "0.90"),
    ("Requested by Mr. Berg", TOM, "0.90"),
    ("Dana Fischer has asked me to report it", DANA, "1.00"),
    ("our CEO asked me to call you", TOM, "0.90"),
    ("This is for Tom Berg", TOM, "1.00"),
    ("The ticket is for our CEO", TOM, "0.90"),
    ("in the name of Jose Munoz Garcia", JOSE, "1.00"),
    ("on behalf of our head of finance", JOSE, "0.90"),
    ("im Auftrag von Frau Mueller", ANNA, "0.90"),
    ("Im Namen von Anna Lena Müller", ANNA, "1.00"),
    ("de la part de Tom Berg", TOM, "1.00"),
    ("on behalf of the COO", ANN, "0.90"),
    ("on behalf of Ms O\u2019Brien", ANN, "0.90"),
    ("on behalf of Ursula von der Leyen", URSULA, "1.00"),
    ("at the request of Dr. von der Leyen", URSULA, "0.90"),
    ("for Dana Fischer, our CFO", DANA, "0.90"),
    ("on behalf of\nDana Fischer", DANA, "1.00"),
    ("not only on behalf of Dana Fischer", DANA, "1.00"),
]
UNSURE = [
    ("The slides are broken for our CFO", DANA, "0.70"),
    ("for our\nCFO", DANA, "0.70"),
    ("A new phone for Dana Fischer", DANA, "0.80"),
    ("für Tom Berg", TOM, "0.80"),
    ("I am Dana Fischer's assistant", DANA, "0.80"),
    ("I'm the assistant of our CEO", TOM, "0.70"),
    ("on behalf of Fischer", DANA, "0.70"),
    ("on behalf of Dana", DANA, "0.60"),
    ("for Dana", DANA, "0.40"),
    ("on behalf of CFO", DANA, "0.70"),
    ("on behalf of Tom Berg, our CFO", TOM, "0.80"),
    ("If this were on behalf of our CFO", DANA, "0.60"),
    ("A phishing mail claims to be on behalf of our CFO", DANA, "0.60"),
    ("Someone called, pretending to act on behalf of Dana Fischer", DANA, "0.70"),
    ("The survey was sent on behalf of Dana Fischer", DANA, "0.70"),
    ("Nobody said it is on behalf of Dana Fischer", DANA, "0.70"),
    ("on behalf of Dana Fischer's assistant", DANA, "0.80"),
]
NAMED = [
    ("It is for our. CFO is another sentence", DANA, "0.30"),
    ("Dana Fischer's laptop is dark", DANA, "0.60"),
    ("The Chief Financial Officer cannot log in", DANA, "0.50"),
    ("We are waiting for our CFO", DANA, "0.50"),
    ("CFO dashboard is slow", DANA, "0.30"),
    ("It is cold in the CFO's office", DANA, "0.30"),
]
NOBODY = [
    "My laptop is dark",
    "Not for our CFO, just me",
    "This isn't for our CFO.",
    "This is not meant for Dana Fischer",
    "for everybody instead of our CFO",
    "for all except our CFO",
    "nicht für Tom Berg",
    "our former CFO",
    "our deputy CFO",
    "for our CIO",
    "It has been dark for long",
    "dana called, and fischer too",
    "Hello\n> on behalf of Dana Fischer\nplease help",
    "Hello\n\n-- \nDana Fischer\nCFO",
    "Hello\n\nKind regards,\nDana Fischer, CFO",
    "Hello\nOn Tue, 3 March, X wrote:\non behalf of Dana Fischer",
    "Hello\n----- Original Message -----\non behalf of our CFO",
    "",
]


def only(text):
    [mention] = mentions_in(text, DIRECTORY)
    return mention


@pytest.mark.parametrize(("text", "person", "confidence"), SURE + UNSURE)
def test_a_phrase_says_for_whom_it_is(text, person, confidence):
    mention = only(text)
    assert (mention.person_id, str(mention.confidence)) == (person, confidence)
    assert mention.says_for
    assert mention.is_unique


@pytest.mark.parametrize(("text", "person", "confidence"), NAMED)
def test_to_be_named_is_not_to_be_served(text, person, confidence):
    mention = only(text)
    assert (mention.person_id, str(mention.confidence)) == (person, confidence)
    assert not mention.says_for


@pytest.mark.parametrize("text", NOBODY)
def test_these_mean_nobody(text):
    assert mentions_in(text, DIRECTORY) == []


def test_who_is_called_alike_shares_the_confidence():
    found = mentions_in("on behalf of Chris Long", DIRECTORY)
    assert [(m.person_id, str(m.confidence)) for m in found] == [(ONE, "0.50"), (OTHER, "0.50")]
    assert not any(mention.is_unique for mention in found)


def test_a_title_tells_two_of_one_name_apart():
    mention = only("on behalf of Chris Long, our presenter")
    assert mention.person_id == OTHER
    assert mention.is_unique


def test_one_phrase_may_be_for_two():
    found = mentions_in("on behalf of Dana Fischer and Tom Berg", DIRECTORY)
    assert [(m.person_id, str(m.confidence)) for m in found] == [(DANA, "1.00"), (TOM, "1.00")]


def test_who_wrote_it_is_not_meant():
    text = "This is Dana Fischer. It is on behalf of Tom Berg"
    assert {m.person_id for m in mentions_in(text, DIRECTORY, apart_from=[DANA])} == {TOM}


def test_the_words_are_quoted_from_their_place():
    text = "Dear all,\nthis came  on behalf of\nour CFO, today"
    mention = only(text)
    assert mention.words == "on behalf of our CFO"
    assert text[mention.start : mention.end] == "on behalf of\nour CFO"


def test_the_surest_words_about_a_person_count():
    assert only("Dana Fischer cannot print. It is on behalf of Dana Fischer.").says_for


def test_each_part_of_the_confidence_says_why():
    parts = only("If it were for Dana Fischer, our CFO").parts
    assert [(part.name, str(part.amount)) for part in parts] == [
        *(("phrase", "0.3"), ("naming", "0.5")),
        *(("title", "0.1"), ("doubt", "-0.3")),
    ]
    assert all(part.reason for part in parts)


WORDS = ["on behalf of", "for", "our", "CFO", "Dana", "Fischer", "Chris Long", "not", "and", "."]
WORDS += ["\n", "> ", "-- ", "Mr.", "asked me", "head of", "finance", "é", "\u0301", "_", "I am"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)))
def test_whatever_is_written_the_words_are_within_the_text(text):
    for mention in mentions_in(text, DIRECTORY):
        assert 0 <= mention.start < mention.end <= len(text)
        assert 0 <= mention.confidence <= 1
        assert mention.words == " ".join(text[mention.start : mention.end].split())[:120]
        assert mention.parts


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_name_and_title_can_be_looked_for(name, title):
    directory = Directory([Known(1, name, title)])
    mentions_in(f"on behalf of {name}, our {title}", directory)


@given(st.text(max_size=200))
def test_what_is_quoted_means_nobody(text):
    quoted = "\n".join(f"> {line}" for line in f"on behalf of our CFO {text}".splitlines())
    assert mentions_in(quoted, DIRECTORY) == []


MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "part",
    [
        *("a", "-", "> ", "\n", "\u0301", "_", "for our ", "on " + "a " * 140 + "\n", "chief "),
        *(
            "Dana ",
            "dana fischer ",
            "for our CFO, Dana Fischer and ",
            "On x wrote",
            "Am a schrieb ",
        ),
    ],
)
def test_hostile_texts_take_no_time(part):
    text = (part * (MEGABYTE // len(part) + 1))[:MEGABYTE]
    began = time.process_time()
    mentions_in(text, DIRECTORY)
    assert time.process_time() - began < 1


def test_beyond_so_many_characters_nothing_is_read():
    assert mentions_in("x" * LONGEST + " on behalf of Dana Fischer", DIRECTORY) == []
