"""What a sender leaves so that they can be told something. It is kept with the message's contact: `service.feedback.models.Contact`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser takes to be told something: where its push service is, and the keys for which a message is encrypted."""

    endpoint: str
    p256dh: str
    auth: str
