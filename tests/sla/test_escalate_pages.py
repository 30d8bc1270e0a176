"""Escalating by page and by API, the steps in Core, and who may learn of what."""

import pytest
from django.urls import reverse
from django.utils import timezone

from nova.events.models import EventRecord
from nova.notifications.models import SlackHook
from sla.models import EscalationStep, Policy
from tests.factories import NOW, PersonFactory
from tests.sla.escalated import Desk, escalations, heard, stepped, tell
from tests.sla.living import minutes, move
from vip.services import designate_vip

API = "/api/support/tickets"
EMPTY = {
    "percent": "",
    "is_working_time": "on",
    "channels": ["in_app", "email"],
    "hours": "waking",
    "quiet_until": "07:00",
}
STEP = {"percent": 90, "tells": ["senior"], "channels": ["in_app", "email"], "hours": "waking"}


@pytest.fixture
def desk(tenant):
    return Desk()


def dialog(ticket):
    return reverse("escalation:escalate", args=[ticket.reference])


def panel(browser, ticket):
    return browser.get(f"/sla/{ticket.reference}/panel", HTTP_HX_REQUEST="true").content.decode()


class TestPages:
    def test_the_act_stands_on_the_page_in_the_menu_of_rows_and_for_many(self, desk, as_person):
        ticket, browser = desk.ticket(), as_person(desk.worker)
        page = browser.get(f"/tickets/{ticket.reference}").content.decode()
        queue = browser.get("/pulse/").content.decode()

        assert f'hx-get="{dialog(ticket)}"' in page
        assert 'data-row-act="escalate" data-row-key="e"' in queue
        assert reverse("escalation:bulk_escalate") in queue

    def test_it_asks_for_a_reason_and_says_who_hears_of_it(self, desk, as_person):
        ticket, browser = desk.ticket(), as_person(desk.worker)
        asked = browser.get(dialog(ticket))
        empty = browser.post(dialog(ticket), {"level": "2", "reason": "  "})
        sent = browser.post(dialog(ticket), {"level": "2", "reason": "Stuck"}, follow=True)

        assert asked.status_code == 200
        assert (empty.status_code, "Say why." in empty.content.decode()) == (422, True)
        assert "Hed will hear of it." in sent.content.decode()
        assert "Escalated to Head of department, Hed, by Wim: Stuck" in " ".join(
            panel(browser, ticket).split()
        )
        assert "escalated it to Head of department, Hed: Stuck" in sent.content.decode()

    def test_what_is_refused_is_said_in_the_dialog(self, desk, as_person):
        ticket = desk.ticket()
        move(ticket, "resolved", desk.worker, NOW)
        answer = as_person(desk.worker).post(dialog(ticket), {"reason": "Stuck"})

        assert answer.status_code == 422
        assert "there is nothing to escalate" in answer.content.decode()

    def test_many_at_once(self, desk, as_person):
        several = [desk.ticket() for _ in range(3)]
        move(several[0], "resolved", desk.worker, NOW)
        stated = {"reference": [t.reference for t in several], "asked": "1", "reason": "All stuck"}
        answer = as_person(desk.worker).post(reverse("escalation:bulk_escalate"), stated)

        assert several[0].reference in answer.content.decode()
        assert [len(escalations(ticket)) for ticket in several] == [0, 1, 1]

    @pytest.mark.parametrize(("role", "status"), [("requester", 403), ("manager", 403)])
    def test_others_may_not(self, desk, as_person, role, status):
        ticket = desk.ticket()
        answer = as_person(PersonFactory(role=role)).post(dialog(ticket), {"reason": "x"})

        assert answer.status_code == status


class TestApi:
    def test_a_ticket_is_escalated_and_says_how_far(self, desk, api_as):
        ticket, program = desk.ticket(), api_as(desk.worker)
        answer = program.post(f"{API}/{ticket.reference}/escalate", {"reason": "Stuck"})
        then = program.get(f"{API}/{ticket.reference}/clocks").json()["escalation"]

        assert answer.status_code == 200
        assert answer.json()["escalation"] == then
        assert {k: then[k] for k in ("level", "post", "told", "by", "reason")} == {
            "level": 1,
            "post": "Senior engineer",
            "told": ["Sam"],
            "by": "Wim",
            "reason": "Stuck",
        }

    @pytest.mark.parametrize(
        ("stated", "field"),
        [({}, "reason"), ({"reason": ""}, "reason"), ({"reason": "x", "level": 4}, "level")],
    )
    def test_what_is_wrong_is_named(self, desk, api_as, stated, field):
        path = f"{API}/{desk.ticket().reference}/escalate"
        answer = api_as(desk.worker).post(path, stated)

        assert (answer.status_code, field in answer.json()["errors"]) == (400, True)

    def test_a_refusal_is_409_and_a_requester_403_or_404(self, desk, api_as):
        ticket = desk.ticket()
        move(ticket, "resolved", desk.worker, NOW)
        path, stated = f"{API}/{ticket.reference}/escalate", {"reason": "x"}

        assert api_as(desk.worker).post(path, stated).status_code == 409
        assert api_as(desk.requester).post(path, stated).status_code in {403, 404}

    def test_steps_are_stated_kept_and_shown(self, desk, tenant, api_as):
        program = api_as(PersonFactory(role="admin"))
        chat = SlackHook.objects.create(tenant=tenant, name="#desk", sealed_url="x")
        targets = [{"metric": "resolution", "seconds": 3600, "calendar": "Office hours"}]
        steps = [{**STEP, "posts_to": "#desk"}]
        made = program.post(
            "/api/support/sla", {"name": "New", "targets": targets, "steps": steps}
        )
        path = f"/api/support/sla/{made.json()['id']}/versions"
        kept = program.post(path, {"targets": [{**targets[0], "seconds": 60}]}).json()

        [step] = made.json()["steps"]
        assert step["posts_to"] == {"id": chat.pk, "name": "#desk"}
        assert step["text"].startswith("at 90 %: tell the senior engineer")
        assert [each["text"] for each in kept["steps"]] == [step["text"]]

    @pytest.mark.parametrize(
        "steps",
        [
            [{"percent": 90}],
            [{"percent": 0, "tells": ["lead"]}],
            [STEP, {**STEP, "vip_levels": ["exec"]}],
            [{**STEP, "tells": ["king"]}],
        ],
    )
    def test_steps_that_make_no_sense_are_refused(self, tenant, api_as, steps):
        program = api_as(PersonFactory(role="admin"))
        targets = [{"metric": "resolution", "seconds": 3600, "calendar": "Office hours"}]
        stated = {"name": "New", "targets": targets, "steps": steps}
        answer = program.post("/api/support/sla", stated)

        assert (answer.status_code, next(iter(answer.json()["errors"]))[:5]) == (400, "steps")


class TestCore:
    def rows(self, *steps, initial=0):
        given = {"steps-TOTAL_FORMS": len(steps), "steps-INITIAL_FORMS": initial}
        for number, step in enumerate(steps):
            given |= {f"steps-{number}-{name}": value for name, value in step.items()}
        return given

    def policy(self, **more):
        hours = Policy.objects.get(name="Moderate").current.targets.first().calendar_id
        return {
            "name": "Facilities",
            "order": 5,
            "versions-TOTAL_FORMS": 0,
            "versions-INITIAL_FORMS": 0,
            "resolution_span": 90,
            "resolution_calendar": hours,
            **more,
        }

    @pytest.fixture
    def core(self, tenant, as_person):
        return as_person(PersonFactory(role="admin"))

    def test_steps_are_written_shown_in_words_and_taken_away(self, core):
        core.post("/core/sla/policy/add/", self.policy(**self.rows(STEP, EMPTY)))
        policy = Policy.objects.get(name="Facilities")
        path = f"/core/sla/policy/{policy.pk}/change/"
        page = core.get(path).content.decode()
        step = EscalationStep.objects.get(version__policy=policy)

        assert (step.percent, step.tells, step.is_working_time) == (90, ["senior"], False)
        assert "at 90 %: tell the senior engineer in Nova and by e-mail" in page
        gone = self.rows({**STEP, "DELETE": "on"}, initial=1)
        assert core.post(path, self.policy(**gone)).status_code == 302
        assert not EscalationStep.objects.filter(version__policy=policy).exists()

    def test_saving_the_same_steps_is_no_new_draft(self, core):
        core.post("/core/sla/policy/add/", self.policy(**self.rows(STEP)))
        policy = Policy.objects.get(name="Facilities")
        draft = policy.versions.get()
        again = self.policy(**self.rows(STEP, initial=1))
        core.post(f"/core/sla/policy/{policy.pk}/change/", again)

        assert policy.versions.get() == draft

    def test_a_step_of_seconds_stays_when_the_page_is_saved(self, core):
        core.post("/core/sla/policy/add/", self.policy(**self.rows({**STEP, "offset": "-90 s"})))
        policy = Policy.objects.get(name="Facilities")
        path = f"/core/sla/policy/{policy.pk}/change/"
        [shown, *_empty] = core.get(path).context["adminform"].form.steps.forms
        offset = shown["offset"].value()
        core.post(path, self.policy(order=6, **self.rows({**STEP, "offset": offset}, initial=1)))

        assert offset == "-1 min 30 s"
        assert EscalationStep.objects.get(version__policy=policy).offset_seconds == -90

    @pytest.mark.parametrize(
        ("steps", "said"),
        [
            ([{"percent": 90}], "Say what shall happen then."),
            ([{**STEP, "channels": []}], "Say how they shall hear of it."),
            ([STEP, STEP], "Make one step of those that are at one moment."),
        ],
    )
    def test_what_makes_no_sense_is_said_at_its_row(self, core, steps, said):
        answer = core.post("/core/sla/policy/add/", self.policy(**self.rows(*steps)))

        assert answer.status_code == 200
        assert said in answer.content.decode()

    def test_what_a_version_changed_of_its_steps_is_told(self, core):
        core.post("/core/sla/policy/add/", self.policy(_publish="1", **self.rows(STEP)))
        policy = Policy.objects.get(name="Facilities")
        core.post(
            f"/core/sla/policy/{policy.pk}/change/",
            self.policy(**self.rows({**STEP, "percent": 80}, initial=1)),
        )
        page = core.get(f"/core/sla/policy/{policy.pk}/change/").content.decode()

        assert "at 80 %" in page


class TestSecrets:
    """Who may not know of VIPs learns nothing by steps that only theirs have."""

    @pytest.fixture
    def ticket(self, desk):
        acting = {"actor": desk.lead, "now": NOW}
        designate_vip({"person_id": desk.requester.pk}, "exec", reason="Board", **acting)
        desk.live_until(NOW)
        ticket = desk.ticket()
        move(ticket, "acknowledged", desk.worker, minutes(1))
        for at in (31, 46, 52, 58):
            desk.live_until(minutes(at))
        return ticket

    def test_early_steps_reach_only_who_may_know(self, desk, ticket):
        assert [told for _, _, told in escalations(ticket)] == [
            ["Lea"],
            ["Wim", "Lea"],
            ["Lea"],
            ["Lea"],
        ]
        assert heard(desk.senior) == heard(desk.head) == heard(desk.requester) == []

    @pytest.mark.parametrize(("role", "sees"), [("technician", False), ("lead", True)])
    def test_pages_and_feeds_show_them_only_to_who_may_know(
        self, ticket, as_person, api_as, role, sees
    ):
        viewer = PersonFactory(role=role)
        page = as_person(viewer).get(f"/tickets/{ticket.reference}/activity").content.decode()
        shape = api_as(viewer).get(f"{API}/{ticket.reference}/clocks").json()

        assert ("told Team lead, Lea" in page) == sees
        assert "VipClock" not in page
        assert (shape["escalation"] is not None) == sees

    @pytest.mark.parametrize(("role", "count"), [("technician", 0), ("lead", 1)])
    def test_steps_for_vips_are_shown_only_to_who_may_know_how_they_are_treated(
        self, desk, api_as, role, count
    ):
        policy = stepped([tell(50, "senior", vip_levels=["exec"])])
        program, path = api_as(PersonFactory(role=role)), f"/api/support/sla/{policy.pk}"
        [version] = program.get(f"{path}/versions").json()["results"]

        assert len(program.get(path).json()["steps"]) == len(version["steps"]) == count

    def test_a_requester_sees_nothing_of_an_escalation(self, desk, as_person, api_as):
        ticket = desk.ticket()
        as_person(desk.worker).post(dialog(ticket), {"reason": "Sesame"})
        portal = as_person(desk.requester).get(f"/portal/tickets/{ticket.reference}", follow=True)

        assert "Sesame" not in portal.content.decode()
        assert "scalat" not in portal.content.decode()
        assert api_as(desk.requester).get(f"{API}/{ticket.reference}/clocks").status_code in {
            403,
            404,
        }


class TestAbsence:
    def test_people_say_until_when_they_are_away_and_who_stands_in(self, desk, as_person):
        browser = as_person(desk.senior)
        stated = {"until": "2099-01-02T09:00", "stands_in": desk.backup.pk}
        answer = browser.post(reverse("accounts:absence"), stated)
        desk.senior.refresh_from_db()

        assert answer.status_code == 302
        assert desk.senior.away_until > timezone.now()
        assert desk.senior.stands_in == desk.backup
        assert EventRecord.objects.filter(name="accounts.PersonEdited").count() == 1
        browser.post(reverse("accounts:absence"), {"until": ""})
        desk.senior.refresh_from_db()
        assert (desk.senior.away_until, desk.senior.stands_in) == (None, None)

    def test_requesters_have_no_list_of_the_desk(self, desk, as_person):
        browser = as_person(desk.requester)
        page = browser.get(reverse("accounts:profile")).content.decode()

        assert "Who stands in" not in page
        assert browser.post(reverse("accounts:absence"), {}).status_code == 403
