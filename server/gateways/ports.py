"""What the deliveries ask of a gateway, whatever stands behind it."""

from typing import Protocol

from server.gateways.mail.messages import Letter


class MailGateway(Protocol):
    """Takes letters to a mail server."""

    async def send(self, letter: Letter) -> None:
        """The mail server has taken responsibility for the letter; `TemporaryFailure` or `PermanentFailure` if not."""

    async def close(self) -> None:
        """Nothing is held open; the next `send` opens what it needs."""
