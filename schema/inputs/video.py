"""What people send about video rooms."""

import strawberry

from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional
from schema.numbers import numbered, numbered_if
from server.video.accounts import NewVideoAccount
from server.video.extensions import ExtensionEdit, NewExtension

_URL = "https, a host that anybody on the internet can reach, at most 1000 characters."


@strawberry.input(description="An outside service that is to make video rooms.")
class CreateVideoExtensionInput:
    name: str = needed("What it is called, at most 200 characters.")
    create_url: str = needed(f"Where it is asked to make a room: {_URL}")
    update_url: str | None = optional("Where it is told that a meeting has changed; the room stays as it was without.")
    delete_url: str | None = optional("Where it is told that a room is not needed any more.")
    verify_url: str | None = optional("Where it is asked who somebody is; their word is taken without.")
    accounts_url: str | None = optional("Where it is asked which accounts somebody has.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A change to a video extension; what is left out stays.")
class EditVideoExtensionInput:
    video_extension: strawberry.ID = needed("The extension.")
    name: str | None = optional("Another name.")
    create_url: str | None = optional(f"Where it is asked to make a room: {_URL}")
    update_url: str | None = optional("Where it is told that a meeting has changed; empty to tell it nowhere.")
    delete_url: str | None = optional("Where it is told that a room is not needed any more; empty for nowhere.")
    verify_url: str | None = optional("Where it is asked who somebody is; empty for nowhere.")
    accounts_url: str | None = optional("Where it is asked which accounts somebody has; empty for nowhere.")
    is_active: bool | None = optional("Whether rooms are made with it.")
    rotate_secret: bool | None = optional("Whether requests are signed with a new secret, for a day with both.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Which video extension is to be gone.")
class DeleteVideoExtensionInput:
    video_extension: strawberry.ID = needed("The extension.")


@strawberry.input(description="An account at a provider of video rooms.")
class ConnectVideoInput:
    extension: strawberry.ID = needed("The provider.")
    user: strawberry.ID | None = optional("Whose it is; the viewer's if left out. Administrators may name anybody.")
    external_id: str | None = optional("What the provider calls the account; the first that it lists if left out.")
    email: str | None = optional("The address they are known by there; the one they have here if left out.")
    is_default: bool | None = optional("Whether it is the default one from now on; the first is in any case.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Which video account is to be the default one.")
class EditVideoAccountInput:
    video_account: strawberry.ID = needed("The account.")


@strawberry.input(description="Which video account is to be let go of.")
class DisconnectVideoInput:
    video_account: strawberry.ID = needed("The account.")


def new_extension_from(input: CreateVideoExtensionInput) -> NewExtension:
    """The input as the verb takes it."""
    return NewExtension(
        name=input.name,
        create_url=input.create_url,
        update_url=input.update_url or "",
        delete_url=input.delete_url or "",
        verify_url=input.verify_url or "",
        accounts_url=input.accounts_url or "",
        idempotency_key=input.idempotency_key,
    )


def extension_edit_from(input: EditVideoExtensionInput) -> ExtensionEdit:
    """The input as the verb takes it."""
    return ExtensionEdit(
        extension_id=numbered("vex", input.video_extension),
        name=input.name,
        create_url=input.create_url,
        update_url=input.update_url,
        delete_url=input.delete_url,
        verify_url=input.verify_url,
        accounts_url=input.accounts_url,
        is_active=input.is_active,
        rotates_secret=bool(input.rotate_secret),
        idempotency_key=input.idempotency_key,
    )


def new_video_account_from(input: ConnectVideoInput) -> NewVideoAccount:
    """The input as the verb takes it."""
    return NewVideoAccount(
        extension_id=numbered("vex", input.extension),
        user_id=numbered_if("usr", input.user),
        external_id=input.external_id or "",
        email=input.email,
        is_default=bool(input.is_default),
        idempotency_key=input.idempotency_key,
    )
