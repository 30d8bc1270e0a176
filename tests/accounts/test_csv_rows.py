"""Files of people are read as they were written, or refused with the place of what is wrong."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from nova.accounts.csv_rows import MOST_BYTES, MOST_ROWS, Unreadable, read_people

COLUMNS = ["email", "name", "title", "attribute:Cost Center"]
CELLS = some.text(
    some.characters(exclude_categories=["C", "Z", "M"], exclude_characters="\u2800"),
    min_size=1,
    max_size=20,
)
LINES = some.lists(some.tuples(CELLS, CELLS, CELLS), max_size=5)


def written(rows, delimiter=","):
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def said(content):
    return [dict(row.said) for row in read_people(content)]


@given(LINES, some.sampled_from(",;\t"), some.sampled_from([b"", b"\xef\xbb\xbf"]))
def test_what_is_written_is_read(lines, delimiter, mark):
    rows = [[f"p{number}@b.example", *line] for number, line in enumerate(lines)]

    found = said(mark + written([COLUMNS, *rows], delimiter))

    assert found == [
        dict(zip(["email", "name", "title", "attribute:Cost Center"], row, strict=True))
        for row in rows
    ]


@given(some.binary(max_size=300) | some.text(max_size=300).map(str.encode))
def test_whatever_is_uploaded_is_read_or_refused(content):
    for start in (b"", b"email,groups,attribute:x\n"):
        try:
            rows = read_people(start + content)
        except Unreadable:
            continue
        assert all(row.faults or row.said["email"] for row in rows)


def test_a_row_knows_the_line_on_which_it_begins():
    rows = read_people(b'email,title\na@b.example,"one\ntwo"\n\nc@b.example,x\n')

    assert [(row.line, row.said.get("title")) for row in rows] == [(2, "one\ntwo"), (5, "x")]


@pytest.mark.parametrize(
    ("content", "column", "told"),
    [
        (b"email,name\n,Ada", "email", "missing"),
        (b"email\nada", "email", "no e-mail"),
        (b"email\na@b.example\nA@b.example", "email", "Line 2 says the same"),
        (b"email,external_id\na@b.example,1\nb@b.example,1", "external_id", "Line 2"),
        (b"email,title\na@b.example,a\0b", "title", "NUL"),
        (b"email,title\na@b.example,\xff", "title", "not UTF-8"),
        (b"email,title\na@b.example," + b"x" * 151, "title", "longer than 150"),
        (b"email,groups\na@b.example," + b"x" * 201, "groups", "longer than 200"),
        (b"email,is_active\na@b.example,maybe", "is_active", "true or false"),
        (b"email,manager\na@b.example,boss", "manager", "no e-mail"),
        (b"email\na@b.example,more", "", "more cells"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_wrong_with_a_cell_is_said_with_its_column(content, column, told):
    (fault,) = read_people(content)[-1].faults

    assert fault[0] == column
    assert told in fault[1]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Line 1: the column “email” is missing"),
        (b"email,shoe size\n", "Line 1: there is no column “shoe size”"),
        (b"email,name,Name\n", "Line 1: the column “name” is there twice"),
        (b"email,attribute:\n", "there is no column"),
        (b'email\n"a@b.example', "Line 2: this is no CSV"),
        (b"x" * (MOST_BYTES + 1), "larger than 5 MB"),
        (b"email\n" + b"x\n" * (MOST_ROWS + 1), f"Line {MOST_ROWS + 2}: a file may have"),
    ],
    ids=["empty", "unknown", "twice", "unnamed attribute", "open quote", "large", "long"],
)
def test_a_file_that_is_none_of_people_is_refused(content, told):
    with pytest.raises(Unreadable, match=told):
        read_people(content)
