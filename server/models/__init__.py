"""All tables, on one floor below everything. Tortoise reads the list from here."""

from server.models.account import Account, ApiToken, Device, PasswordToken, RefreshToken, Session, User
from server.models.base import InstantField, Row
from server.models.calendar import BusySpan, CalendarAccount
from server.models.change import Change, KeptResult
from server.models.contact import Association, Contact, ObjectType, Record
from server.models.job import Job
from server.models.link import Hold, LinkMember, LinkSlug, MeetingLink
from server.models.mail_text import MailText
from server.models.meeting import Attendee, Meeting, MeetingType, Outcome, Reminder
from server.models.note import Attachment, InternalNote, Mention, Snippet
from server.models.notification import ActionToken
from server.models.payment import Payment, PaymentNotice
from server.models.rotation import Rotation, RotationMember
from server.models.video import VideoAccount, VideoExtension
from server.models.visitor import VisitorDevice
from server.models.webhook import Webhook

__all__ = [
    "Account",
    "ActionToken",
    "ApiToken",
    "Association",
    "Attachment",
    "Attendee",
    "BusySpan",
    "CalendarAccount",
    "Change",
    "Contact",
    "Device",
    "Hold",
    "InstantField",
    "InternalNote",
    "Job",
    "KeptResult",
    "LinkMember",
    "LinkSlug",
    "MailText",
    "Meeting",
    "MeetingLink",
    "MeetingType",
    "Mention",
    "ObjectType",
    "Outcome",
    "PasswordToken",
    "Payment",
    "PaymentNotice",
    "Record",
    "RefreshToken",
    "Reminder",
    "Rotation",
    "RotationMember",
    "Row",
    "Session",
    "Snippet",
    "User",
    "VideoAccount",
    "VideoExtension",
    "VisitorDevice",
    "Webhook",
]
