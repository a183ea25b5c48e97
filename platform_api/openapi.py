"""`python -m platform_api.openapi` prints the OpenAPI document that the frontend's client is generated from."""

import sys

import orjson

from platform_api.core.settings import Settings
from platform_api.main import create_app


def openapi_json() -> bytes:
    """Deterministic: sorted keys, two spaces, a final newline."""
    document = create_app(Settings()).openapi()
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


if __name__ == "__main__":
    sys.stdout.buffer.write(openapi_json())
