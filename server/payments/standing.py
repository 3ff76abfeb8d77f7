"""How a payment stands, for whoever has its token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from server.booking.book import Booking
from server.booking.manage_link import manage_token_of
from server.models import Meeting, Payment
from server.models.enums import PaymentState
from server.payments.tokens import payment_of, payment_path
from server.payments.wish import minutes_of, title_of, wish_of

_WITH_MONEY = (PaymentState.PAID, PaymentState.REFUND_DUE, PaymentState.REFUNDED)


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """A payment with its link and account, what it is for, and the meeting that came of it."""

    token: str
    payment: Payment
    wish: Booking
    meeting: Meeting | None

    @property
    def manage_token(self) -> str | None:
        """The token of the meeting's manage link; None while there is no meeting."""
        return manage_token_of(self.meeting) if self.meeting is not None else None

    @property
    def title(self) -> str:
        """What the meeting is called, or will be."""
        link = self.payment.link
        return self.meeting.title if self.meeting is not None else title_of(self.wish, link, owner=link.owner.name)

    @property
    def tz(self) -> str:
        """The visitor's zone, else the page's, else the account's."""
        return self.wish.time_zone or self.payment.link.time_zone or self.payment.account.time_zone

    @property
    def ends_at(self) -> datetime:
        """When the meeting would end."""
        return self.wish.starts_at + timedelta(minutes=minutes_of(self.payment))

    @property
    def path(self) -> str:
        """Where this server says what became of it."""
        return payment_path(self.payment.link, self.token)

    @property
    def is_settled_with_money(self) -> bool:
        """Whether money came, and is here or went back."""
        return self.payment.state in _WITH_MONEY

    @property
    def is_under_way(self) -> bool:
        """Whether the visitor has paid and their bank takes its days."""
        return self.payment.state is PaymentState.OPEN and self.payment.expires_at == self.wish.starts_at


async def payment_standing(token: str) -> PaymentStanding | None:
    """How the payment with this token stands; None if there is none."""
    payment = await payment_of(token)
    if payment is None:
        return None
    meeting = await Meeting.get_or_none(payment_id=payment.id)
    return PaymentStanding(token=token, payment=payment, wish=wish_of(payment), meeting=meeting)
