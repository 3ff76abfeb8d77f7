from datetime import timedelta

from server import clock
from server.accounts.bearer import viewer_of
from server.accounts.scopes import READ_SCOPES, Scope
from server.demo.keys import hand_out_keys
from server.demo.seed import Seeded
from server.models import ApiToken
from server.models.enums import Role
from tests.factories import a_user, an_account


async def test_the_keys_open_what_a_script_needs(db: str) -> None:
    account = await an_account()
    user = await a_user(account, role=Role.ADMIN)
    seeded = Seeded(account, user, "ines-marek")
    keys = await hand_out_keys(seeded, api_token="parley_demo")
    with clock.travel(clock.now() + timedelta(days=300)):
        signed_in = await viewer_of(keys.session.access_token)
    program = await viewer_of(keys.api_token)
    assert (signed_in.user_id, signed_in.may(Scope.SCHEMA_INTROSPECT)) == (user.id, True)
    assert (program.user_id, program.scopes) == (user.id, READ_SCOPES)


async def test_another_start_keeps_the_api_token(db: str) -> None:
    account = await an_account()
    seeded = Seeded(account, await a_user(account), "ines-marek")
    await hand_out_keys(seeded, api_token="parley_demo")
    await hand_out_keys(seeded, api_token="parley_demo")
    assert await ApiToken.all().count() == 1
