"""A check of ours beside those of schemathesis: a row of a batch that breaks the schema is refused by its number, with 200."""

from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.specs.openapi.checks import negative_data_rejection

BATCHES = {"POST /api/v1/{c}/outcomes/observations", "POST /api/v1/{c}/outcomes/readings"}


@schemathesis.check
def rows_that_break_the_schema_are_refused(ctx: Any, response: Any, case: Any) -> None:
    """What schemathesis asks of everything it asks of batches too; but a 200 that counts refused rows has said no to them."""
    if case.operation.label not in BATCHES:
        return
    try:
        negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if response.status_code != 200 or not response.json()["refused"]:
            raise
