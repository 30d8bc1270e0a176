"""Conditions and people to search with: small words in many spellings, so that they often meet."""

from hypothesis import strategies as st

from vip.conditions import Operator
from vip.wording import fold

MOSCOW = "\u041c\u043e\u0441\u043a\u0432\u0430"
WORDS = ["Chief", "chief", "CHIEF", "Officer", "Vice-President", "VP", "Élan", "ÉLAN", "Größe"]
WORDS += ["Straße", "İzmir", MOSCOW, MOSCOW.upper(), "Ωmega", "R&D", "3.5", "1", "true", "0"]
GAPS = [" ", "  ", ", ", "-", "\t", "\u00a0", " \u2013 ", "\n"]
NAMES = ["isVIP", "isvip", "vip_level", "costCenter", "cost center", "Ünit", "ünit"]

texts = st.one_of(
    st.lists(st.sampled_from(WORDS), min_size=0, max_size=4).flatmap(
        lambda words: st.sampled_from(GAPS).map(lambda gap: gap.join(words))
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12),
)
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
seen = st.one_of(words, texts).filter(lambda text: bool(fold(text)))
numbers = st.one_of(
    st.integers(-(10**20), 10**20), st.floats(allow_nan=False, allow_infinity=False)
)
scalars = st.one_of(texts, st.booleans(), numbers, st.none())
values = st.one_of(
    scalars, st.lists(scalars, max_size=3), st.dictionaries(st.sampled_from(NAMES), scalars)
)
attributes = st.dictionaries(st.one_of(st.sampled_from(NAMES), seen), values, max_size=4)


@st.composite
def clauses(draw):
    names = st.sampled_from(["title", "Title", "department", "site", "group", *NAMES])
    clause = {"attribute": draw(names), "operator": draw(st.sampled_from(Operator.values))}
    if clause["operator"] == "is_one_of":
        clause["value"] = draw(st.lists(seen, min_size=1, max_size=3))
    elif clause["operator"] not in ("is_true", "exists"):
        clause["value"] = draw(seen)
    return clause


conditions = st.fixed_dictionaries(
    {
        "match": st.sampled_from(["all", "any"]),
        "clauses": st.lists(clauses(), min_size=1, max_size=3),
    }
)
people = st.fixed_dictionaries(
    {
        "title": texts,
        "department": st.one_of(st.none(), seen),
        "site": st.one_of(st.none(), seen),
        "groups": st.lists(seen, max_size=2, unique=True),
        "attributes": attributes,
    }
)
