"""Why a start is not offered, in words that programs know."""

from dataclasses import dataclass
from enum import StrEnum

from server.availability.member import MemberId


class ReasonCode(StrEnum):
    """One rule that stands in the way. A closed list: it grows only with a line in `mobile_contract/CHANGES.md`."""

    OFF_GRID = "OFF_GRID"
    OUTSIDE_HOURS = "OUTSIDE_HOURS"
    DAY_OVERRIDDEN = "DAY_OVERRIDDEN"
    BUSY = "BUSY"
    BUFFER = "BUFFER"
    NOTICE = "NOTICE"
    WINDOW = "WINDOW"
    DAILY_LIMIT = "DAILY_LIMIT"
    DURATION_NOT_OFFERED = "DURATION_NOT_OFFERED"
    HELD = "HELD"
    MEMBER_INACTIVE = "MEMBER_INACTIVE"
    CALENDAR_UNREACHABLE = "CALENDAR_UNREACHABLE"
    LINK_INACTIVE = "LINK_INACTIVE"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `until` (epoch seconds) is when it ends, where it ends by itself: the first instant after the notice,
    the busy span, the buffer or the full day; for a window, when it opens or when it closed. `member` is whom it is
    about; a reason of the whole page has none."""

    code: ReasonCode
    until: int | None = None
    member: MemberId | None = None

    @property
    def message_key(self) -> str:
        """What the wording of the reason is filed under."""
        return f"slot.{self.code.lower()}"
