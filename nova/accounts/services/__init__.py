"""The verbs of people, roles, keys and sign-in; the only code that writes those tables."""

from nova.accounts.services.factors import (
    begin_second_factor,
    check_code,
    confirm_second_factor,
    make_recovery_codes,
    remove_second_factor,
)
from nova.accounts.services.groups import (
    change_members,
    create_group,
    delete_group,
    edit_group,
)
from nova.accounts.services.import_runs import IMPORTING
from nova.accounts.services.importing import apply_import, preview_import, undo_import
from nova.accounts.services.keys import create_api_key, note_use, revoke_api_key
from nova.accounts.services.passwords import change_password, invite_person, send_reset
from nova.accounts.services.people import (
    add_person,
    deactivate_person,
    edit_person,
    edit_profile,
    grant_role,
    may_manage,
    reactivate_person,
    require_role_manager,
    revoke_role,
    set_absence,
)
from nova.accounts.services.provisioning import (
    depart_person,
    provision_person,
    reprovision_person,
)
from nova.accounts.services.proxies import appoint_proxy, dismiss_proxy
from nova.accounts.services.sign_in import (
    SignInRefused,
    TooManyTries,
    prove_password,
    record_failure,
    record_sign_in,
)
from nova.accounts.services.taken import Taken, refuse_taken
from nova.accounts.services.teams import join_team, leave_team
from nova.accounts.services.tokens import revoke_token

__all__ = [
    "IMPORTING",
    "SignInRefused",
    "Taken",
    "TooManyTries",
    "add_person",
    "apply_import",
    "appoint_proxy",
    "begin_second_factor",
    "change_members",
    "change_password",
    "check_code",
    "confirm_second_factor",
    "create_api_key",
    "create_group",
    "deactivate_person",
    "delete_group",
    "depart_person",
    "dismiss_proxy",
    "edit_group",
    "edit_person",
    "edit_profile",
    "grant_role",
    "invite_person",
    "join_team",
    "leave_team",
    "make_recovery_codes",
    "may_manage",
    "note_use",
    "preview_import",
    "prove_password",
    "provision_person",
    "reactivate_person",
    "record_failure",
    "record_sign_in",
    "refuse_taken",
    "remove_second_factor",
    "reprovision_person",
    "require_role_manager",
    "revoke_api_key",
    "revoke_role",
    "revoke_token",
    "send_reset",
    "set_absence",
    "undo_import",
]
