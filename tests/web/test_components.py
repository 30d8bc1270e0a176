"""The parts say the right thing, let nothing through, and keep to the content policy."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import mark_safe

NOW = datetime(2024, 11, 4, 9, 0, tzinfo=UTC)
TEMPLATES = settings.BASE_DIR / "templates"
PARTS = sorted(path.relative_to(TEMPLATES) for path in TEMPLATES.rglob("*.html"))
DRAWN = [
    settings.BASE_DIR / "nova/web" / name
    for name in ("marks.py", "queue_row.py", "conversation.py")
]


@dataclass
class Clock:
    metric: str = "response"
    state: str = "running"
    due_at: datetime = NOW + timedelta(seconds=252)
    remaining_seconds: float = 252
    target_seconds: float = 300
    risk: bool = True


@dataclass
class Row:
    reference: str = "T-1042"
    title: str = "Video wall dark"
    url: str = "/pulse/T-1042"
    status: str = "new"
    status_label: str = "New"
    stage_seconds: float = 60
    vip_level_label: str = ""
    next_clock: Clock | None = None
    assignee_name: str = ""
    backup_name: str = ""
    team: str = "Broadcast Ops"
    department: str = "Studios"
    site: str = "HQ"
    opened_at: datetime = NOW - timedelta(minutes=1)
    score_parts: tuple = ()


def row(**changes):
    return rendered("{% queue_rows tickets now %}", tickets=[replace(Row(), **changes)])


def rendered(source, **context):
    return Template("{% load nova %}" + source).render(Context({"now": NOW, **context}))


@pytest.mark.parametrize("path", PARTS, ids=str)
def test_every_template_compiles(path):
    assert get_template(str(path)).template.name == str(path)


@pytest.mark.parametrize("path", [*PARTS, *DRAWN], ids=str)
def test_no_part_has_what_the_content_policy_forbids(path):
    source = (TEMPLATES / path).read_text()

    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|<script(?![^>]*\ssrc=)", source)


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "static/js").glob("*.js")), ids=lambda path: path.name
)
def test_a_behaviour_stays_small_and_runs_no_text_as_code(path: Path):
    source = path.read_text()

    assert len(source.splitlines()) < 150
    assert not re.search(r"\beval\(|new Function|innerHTML\s*=|insertAdjacentHTML", source)


def test_a_row_without_the_flag_has_no_trace_of_vip():
    assert "vip" not in row().lower()


def test_a_vip_row_has_the_gold_edge_and_the_word_of_its_level():
    html = row(vip_level_label="Exec")

    assert 'class="queue-row vip"' in html
    assert "Exec" in html


@pytest.mark.parametrize("name", ["title", "assignee_name", "backup_name", "team", "site"])
def test_no_word_of_a_row_is_ever_markup(name):
    html = row(**{name: "<script>alert(1)</script>"})

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_reason_of_a_place_is_never_markup():
    assert "<b>exec" not in row(score_parts=(SimpleNamespace(label="<b>exec", points=1),))


def test_a_row_says_its_clock_in_words_before_any_script_runs():
    html = row(next_clock=Clock())

    assert "respond in 04:12" in html
    assert 'data-state="risk"' in html
    assert f'data-now="{NOW.timestamp():.3f}"' in html
    assert 'datetime="2024-11-04T09:04:12+00:00"' in html


def test_a_row_says_why_it_stands_where_it_stands():
    parts = (SimpleNamespace(label="exec", points=300), SimpleNamespace(label="waits", points=-5))

    html = row(score_parts=parts)

    assert "exec <b>+300</b> · waits <b>-5</b>" in html


def test_a_row_of_nobody_says_unassigned():
    assert "Unassigned" in row()


def test_a_row_says_who_works_and_who_stands_behind():
    html = row(assignee_name="Maria Ruiz", backup_name="Ada Osei")

    assert ">MR</span><span>Maria Ruiz <small>(backup Ada Osei)</small></span>" in html


@pytest.mark.parametrize(
    ("team", "site", "words"),
    [("Ops", "HQ", "Ops · HQ · "), ("", "HQ", "Studios · HQ · "), ("Ops", "", ">Ops · <time")],
)
def test_a_row_says_where(team, site, words):
    assert words in row(team=team, site=site)


def test_a_row_follows_the_language_of_its_reader():
    with translation.override("de"):
        german = row(opened_at=NOW - timedelta(days=1))

    assert "Sonntag 3 November 2024" in german
    assert "Sunday 3 November 2024" in row(opened_at=NOW - timedelta(days=1))


SPOKEN = SimpleNamespace(
    pk=7,
    author="Ada Osei",
    written_at=NOW,
    body_html=mark_safe("<p>It is <b>dark</b>.</p>"),
    is_internal=True,
    is_unseen=True,
    on_behalf_of="Bea Boss",
    attachments=[
        SimpleNamespace(name="wall.png", size=2048, url="/files/1", preview_url="/preview/1")
    ],
    edit_url="/edit",
)


def spoken(**changes):
    turn = SimpleNamespace(**{**vars(SPOKEN), **changes})
    return rendered("{% entry turn now %}", turn=turn)


def test_a_turn_says_who_when_and_what():
    html = spoken()

    assert 'class="entry note" id="entry-7" data-unseen' in html
    assert "on behalf of Bea Boss" in html
    assert "<p>It is <b>dark</b>.</p>" in html
    assert '<img src="/preview/1" alt="wall.png"' in html
    assert "2.0\N{NO-BREAK SPACE}KB" in html
    assert 'hx-get="/edit"' in html


def test_a_plain_turn_has_no_marks():
    html = spoken(is_internal=False, is_unseen=False, on_behalf_of="", attachments=(), edit_url="")

    assert not re.search("note|unseen|behalf|attachments|hx-get", html)


@pytest.mark.parametrize("name", ["author", "on_behalf_of", "body_html"])
def test_no_word_of_a_turn_is_markup_unless_made_safe(name):
    html = spoken(**{name: "<script>alert(1)</script>"})

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada Osei", "AO"), ("M. Ruiz", "MR"), ("Kenji", "K"), ("Ana Maria del Sol", "AS"), ("", "")],
)
def test_initials_stand_for_a_person(name, letters):
    assert rendered("{{ name|initials }}", name=name) == letters


def test_an_icon_is_silent_unless_it_has_a_label():
    assert 'aria-hidden="true"' in rendered('{% icon "bell" %}')
    assert 'aria-label="Notifications"' in rendered('{% icon "bell" 18 "Notifications" %}')


def test_the_label_of_an_icon_is_escaped():
    assert "<b>" not in rendered('{% icon "bell" 18 label %}', label='"><b>')


def test_a_moment_carries_the_whole_truth():
    html = rendered("{% moment at now %}", at=NOW - timedelta(minutes=3))

    assert ">3 min ago</time>" in html
    assert 'title="Monday 4 November 2024, 08:57:00 UTC · 08:57:00 UTC"' in html


def test_the_last_resort_needs_no_context():
    assert "Something broke" in get_template("500.html").render()
