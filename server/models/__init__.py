"""All tables, on one floor below everything. Tortoise reads the list from here."""

from server.models.account import Account, ApiToken, Device, RefreshToken, Session, User
from server.models.base import InstantField, Row
from server.models.calendar import BusySpan, CalendarAccount
from server.models.change import Change, KeptResult
from server.models.contact import Association, Contact, Record
from server.models.job import Job
from server.models.link import Hold, LinkMember, LinkSlug, MeetingLink
from server.models.meeting import Attendee, Meeting, MeetingType, Outcome, Reminder
from server.models.notification import ActionToken
from server.models.rotation import Rotation, RotationMember
from server.models.webhook import Webhook

__all__ = [
    "Account",
    "ActionToken",
    "ApiToken",
    "Association",
    "Attendee",
    "BusySpan",
    "CalendarAccount",
    "Change",
    "Contact",
    "Device",
    "Hold",
    "InstantField",
    "Job",
    "KeptResult",
    "LinkMember",
    "LinkSlug",
    "Meeting",
    "MeetingLink",
    "MeetingType",
    "Outcome",
    "Record",
    "RefreshToken",
    "Reminder",
    "Rotation",
    "RotationMember",
    "Row",
    "Session",
    "User",
    "Webhook",
]
