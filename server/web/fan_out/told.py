"""A change as one group hears it, and what has been written of it for the wire."""

from __future__ import annotations

from server.web.graphql.executor import Answer
from server.web.websocket_frames import text_frame


class Told:
    """One change, told. Members who gave their operation the same name share the very bytes of the frame."""

    __slots__ = ("_frames", "answer", "number")

    def __init__(self, number: int, answer: Answer) -> None:
        self.number = number
        self.answer = answer
        self._frames: dict[bytes, bytes] = {}

    def frame(self, head: bytes) -> bytes:
        """The websocket frame of the message that begins with `head` and ends with the answer as its payload."""
        frame = self._frames.get(head)
        if frame is None:
            frame = self._frames[head] = text_frame(head + self.answer.body + b"}")
        return frame
