"""Frames of a websocket as a server writes them (RFC 6455, 5.2), and how an app hands them over without waiting."""

from __future__ import annotations

from collections.abc import Callable

EXTENSION = "parley.frames"
"""In `scope["extensions"]` of a websocket, where the server offers it: `{"send_now": SendNow}`."""

SendNow = Callable[[bytes], bool]
"""Takes a whole frame and gives it to the network at once; False if the socket is gone or its peer reads too slowly,
and then the frame is as if it had never been given."""

_WHOLE_TEXT = 0x81


def text_frame(text: bytes) -> bytes:
    """The one frame of a text message, not compressed; a server's frames are not masked."""
    size = len(text)
    if size < 126:
        return bytes((_WHOLE_TEXT, size)) + text
    if size < 65_536:
        return bytes((_WHOLE_TEXT, 126)) + size.to_bytes(2, "big") + text
    return bytes((_WHOLE_TEXT, 127)) + size.to_bytes(8, "big") + text


def text_in(frame: bytes) -> str:
    """The text of such a frame."""
    start = {126: 4, 127: 10}.get(frame[1], 2)
    return frame[start:].decode()
