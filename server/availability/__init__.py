"""When somebody can be booked. The door of the slot engine: pure, without a database, without a clock of its own."""

from server.availability.check import check, free_members
from server.availability.explain import explain
from server.availability.member import Member, MemberId
from server.availability.offered import Offer, offered
from server.availability.page import Page, PageKind, Window, WindowKind
from server.availability.printed import by_date, iso_starts
from server.availability.reasons import Reason, ReasonCode
from server.availability.timetable import Timetable
from server.rotation.pick import pick

__all__ = [
    "Member",
    "MemberId",
    "Offer",
    "Page",
    "PageKind",
    "Reason",
    "ReasonCode",
    "Timetable",
    "Window",
    "WindowKind",
    "by_date",
    "check",
    "explain",
    "free_members",
    "iso_starts",
    "offered",
    "pick",
]
