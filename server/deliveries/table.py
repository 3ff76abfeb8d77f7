"""Which delivery keeps which promise."""

from collections.abc import Awaitable, Callable, Mapping

from server.deliveries.calendar_warning import deliver_calendar_warning
from server.deliveries.confirmation import deliver_confirmation
from server.deliveries.host_notice import deliver_host_notice
from server.deliveries.late_notice import deliver_late_notice
from server.deliveries.mention import deliver_mention
from server.deliveries.owner_warning import deliver_owner_warning
from server.deliveries.password_mail import deliver_password_mail
from server.deliveries.payment import deliver_checkout_end, deliver_refund
from server.deliveries.payment_mail import deliver_payment_mail
from server.deliveries.push import deliver_push
from server.deliveries.reminder import deliver_reminder
from server.deliveries.removal import deliver_removal
from server.deliveries.reply_notice import deliver_reply_notice
from server.deliveries.sample import deliver_sample
from server.deliveries.video_room import deliver_video_room, deliver_video_warning
from server.deliveries.webhook import deliver_webhook
from server.models import Job
from server.models.enums import JobKind

Delivery = Callable[[Job], Awaitable[str]]

DELIVERIES: Mapping[JobKind, Delivery] = {
    JobKind.CONFIRMATION_MAIL: deliver_confirmation,
    JobKind.HOST_NOTICE_MAIL: deliver_host_notice,
    JobKind.REMINDER_MAIL: deliver_reminder,
    JobKind.WEBHOOK: deliver_webhook,
    JobKind.OWNER_WARNING_MAIL: deliver_owner_warning,
    JobKind.MENTION_MAIL: deliver_mention,
    JobKind.PUSH: deliver_push,
    JobKind.LATE_NOTICE_MAIL: deliver_late_notice,
    JobKind.REPLY_NOTICE_MAIL: deliver_reply_notice,
    JobKind.CALENDAR_WARNING_MAIL: deliver_calendar_warning,
    JobKind.SAMPLE_MAIL: deliver_sample,
    JobKind.PAYMENT_MAIL: deliver_payment_mail,
    JobKind.CHECKOUT_END: deliver_checkout_end,
    JobKind.REFUND: deliver_refund,
    JobKind.VIDEO_ROOM: deliver_video_room,
    JobKind.PASSWORD_MAIL: deliver_password_mail,
    JobKind.VIDEO_WARNING_MAIL: deliver_video_warning,
}


async def deliver(job: Job) -> str:
    """The job's promise is kept; returns what there is to note. `TemporaryFailure` or `PermanentFailure` if it was
    not. A job that names whom it is to is for people who are expected no more, and waits its turn among the others."""
    if "to" in job.payload:
        return await deliver_removal(job)
    return await DELIVERIES[job.kind](job)
