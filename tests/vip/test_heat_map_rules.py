"""What a heat map hides cannot be worked out from what it tells, by whomever and wherever."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vip.reports.rules import FEWEST, Key, hidden_in


def with_sums(cells):
    """Return the sizes of a map: its cells that are not empty, and the sums of its lines."""
    sizes = defaultdict(int)
    for key, count in cells.items():
        for each in (key, key._replace(column=None), Key(column=key.column), Key()):
            sizes[each] += count
    return {key: count for key, count in sizes.items() if count}


def maps(*, rows, columns, most):
    """Return maps of sizes of up to so many rows and columns."""
    places = st.builds(Key, st.just(""), st.integers(1, rows), st.integers(1, columns))
    return st.dictionaries(places, st.integers(0, most)).map(with_sums)


def lines_of(sizes):
    """Return every line whose sum the map has: the sum, and what it is the sum of."""
    lines = defaultdict(list)
    for key in sizes:
        lines["row", key.row].append(key)
        lines["column", key.column].append(key)
    for (way, _name), keys in lines.items():
        end = "column" if way == "row" else "line"
        [total] = [key for key in keys if getattr(key, end) is None]
        yield total, [key for key in keys if key != total]


def others_like(sizes, hidden):
    """Yield other maps of which the same is told, no cell differing by more than one."""
    cells = {key: count for key, count in sizes.items() if key.line and key.column}
    free = sorted(hidden & cells.keys())
    for steps in product((-1, 0, 1), repeat=len(free)):
        changed = {key: cells[key] + step for key, step in zip(free, steps, strict=True)}
        other = with_sums({**cells, **changed})
        if other.keys() == sizes.keys() and all(
            other[key] == sizes[key] for key in sizes.keys() - hidden
        ):
            yield other


@given(maps(rows=2, columns=3, most=8) | maps(rows=3, columns=2, most=30))
def test_of_nothing_hidden_does_what_is_told_say_how_many_it_is_of(sizes):
    hidden = hidden_in(sizes)
    unsure = {
        key for other in others_like(sizes, hidden) for key in hidden if other[key] != sizes[key]
    }
    assert unsure == hidden


@given(maps(rows=8, columns=12, most=12))
def test_no_line_hides_a_single_cell_nor_few_together(sizes):
    hidden = hidden_in(sizes)
    assert {key for key, count in sizes.items() if count < FEWEST} <= hidden
    for total, cells in lines_of(sizes):
        missing = [key for key in (total, *cells) if key in hidden]
        assert len(missing) != 1
        if missing and total not in hidden:
            assert sum(sizes[key] for key in missing) >= FEWEST


@given(maps(rows=6, columns=6, most=12), st.randoms())
def test_the_same_is_hidden_in_whatever_order_it_is_counted(sizes, chance):
    keys = list(sizes)
    chance.shuffle(keys)
    assert hidden_in({key: sizes[key] for key in keys}) == hidden_in(sizes)


A, B, C = (("", line) for line in "abc")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param({A: [9, 9], B: [9, 9]}, "", id="nothing few, nothing hidden"),
        pytest.param({A: [9, 9], B: [9, 0]}, "", id="empty is no few"),
        pytest.param({A: [3, 9, 30], B: [8, 7, 30]}, "a1 a2 b1 b2", id="the least four"),
        pytest.param({A: [3, 4, 9], B: [4, 3, 9]}, "a1 a2 b1 b2", id="few hide each other"),
        pytest.param(
            {A: [2, 2, 9, 9], B: [6, 6, 9, 9], C: [7, 7, 9, 9]},
            "a1 a2 a3 b1 b2 b3",
            id="two that are few together hide a third",
        ),
        pytest.param({A: [9, 2, 2]}, "a1 a2 a3 *1 *2 *3", id="cells and sums are few together"),
        pytest.param({A: [3]}, "a1 a* *1 **", id="a single one is not even summed"),
    ],
)
def test_what_is_hidden(rows, expected):
    cells = {
        Key(*row, column): count
        for row, counts in rows.items()
        for column, count in enumerate(counts, 1)
    }
    hidden = hidden_in(with_sums(cells))
    assert sorted(f"{key.line or '*'}{key.column or '*'}" for key in hidden) == sorted(
        expected.split()
    )
