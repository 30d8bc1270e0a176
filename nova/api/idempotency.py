"""A POST that is sent twice has one effect, and gets one answer: by the API, or from a form.

Follows draft-ietf-httpapi-idempotency-key-header. The claim of a key, the effect and the answer
are one transaction, so a crash leaves all or none, and an error leaves the key free.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NoReturn

import orjson
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg.errors import LockNotAvailable
from rest_framework import exceptions, status
from rest_framework.request import Request

from nova.accounts.models import User
from nova.api.models import IdempotentAnswer
from nova.api.renderers import to_json
from nova.errors import Refused

HEADER = "Idempotency-Key"
LONGEST = 200
KEPT = timedelta(hours=24)
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
# A second request waits on the unique index for the first one's commit, but not for ever.
PATIENCE = "SELECT set_config('lock_timeout', '5s', true)"
CLAIM = """
    INSERT INTO api_idempotentanswer
        (tenant_id, person_id, key, fingerprint, headers, body, created_at)
    VALUES (%s, %s, %s, %s, '{}', '', %s)
    ON CONFLICT (tenant_id, person_id, key) DO NOTHING
    RETURNING id
"""


class OtherRequest(exceptions.APIException):
    """The key was used for a request with another body or address, or with other rights."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = f"This {HEADER} was used for a different request, or with other rights."


class StillAtIt(Refused):
    """The first request with this key is still at work, and this one has waited long enough."""


class Replay(Exception):
    """The request was answered before: give that answer again."""

    def __init__(self, answer: IdempotentAnswer) -> None:
        self.answer = answer


def claim(request: Request, person: User, *, now: datetime) -> int | None:
    """Take the request's key, if it bears one, as `take` does."""
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not key.strip() or len(key) > LONGEST or not key.isprintable():
        raise exceptions.ParseError(f"{HEADER} takes 1 to {LONGEST} printable characters.")
    return take(person, key, fingerprint_of(request, person), now=now)


def take(person: User, key: str, fingerprint: str, *, now: datetime) -> int:
    """Take a key, and return the row that will hold the answer.

    Raises `Replay` when it was answered before, `OtherRequest` when the key was another's, and
    `StillAtIt` when the first request does not come to an end.
    """
    try:
        row = _claimed([person.tenant_id, person.pk, key, fingerprint, now])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise StillAtIt("The first request of this kind is still at work.") from error
        raise
    return _give_again(person, key, fingerprint) if row is None else row[0]


def keep(answer_id: int, response: HttpResponse, *, again: Mapping[str, Any]) -> None:
    """Keep the answer for whoever asks again. A stream cannot be kept: its key stays free.

    `again` is what it then says in the place of secrets, which are not kept.
    """
    if response.streaming:
        IdempotentAnswer.objects.filter(pk=answer_id).delete()
        return
    headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    body = to_json({**orjson.loads(response.content), **again}) if again else response.content
    IdempotentAnswer.objects.filter(pk=answer_id).update(
        status=response.status_code, headers=headers, body=body
    )


def replayed(answer: IdempotentAnswer) -> HttpResponse:
    """Return a kept answer, marked as such."""
    headers = {**answer.headers, "Idempotency-Replayed": "true"}
    return HttpResponse(bytes(answer.body), status=answer.status, headers=headers)


def prune(*, now: datetime) -> int:
    """Forget the present tenant's answers that are older than a day; return how many."""
    return IdempotentAnswer.objects.filter(created_at__lt=now - KEPT).delete()[0]


def fingerprint_of(request: Request | HttpRequest, person: User) -> str:
    """Return what two requests share only if they ask for the same thing, with the same rights.

    An answer shows what its reader may see: a narrower key of the same person may see less.
    """
    rights = " ".join(sorted(person.permissions))
    asked = f"{request.method} {request.get_full_path()}\n{rights}\n"
    digest = hashlib.sha256(asked.encode())
    if (request.content_type or "").startswith("multipart/"):
        for part in _parts(request):
            digest.update(hashlib.sha256(part).digest())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _claimed(values: list[Any]) -> tuple[int] | None:
    with connection.cursor() as cursor:
        cursor.execute(PATIENCE)
        cursor.execute(CLAIM, values)
        row: tuple[int] | None = cursor.fetchone()
        return row


def _parts(request: Request | HttpRequest) -> Any:
    """Yield what a form holds: its raw bytes differ from one try to the next."""
    for name, values in sorted(request.POST.lists()):
        yield repr((name, values)).encode()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            yield repr((name, file.name)).encode()
            yield from file.chunks()
            file.seek(0)


def _give_again(person: User, key: str, fingerprint: str) -> NoReturn:
    answer = IdempotentAnswer.objects.get(person=person, key=key)
    if answer.fingerprint != fingerprint:
        raise OtherRequest
    raise Replay(answer)
