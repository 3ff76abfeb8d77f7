"""Somebody sets their password in a browser that runs no script."""

from __future__ import annotations

import pytest

from server import database
from server.accounts.password_tokens import secret_from, send_password_link
from server.accounts.sign_in import sign_in
from server.models import Job, User
from server.models.enums import JobKind
from server.worker import work_once
from tests.factories import a_user, an_account
from tests.server.web.pages.visiting import visitor

PASSWORD = "correct horse battery"


async def a_link(*, is_invitation: bool) -> tuple[User, str]:
    """Somebody, and the path in the mail that they were sent."""
    user = await a_user(await an_account("Fernhill Robotics"), "nora", email="nora@fernhill.example")
    async with database.transaction():
        await send_password_link(user, is_invitation=is_invitation, inviter="Ada Admin")
    job = await Job.get(kind=JobKind.PASSWORD_MAIL)
    return user, f"/{'invitation' if is_invitation else 'password'}/{secret_from(job.payload['seed'])}"


@pytest.mark.parametrize("language", ["en", "pl", "zh-Hant"])
async def test_invited_user_says_who_they_are_and_chooses_a_password(db: str, language: str) -> None:
    user, path = await a_link(is_invitation=True)
    async with visitor(language) as visiting:
        seen = await visiting.get(path)
        assert seen.answer.status_code == 200
        assert seen.answer.headers["cache-control"] == "private, no-store"
        assert "frame-ancestors 'none'" in seen.answer.headers["content-security-policy"]
        (form,) = seen.page.forms
        assert form.fields == {"username": [user.email], "name": ["nora"], "password": [""]}
        wrong = await visiting.send(form, name=" ", password="short")
        assert (wrong.answer.status_code, wrong.page.forms[0].fields["name"]) == (422, [" "])
        saved = await visiting.send(form, name="Nora Lis", password=PASSWORD)
        assert (saved.answer.status_code, str(saved.answer.url).partition("?")[2]) == (200, "saved=1")
        assert (await visiting.get(path)).answer.status_code == 404
    assert (await User.get(id=user.id)).name == "Nora Lis"
    assert (await sign_in(user.email, PASSWORD)).viewer.user_id == user.id


async def test_forgotten_password_leaves_the_name(db: str) -> None:
    user, path = await a_link(is_invitation=False)
    async with visitor() as visiting:
        assert (await visiting.get(path.replace("password", "invitation"))).answer.status_code == 404
        (form,) = (await visiting.get(path)).page.forms
        assert "name" not in form.fields
        await visiting.send(form, name="Mallory", password=PASSWORD)
    assert (await User.get(id=user.id)).name == "nora"
    assert (await sign_in(user.email, PASSWORD)).viewer.user_id == user.id


async def test_another_site_cannot_set_it(db: str) -> None:
    user, path = await a_link(is_invitation=False)
    async with visitor() as visiting:
        sent = await visiting.client.post(path, data={"password": PASSWORD}, headers={"sec-fetch-site": "cross-site"})
        unknown = await visiting.client.post("/password/nobody", data={"password": PASSWORD})
    assert (sent.status_code, unknown.status_code) == (403, 404)
    assert (await User.get(id=user.id)).password_hash is None


async def test_guesses_are_counted(db: str) -> None:
    async with visitor() as visiting:
        statuses = [(await visiting.client.post("/password/guess", data={})).status_code for _ in range(12)]
    assert (statuses[:10], set(statuses[10:])) == ([404] * 10, {429})
    assert await work_once() == 0
