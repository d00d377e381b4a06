"""What is sent, for people to read."""

import orjson


def indented(body: str) -> str:
    return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode()
