"""What waking devices takes, and what their notices send back."""

import strawberry

from schema.enums import DevicePlatform, NotificationActionKind
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from server.devices.register import NewDevice
from server.notifications.perform import Press


@strawberry.input(description="The keys of a Web Push subscription, in base64url as the browser's `toJSON` has them.")
class WebKeysInput:
    p256dh: str = needed("The browser's public key.")
    auth: str = needed("The secret it shares with us.")


@strawberry.input(description="A device that is to be woken.")
class RegisterDeviceInput:
    platform: DevicePlatform = needed("Which service wakes it.")
    push_token: str = needed(
        "iOS: the device token in hexadecimal. Android: the registration token. Web: the `endpoint` of the "
        "subscription. The same token again is the same device, and of one user only."
    )
    name: str | None = optional('What the list of devices shows, such as "Anna\'s phone".')
    locale: str | None = optional("The language of its notices, as a BCP 47 tag; the viewer's if left out.")
    web_keys: WebKeysInput | None = optional("Needed for Web.")
    hides_details: bool | None = optional("Whether its notices say neither with whom nor when; false if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Which device is left in peace.")
class UnregisterDeviceInput:
    device: strawberry.ID = needed("The device.")


@strawberry.input(description="A button that was pressed on a notice.")
class PerformNotificationActionInput:
    token: str = needed("The token that came with the button; it works once.")
    action: NotificationActionKind | None = optional("If given, it must be what the token is for.")
    outcome: str | None = optional("For SET_OUTCOME: the key of one of the outcomes that came with the notice.")
    minutes_late: int | None = optional("For RUNNING_LATE: how many minutes, 1 to 120; 10 if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def new_device_from(input: RegisterDeviceInput, *, locale: str) -> NewDevice:
    """The device as its room takes it."""
    keys = input.web_keys
    return NewDevice(
        platform=input.platform,
        push_token=input.push_token,
        name=input.name or "",
        locale=input.locale or locale,
        p256dh=keys.p256dh if keys else "",
        auth=keys.auth if keys else "",
        hides_details=bool(input.hides_details),
        idempotency_key=input.idempotency_key,
    )


def press_from(input: PerformNotificationActionInput) -> Press:
    """The button as its room takes it."""
    return Press(
        token=input.token,
        action=input.action,
        outcome=input.outcome,
        minutes_late=input.minutes_late,
        idempotency_key=input.idempotency_key,
    )
