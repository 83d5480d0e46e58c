"""What schemathesis can't know of this API."""

import json
import os

import schemathesis


@schemathesis.serializer("application/jsonl", "application/x-ndjson")
def lines(ctx, value):
    return value if isinstance(value, bytes) else (json.dumps(value) + "\n").encode()


@schemathesis.hook
def before_call(ctx, case, kwargs):
    """Spares the key and the tenant that the run itself has: it finds both in the lists that it reads."""
    own = {os.environ["SACCADE_OWN_KEY"], os.environ["SACCADE_OWN_TENANT"]}
    if case.operation.method.upper() != "GET" and (case.path_parameters or {}).get("id") in own:
        case.path_parameters["id"] = "another"
