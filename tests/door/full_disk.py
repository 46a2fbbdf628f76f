"""A process of its own whose files may grow no more: the operating system itself refuses, nothing is pretended.

Called with the settings as environment variables; prints what happened as one line of JSON.
"""

import asyncio
import json
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from service import logs
from service.settings import Settings
from tests.door.running import running, statuses, together
from tests.make import SettableClock


async def story(settings: Settings, full_at: Callable[[], int]) -> dict[str, object]:
    async with running(settings, SettableClock()) as service:
        before = (await service.tell()).status_code
        keys = [str(uuid4()) for _ in range(40)]
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (full_at(), hard))
        full = await together(*(service.tell(key, body="x" * 3_000) for key in keys))
        told = [answer.text for answer in full] + [str(answer.headers.get("retry-after")) for answer in full]
        read = (await service.read_areas()).status_code
        kept = service.stored()
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        freed = await together(*(service.tell(key, body="x" * 3_000) for key in keys))
        return {
            "before": before,
            "full": statuses(full),
            "receipts shown": sum('"receipt"' in words for words in told),
            "told when to come again": sum(words.isdigit() for words in told),
            "read": read,
            "stored while full": kept,
            "freed": statuses(freed),
            "stored": service.stored(),
        }


if __name__ == "__main__":
    logs.configure("json")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    read_from = Settings()
    print(json.dumps(asyncio.run(story(read_from, lambda: Path(sys.argv[1]).stat().st_size))))
