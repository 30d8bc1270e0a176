"""Who can be given work, when they are there, what work asks for, and what was decided."""

from dispatch.models.attendance import AttendanceSource, AttendanceState
from dispatch.models.decisions import BalanceRun, Decision, Override
from dispatch.models.engineers import (
    Certificate,
    Engineer,
    EngineerCertificate,
    EngineerSite,
    EngineerSkill,
    Performance,
    Skill,
)
from dispatch.models.needs import CertificateNeed, SkillNeed
from dispatch.models.policies import AssignmentPolicy, RoutingModel
from dispatch.models.roster import RosterChange, Shift

__all__ = [
    "AssignmentPolicy",
    "AttendanceSource",
    "AttendanceState",
    "BalanceRun",
    "Certificate",
    "CertificateNeed",
    "Decision",
    "Engineer",
    "EngineerCertificate",
    "EngineerSite",
    "EngineerSkill",
    "Override",
    "Performance",
    "RosterChange",
    "RoutingModel",
    "Shift",
    "Skill",
    "SkillNeed",
]
