"""Which delivery keeps which promise."""

from collections.abc import Awaitable, Callable, Mapping

from server.deliveries.confirmation import deliver_confirmation
from server.deliveries.host_notice import deliver_host_notice
from server.deliveries.late_notice import deliver_late_notice
from server.deliveries.owner_warning import deliver_owner_warning
from server.deliveries.push import deliver_push
from server.deliveries.reminder import deliver_reminder
from server.deliveries.removal import deliver_removal
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
    JobKind.PUSH: deliver_push,
    JobKind.LATE_NOTICE_MAIL: deliver_late_notice,
}


async def deliver(job: Job) -> str:
    """The job's promise is kept; returns what there is to note. `TemporaryFailure` or `PermanentFailure` if it was
    not. A job that names whom it is to is for people who are expected no more, and waits its turn among the others."""
    if "to" in job.payload:
        return await deliver_removal(job)
    return await DELIVERIES[job.kind](job)
