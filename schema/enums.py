"""The choices of `server.models.enums`, dressed with the descriptions that clients read."""

from typing import Any

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from server.errors import ErrorCode
from server.models.enums import (
    AccountKind,
    AttendeeKind,
    ChangeKind,
    DevicePlatform,
    JobKind,
    JobState,
    LeadTimeUnit,
    LocationKind,
    MailKind,
    MeetingLinkKind,
    MeetingSource,
    NotificationActionKind,
    PaymentState,
    RecordKind,
    ReminderState,
    Reply,
    Role,
    VideoKind,
    WebhookState,
    WindowKind,
)

__all__ = [
    "AccountKind",
    "AttendeeKind",
    "ChangeKind",
    "DevicePlatform",
    "ErrorCode",
    "JobKind",
    "JobState",
    "LeadTimeUnit",
    "LocationKind",
    "MailKind",
    "MeetingLinkKind",
    "MeetingSource",
    "NotificationActionKind",
    "PaymentState",
    "RecordKind",
    "ReminderState",
    "Reply",
    "Role",
    "VideoKind",
    "WebhookState",
    "WindowKind",
    "dressed",
]


def dressed(choices: Any, about: str, **values: str) -> None:
    """`choices` is a GraphQL enum from here on; every value is described, and none that does not exist."""
    definition: StrawberryEnumDefinition = strawberry.enum(choices, description=about).__strawberry_definition__
    if {value.name for value in definition.values} != set(values):
        raise TypeError(f"{definition.name}: describe every value, and no other")
    for value in definition.values:
        value.description = values[value.name]


dressed(
    AccountKind,
    "What an account is for.",
    STANDARD="Real meetings, real mail.",
    SANDBOX="A place to try things: only its own users can be booked, and no mail leaves.",
)
dressed(
    Role,
    "What a user may do in the account.",
    ADMIN="Manages the account, its users and every page.",
    MEMBER="Manages the meetings and pages that are theirs.",
)
dressed(
    RecordKind,
    "What kind of thing a record is.",
    COMPANY="A company; contacts belong to one.",
    DEAL="A deal.",
    TICKET="A ticket.",
    CUSTOM="Something of the account's own making; `objectType` says what.",
)
dressed(
    MeetingLinkKind,
    "Who is met through a link.",
    PERSONAL="Its owner.",
    GROUP="All of its members at once.",
    ROUND_ROBIN="One member of its rotation, whoever is next and free.",
)
dressed(
    WindowKind,
    "How far ahead a page may be booked.",
    ROLLING_CALENDAR="A number of calendar days from today.",
    ROLLING_BUSINESS="A number of days from Monday to Friday from today.",
    DATE_RANGE="Between two dates.",
)
dressed(
    LocationKind,
    "Where a meeting happens.",
    PHONE="On the phone; the text is a number or says who calls.",
    ADDRESS="At an address.",
    VIDEO="In a video room; `joinUrl` leads to it once it exists.",
    CUSTOM="Somewhere else; the text says where.",
)
dressed(
    AttendeeKind,
    "Who an attendee is.",
    CONTACT="A contact of the account.",
    USER="A colleague.",
    GUEST="Somebody known by address only.",
)
dressed(
    Reply,
    "What somebody answered to the invitation.",
    NEEDS_ACTION="Nothing yet.",
    ACCEPTED="They are coming.",
    DECLINED="They are not coming.",
    TENTATIVE="Perhaps.",
)
dressed(
    MeetingSource,
    "How a meeting came to be.",
    MEETING_LINK="Booked by a visitor on a scheduling page.",
    CRM="Scheduled by a user from a record.",
    MOBILE_IOS="Scheduled in the iOS app.",
    MOBILE_ANDROID="Scheduled in the Android app.",
    WEB="Scheduled on the web.",
    API="Scheduled by a program.",
    CALENDAR="Taken over from a calendar.",
)
dressed(
    LeadTimeUnit,
    "The unit of a lead time.",
    MINUTES="Minutes.",
    HOURS="Hours.",
    DAYS="Days of the calendar: the same time of an earlier day.",
    WEEKS="Seven such days each.",
)
dressed(
    ReminderState,
    "How far a reminder is.",
    PLANNED="It will be sent when it is due.",
    SENT="It was sent.",
    DROPPED="It will not be sent: the meeting was moved, canceled or deleted.",
)
dressed(
    ChangeKind,
    "What happened. The list may grow: treat a value you do not know as MEETING_EDITED.",
    MEETING_BOOKED="A visitor booked through a link.",
    MEETING_SCHEDULED="A user put the meeting in.",
    MEETING_MOVED="Its time changed.",
    MEETING_EDITED="Something other than its time changed.",
    MEETING_CANCELED="It was canceled.",
    MEETING_DELETED="It was deleted.",
    OUTCOME_RECORDED="Somebody said how it went.",
    REPLY_RECEIVED="An attendee answered the invitation.",
    NOTE_ADDED="An internal note was added.",
    LINK_CHANGED="A meeting link was made, changed or retired.",
    DELIVERY_FAILED="A mail about it reached nobody, and is not tried again by itself.",
    PAYMENT_REFUNDED="What was paid for it went back.",
)
dressed(
    DevicePlatform,
    "Which service wakes a device.",
    IOS="Apple's (APNs).",
    ANDROID="Google's (FCM).",
    WEB="That of the browser (Web Push).",
)
dressed(
    NotificationActionKind,
    "What can be done from a notification. The list may grow: show no button for a value you do not know.",
    CONFIRM="Say that one is coming.",
    RUNNING_LATE="Tell the others by mail that one is late.",
    SET_OUTCOME="Say how the meeting went.",
)
dressed(
    JobKind,
    "What is delivered. The list may grow: show a value you do not know as a delivery of some other kind.",
    CONFIRMATION_MAIL="The mail to the attendees: booked, invited, moved, changed or canceled.",
    HOST_NOTICE_MAIL="The mail to the host about the same.",
    REMINDER_MAIL="A mail before the meeting.",
    WEBHOOK="A change, told to a webhook.",
    PUSH="A message to a device.",
    LATE_NOTICE_MAIL="The mail that says that somebody is running late.",
    OWNER_WARNING_MAIL="The mail to the owner of a webhook that fails.",
    MENTION_MAIL="The mail to a colleague who was named in a note.",
    REPLY_NOTICE_MAIL="The mail to the host about an attendee's reply.",
    CALENDAR_WARNING_MAIL="The mail to the owner of a calendar that does not answer.",
    SAMPLE_MAIL="A mail that somebody sent to themselves to see how it reads.",
    PAYMENT_MAIL="The mail that says what became of a payment.",
    CHECKOUT_END="A checkout that has run out: its payment provider is asked whether it was paid.",
    REFUND="Money that goes back.",
    VIDEO_ROOM="The video room of a meeting: made, brought up to date, or given back.",
    VIDEO_WARNING_MAIL="The mail to a host whose video room could not be made.",
    PASSWORD_MAIL="The mail with which somebody sets their password: an invitation, or after they forgot it.",
)
dressed(
    JobState,
    "How far a delivery is.",
    WAITING="It waits for its time, its turn or its next attempt.",
    RUNNING="It is being tried.",
    DONE="It was made, or there was nothing to send.",
    DEAD="It was given up.",
)
dressed(
    WebhookState,
    "Whether a webhook is told of anything.",
    ACTIVE="It is.",
    PAUSED="Somebody paused it; what happens meanwhile is kept for it.",
    DISABLED="It failed for days, or its receiver said that it is gone; what happens meanwhile is kept for it.",
)
dressed(
    ErrorCode,
    "Why an input was refused. The list grows only with an entry in CHANGES.md: treat a value you do not know as "
    "NOT_FOUND and show its message.",
    SLOT_TAKEN="Somebody else was faster; choose one of the alternatives.",
    SLOT_NOT_OFFERED="The page does not offer this start; ask for its slots again.",
    HOLD_EXPIRED="The slot is no longer kept for you; book again without the hold.",
    LINK_NOT_FOUND="No page has this address; check the spelling.",
    LINK_INACTIVE="The page is switched off; ask its owner for another.",
    ANSWER_MISSING="A required question has no answer.",
    ANSWER_INVALID="An answer does not fit its question.",
    EMAIL_INVALID="This cannot be an e-mail address.",
    ATTENDEE_EMAIL_INVALID="An attendee has no address that an invitation can reach; mend it, or leave them out.",
    NAME_REQUIRED="A name is needed.",
    GUEST_LIMIT="More guests than the page allows.",
    CONSENT_REQUIRED="A required consent was not given.",
    PAYMENT_REQUIRED="The page asks for a payment first.",
    PAYMENT_UNAVAILABLE="The payment provider cannot be reached or takes no payment; nothing was charged.",
    SANDBOX_ONLY="A sandbox books its own users only.",
    TIME_IN_PAST="The time is over.",
    TIME_RANGE_INVALID="The end is not after the start, or the span is too long.",
    TIME_ZONE_INVALID="Not an IANA time zone such as Europe/Warsaw.",
    TEXT_TOO_LONG="A text is longer than its field may be.",
    SETTING_INVALID="A setting has not the form that its message asks for.",
    ALREADY_USED="Another one has this address, name, key, shortcut or external id.",
    ADDRESS_REFUSED="Nothing is sent to this address: it is not one of the public internet, or not encrypted.",
    TOO_MANY_REMINDERS="At most three reminders.",
    NOT_FOUND="No such thing, or not for you to see.",
    FORBIDDEN="You may see it but not do this.",
    CONFLICT="It changed meanwhile; the payload holds the current one.",
    HOST_BUSY="The host has something else then; say `allowOverlap` to go on.",
    SEAT_REQUIRED="Whoever schedules for a colleague needs a seat, and so does the colleague.",
    CALENDAR_NOT_CONNECTED="The host has no calendar; connect one first.",
    VARIABLE_UNKNOWN="A snippet names a variable that does not exist.",
    FILE_REFUSED="The file is too large, or of a kind that is not kept.",
    STORAGE_FULL="The account's files are as large as they may be together; delete some, or have the limit raised.",
    OUTCOME_UNKNOWN="The account has no such outcome.",
    MEETING_TYPE_DISABLED="The account does not use this meeting type.",
    IDEMPOTENCY_KEY_REUSED="The key was used with another input; make a new key.",
    CREDENTIALS_INVALID="E-mail and password do not belong together.",
    TOKEN_EXPIRED="The token has ended; sign in again.",
    VIDEO_NOT_CONNECTED="The host has no video account; connect one, or choose another location.",
    VIDEO_EMAIL_MISMATCH="The video account belongs to another e-mail address.",
    VIDEO_UNAVAILABLE="The video provider did not answer, or did not know what was asked of it; try again later.",
    PUSH_TOKEN_INVALID="No service of this platform gave out such a token, or such keys; register again.",
    RATE_LIMITED="Too many attempts; wait a little.",
)
dressed(
    VideoKind,
    "What kind of provider makes a video room. The list may grow.",
    ZOOM="Zoom.",
    GOOGLE_MEET="Google Meet.",
    UBERCONFERENCE="UberConference, Dialpad Meetings today.",
    EXTENSION="An outside service that an administrator has entered.",
)
dressed(
    PaymentState,
    "How far a payment is.",
    OPEN="It is being made, or the money is on its way.",
    PAID="The money is there.",
    FAILED="It did not go through; nothing was charged.",
    EXPIRED="Nobody paid in time.",
    REFUND_DUE="The money is going back.",
    REFUNDED="The money went back.",
)
dressed(
    MailKind,
    "What a mail about a meeting says. The list may grow.",
    BOOKED="To an attendee: the meeting they booked stands.",
    INVITED="To an attendee: a colleague invites them.",
    MOVED="To an attendee: the meeting has another time.",
    CANCELED="To an attendee: the meeting is off.",
    CHANGED="To an attendee: something other than the time has changed.",
    GONE="To somebody who is expected no more.",
    REMINDER="To an attendee, before the meeting.",
    LATE="To an attendee: the host is running late.",
    HOST_BOOKED="To the host: somebody booked.",
    HOST_INVITED="To the host: a meeting was scheduled.",
    HOST_MOVED="To the host: the meeting has another time.",
    HOST_CANCELED="To the host: the meeting is off.",
    HOST_CHANGED="To the host: something other than the time has changed.",
    HOST_GONE="To the host before: a colleague hosts the meeting now.",
    HOST_ACCEPTED="To the host: an attendee accepted.",
    HOST_DECLINED="To the host: an attendee declined.",
    HOST_TENTATIVE="To the host: an attendee may come.",
    HOST_PROPOSED="To the host: an attendee asks for another time.",
    HOST_CALENDAR="To a host: their calendar does not answer.",
    PAYMENT_RECEIVED="To whoever paid: the receipt.",
    PAYMENT_REFUNDED="To whoever paid: the money is on its way back.",
    PAYMENT_LOST="To whoever paid: the time was taken by then.",
    PAYMENT_LOST_HOST="To the host: somebody paid for a time that was taken by then.",
)
