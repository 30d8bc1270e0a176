"""Teams are learned from what was over, named with a probability, and not where it is unsure."""

from datetime import timedelta

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from dispatch.models import RoutingModel
from dispatch.routing import trial
from dispatch.routing.cases import Case, features_of
from dispatch.routing.fitting import fit
from dispatch.routing.learning import HALVED_AFTER, CannotLearn, learn
from dispatch.routing.router import Router
from dispatch.routing.trial import Saved
from dispatch.services import current_policy, train_routing
from dispatch.services.routing import BETTER, NO_BETTER, TOO_FEW, name_teams
from tests.factories import NOW, PersonFactory, ServiceFactory, TeamFactory
from tests.tickets.making import opened_for
from tickets.services import assign_ticket, move_ticket

LATER = NOW + timedelta(days=30)


def case(number, *, opened=None, known=None, team="", first="", moves=0, **facts):
    opened = number if opened is None else opened
    return Case(str(number), opened, facts, first or team, team, known, moves)


def test_pairs_are_learned_of_only_where_both_are_stated():
    both = {*features_of({"category": "a", "subcategory": "b", "source": ""})}
    assert len(both) == 3
    assert {*features_of({"category": "a"})} < both


@pytest.fixture(scope="module", params=[2, 3], ids="{} teams".format)
def made(request):
    """Return cases of some services, each mostly of its own team."""
    dice, many = np.random.default_rng(3), request.param
    services = dice.integers(many, size=120).tolist()
    teams = [each if dice.random() < 0.8 else (each + 1) % many for each in services]
    return [
        case(at, known=at, team=f"Team {team}", service=f"{service}", site=f"{at % 5}")
        for at, (service, team) in enumerate(zip(services, teams, strict=True))
    ]


def test_the_router_says_what_scikit_learn_does(made):
    rows = [list(features_of(each.facts)) for each in made]
    names = sorted({name for row in rows for name in row})
    table = np.array([[name in row for name in names] for row in rows], float)
    teams = [each.settled_by for each in made]
    weights = np.linspace(0.5, 1, len(teams)).tolist()
    model = LogisticRegression(max_iter=200).fit(table, teams, sample_weight=weights)
    router = Router.of(fit({"rows": rows, "teams": teams, "weights": weights}))

    for each, told in zip(made, model.predict_proba(table), strict=True):
        ranked = router.ranked(each.facts)
        by_team = dict(zip(model.classes_, told, strict=True))
        assert [by_team[r.team] for r in ranked] == pytest.approx(
            [r.probability for r in ranked], abs=1e-3
        )
        assert sum(r.probability for r in ranked) == pytest.approx(1)


@pytest.mark.slow
def test_the_same_cases_teach_the_same_in_a_program_of_its_own(made):
    given = {
        "rows": [list(features_of(each.facts)) for each in made],
        "teams": [each.settled_by for each in made],
        "weights": [0.5 ** (later / HALVED_AFTER) for later in range(119, -1, -1)],
    }
    assert learn(made).plain() == fit(given)


@pytest.mark.slow
def test_what_came_later_counts_more():
    """The same work was of one team, and came to another one."""
    before = [case(at, team="Network", service="1") for at in range(HALVED_AFTER)]
    after = [case(at, team="Cloud", service="1") for at in range(HALVED_AFTER)]
    first, second = learn([*before, *after]).ranked({"service": "1"})

    assert (first.team, second.team) == ("Cloud", "Network")
    assert first.probability == pytest.approx(2 / 3, abs=0.01)


def test_a_program_that_fails_says_why():
    with pytest.raises(CannotLearn, match="ValueError"):
        learn([case(1, team="Network", service="1")])


def test_a_desk_knows_only_what_was_over_and_published_figures_more():
    cases = [
        case(1, known=2, team="a"),
        case(2, known=9, team="a"),
        case(3, known=3),
        case(4, team="b"),
        case(5, known=9, team="a"),
        case(6, known=9),
    ]
    cut = trial.cut_of(cases, 0.7)
    known, late = trial.split(cases, cut)
    every, same = trial.split(cases, cut, as_of=False)

    assert ([c.key for c in known], [c.key for c in every]) == (["1"], ["1", "2", "4"])
    assert late == same == [cases[4]]


SURE = Router(["a", "b"], [0.0, 0.0], {name: [3.0, 0.0] for name in features_of({"x": "1"})})


def test_a_gate_names_where_it_is_sure_and_what_that_saves_is_counted():
    late = [
        case(1, team="a", first="b", moves=2, x="1"),
        case(2, team="b", first="b", x="1"),
        case(3, team="a", first="a", x="1"),
        case(4, team="b", first="a", moves=1, x=""),
    ]
    [gate] = trial.gates(SURE, late, [0.66])

    assert gate.coverage == 0.75
    assert gate.confidence == pytest.approx(SURE.ranked({"x": "1"})[0].probability)
    assert trial.saved(SURE, gate.confidence, late) == Saved(1, 1, 2, 3)


def test_a_case_whose_team_nobody_knows_is_always_wrong():
    late = [case(1, team="z", x="1")]
    told = trial.scores_of("model", lambda each: SURE.ranked(each.facts), late)

    assert (told.top1, told.top5) == (0, 0)


@pytest.fixture
def history(tenant, monkeypatch):
    """Return a way to have had tickets of two services; `same` team for both, or one for each."""
    monkeypatch.setattr("dispatch.services.routing.FEWEST_CASES", 30)
    teams, services = [TeamFactory() for _ in range(2)], [ServiceFactory() for _ in range(2)]
    requester, worker = PersonFactory(), PersonFactory(role="technician")

    def had(count, *, same=False):
        for number in range(count):
            at = NOW + number * timedelta(hours=1)
            team = teams[0 if same and number != 5 else number % 2]
            ticket = opened_for(requester, at=at, service_id=services[number % 2].pk)
            assign_ticket(ticket.pk, {"team": team, "assignee": worker}, actor=worker, now=at)
            move_ticket(ticket.pk, "resolved", actor=worker, now=at, reason="As asked")
        return teams, services

    return had


def test_with_too_little_to_learn_from_no_team_is_named(tenant, history):
    history(3)
    model = train_routing(tenant.pk, now=LATER)

    assert (model.verdict, model.cases, model.parameters) == (TOO_FEW, 3, {})


@pytest.mark.slow
def test_what_was_learned_names_teams_until_a_later_training_takes_its_place(tenant, history):
    teams, services = history(60)
    model = train_routing(tenant.pk, now=LATER)
    fresh = [opened_for(PersonFactory(), at=LATER, service_id=each.pk) for each in services]
    named = name_teams(fresh, current_policy(tenant.pk, LATER))

    assert (model.verdict, model.metrics["judged"]) == (BETTER, 12)
    assert model.metrics["top1"] == 1 > model.metrics["majority"]
    assert [named[each.pk].found for each in fresh] == teams

    train_routing(tenant.pk, now=LATER)
    assert list(RoutingModel.objects.filter(is_current=True).values_list("number")) == [(2,)]


@pytest.mark.slow
def test_what_is_no_better_than_the_team_with_most_is_not_used(tenant, history):
    history(60, same=True)
    model = train_routing(tenant.pk, now=LATER)

    assert (model.verdict, model.parameters) == (NO_BETTER, {})
