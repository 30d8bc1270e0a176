"""The portal at noon, and what it asks."""

import pytest
import time_machine

from tests.tickets.portal.telling import LATER
from tickets.choices import FieldType
from tickets.models import CustomField


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def portal(requester, as_person):
    return as_person(requester)


@pytest.fixture
def fields_of_the_portal(tenant):
    def made(key, label, kind, **stated):
        CustomField.objects.create(
            tenant=tenant, key=key, label=label, type=kind, is_in_portal=True, **stated
        )

    made("floor", "Floor", FieldType.CHOICE, options=["First", "Second"], is_required=True)
    made("seats", "Seats", FieldType.NUMBER)
    made("since", "Since", FieldType.DATE)
    made("loud", "Is it loud?", FieldType.BOOLEAN)
    CustomField.objects.create(tenant=tenant, key="cost", label="Cost centre")
