"""People, what they may do, the keys they hold, and the organisation around them."""

from nova.accounts.models.groups import Group, GroupMembership
from nova.accounts.models.imports import PeopleImport, PeopleImportLine
from nova.accounts.models.keys import ApiKey
from nova.accounts.models.organisation import (
    Department,
    Floor,
    Organisation,
    Region,
    Service,
    Site,
    Team,
    TeamMembership,
)
from nova.accounts.models.people import Role, RoleGrant, User
from nova.accounts.models.proxies import Proxy
from nova.accounts.models.sign_in import RevokedToken, SecondFactor

__all__ = [
    "ApiKey",
    "Department",
    "Floor",
    "Group",
    "GroupMembership",
    "Organisation",
    "PeopleImport",
    "PeopleImportLine",
    "Proxy",
    "Region",
    "RevokedToken",
    "Role",
    "RoleGrant",
    "SecondFactor",
    "Service",
    "Site",
    "Team",
    "TeamMembership",
    "User",
]
