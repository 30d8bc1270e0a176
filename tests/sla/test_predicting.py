"""What is foreseen of open tickets, as they change and as time passes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nova.accounts.models import Role
from nova.accounts.system import system_of
from nova.events.consumers import consume
from nova.notifications.models import Delivery
from nova.tenancy import fence
from sla.choices import Method
from sla.models import Prediction, PredictionModel, PredictionSettings
from sla.prediction.foresight import Forecast, Foresight
from sla.services import predict_stale, predict_tickets, train_predictions
from tests.factories import NOW, PersonFactory
from tests.sla.living import minutes, move, promise, told
from tests.tickets.making import opened_for
from tickets import services as tickets
from tickets.models import Ticket

PAGE = "sla:prediction"


@pytest.fixture
def worker(tenant):
    return PersonFactory(role="technician", name="Tim")


@pytest.fixture
def ticket(worker):
    promise(60)
    made = opened_for(PersonFactory())
    tickets.assign_ticket(made.pk, {"assignee": worker}, actor=worker, now=NOW)
    return made


@pytest.fixture
def foretold(monkeypatch, tenant):
    """Return a way to let every open ticket be judged alike."""

    def judge(probability: float, at=NOW):
        forecast = Forecast(probability, 3600, 7200, "rule", ())
        monkeypatch.setattr(Foresight, "foresee", lambda *_: forecast)
        ids = list(Ticket.objects.values_list("pk", flat=True))
        predict_tickets(ids, actor=system_of(tenant.pk), now=at)
        consume(tenant.pk, now=at)

    return judge


def predicted(ticket):
    return Prediction.objects.get(ticket=ticket)


def risk(ticket):
    return Ticket.objects.get(pk=ticket.pk).score_parts.get("risk", {}).get("reason")


def test_a_ticket_is_judged_in_the_round_that_follows_its_opening(tenant, ticket):
    consume(tenant.pk, now=NOW)

    found = predicted(ticket)
    assert (found.method, found.scored_at, found.model) == (Method.RULE, NOW, None)
    assert 0 < found.probability < 0.5
    assert NOW < found.median_at <= found.late_at


def test_time_alone_raises_the_risk(tenant, ticket):
    consume(tenant.pk, now=NOW)
    before = predicted(ticket).probability

    assert predict_stale(tenant.pk, actor=system_of(tenant.pk), now=minutes(9)) == 0
    assert predict_stale(tenant.pk, actor=system_of(tenant.pk), now=minutes(40)) == 1
    assert predicted(ticket).probability > before


def test_what_was_never_judged_is_found_by_the_sweep(tenant, ticket):
    assert predict_stale(tenant.pk, actor=system_of(tenant.pk), now=NOW) == 1
    assert predict_stale(tenant.pk, actor=system_of(tenant.pk), now=NOW) == 0


def test_what_is_overdue_is_certain(tenant, ticket):
    predict_tickets([ticket.pk], actor=system_of(tenant.pk), now=minutes(61))

    assert predicted(ticket).probability == 1


def test_a_resolved_ticket_has_no_prediction(tenant, ticket, worker):
    consume(tenant.pk, now=NOW)
    move(ticket, "resolved", worker, minutes(5))
    consume(tenant.pk, now=minutes(5))

    assert not Prediction.objects.exists()


def test_a_likely_breach_lifts_the_ticket_and_warns_who_has_it_once(ticket, foretold):
    for at, probability in enumerate((0.5, 0.72, 0.65, 0.9)):
        foretold(probability, minutes(at))

    assert risk(ticket) == "72 % likely to breach"
    warned = Delivery.objects.filter(kind="risk", channel="in_app")
    assert list(warned.values_list("recipient__name", flat=True)) == ["Tim"]


def test_the_lift_ends_below_the_lower_threshold_and_a_new_crossing_warns_anew(ticket, foretold):
    for at, probability in enumerate((0.72, 0.59, 0.75)):
        foretold(probability, minutes(at))
        assert bool(risk(ticket)) == (probability > 0.6)

    assert [said["is_at_risk"] for said in told(ticket, "sla.RiskForeseen")] == [True, False, True]


def test_each_desk_has_its_own_thresholds(tenant, ticket, foretold):
    PredictionSettings.objects.create(tenant=tenant, risk_percent=90, calm_percent=80)
    foretold(0.85)

    assert risk(ticket) is None


def test_no_other_tenant_sees_a_prediction(tenant, other_tenant, ticket):
    consume(tenant.pk, now=NOW)

    with fence.inside(other_tenant.pk):
        assert not Prediction.objects.exists()
    assert Prediction.objects.count() == 1


def test_the_clocks_of_a_ticket_say_when_it_will_be_resolved(tenant, ticket, worker, as_person):
    consume(tenant.pk, now=NOW)
    browser = as_person(worker)
    panel = browser.get(reverse("sla:panel", args=[ticket.reference])).content.decode()
    why = browser.get(reverse("sla:why_foreseen", args=[ticket.reference])).content.decode()

    assert "risk of breach" in panel
    assert "by rule" in panel
    assert "of the target is used" in why


def test_requesters_learn_nothing_of_it(tenant, ticket, as_person, api_as):
    consume(tenant.pk, now=NOW)
    requester = Ticket.objects.get(pk=ticket.pk).requester
    browser, program = as_person(requester), api_as(requester)
    addresses = [
        reverse("sla:why_foreseen", args=[ticket.reference]),
        reverse(PAGE),
        reverse("sla:panel", args=[ticket.reference]),
    ]

    assert {browser.get(address).status_code for address in addresses} == {403}
    assert browser.post(reverse("sla:train_prediction")).status_code == 403
    assert program.get("/api/support/sla/prediction").status_code == 403
    assert "sla" not in program.get(f"/api/support/tickets/{ticket.reference}").json()


def test_who_may_not_see_clocks_sees_no_prediction(tenant, ticket, worker, as_person, api_as):
    consume(tenant.pk, now=NOW)
    role = Role.objects.get(key="technician", tenant=tenant)
    role.permissions = [name for name in role.permissions if name != "sla.view_clock"]
    role.save()

    why = as_person(worker).get(reverse("sla:why_foreseen", args=[ticket.reference]))
    assert why.status_code == 404
    assert "sla" not in api_as(worker).get(f"/api/support/tickets/{ticket.reference}").json()


def test_the_api_shows_what_is_foreseen(tenant, ticket, worker, api_as):
    consume(tenant.pk, now=NOW)
    found = api_as(worker).get(f"/api/support/tickets/{ticket.reference}").json()
    card = api_as(worker).get("/api/support/sla/prediction").json()

    assert found["sla"]["prediction"].keys() == {
        "method",
        "model",
        "probability",
        "expected_at",
        "expected_by",
    }
    assert (card["method"], card["fewest_finished"]) == ("rule", 200)


@pytest.mark.parametrize("count", [3, 30])
def test_many_are_judged_by_as_many_queries_as_few(tenant, count, django_assert_num_queries):
    promise(60)
    ids = [opened_for(PersonFactory()).pk for _ in range(count)]
    actor = system_of(tenant.pk)
    predict_tickets(ids, actor=actor, now=NOW)

    # a savepoint and its end, the open ones, the version, four to recall, who waits for how many,
    # those known, the thresholds, the writing
    with django_assert_num_queries(12):
        predict_tickets(ids, actor=actor, now=minutes(1))


def test_the_page_says_that_the_rule_judges_and_why(tenant, worker, as_person):
    page = as_person(worker).get(reverse(PAGE)).content.decode()

    assert "The rule judges" in page
    assert "too few finished tickets" in page
    assert "Train now" not in page


def test_an_admin_lets_it_be_trained(tenant, as_person, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "sla.tasks.train_predictions.apply_async", lambda args, **_: asked.append(args)
    )
    answer = as_person(PersonFactory(role="admin")).post(reverse("sla:train_prediction"))

    assert (answer.status_code, asked) == (302, [[tenant.pk]])


def test_with_too_little_to_learn_from_the_rule_stays_and_says_so(tenant, ticket, worker):
    move(ticket, "resolved", worker, minutes(5))
    model = train_predictions(tenant.pk, actor=system_of(tenant.pk), now=minutes(9))

    assert (model.method, model.finished, model.number) == (Method.RULE, 1, 1)
    assert model.verdict.startswith("There are too few")


def test_a_training_takes_the_place_of_the_one_before(tenant):
    for at in (1, 2):
        train_predictions(tenant.pk, actor=system_of(tenant.pk), now=minutes(at))

    assert list(PredictionModel.objects.filter(is_current=True).values_list("number")) == [(2,)]


@pytest.mark.slow
def test_a_model_that_does_better_than_the_rule_judges_from_then_on(
    tenant, worker, monkeypatch, as_person
):
    """One team's tickets are late, another's are not, which the rule does not know."""
    monkeypatch.setattr("sla.services.training.FEWEST_FINISHED", 60)
    promise(60)
    people = [PersonFactory(role="technician") for _ in range(2)]
    for number in range(100):
        slow, at = number % 2, NOW + timedelta(hours=3 * number)
        made = opened_for(PersonFactory() if number < 5 else people[0], at=at)
        tickets.assign_ticket(made.pk, {"assignee": people[slow]}, actor=worker, now=at)
        move(made, "resolved", worker, at + timedelta(minutes=90 if slow else 20))
    now = NOW + timedelta(days=13)
    model = train_predictions(tenant.pk, actor=system_of(tenant.pk), now=now)
    late, fast = [opened_for(people[0], at=now) for _ in range(2)]
    for made, slow in ((late, 1), (fast, 0)):
        tickets.assign_ticket(made.pk, {"assignee": people[slow]}, actor=worker, now=now)
    predict_tickets([late.pk, fast.pk], actor=system_of(tenant.pk), now=now)

    assert model.method == Method.MODEL
    assert model.metrics["model"]["brier"] <= model.metrics["rule"]["brier"]
    assert (predicted(late).method, predicted(late).number) == (Method.MODEL, 1)
    assert predicted(late).probability > predicted(fast).probability
    assert "Model v1 judges" in as_person(worker).get(reverse(PAGE)).content.decode()
