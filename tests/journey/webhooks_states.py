"""Every state of the pages on which programs outside are told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlmodel import col, select

from service.journal.actions import OPERATOR
from service.news import Event, News, Off, Standing, Webhook
from service.webhooks.actions import WebhookIn, add_webhook, ping, switch_off
from tests.journey.settings_states import clears, opens
from tests.journey.stage import Stage, state

PAGE = "/webhooks"


def told(stage: Stage, name: str = "Case system of the council", *events: Event) -> UUID:
    """A program that is told."""
    given = WebhookIn(name, frozenset(events or (Event.FEEDBACK_CREATED, Event.PROMISE_UPDATED)), "https://cases.hillside.example/said")
    with stage.make.database.write() as writes:
        add_webhook(writes, stage.make.keys, stage.sam.actor, stage.hillside, given, stage.make.clock())
    with stage.make.database.read() as reads:
        return reads.exec(select(Webhook.id).order_by(col(Webhook.id).desc())).all()[0]


def tried(stage: Stage, webhook_id: UUID, **how: Any) -> None:
    """A test that went so."""
    how["tried_at"] = stage.make.clock()
    with stage.make.database.write() as writes:
        ping(writes, OPERATOR, stage.hillside.id, webhook_id, stage.make.clock() - timedelta(hours=80))
        newest = select(News.id).order_by(col(News.id).desc()).limit(1).scalar_subquery()
        writes.execute(update(News).where(col(News.id) == newest).values(**how))


def has_trouble(stage: Stage) -> UUID:
    """One that took some of what it was told, and not all."""
    webhook_id, later = told(stage), stage.make.clock() + timedelta(hours=5)
    tried(stage, webhook_id, standing=Standing.DELIVERED, status=204, attempts=1)
    tried(stage, webhook_id, standing=Standing.GIVEN_UP, status=500, fault="status", attempts=10)
    tried(stage, webhook_id, standing=Standing.GIVEN_UP, fault="too_slow", attempts=10)
    tried(stage, webhook_id, status=503, fault="status", attempts=4, due_at=later)
    return webhook_id


@state("webhooks.list")
def webhooks_none(stage: Stage) -> None:
    opens(stage, PAGE)


@state("webhooks.list")
def webhooks(stage: Stage) -> None:
    has_trouble(stage)
    told(stage, "Website of the town")
    off = told(stage, "Kiosk in the library")
    with stage.make.database.write() as writes:
        switch_off(writes, OPERATOR, stage.hillside.id, off, stage.make.clock(), Off.FAILING)
    opens(stage, PAGE)


@state("webhooks.add")
def webhook_inside_the_house(stage: Stage) -> None:
    webhooks_none(stage)
    stage.page.get_by_label("Which program is it?").fill("Case system")
    stage.page.get_by_text("A promise was made").click()
    clears(stage, "At which address is it told?", "Set it up", "https://10.0.0.7/said")


@state("webhooks.add")
def webhook_set_up(stage: Stage) -> None:
    webhooks_none(stage)
    stage.page.get_by_label("Which program is it?").fill("Case system of the council")
    stage.page.get_by_text("A promise was made").click()
    clears(stage, "At which address is it told?", "Set it up", "https://cases.hillside.example/said")


@state("webhooks.one")
def webhook(stage: Stage) -> None:
    opens(stage, f"{PAGE}/{has_trouble(stage)}")


@state("webhooks.one")
def webhook_that_is_off(stage: Stage) -> None:
    webhook_id = told(stage)
    with stage.make.database.write() as writes:
        switch_off(writes, OPERATOR, stage.hillside.id, webhook_id, stage.make.clock(), Off.GONE)
    opens(stage, f"{PAGE}/{webhook_id}")


@state("webhooks.change")
def webhook_without_a_name(stage: Stage) -> None:
    opens(stage, f"{PAGE}/{told(stage)}")
    clears(stage, "Which program is it?", "Keep it")


@state("webhooks.renew")
def webhook_secret_renewed(stage: Stage) -> None:
    opens(stage, f"{PAGE}/{told(stage)}")
    stage.presses("Make another secret")
