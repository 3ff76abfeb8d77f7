"""Every choice that the data knows. The wording for clients stands in `schema/enums.py`."""

from enum import StrEnum


class AccountKind(StrEnum):
    STANDARD = "STANDARD"
    SANDBOX = "SANDBOX"


class Role(StrEnum):
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"


class DevicePlatform(StrEnum):
    IOS = "IOS"
    ANDROID = "ANDROID"
    WEB = "WEB"


class RecordKind(StrEnum):
    COMPANY = "COMPANY"
    DEAL = "DEAL"
    TICKET = "TICKET"
    CUSTOM = "CUSTOM"


class MeetingLinkKind(StrEnum):
    PERSONAL = "PERSONAL"
    GROUP = "GROUP"
    ROUND_ROBIN = "ROUND_ROBIN"


class WindowKind(StrEnum):
    ROLLING_CALENDAR = "ROLLING_CALENDAR"
    ROLLING_BUSINESS = "ROLLING_BUSINESS"
    DATE_RANGE = "DATE_RANGE"


class LocationKind(StrEnum):
    PHONE = "PHONE"
    ADDRESS = "ADDRESS"
    VIDEO = "VIDEO"
    CUSTOM = "CUSTOM"


class CalendarProvider(StrEnum):
    BUILT_IN = "BUILT_IN"
    CALDAV = "CALDAV"
    GOOGLE = "GOOGLE"
    MICROSOFT = "MICROSOFT"


class AttendeeKind(StrEnum):
    CONTACT = "CONTACT"
    USER = "USER"
    GUEST = "GUEST"


class Reply(StrEnum):
    NEEDS_ACTION = "NEEDS_ACTION"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class MeetingSource(StrEnum):
    MEETING_LINK = "MEETING_LINK"
    CRM = "CRM"
    MOBILE_IOS = "MOBILE_IOS"
    MOBILE_ANDROID = "MOBILE_ANDROID"
    WEB = "WEB"
    API = "API"
    CALENDAR = "CALENDAR"


class LeadTimeUnit(StrEnum):
    MINUTES = "MINUTES"
    HOURS = "HOURS"
    DAYS = "DAYS"
    WEEKS = "WEEKS"


class ReminderState(StrEnum):
    PLANNED = "PLANNED"
    SENT = "SENT"
    DROPPED = "DROPPED"


class ReminderZoneRule(StrEnum):
    CONTACT = "CONTACT"
    BOOKING = "BOOKING"
    ACCOUNT = "ACCOUNT"


class BusySource(StrEnum):
    MEETING = "MEETING"
    HOLD = "HOLD"
    CALENDAR = "CALENDAR"


class ChangeKind(StrEnum):
    MEETING_BOOKED = "MEETING_BOOKED"
    MEETING_SCHEDULED = "MEETING_SCHEDULED"
    MEETING_MOVED = "MEETING_MOVED"
    MEETING_EDITED = "MEETING_EDITED"
    MEETING_CANCELED = "MEETING_CANCELED"
    MEETING_DELETED = "MEETING_DELETED"
    OUTCOME_RECORDED = "OUTCOME_RECORDED"
    REPLY_RECEIVED = "REPLY_RECEIVED"
    NOTE_ADDED = "NOTE_ADDED"
    LINK_CHANGED = "LINK_CHANGED"
    DELIVERY_FAILED = "DELIVERY_FAILED"


class JobKind(StrEnum):
    CONFIRMATION_MAIL = "CONFIRMATION_MAIL"
    HOST_NOTICE_MAIL = "HOST_NOTICE_MAIL"
    REMINDER_MAIL = "REMINDER_MAIL"
    WEBHOOK = "WEBHOOK"
    PUSH = "PUSH"
    LATE_NOTICE_MAIL = "LATE_NOTICE_MAIL"
    OWNER_WARNING_MAIL = "OWNER_WARNING_MAIL"


class JobState(StrEnum):
    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DEAD = "DEAD"


class WebhookState(StrEnum):
    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    DISABLED = "DISABLED"


class PaymentProvider(StrEnum):
    STRIPE = "STRIPE"
    TEST = "TEST"


class PaymentState(StrEnum):
    OPEN = "OPEN"
    PAID = "PAID"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"
    REFUND_DUE = "REFUND_DUE"
    REFUNDED = "REFUNDED"


class VideoKind(StrEnum):
    ZOOM = "ZOOM"
    GOOGLE_MEET = "GOOGLE_MEET"
    UBERCONFERENCE = "UBERCONFERENCE"
    EXTENSION = "EXTENSION"


class NotificationActionKind(StrEnum):
    CONFIRM = "CONFIRM"
    RUNNING_LATE = "RUNNING_LATE"
    SET_OUTCOME = "SET_OUTCOME"
