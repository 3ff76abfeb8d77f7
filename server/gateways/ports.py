"""What the deliveries ask of a gateway, whatever stands behind it."""

from typing import Protocol

from server.gateways.mail.messages import Letter
from server.gateways.push.notice import Addressee, Notice


class MailGateway(Protocol):
    """Takes letters to a mail server."""

    async def send(self, letter: Letter) -> None:
        """The mail server has taken responsibility for the letter; `TemporaryFailure` or `PermanentFailure` if not."""

    async def close(self) -> None:
        """Nothing is held open; the next `send` opens what it needs."""


class PushGateway(Protocol):
    """Takes notices to the push service of one kind of device."""

    async def send(self, notice: Notice, to: Addressee) -> None:
        """The service has taken the notice; `DeviceGone`, `TemporaryFailure` or `PermanentFailure` if not."""

    async def close(self) -> None:
        """Nothing is held open; the next `send` opens what it needs."""
