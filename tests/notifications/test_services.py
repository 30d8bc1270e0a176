"""Each is told once, whatever fails on the way."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from nova.events.models import EventRecord
from nova.notifications import services
from nova.notifications.models import Delivery, SlackHook
from nova.tenancy import fence
from tests.factories import NOW, PersonFactory

WORKER = """
import django; django.setup()
import os, signal, sys
from nova.notifications import senders, services
from tests.factories import NOW
send = senders.SENDERS["slack"]
def send_and_die(delivery):
    send(delivery)
    os.kill(os.getpid(), signal.SIGKILL)
senders.SENDERS["slack"] = send_and_die
services.deliver_next(int(sys.argv[1]), now=NOW)
"""


def deliver_all(person, now=NOW):
    count = 0
    while services.deliver_next(person.tenant_id, now=now):
        count += 1
    return count


def delivery_of(person):
    with fence.inside(person.tenant_id):
        return Delivery.objects.get()


def test_one_event_tells_each_person_once_per_channel_however_often_it_is_told(
    person, hook, tell, chat, mailbox
):
    tell("in_app", "email", "slack", times=3)

    with fence.inside(person.tenant_id):
        assert sorted(Delivery.objects.values_list("channel", "state")) == [
            ("email", "pending"),
            ("in_app", "sent"),
            ("slack", "pending"),
        ]
    assert deliver_all(person) == 2
    assert (len(mailbox.mails), len(chat.posts)) == (1, 1)


def test_what_the_caller_undoes_was_never_told(person, tell):
    with fence.inside(person.tenant_id):
        tell("in_app", "email")
        transaction.set_rollback(True)

    with fence.inside(person.tenant_id):
        assert not Delivery.objects.exists()


def test_a_mail_is_plain_and_html_and_known_by_its_key(person, tell, mailbox):
    tell("email", words="<b>3 < 4</b> & so on")
    deliver_all(person)

    [mail] = mailbox.mails
    assert mail["Subject"] == "Nova told you"
    assert mail["To"] == person.email
    assert mail["Message-ID"] == f"<{delivery_of(person).key[:32]}@nova.example>"
    assert mail.get_body("plain").get_content().strip() == "<b>3 < 4</b> & so on"
    html = mail.get_body("html").get_content()
    assert "&lt;b&gt;3 &lt; 4&lt;/b&gt; &amp; so on" in html
    assert 'href="https://nova.example/tickets/T-1"' in html


def test_a_subject_cannot_smuggle_headers(person, tell, mailbox):
    tell("email", who="Nova\r\nBcc: all@example.com\x00\u2028x")
    deliver_all(person)

    [mail] = mailbox.mails
    assert mail["Subject"] == "Nova Bcc: all@example.com x told you"
    assert mail["Bcc"] is None


def test_a_post_is_plain_text_under_its_key(person, hook, tell, chat):
    tell("slack", words="<!channel> & <@U1>")
    deliver_all(person)

    [(headers, body)] = chat.posts
    assert json.loads(body) == {
        "text": "*Nova told you*\n&lt;!channel&gt; &amp; &lt;@U1&gt;\nhttps://nova.example/tickets/T-1",
        "unfurl_links": False,
    }
    assert headers["Idempotency-Key"] == delivery_of(person).key
    assert headers["Content-Type"] == "application/json"


def test_a_hook_hears_only_what_it_is_for(person, hook, tell):
    tell("slack", kind="news")

    with fence.inside(person.tenant_id):
        assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("levels", "level", "hears"),
    [
        ([], "gold", True),
        ([], "", True),
        (["gold"], "gold", True),
        (["exec", "gold"], "gold", True),
        (["exec"], "gold", False),
        (["gold"], "", False),
    ],
)
def test_a_chat_for_some_levels_hears_of_their_tickets_alone(
    person, hook, tell, levels, level, hears
):
    with fence.inside(person.tenant_id):
        SlackHook.objects.update(levels=levels)
    tell("slack", level=level)

    with fence.inside(person.tenant_id):
        assert Delivery.objects.exists() == hears


@pytest.mark.parametrize("status", [302, 400, 404, 429, 500])
def test_an_answer_that_is_no_success_is_tried_again(person, hook, tell, chat, status):
    chat.status = status
    tell("slack")
    deliver_all(person)
    failed = delivery_of(person)

    assert (failed.state, failed.last_error) == ("failed", f"It answered {status}.")
    assert timedelta(seconds=10) <= failed.next_attempt_at - NOW <= timedelta(seconds=12.5)
    assert deliver_all(person, NOW + timedelta(seconds=9)) == 0
    chat.status = 200
    assert deliver_all(person, NOW + timedelta(seconds=13)) == 1
    assert delivery_of(person).state == "sent"
    assert len(chat.posts) == 2


def test_a_server_that_is_too_slow_is_given_up_for_now(person, hook, tell, chat, monkeypatch):
    monkeypatch.setattr("nova.notifications.outbound.ANSWER_SECONDS", 0.1)
    chat.gate.clear()
    tell("slack")
    deliver_all(person)

    assert "ReadTimeout" in delivery_of(person).last_error


def test_a_server_that_is_down_is_tried_again_without_telling_its_secret(person, hook, tell, chat):
    chat.server_close()
    tell("slack")
    deliver_all(person)
    failed = delivery_of(person)

    assert failed.state == "failed"
    assert "secret" not in failed.last_error


def test_a_mailbox_that_refuses_is_told_in_its_own_words(person, tell, mailbox):
    mailbox.refused = {person.email}
    tell("email")
    deliver_all(person)

    assert "no such mailbox" in delivery_of(person).last_error


def test_after_eight_failures_it_is_given_up_until_somebody_says_so(person, hook, tell, chat):
    chat.status = 500
    tell("slack")
    tries = [deliver_all(person, NOW + timedelta(hours=n)) for n in range(12)]

    assert tries == [1] * 8 + [0] * 4
    assert delivery_of(person).state == "dead"
    chat.status = 200
    with fence.inside(person.tenant_id):
        services.retry(Delivery.objects.get(), now=NOW)
    assert deliver_all(person) == 1
    assert delivery_of(person).state == "sent"


def test_two_workers_send_each_once(person, hook, tell, chat):
    for _ in range(12):
        tell("slack")
    start = threading.Barrier(3)

    def work(_):
        start.wait()
        try:
            return deliver_all(person)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        counts = list(pool.map(work, range(3)))

    assert sum(counts) == 12
    assert len({headers["Idempotency-Key"] for headers, _ in chat.posts}) == len(chat.posts) == 12


def test_a_worker_killed_while_sending_is_followed_by_one_under_the_same_key(
    person, hook, tell, chat
):
    tell("slack")
    url = urlsplit(os.environ["DATABASE_URL"])
    url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    killed = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WORKER, str(person.tenant_id)],
        env={**os.environ, "DATABASE_URL": url, "NOVA_OUTBOUND_ANYWHERE": "1"},
        cwd=django_settings.BASE_DIR,
        check=False,
    )

    assert killed.returncode == -signal.SIGKILL
    assert deliver_all(person, NOW + services.LEASE - timedelta(seconds=1)) == 0
    assert deliver_all(person, NOW + services.LEASE) == 1
    assert len(chat.posts) == 2
    assert len({headers["Idempotency-Key"] for headers, _ in chat.posts}) == 1
    sent = delivery_of(person)
    assert (sent.state, sent.attempts) == ("sent", 2)


def test_a_worker_that_comes_too_late_changes_nothing(person, hook, tell, chat):
    """The one that took over has settled it; a late failure must not undo that."""
    tell("slack")
    with fence.inside(person.tenant_id):
        late = services._claim(NOW)
    deliver_all(person, NOW + services.LEASE)
    with fence.inside(person.tenant_id):
        services._settle(late, "too late", NOW)

    assert delivery_of(person).state == "sent"


def test_the_people_told_are_announced_for_their_pages(person, tell):
    tell("in_app")

    with fence.inside(person.tenant_id):
        event = EventRecord.objects.get(name="notifications.PeopleNotified").event()
    assert event.people == [person.pk]


def test_a_hooks_url_is_not_readable_in_the_database(hook, chat):
    assert "secret" not in hook.sealed_url
    assert str(chat.server_port) not in hook.sealed_url


def test_reading_is_of_ones_own_only(person, tell):
    with fence.inside(person.tenant_id):
        other = PersonFactory()
    tell("in_app", to=[person, other])
    with fence.inside(person.tenant_id):
        ids = list(Delivery.objects.values_list("pk", flat=True))

        assert services.mark_read(person, ids, now=NOW) == 1
        assert services.mark_read(person, ids, now=NOW) == 0
        assert Delivery.objects.visible_to(other).unread().count() == 1
