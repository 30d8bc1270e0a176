"""The library's handling of requests, with what it does not do: unknown extensions, big groups."""

from typing import Any

from scim2_models import PatchOp, Resource, ResourceType
from scim2_server.conditions import Conditions
from scim2_server.handler import ScimHandler

from nova.scim import custom
from nova.scim.members import Moves, moves_in
from nova.scim.reading import group_resource
from nova.scim.storage import NovaStorage


class Handler(ScimHandler):
    storage: NovaStorage

    def replace_resource(
        self,
        resource_type: ResourceType,
        current: Resource[Any],
        replacement: Resource[Any],
        conditions: Conditions,
    ) -> Resource[Any]:
        """Replace what is stored, attributes of unknown extensions included."""
        replaced = self.service.apply_replacement(current, replacement, conditions)
        return self.storage.update(
            resource_type,
            current if replaced is None else replaced,
            extra=custom.said_in(replacement.unknown_attributes),
            keeps_extra=False,
        )

    def patch_resource(
        self,
        resource_type: ResourceType,
        resource_id: str,
        patch_op: PatchOp,
        conditions: Conditions,
    ) -> Resource[Any]:
        """Apply a PATCH to a resource that is locked first, so that none is lost."""
        moves = moves_in(patch_op.operations) if resource_type.name == "Group" else None
        if moves is not None:
            return self._move(resource_id, moves, conditions)
        current = self.storage.get(resource_type, resource_id)
        extra = custom.changed_by(patch_op.operations)
        patched = self.service.apply_patch(current, patch_op, conditions)
        if patched is None and not extra:
            return current
        return self.storage.update(resource_type, patched or current, extra=extra)

    def _move(self, resource_id: str, moves: Moves, conditions: Conditions) -> Resource[Any]:
        group = self.storage.group(resource_id, lock=True)
        self.service.check_preconditions(group_resource(group, None), "PATCH", conditions)
        return self.storage.move_members(group, add=moves.add, remove=moves.remove)
