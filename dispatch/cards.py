"""Decisions as stored cards, and what of a card somebody may read.

A card names, of those who may have the job, the `RANKED` best with their terms and scores, and of
the others whom which gate keeps, and why. What would tell that the ticket is a VIP's is kept
apart: the term and the gate of that name, and so every score, which has them in it. The rest is
as of anybody's ticket: there whom that gate alone keeps is among those who may have it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dispatch.engine.deciding import Candidate, Card, ordinary, short_of
from dispatch.engine.facts import Presence, Source

RANKED = 50
VIP = "vip"
Plain = dict[str, Any]


def plain_of(card: Card) -> tuple[Plain, Plain]:
    """Return a decision as JSON: what everybody at the desk may read, and the rest."""
    alike, ranked, short = ordinary(card), card.ranked[:RANKED], short_of(card)
    told: Plain = {
        "version": card.policy.version,
        "weights": {name: each for name, each in card.policy.weights.items() if name != VIP},
        "points": card.job.points,
        "asks": _asks(card),
        "candidates": sorted(map(_candidate, alike.ranked[:RANKED]), key=_by_name),
        "others": max(0, len(alike.ranked) - RANKED),
        "refused": [_refused(alike, pk) for pk in alike.refused],
    }
    named = {each["person"] for each in told["candidates"]}
    secret = {
        "is_for_vip": card.job.is_for_vip,
        "is_tie": card.is_tie,
        "order": [each.engineer.pk for each in ranked],
        "candidates": [_candidate(each) for each in ranked if each.engineer.pk not in named],
        "others": max(0, len(card.ranked) - RANKED),
        "scores": {str(each.engineer.pk): each.score for each in ranked},
        "short": {str(pk): points for pk, points in short.items()},
        "weight": card.policy.weights.get(VIP, 0),
        VIP: {str(e.engineer.pk): e.terms[VIP] for e in ranked if VIP in e.terms},
        "refused": [_refused(card, pk) for pk in card.refused if _is_kept_by_vip(card, pk)],
    }
    return told, secret


def _asks(card: Card) -> Plain:
    return {
        "team": card.job.team,
        "service": card.job.service,
        "site": card.job.site,
        "language": card.job.language,
        "skills": [wanted._asdict() for wanted in card.job.skills],
        "certificates": list(card.job.certificates.values()),
        "takes_seconds": card.job.takes_seconds,
    }


def _candidate(each: Candidate) -> Plain:
    engineer = each.engineer
    return {
        "person": engineer.pk,
        "name": engineer.name,
        "terms": {name: share for name, share in each.terms.items() if name != VIP},
        "load": engineer.load,
        "capacity": engineer.capacity,
        "idle_since": engineer.last_given_at and engineer.last_given_at.isoformat(),
        "presence": _presence(engineer.presence),
    }


def _presence(presence: Presence) -> Plain:
    return {
        "until": presence.until and presence.until.isoformat(),
        "known_at": presence.known_at.isoformat(),
        "is_stale": presence.is_stale,
        "source": presence.source,
        "said_at": presence.said_at and presence.said_at.isoformat(),
    }


def presence_told(told: Mapping[str, Any]) -> Presence:
    """Return a presence as a stored card has it, to be put into words."""
    return Presence(
        until=_instant(told["until"]),
        known_at=datetime.fromisoformat(told["known_at"]),
        is_stale=told["is_stale"],
        source=Source(told["source"]),
        said_at=_instant(told["said_at"]),
    )


def _instant(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None


def _is_kept_by_vip(card: Card, pk: int) -> bool:
    return any(found.gate == VIP for found in card.refused[pk])


def _refused(card: Card, pk: int) -> Plain:
    engineer = card.engineers[pk]
    back_at = engineer.presence.back_at
    return {
        "person": pk,
        "name": engineer.name,
        "gates": [found._asdict() for found in card.refused[pk]],
        "back_at": back_at and back_at.isoformat(),
        "presence": _presence(engineer.presence),
    }


def _by_name(told: Plain) -> tuple[str, int]:
    return told["name"], told["person"]


def card_for(card: Mapping[str, Any], secret: Mapping[str, Any], *, may_see_vips: bool) -> Plain:
    """Return a stored card as somebody may read it; for all tickets alike, VIPs' or not.

    Whoever may not see VIPs reads no score and no order: those have the VIP's term in them.
    """
    if not may_see_vips:
        return dict(card)
    by_person = {each["person"]: each for each in (*card["candidates"], *secret["candidates"])}
    candidates = [
        {
            **by_person[pk],
            "rank": rank,
            "score": secret["scores"][str(pk)],
            "short": secret["short"].get(str(pk), 0),
            "terms": {**by_person[pk]["terms"], **_vip_term(secret, pk)},
        }
        for rank, pk in enumerate(secret["order"], 1)
    ]
    return {
        **card,
        "weights": {**card["weights"], VIP: secret["weight"]},
        "candidates": candidates,
        "others": secret["others"],
        "refused": _with_vip_gate(card, secret),
        "is_tie": secret["is_tie"],
        "is_for_vip": secret["is_for_vip"],
    }


def _vip_term(secret: Mapping[str, Any], pk: int) -> dict[str, int]:
    share = secret[VIP].get(str(pk))
    return {} if share is None else {VIP: share}


def _with_vip_gate(card: Mapping[str, Any], secret: Mapping[str, Any]) -> list[Plain]:
    kept = {each["person"]: each for each in secret["refused"]}
    return [each for each in card["refused"] if each["person"] not in kept] + [*kept.values()]
