"""How well somebody suits a piece of work: named terms, each a share per mille. Pure."""

from collections.abc import Callable, Mapping

from dispatch.engine.facts import TOP_LEVEL, WHOLE, Engineer, Job, Policy

Term = Callable[[Engineer, Job], int]
MIDDLE = WHOLE // 2


def terms_of(engineer: Engineer, job: Job, policy: Policy) -> Mapping[str, int]:
    """Return the terms that count, each in per mille and before it is weighed."""
    return {name: term(engineer, job) for name, term in TERMS.items() if policy.weights.get(name)}


def score_of(terms: Mapping[str, int], policy: Policy) -> int:
    """Return the weighted sum, as whole numbers: the greater, the better."""
    return sum(policy.weights[name] * share for name, share in terms.items())


def best_score(policy: Policy) -> int:
    """Return what nobody's score exceeds."""
    return sum(weight * WHOLE for name, weight in policy.weights.items() if name in TERMS)


def _skill(engineer: Engineer, job: Job) -> int:
    """Mean level of what is asked for; where nothing is, all suit alike."""
    if not job.skills:
        return MIDDLE
    levels = sum(engineer.skills.get(wanted.pk, 0) for wanted in job.skills)
    return WHOLE * levels // (TOP_LEVEL * len(job.skills))


def room_of(capacity: int, load: int, points: int) -> int:
    """Return what of a capacity is free once so many points are added to the load."""
    return max(0, WHOLE * (capacity - load - points) // capacity) if capacity else 0


def _room(engineer: Engineer, job: Job) -> int:
    """So the load evens out."""
    return room_of(engineer.capacity, engineer.load, job.points)


def _quality(engineer: Engineer, job: Job) -> int:
    return engineer.quality.get(job.service, MIDDLE) if job.service is not None else MIDDLE


def _known(engineer: Engineer, job: Job) -> int:
    return job.known_by.get(engineer.pk, 0)


def _language(engineer: Engineer, job: Job) -> int:
    return WHOLE if not job.language or job.language in engineer.languages else 0


def _nearness(engineer: Engineer, job: Job) -> int:
    """Whoever serves the site by name is nearer than who serves all of them."""
    return WHOLE if job.site is None or job.site in engineer.sites else 0


def _vip(engineer: Engineer, job: Job) -> int:
    return WHOLE if not job.is_for_vip or engineer.is_for_vips else 0


TERMS: dict[str, Term] = {
    "skill": _skill,
    "room": _room,
    "quality": _quality,
    "known": _known,
    "language": _language,
    "nearness": _nearness,
    "vip": _vip,
}
# The facts of a job that each term looks at, as `gates.LOOKS_AT`.
LOOKS_AT = {
    "skill": ("skills",),
    "room": ("points",),
    "quality": ("service",),
    "known": ("known_by",),
    "language": ("language",),
    "nearness": ("site",),
    "vip": ("is_for_vip",),
}
# Room counts most: in the comparison of `docs/balancing.md` heavier skill let people with less
# skill stand idle while others had a queue.
WEIGHTS = {
    "skill": 20,
    "room": 60,
    "quality": 15,
    "known": 10,
    "language": 5,
    "nearness": 5,
    "vip": 5,
}
