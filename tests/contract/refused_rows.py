"""What schemathesis asks of bad data, asked so that a batch may answer 200: its bad rows are refused by their numbers (decision 23a).

The check of schemathesis itself is left out (test_fuzz.py): this one asks the same of everything.
"""

from typing import Any

import schemathesis
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.specs.openapi.checks import negative_data_rejection

BATCHES = {"POST /api/v1/{c}/outcomes/observations", "POST /api/v1/{c}/outcomes/readings"}


@schemathesis.check
def what_breaks_the_schema_is_refused(ctx: Any, response: Any, case: Any) -> None:
    """Of a batch, a 200 that counts refused rows has said no to them."""
    try:
        negative_data_rejection(ctx, response, case)
    except AcceptedNegativeData:
        if case.operation.label not in BATCHES or response.status_code != 200 or not response.json()["refused"]:
            raise
