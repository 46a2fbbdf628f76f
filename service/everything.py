"""Every table of the house: importing this module makes the metadata complete."""

from service import rollups, server_keys
from service.feedback import models as feedback
from service.journal import models as journal
from service.partners import models as partners
from service.people import models as people
from service.places import models as places

__all__ = ["feedback", "journal", "partners", "people", "places", "rollups", "server_keys"]
