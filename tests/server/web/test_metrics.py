from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette

from server import clock, metrics, settings
from server.models import Job
from server.models.enums import JobKind, JobState
from server.web import metrics as page
from tests.factories import an_account


def _client(address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=Starlette(routes=page.routes()), client=(address, 5000))
    return httpx.AsyncClient(transport=transport, base_url="http://parley")


@pytest.fixture
async def here() -> AsyncIterator[httpx.AsyncClient]:
    async with _client() as client:
        yield client


async def _figures(client: httpx.AsyncClient) -> dict[str, float]:
    text = (await client.get("/metrics")).text
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_each_figure_moves(db: str, here: httpx.AsyncClient) -> None:
    before = await _figures(here)
    metrics.BOOKINGS.inc()
    metrics.SLOTS_LOST.inc(2)
    metrics.MAILS_SENT.labels("confirmation").inc()
    metrics.MAILS_FAILED.labels("reminder").inc()
    metrics.SUBSCRIBERS.inc()
    after = await _figures(here)
    metrics.SUBSCRIBERS.dec()
    moved = {name: value - before.get(name, 0) for name, value in after.items() if name.startswith("parley_")}
    assert {name: by for name, by in moved.items() if by} == {
        "parley_bookings_total": 1,
        "parley_slots_lost_total": 2,
        "parley_mails_sent_total[confirmation]": 1,
        "parley_mails_failed_total[reminder]": 1,
        "parley_subscribers": 1,
    }


async def test_late_and_dead_jobs_are_counted_when_asked(db: str, here: httpx.AsyncClient) -> None:
    account = await an_account()
    for minutes, state in [(-10, "WAITING"), (-3, "WAITING"), (5, "WAITING"), (-60, "DEAD"), (-60, "DONE")]:
        await Job.create(
            account=account,
            kind=JobKind.CONFIRMATION_MAIL,
            state=JobState(state),
            run_at=clock.now() + timedelta(minutes=minutes),
        )
    figures = await _figures(here)
    assert (figures["parley_jobs_waiting"], figures["parley_jobs_dead"]) == (2, 1)
    assert figures["parley_job_lag_seconds"] == pytest.approx(600, abs=2)


async def test_nothing_late_is_no_lag(db: str, here: httpx.AsyncClient) -> None:
    assert (await _figures(here))["parley_job_lag_seconds"] == 0


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "via"])
async def test_strangers_see_nothing_not_even_through_a_proxy_on_this_machine(db: str, header: str) -> None:
    async with _client("203.0.113.9") as stranger, _client() as proxy:
        assert (await stranger.get("/metrics")).status_code == 404
        assert (await proxy.get("/metrics", headers={header: "203.0.113.9"})).status_code == 404


async def test_with_a_token_set_only_its_holder_may_ask_from_anywhere(db: str, in_use: settings.Settings) -> None:
    settings.use(in_use.model_copy(update={"metrics_token": "scrape-me-please"}))
    async with _client("203.0.113.9") as holder, _client() as neighbour:
        allowed = await holder.get("/metrics", headers={"authorization": "Bearer scrape-me-please"})
        wrong = await holder.get("/metrics", headers={"authorization": "Bearer scrape-me"})
        assert (allowed.status_code, wrong.status_code, (await neighbour.get("/metrics")).status_code) == (
            200,
            404,
            404,
        )
        assert allowed.headers["content-type"].startswith("text/plain")
