"""A process of Python's chanx with one client, for tests of groups that are shared.

    peer.py redis://HOST

Each line of its input is a command; each line of its output is what the client has received.
"""

import asyncio
import json
import sys
from typing import Literal

from chanx.core.decorators import event_handler, ws_handler
from chanx.core.topic import Topic
from chanx.fast_channels.testing import WebsocketCommunicator
from chanx.fast_channels.websocket import AsyncJsonWebsocketConsumer
from chanx.messages.base import BaseMessage
from fast_channels.layers import register_channel_layer
from fast_channels.layers.redis import RedisPubSubChannelLayer


class Line(BaseMessage):
    action: Literal["line"] = "line"
    payload: dict


class Say(BaseMessage):
    action: Literal["say"] = "say"
    payload: dict


class Ticked(BaseMessage):
    action: Literal["ticked"] = "ticked"
    payload: dict


class RoomTopic(Topic):
    pattern = "room:{room}"

    @event_handler
    async def ticked(self, event: Ticked) -> Line:
        return Line(payload=event.payload)


class Room(AsyncJsonWebsocketConsumer):
    channel_layer_alias = "default"
    groups = ["lobby"]
    topics = [RoomTopic]
    authenticator_class = None
    send_completion = False

    @ws_handler(output_type=Line)
    async def say(self, message: Say) -> None:
        await self.broadcast_message(Line(payload=message.payload))

    @event_handler
    async def ticked(self, event: Ticked) -> Line:
        return Line(payload=event.payload)


async def main() -> None:
    register_channel_layer("default", RedisPubSubChannelLayer(hosts=[sys.argv[1]]))
    client = WebsocketCommunicator(Room.as_asgi(), "/ws", consumer=Room)
    await client.connect()

    async def show() -> None:
        while True:
            print(json.dumps(await client.receive_json_from(timeout=1000)), flush=True)

    showing = asyncio.create_task(show())
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command, *arguments = json.loads(line)
        if command == "send":
            await client.send_json_to(arguments[0])
        elif command == "event":
            await Room.broadcast_event(Ticked(payload=arguments[0]), ["lobby"])
        elif command == "topic":
            await RoomTopic.broadcast(arguments[0], Ticked(payload=arguments[1]), seq=7)
    showing.cancel()


asyncio.run(main())
