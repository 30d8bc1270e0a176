"""Engineers to test with. A test states only what it is about."""

from datetime import time

import factory

from dispatch.models import Certificate, Engineer, Shift, Skill
from tests.factories import InFence, PersonFactory


class SkillFactory(InFence):
    class Meta:
        model = Skill

    name = factory.Sequence(lambda n: f"Skill {n}")


class CertificateFactory(InFence):
    class Meta:
        model = Certificate

    name = factory.Sequence(lambda n: f"Certificate {n}")


class EngineerFactory(InFence):
    """A technician who is given work, and is never at work until a test says when."""

    class Meta:
        model = Engineer

    person = factory.SubFactory(PersonFactory, role="technician")


class ShiftFactory(InFence):
    """A Tuesday from eight to four, which `NOW` is in."""

    class Meta:
        model = Shift

    engineer = factory.SubFactory(EngineerFactory)
    weekday = 1
    opens, closes = time(8), time(16)
