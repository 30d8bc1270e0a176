"""A browser's end of a websocket. (`channels.testing` needs a server that Nova does not use.)"""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from nova.live.routing import application


class Line(ApplicationCommunicator):
    """One websocket to the application."""

    def __init__(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        scope = {"type": "websocket", "path": path, "query_string": b"", "headers": headers}
        super().__init__(application, {**scope, "subprotocols": []})

    async def connect(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(3))["type"] == "websocket.accept"

    async def send_text(self, text: str) -> None:
        await self.send_input({"type": "websocket.receive", "text": text})

    async def say(self, message: dict[str, Any]) -> None:
        await self.send_text(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        return json.loads((await self.receive_output(3))["text"])

    async def close_code(self) -> int:
        return (await self.receive_output(3))["code"]

    async def hang_up(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()
