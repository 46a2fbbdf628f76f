"""GOV.UK Notify is set up by name, and a wrong setting is refused by name."""

from pathlib import Path
from typing import Any

import pytest

from service.outbox.texts import Notify
from service.settings import Settings
from tests.notices.conftest import SECRET, SERVICE, TEMPLATE

KEY = f"said-{SERVICE}-{SECRET}"


def test_key_is_read_as_notify_shows_it(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    found = Settings(mode="test", var=tmp_path, notify_key_file=tmp_path / "key", notify_template=TEMPLATE)
    assert found.sends_texts and not Settings(mode="test", var=tmp_path).sends_texts
    assert found.notify_key and SECRET not in str(found)
    notify = Notify.with_key(found.notify_url, found.notify_key.get_secret_value(), found.notify_template)
    assert (notify.service, notify.secret) == (SERVICE, SECRET)


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"notify_key": "not-a-key"}, "SAID_NOTIFY_KEY"),
        ({"notify_template": "the first one"}, "SAID_NOTIFY_TEMPLATE"),
        ({"notify_template": ""}, "SAID_NOTIFY_TEMPLATE"),
        ({"notify_url": "http://notify.example.org"}, "SAID_NOTIFY_URL"),
    ],
)
def test_wrong_setting_is_refused_by_name_and_no_secret_is_repeated(tmp_path: Path, wrong: dict[str, Any], named: str) -> None:
    given = {"notify_key": KEY, "notify_template": TEMPLATE, **wrong}
    with pytest.raises(ValueError, match=named) as refused:
        Settings(mode="test", var=tmp_path, **given)
    assert SECRET not in str(refused.value)
