"""What Schemathesis needs to know of this server: how to sign in, and which ids are real.

Generated ids are right in form and mean nothing, so every answer would be 404. Before a request leaves, three of four
well-formed ids in it become real ones of the same kind. A file counts what came back.
"""

import atexit
import json
import os
import re
import threading
import time
import zlib
from collections import Counter
from urllib.request import Request, urlopen

import schemathesis

BASE_URL = os.environ["BASE_URL"]
PERSON = json.loads(os.environ.get("PERSON", "null"))
IDS = json.loads(os.environ.get("IDS", "{}"))
TALLY_FILE = os.environ["TALLY_FILE"]

TYPE_ID = re.compile(r"^([a-z]+)_[0-7][0-9a-hjkmnp-tv-z]{25}$")
# These end the session that they come with.
ENDING = {"deleteSession", "changePassword", "refreshSession"}
# Parameters whose good values no schema describes.
BEYOND_SCHEMAS = {"cursor", "until_on", "time_zone", "language"}


def sign_in() -> str:
    body = json.dumps({"email": PERSON["email"], "password": PERSON["password"]}).encode()
    request = Request(BASE_URL + "/v1/sessions", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=10) as response:
        return json.load(response)["access_token"]


if PERSON:

    @schemathesis.auth(refresh_interval=240, cache_by_key=lambda case, context: operation_id(case.operation) in ENDING)
    class BearerToken:
        def get(self, case, context):
            return sign_in()

        def set(self, case, data, context):
            if operation_id(case.operation) in ENDING:
                data = sign_in()
            case.headers["Authorization"] = f"Bearer {data}"


def operation_id(operation) -> str:
    return operation.definition.raw.get("operationId", "")


def real(value, salt: int):
    """The value with most of its well-formed ids replaced by real ones; the same input gives the same output."""
    if isinstance(value, dict):
        return {key: real(one, salt + 1) for key, one in value.items()}
    if isinstance(value, list):
        return [real(one, salt + index) for index, one in enumerate(value)]
    if isinstance(value, str) and (found := TYPE_ID.match(value)):
        pool = IDS.get(found[1], [])
        chance = zlib.crc32(value.encode()) + salt
        if pool and value not in pool and chance % 4 != 0:
            return pool[chance // 4 % len(pool)]
    return value


def harmless(name: str, body):
    """The document's examples work: they would change the password or the address with which this program signs in."""
    if name == "changePassword" and isinstance(body, dict) and "current_password" in body:
        return body | {"current_password": "not the password of anybody"}
    if name in {"resetPassword", "confirmEmailChange"} and isinstance(body, dict) and str(body.get("code")).startswith("demo-"):
        return body | {"code": "a code that nobody was sent"}
    return body


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """`before_call` writes each `If-Match`, so that Schemathesis may not expect its own value to be refused."""
    def walk(node):
        if isinstance(node, dict):
            if node.get("name") == "If-Match" and node.get("in") == "header":
                node["schema"] = {"type": "string"}
            for child in node.values():
                walk(child)
        elif isinstance(node, list):
            for child in node:
                walk(child)
    walk(raw_schema)


@schemathesis.hook
def before_call(context, case, kwargs):
    case.path_parameters = real(case.path_parameters, 0)
    case.query = real(case.query, 0)
    # What no schema can say of a parameter is left out where a good request is meant: a cursor is opaque, a last day depends on the first one, and
    # a time zone or the language of a form is one that the server knows.
    if case.query and case.meta and case.meta.generation.mode.is_positive:
        case.query = {name: value for name, value in case.query.items() if name not in BEYOND_SCHEMAS}
    if isinstance(case.body, (dict, list)):
        case.body = harmless(operation_id(case.operation), real(case.body, 0))
    # A made-up version is always stale; `*` means “whatever it is now”. The suite tries tags that are not well formed.
    version = case.headers.get("If-Match")
    if version is not None:
        case.headers["If-Match"] = "*" if zlib.crc32(str(version).encode()) % 4 != 0 else '"made-up"'


statuses: Counter = Counter()
operations: dict = {}
worst: list = []
lock = threading.Lock()


@schemathesis.hook
def after_call(context, case, response):
    name = operation_id(case.operation) or f"{case.method} {case.path}"
    with lock:
        statuses[response.status_code] += 1
        operations.setdefault(name, Counter())[response.status_code] += 1
        # An undocumented status is Schemathesis' own finding; 5xx are noted here too, whatever the checks say.
        if response.status_code >= 500 and response.status_code not in (503,):
            worst.append(f"{response.status_code} {case.method} {case.formatted_path}")


@atexit.register
def write_tally():
    with open(TALLY_FILE, "w", encoding="utf-8") as file:
        json.dump({"statuses": statuses, "operations": operations, "worst": worst, "at": time.time()}, file)
