"""Every table of the house: importing this module makes the metadata complete."""

from service import idempotency, news, rollups, server_keys, tombstones
from service.assets import models as assets
from service.audit import models as audit
from service.checks import models as checks
from service.consents import models as consents
from service.elsewhere import models as elsewhere
from service.equality import models as equality
from service.feedback import bulk_models as bulk
from service.feedback import draft_models as drafts
from service.feedback import models as feedback
from service.feedback import routing_models as routing
from service.intakes import models as intakes
from service.journal import models as journal
from service.keeping import models as keeping
from service.loop import models as loop
from service.moderation import models as moderation
from service.narratives import models as narratives
from service.outbox import models as outbox
from service.outcomes import models as outcomes
from service.partners import models as partners
from service.people import models as people
from service.photos import models as photos
from service.places import models as places
from service.promises import deal_models as deals
from service.promises import models as promises
from service.promises import step_models as steps
from service.results import models as results
from service.safeguarding import models as safeguarding
from service.saved_views import models as saved_views
from service.subjects import models as subjects
from service.system_health import models as system_health
from service.tasks import models as tasks
from service.themes import giving_models as giving
from service.themes import models as themes
from service.webhooks import models as webhooks
from service.wordings import models as wordings

__all__ = [
    "assets",
    "audit",
    "bulk",
    "checks",
    "consents",
    "deals",
    "drafts",
    "elsewhere",
    "equality",
    "feedback",
    "giving",
    "idempotency",
    "intakes",
    "journal",
    "keeping",
    "loop",
    "moderation",
    "narratives",
    "news",
    "outbox",
    "outcomes",
    "partners",
    "people",
    "photos",
    "places",
    "promises",
    "results",
    "rollups",
    "routing",
    "safeguarding",
    "saved_views",
    "server_keys",
    "steps",
    "subjects",
    "system_health",
    "tasks",
    "themes",
    "tombstones",
    "webhooks",
    "wordings",
]
