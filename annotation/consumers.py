"""Websockets: hints to look again, never truth. A lost hint costs a moment; the browser re-reads over HTTP."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from annotation.queries.live import groups_of

SIGN_IN = 4401
TOO_MANY = 50


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """One socket per page. The page may send `{"watch": [project public ids]}`; it gets `{"kind": …}` hints for what it may see."""

    groups_joined: set[str]

    async def connect(self) -> None:
        """Accept a signed-in user and join their own groups; others are told to sign in."""
        self.groups_joined = set()
        await self.accept()
        user = self.scope["user"]
        if not user.is_authenticated:
            await self.send_json({"kind": "sign_in_again"})
            await self.close(code=SIGN_IN)
            return
        await self._join(await database_sync_to_async(groups_of)(user, []))

    async def disconnect(self, code: int) -> None:
        """Leave every group."""
        for group in self.groups_joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def receive_json(self, content: Any, **_: Any) -> None:
        """`watch`: hints of these projects too, as far as this user may see them. Anything else is ignored."""
        wanted = content.get("watch") if isinstance(content, dict) else None
        if isinstance(wanted, list):
            names = [str(name) for name in wanted[:TOO_MANY]]
            await self._join(await database_sync_to_async(groups_of)(self.scope["user"], names))

    async def hint(self, message: dict[str, Any]) -> None:
        """Pass a hint of the channel layer on to the page."""
        await self.send_json({key: value for key, value in message.items() if key != "type"})

    async def _join(self, groups: set[str]) -> None:
        for group in groups - self.groups_joined:
            await self.channel_layer.group_add(group, self.channel_name)
        self.groups_joined |= groups
