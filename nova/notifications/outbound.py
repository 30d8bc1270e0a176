"""Ask addresses that customers entered, without being led to places of our own network."""

import hmac
import io
import ipaddress
import json
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.client import HTTPResponse
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

# How long a connection may take, an answer be silent, and what is read take in all.
CONNECT_SECONDS, ANSWER_SECONDS, FETCH_SECONDS = 3, 7, 30
FIRST_FAILURE = 300
# In which pieces something is read, and how often it may lead on.
PIECE_BYTES, MOST_REDIRECTS = 1 << 14, 3

# What errors come down to, the first that fits; their own words stand beside it.
SAID: tuple[tuple[type[Exception], str], ...] = (
    (requests.exceptions.SSLError, "Its certificate is not trusted"),
    (requests.Timeout, "It did not answer in time"),
    (TimeoutError, "It did not answer in time"),
    (requests.ConnectionError, "It cannot be reached"),
)


class NotReached(Exception):
    """The address may not be asked, does not answer, or answers that it did not work."""


def post(
    url: str, body: Mapping[str, Any], headers: Mapping[str, str], *, secret: str = ""
) -> None:
    """Post JSON once. Follows no redirect and no proxy. Raises `NotReached`.

    With a secret, `X-Nova-Signature` bears the HMAC-SHA256 of the very bytes that are posted.
    """
    content = json.dumps(body).encode()
    named = {"Content-Type": "application/json", **headers}
    if secret:
        named["X-Nova-Signature"] = f"sha256={signature_of(content, secret)}"
    status = status_of(url, content, named)
    if status >= FIRST_FAILURE:
        raise NotReached(f"It answered {status}.")


def status_of(url: str, content: bytes, headers: Mapping[str, str]) -> int:
    """Post bytes once and return the answer's status: whatever else it says is not read."""
    options: dict[str, Any] = {"data": content, "headers": headers}
    with _asked("POST", url, time.monotonic() + FETCH_SECONDS, **options) as response:
        return int(response.status_code)


def fetch(url: str, *, most_bytes: int) -> bytes:
    """Return what lies at an address. Each redirect is guarded like the first.

    Raises `NotReached`. What is larger than `most_bytes`, or too slow, is not read to its end.
    """
    until = time.monotonic() + FETCH_SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        with _asked("GET", url, until) as response:
            if not response.is_redirect:
                return _content(response, most_bytes)
            url = urljoin(url, response.headers["Location"])
    raise NotReached("It leads from one address to the next.")


def ask(url: str, *, headers: Mapping[str, str], most_bytes: int, seconds: float) -> bytes:
    """Return what a service answers within so many seconds in all. Raises `NotReached`.

    Follows no redirect: what the headers say is meant for nobody else.
    """
    with _asked("GET", url, time.monotonic() + seconds, headers=headers) as response:
        return _content(response, most_bytes)


@contextmanager
def _asked(method: str, url: str, until: float, **options: Any) -> Iterator[requests.Response]:
    """Ask once. The answer is cut off at `until`, by the monotonic clock, however it drips."""
    refuse_scheme(url)
    left = max(until - time.monotonic(), 0.001)
    timeout = (min(CONNECT_SECONDS, left), min(ANSWER_SECONDS, left))
    try:
        with (
            _session(until) as session,
            session.request(
                method, url, timeout=timeout, allow_redirects=False, stream=True, **options
            ) as response,
        ):
            yield response
    except (requests.RequestException, OSError, ValueError) as error:
        raise NotReached(_said(url, error)) from error


def _session(until: float) -> requests.Session:
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", GuardedAdapter(until))
    session.mount("http://", GuardedAdapter(until))
    return session


def _content(response: requests.Response, most_bytes: int) -> bytes:
    if response.status_code >= FIRST_FAILURE:
        raise NotReached(f"It answered {response.status_code}.")
    content = b""
    for piece in response.iter_content(PIECE_BYTES):
        content += piece
        if len(content) > most_bytes:
            raise NotReached(f"It is larger than {most_bytes // 1024} KB.")
    return content


def signature_of(content: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), content, "sha256").hexdigest()


def refuse_scheme(url: str) -> None:
    """Raise `NotReached` for an address that is not https, where only that can be allowed."""
    may_lie_within = settings.OUTBOUND_ANYWHERE or settings.OUTBOUND_NETWORKS
    allowed = ("https", "http") if may_lie_within else ("https",)
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise NotReached("This is not an address.") from error
    if parts.scheme not in allowed or not parts.hostname:
        raise NotReached("Only https addresses are asked.")


def allowed_address(host: str, port: int, *, is_plain: bool = False) -> str:
    """Return an address of `host` that may be asked, and connect to no other one.

    It lies in the public internet, which is asked under TLS only, or in a network that the
    operator allows. The connection is made to the very address that was looked at, so that a name
    which points elsewhere a moment later leads nowhere.
    """
    for *_, place in _places_of(host, port):
        address = ipaddress.ip_address(str(place[0]).partition("%")[0])
        mapped = getattr(address, "ipv4_mapped", None) or address
        is_inner = any(mapped in network for network in settings.OUTBOUND_NETWORKS)
        is_public = mapped.is_global and not mapped.is_multicast
        if settings.OUTBOUND_ANYWHERE or is_inner or (is_public and not is_plain):
            return str(place[0])
    if is_plain:
        raise NotReached("It is neither https nor in a network that may be asked without.")
    raise NotReached("It lies within a private network.")


def _places_of(host: str, port: int) -> list[Any]:
    try:
        return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NotReached(f"Its name is not known ({error})") from error


class _InTime(io.RawIOBase):
    """What a socket receives until an instant. Its own timeout is for each piece alone."""

    def __init__(self, source: socket.socket, until: float) -> None:
        self.source, self.until = source, until
        self.stream = source.makefile("rb", buffering=0)
        self.silence = source.gettimeout() or ANSWER_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self.source.settimeout(min(self.silence, left))
        return self.stream.readinto(into)

    def close(self) -> None:
        self.stream.close()
        super().close()


class _Answer(HTTPResponse):
    """An answer whose headers and content have come by an instant, or not at all."""

    def __init__(self, sock: socket.socket, *args: Any, until: float, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()
        self.fp = io.BufferedReader(_InTime(sock, until))


class _Guarded(HTTPConnection):
    """A connection to allowed addresses only, whose answer is there `until` an instant."""

    is_plain = True

    def __init__(self, *args: Any, until: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_class = partial(_Answer, until=until)  # type: ignore[assignment]

    def _new_conn(self) -> socket.socket:
        port = self.port or self.default_port
        place = allowed_address(self._dns_host, port, is_plain=self.is_plain), port
        return create_connection(
            place, self.timeout, self.source_address, socket_options=self.socket_options
        )


class _GuardedTls(_Guarded, HTTPSConnection):
    """The same under TLS: the certificate must still be the name's."""

    is_plain = False


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTls


class GuardedAdapter(HTTPAdapter):
    """Makes every connection through the guard, and for one answer."""

    def __init__(self, until: float) -> None:
        self.until = until
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        pools = {"http": _Pool, "https": _TlsPool}
        self.poolmanager.pool_classes_by_scheme = {
            scheme: partial(pool, until=self.until) for scheme, pool in pools.items()
        }


def _said(url: str, error: Exception) -> str:
    words = f"{type(error).__name__}: {_without(url, error)}"
    plain = next((plain for kind, plain in SAID if isinstance(error, kind)), "")
    return f"{plain} ({words})" if plain else words


def _without(url: str, error: Exception) -> str:
    """Return the error without the secret path and query of the URL."""
    parts = urlsplit(url)
    told = str(error)
    for secret in (f"{parts.path}?{parts.query}", parts.path, parts.query):
        told = told.replace(secret, "/…") if secret.strip("/?") else told
    return told
