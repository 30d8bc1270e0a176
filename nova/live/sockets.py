"""The socket of a page. It says what changed and when, and never what it became.

From the client: `{"subscribe": [topics], "since": n | mark | null}`, `{"ping": 1}`,
`{"presence": {"topic": ..., "state": "here" | "typing"}}`.
To the client: `{"topic", "sequence"}`, `{"topic", "refused": true}`, `{"sequence"}` (where it
stands now), `{"reset": true}` (ask everything again), `{"pong": 1}`.

For whoever may not follow the tenant's sequence, the number is the time, in milliseconds; where
their page stood is the mark that it carries (`nova.web.since`).
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from time import time
from typing import Any

import orjson
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from redis.exceptions import RedisError

from nova.accounts.models import User
from nova.live import presence, replay
from nova.live.pings import ping_async
from nova.live.session import signed_in
from nova.live.topics import address, presence_group, resolve
from nova.web import since as marks
from nova.web.since import follows_sequence

MOST_TOPICS = 60
LARGEST_MESSAGE = 8192
TOGETHER_SECONDS = 0.1
NOT_SIGNED_IN, MISUSED = 4401, 4400
# Few threads on purpose: sockets ask the database little, and must not take it from the pages.
DATABASE = ThreadPoolExecutor(2, thread_name_prefix="live")


class Socket(AsyncWebsocketConsumer):
    """Follows topics for one person, as long as they are signed in."""

    person: User
    watch: asyncio.Task[None] | None = None
    is_caught_up = False
    is_over = False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Run until the browser leaves, or the watch ends it.

        Granian keeps a close to itself as long as anybody waits for the browser's next message,
        so the waiting is cancelled first.
        """
        self.life = asyncio.current_task()
        try:
            await super().__call__(scope, receive, send)
        except asyncio.CancelledError:
            if self.life is None or not self.is_over:
                raise
            self.life.uncancel()
            await send({"type": "websocket.close", "code": NOT_SIGNED_IN})

    async def connect(self) -> None:
        self.session_key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        self.groups_by_topic: dict[str, str] = {}
        self.pending: dict[str, int] = {}
        person = await self._in_fence(_who)
        await self.accept()
        if person is None:
            await self.close(NOT_SIGNED_IN)
            return
        self.person = person
        self.watch = asyncio.create_task(self._keep_watch())

    async def disconnect(self, code: int) -> None:
        if self.watch is not None:
            self.watch.cancel()
            for group in set(self.groups_by_topic.values()):
                await self._drop(group)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        message = _parsed(text_data)
        if message is None:
            await self.close(MISUSED)
            return
        if "ping" in message:
            await self._say({"pong": 1})
        if "subscribe" in message:
            await self._subscribe(message["subscribe"], message.get("since"))
        if "presence" in message:
            await self._note_presence(message["presence"])

    async def changed(self, event: dict[str, Any]) -> None:
        """Hear a ping. Several of one topic within a moment become one."""
        first = not self.pending
        sequence = self._mark(event["sequence"])
        for topic, group in self.groups_by_topic.items():
            if group == event["group"]:
                self.pending[topic] = max(sequence, self.pending.get(topic, 0))
        if first and self.pending:
            asyncio.get_running_loop().call_later(
                TOGETHER_SECONDS, lambda: asyncio.ensure_future(self._flush())
            )

    async def _flush(self) -> None:
        pending, self.pending = self.pending, {}
        for topic, sequence in pending.items():
            await self._say({"topic": topic, "sequence": sequence})

    async def _subscribe(self, topics: list[str], since: int | str | None) -> None:
        """Follow exactly these topics, and tell what happened to them since."""
        found = await self._in_fence(_resolved, topics)
        if found is None:
            await self.close(NOT_SIGNED_IN)
            return
        await self._follow({topic: group for topic, group in found.items() if group})
        for topic in found.keys() - self.groups_by_topic.keys():
            await self._say({"topic": topic, "refused": True})
        await self._catch_up(since)

    async def _follow(self, wanted: dict[str, str]) -> None:
        before, after = set(self.groups_by_topic.values()), set(wanted.values())
        self.groups_by_topic = wanted
        for group in before - after:
            await self._drop(group)
        for group in after - before:
            await self.channel_layer.group_add(self._address(group), self.channel_name)

    async def _catch_up(self, since: int | str | None) -> None:
        """Tell what changed since the page was made, or since the last number that it heard.

        To who may not follow the sequence a number is a time, from which nothing can be told.
        """
        is_back, self.is_caught_up = since is not None and not self.is_caught_up, True
        if not follows_sequence(self.person) and not isinstance(since, str):
            await self._say({"reset": True} if is_back else {"sequence": self._mark(None)})
            return
        groups = set(self.groups_by_topic.values())
        latest, missed = await self._in_fence(_missed, groups, since) or (0, None)
        if missed is None:
            await self._say({"reset": True})
        for topic, group in self.groups_by_topic.items():
            if missed and group in missed:
                await self._say({"topic": topic, "sequence": self._mark(missed[group])})
        await self._say({"sequence": self._mark(latest)})

    async def _note_presence(self, said: dict[str, str]) -> None:
        """Note where the person is, if it is a place whose presence they may follow."""
        group = self.groups_by_topic.get(f"presence:{said['topic']}")
        if group is not None and said["state"] in presence.STATES:
            now = timezone.now()  # noqa: TID251 - the edge: what a client says now
            news = await asyncio.to_thread(
                presence.note, group, self.person, said["state"], now=now
            )
            await self._tell_presence(group, news)

    async def _drop(self, group: str) -> None:
        await self.channel_layer.group_discard(self._address(group), self.channel_name)
        if group.startswith(presence_group("")):
            left = await asyncio.to_thread(presence.leave, group, self.person)
            await self._tell_presence(group, left)

    async def _tell_presence(self, group: str, is_news: bool) -> None:
        if is_news:
            try:
                await ping_async(self.person.tenant_id, {group: None})
            except (RedisError, OSError):
                return  # nobody hears, as with every ping

    async def _keep_watch(self) -> None:
        """End the socket soon after its person signed out, was shut out, or lost a right."""
        while True:
            await asyncio.sleep(settings.LIVE_RECHECK_SECONDS)
            try:
                found = await self._in_fence(_resolved, list(self.groups_by_topic))
            except DatabaseError:  # nobody can be signed out while it is down; ask again
                continue
            if found is None:
                await self._end()
                return
            await self._follow({topic: group for topic, group in found.items() if group})

    async def _end(self) -> None:
        """End the socket from outside of its own loop."""
        await self._follow({})
        self.is_over = True
        if self.life is not None:
            self.life.cancel()

    async def _in_fence(self, work: Any, *arguments: Any) -> Any:
        """Do database work as the person of the session; None when there is nobody any more."""

        def run() -> Any:
            with signed_in(self.session_key) as person:
                if person is None:
                    return None
                self.person = person
                return work(person, *arguments)

        return await database_sync_to_async(run, thread_sensitive=False, executor=DATABASE)()

    async def _say(self, message: dict[str, Any]) -> None:
        await self.send(text_data=orjson.dumps(message).decode())

    def _mark(self, sequence: int | None) -> int:
        if follows_sequence(self.person):
            return sequence or 0
        return int(time() * 1000)

    def _address(self, group: str) -> str:
        return address(self.person.tenant_id, group)


def _who(person: User) -> User:
    return person


def _resolved(person: User, topics: list[str]) -> dict[str, str | None]:
    return {topic: resolve(person, topic) for topic in topics}


def _missed(person: User, groups: set[str], since: int | str | None) -> tuple[int, Any]:
    latest = replay.latest()
    if since is None:
        return latest, {}
    start = marks.opened(since, person)
    return latest, None if start is None else replay.missed(groups, start)


def _parsed(text: str | None) -> dict[str, Any] | None:
    """Return a message that is well formed, else None."""
    if text is None or len(text) > LARGEST_MESSAGE:
        return None
    try:
        message = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    return message if isinstance(message, dict) and _is_well_formed(message) else None


def _is_well_formed(message: dict[str, Any]) -> bool:
    topics, since = message.get("subscribe", []), message.get("since")
    said = message.get("presence", {"topic": "", "state": ""})
    return (
        isinstance(topics, list)
        and len(topics) <= MOST_TOPICS
        and all(isinstance(topic, str) and "\0" not in topic for topic in topics)
        and _may_be_mark(since)
        and isinstance(said, dict)
        and isinstance(said.get("topic"), str)
        and isinstance(said.get("state"), str)
    )


def _may_be_mark(since: Any) -> bool:
    if isinstance(since, str):
        return len(since) <= marks.LONGEST
    return since is None or (type(since) is int and 0 <= since < 2**63)
