"""Who can be given work, when they are there, and what work asks for."""

from dispatch.models.engineers import (
    Certificate,
    Engineer,
    EngineerCertificate,
    EngineerSkill,
    Skill,
)
from dispatch.models.needs import CertificateNeed, SkillNeed
from dispatch.models.roster import RosterChange, Shift

__all__ = [
    "Certificate",
    "CertificateNeed",
    "Engineer",
    "EngineerCertificate",
    "EngineerSkill",
    "RosterChange",
    "Shift",
    "Skill",
    "SkillNeed",
]
