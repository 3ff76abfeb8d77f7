"""One subscription of one client, as its group knows it."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.web.fan_out.told import Told


class Member:
    """Stands at a place in the log, `position`: everything up to it was told, or is of no interest. None until it is
    known which number is the last before now."""

    __slots__ = ("position", "viewer")

    def __init__(self, viewer: Viewer | None, after: int | None) -> None:
        self.viewer = viewer
        self.position = after

    def hear(self, told: Told) -> bool:
        """The change is on its way to the client. False if there is no room for it: then the member is no longer live
        and has to catch up, or leave."""
        raise NotImplementedError

    def lose_standing(self) -> None:
        """Its session or token has ended, or carries other rights than when it was let in. It hears nothing more."""
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        """The log cannot be followed any further. It hears nothing more."""
        raise NotImplementedError
