"""JSON in: strict, bounded, and able to say where it is broken."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 40


class StrictJsonParser(BaseParser):
    """Takes one JSON object in UTF-8 that Postgres can store.

    Raises `ParseError` (400) that names the place, or `RequestDataTooBig` (413).
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        body = _read(stream)
        data = _load(body)
        if not isinstance(data, dict):
            raise ParseError("The body must be a JSON object.")
        _check(body, data)
        return data


def _read(stream: IO[bytes]) -> bytes:
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = stream.read(most + 1)
    if len(body) > most:
        raise RequestDataTooBig
    return body


def _load(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        reason = _broken_text(body) or f"The body is not JSON: {error.msg} ({place})."
        raise ParseError(reason) from error


def _broken_text(body: bytes) -> str | None:
    try:
        body.decode()
    except UnicodeDecodeError as error:
        return f"The body is not UTF-8: byte {error.start} is {body[error.start]:#04x}."
    return None


def _check(body: bytes, data: dict[str, Any]) -> None:
    """Refuse what is JSON and yet cannot be stored. The bytes tell when not to look."""
    if body.count(b"{") + body.count(b"[") > DEEPEST or rb"\u0000" in body:
        for path, value, depth in _walk(data, "", 1):
            if depth > DEEPEST:
                raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
            if isinstance(value, str) and "\0" in value:
                raise ParseError(f"{path or 'A name'} holds a NUL character.")


def _walk(value: Any, path: str, depth: int) -> Iterator[tuple[str, Any, int]]:
    yield path, value, depth
    if depth > DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield path, name, depth
            yield from _walk(inner, f"{path}.{name}".lstrip("."), depth + 1)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _walk(inner, f"{path}.{place}".lstrip("."), depth + 1)
