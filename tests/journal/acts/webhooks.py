"""Examples of telling programs outside."""

from uuid import UUID

from sqlalchemy import update
from sqlmodel import select

from service.journal.actions import OPERATOR
from service.news import Event, News, Standing, Webhook
from service.webhooks.actions import (
    ToldOf,
    WebhookIn,
    add_webhook,
    change_webhook,
    ping,
    remove_webhook,
    renew_secret,
    send_again,
    switch_off,
    switch_on,
)
from tests.journal.scene import WORD, Act, Examples, Scene

EVENTS = frozenset({Event.PROMISE_CREATED})
GIVEN = WebhookIn(WORD, EVENTS, f"https://{WORD.lower()}.example.org/x")


def there(scene: Scene) -> UUID:
    with scene.make.database.write() as writes:
        add_webhook(writes, scene.make.keys, OPERATOR, scene.place, GIVEN, scene.now)
    with scene.make.database.read() as reads:
        return reads.exec(select(Webhook.id)).one()


def off(scene: Scene) -> UUID:
    webhook_id = there(scene)
    with scene.make.database.write() as writes:
        switch_off(writes, OPERATOR, scene.place.id, webhook_id, scene.now)
    return webhook_id


def set_one_up(scene: Scene) -> Act:
    place, keys = scene.place, scene.make.keys
    return Act(lambda writes: add_webhook(writes, keys, OPERATOR, place, GIVEN, scene.now))


def change_one(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    other = ToldOf(WORD, frozenset({Event.FEEDBACK_CREATED}))
    return Act(lambda writes: change_webhook(writes, OPERATOR, place_id, webhook_id, other, scene.now))


def leave_one(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: change_webhook(writes, OPERATOR, place_id, webhook_id, ToldOf(WORD, EVENTS), scene.now), rows=0)


def make_another_secret(scene: Scene) -> Act:
    place_id, webhook_id, keys = scene.place.id, there(scene), scene.make.keys
    return Act(lambda writes: renew_secret(writes, keys, OPERATOR, place_id, webhook_id, scene.now))


def switch_one_off(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: switch_off(writes, OPERATOR, place_id, webhook_id, scene.now))


def switch_one_off_that_is(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, off(scene)
    return Act(lambda writes: switch_off(writes, OPERATOR, place_id, webhook_id, scene.now), rows=0)


def switch_one_on(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, off(scene)
    return Act(lambda writes: switch_on(writes, OPERATOR, place_id, webhook_id, scene.now))


def switch_one_on_that_is(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: switch_on(writes, OPERATOR, place_id, webhook_id, scene.now), rows=0)


def take_one_away(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: remove_webhook(writes, OPERATOR, place_id, webhook_id, scene.now))


def try_one(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: ping(writes, OPERATOR, place_id, webhook_id, scene.now))


def send_what_was_given_up(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    with scene.make.database.write() as writes:
        ping(writes, OPERATOR, place_id, webhook_id, scene.now)
        writes.execute(update(News).values(standing=Standing.GIVEN_UP))
    return Act(lambda writes: send_again(writes, OPERATOR, place_id, webhook_id, scene.now))


def send_nothing(scene: Scene) -> Act:
    place_id, webhook_id = scene.place.id, there(scene)
    return Act(lambda writes: send_again(writes, OPERATOR, place_id, webhook_id, scene.now), rows=0)


EXAMPLES: Examples = {
    "add_webhook": [set_one_up],
    "change_webhook": [change_one, leave_one],
    "renew_secret": [make_another_secret],
    "switch_off": [switch_one_off, switch_one_off_that_is],
    "switch_on": [switch_one_on, switch_one_on_that_is],
    "remove_webhook": [take_one_away],
    "ping": [try_one],
    "send_again": [send_what_was_given_up, send_nothing],
}
