import asyncio
import threading

import pytest

from nova.web.bridge import Bridge

LARGEST = 4 << 20


def scope(path="/", headers=(), **fields):
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"a=1",
        "http_version": "1.1",
        "scheme": "https",
        "server": ("nova.example", 443),
        "client": ("192.0.2.7", 5000),
        "headers": list(headers),
        **fields,
    }


class Client:
    """A server's side of one request: what it hands over, and what it was sent."""

    def __init__(self, *body, leaves=False):
        self._messages = asyncio.Queue()
        for number, chunk in enumerate(body or (b"",), start=1):
            more = number < len(body)
            self._messages.put_nowait({"type": "http.request", "body": chunk, "more_body": more})
        if leaves:
            self.leave()
        self.sent = []

    def leave(self):
        self._messages.put_nowait({"type": "http.disconnect"})

    async def receive(self):
        return await self._messages.get()

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


class Stream:
    """A WSGI answer that comes chunk by chunk."""

    streaming = True

    def __init__(self, chunks):
        self._chunks = chunks
        self.closed = threading.Event()

    def __iter__(self):
        return iter(self._chunks)

    def close(self):
        self.closed.set()


@pytest.fixture
def bridged():
    made = []

    def make(answer, threads=1):
        """Bridge a function from environ to an iterable of bytes."""

        def wsgi(environ, start_response):
            start_response("200 OK", [("Content-Type", "text/plain"), ("X-Nova", "é")])
            return answer(environ)

        made.append(Bridge(wsgi, threads=threads, largest_body=LARGEST))
        return made[-1]

    yield make
    for bridge in made:
        bridge.close()


async def environ_for(bridged, *body, **fields):
    seen = {}

    def answer(environ):
        seen.update(environ, body=environ["wsgi.input"].read())
        return [b""]

    client = Client(*body)
    await bridged(answer)(scope(**fields), client.receive, client.send)
    return seen


async def test_an_answer_is_sent_whole_with_its_status_and_headers(bridged):
    client = Client()
    await bridged(lambda _: [b"one ", b"two"])(scope(), client.receive, client.send)

    assert client.sent == [
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"text/plain"), (b"x-nova", b"\xe9")],
        },
        {"type": "http.response.body", "body": b"one two"},
    ]


async def test_a_request_arrives_as_pep_3333_says(bridged):
    environ = await environ_for(bridged, b"{}")

    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "a=1",
        "CONTENT_LENGTH": "2",
        "SERVER_NAME": "nova.example",
        "SERVER_PORT": "443",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.url_scheme": "https",
        "body": b"{}",
    }
    assert {name: environ[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        pytest.param({"path": "/ä"}, "/Ã¤", id="UTF-8 travels as latin-1"),
        pytest.param({"raw_path": b"/%C3%A4%ff"}, "/Ã¤ÿ", id="broken UTF-8 arrives as it is"),
    ],
)
async def test_a_path_keeps_its_bytes(bridged, fields, path):
    assert (await environ_for(bridged, **fields))["PATH_INFO"] == path


@pytest.mark.parametrize(
    ("headers", "name", "value"),
    [
        pytest.param([(b"accept", b"a"), (b"accept", b"b")], "HTTP_ACCEPT", "a,b", id="a list"),
        pytest.param([(b"cookie", b"a"), (b"cookie", b"b")], "HTTP_COOKIE", "a; b", id="cookies"),
        pytest.param([(b"content-type", b"text/csv")], "CONTENT_TYPE", "text/csv", id="the type"),
        pytest.param([(b"x_role", b"admin")], "HTTP_X_ROLE", None, id="underscores are dropped"),
        pytest.param([(b"content-length", b"9")], "CONTENT_LENGTH", "0", id="the length as read"),
    ],
)
async def test_headers_become_variables(bridged, headers, name, value):
    assert (await environ_for(bridged, headers=headers)).get(name) == value


async def test_a_big_body_is_read_whole_before_a_thread_takes_it(bridged):
    chunk = b"x" * (1 << 20)
    environ = await environ_for(bridged, chunk, chunk, chunk)

    assert environ["body"] == chunk * 3
    assert environ["CONTENT_LENGTH"] == str(3 << 20)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param([b"x" * LARGEST, b"x"], [], id="as it grows"),
        pytest.param([b""], [(b"content-length", b"99999999999")], id="as announced"),
    ],
)
async def test_a_body_that_is_too_large_is_refused_unread(bridged, body, headers):
    client = Client(*body)
    asked = []
    await bridged(asked.append)(scope(headers=headers), client.receive, client.send)

    assert client.status == 413
    assert b'"status": 413' in client.body
    assert asked == []


async def test_a_client_that_leaves_while_it_speaks_is_not_answered(bridged):
    client = Client(b"half", b"rest")
    client._messages.get_nowait()
    client._messages.get_nowait()
    client.leave()
    asked = []
    await bridged(asked.append)(scope(), client.receive, client.send)

    assert (client.sent, asked) == ([], [])


async def test_a_stream_is_sent_chunk_by_chunk(bridged):
    stream = Stream([b"a", b"b"])
    client = Client()
    await bridged(lambda _: stream)(scope(), client.receive, client.send)

    bodies = [(m["body"], m.get("more_body", False)) for m in client.sent[1:]]
    assert bodies == [(b"a", True), (b"b", True), (b"", False)]
    assert stream.closed.is_set()


async def test_a_stream_ends_when_its_client_has_left(bridged):
    client = Client()
    at_second = threading.Event()

    def chunks():
        yield b"first"
        at_second.wait(5)
        while True:
            yield b"more"

    stream = Stream(chunks())
    answering = asyncio.create_task(
        bridged(lambda _: stream)(scope(), client.receive, client.send)
    )
    while not client.sent:
        await asyncio.sleep(0)
    client.leave()
    await asyncio.sleep(0)
    at_second.set()
    await asyncio.wait_for(answering, 5)

    assert stream.closed.is_set()
    assert {"type": "http.response.body", "body": b""} not in client.sent


async def test_a_request_whose_client_left_while_it_waited_is_not_begun(bridged):
    free, begun = threading.Event(), []

    def answer(environ):
        begun.append(environ["PATH_INFO"])
        free.wait(5)
        return [b""]

    bridge = bridged(answer)
    first, second = Client(), Client(leaves=True)
    answering = asyncio.create_task(bridge(scope("/first"), first.receive, first.send))
    while not begun:
        await asyncio.sleep(0)
    await bridge(scope("/second"), second.receive, second.send)
    free.set()
    await answering

    assert begun == ["/first"]
    assert (first.status, second.sent) == (200, [])


async def test_an_error_of_the_application_is_the_servers_to_report(bridged):
    client = Client()
    with pytest.raises(ZeroDivisionError):
        await bridged(lambda _: 1 / 0)(scope(), client.receive, client.send)
