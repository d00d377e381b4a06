"""What PostgreSQL itself understood by a statement: its parse tree, as dicts and lists.

The server prints the tree it made (`debug_print_parse`) with each name resolved to a table and a
column, so nothing here guesses at SQL. A node is a dict with its type under "node"; its fields keep
the names that PostgreSQL's source gives them (parsenodes.h, primnodes.h).
"""

import re
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg import pq

Node = dict[str, Any]

TOKEN = re.compile(r'[{}()]|"(?:\\.|[^"\\])*"|(?:\\.|[^\s{}()"\\])+', re.DOTALL)


class Unreadable(Exception):
    """The server cannot make sense of the statement in a session of our own."""


class Reader:
    """A session beside the one watched, so that reading a statement changes nothing there."""

    def __init__(self, **database: Any) -> None:
        self.database = database
        self.notices: list[str] = []
        self.connection = self._connected()

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(
            **self.database,
            autocommit=True,
            options="-c client_min_messages=log -c debug_pretty_print=off -c lock_timeout=100",
        )
        connection.add_notice_handler(self._keep)
        connection.execute("SET debug_print_parse = on")
        return connection

    def _keep(self, notice: psycopg.errors.Diagnostic) -> None:
        if notice.message_primary == "parse tree:":
            self.notices.append(notice.message_detail or "")

    def queries(self, statement: bytes, types: tuple[int, ...] = ()) -> list[Node]:
        """The statement's query, and those that rules and functions put in its place.

        Some tests end every session of their database: then it takes another one.
        """
        self.notices.clear()
        try:
            result = self.connection.pgconn.prepare(b"", statement, types or None)
        except psycopg.OperationalError:
            self.connection.close()
            self.connection = self._connected()
            result = self.connection.pgconn.prepare(b"", statement, types or None)
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise Unreadable(result.error_message.decode(errors="replace"))
        return [parsed(text) for text in self.notices]

    def table_names(self, oids: set[str]) -> dict[str, str]:
        listed = ",".join(oids) or "0"
        result = self.connection.pgconn.exec_(
            f"SELECT oid, relname FROM pg_class WHERE oid IN ({listed})".encode()
        )
        return {
            (result.get_value(row, 0) or b"").decode(): (result.get_value(row, 1) or b"").decode()
            for row in range(result.ntuples)
        }

    def close(self) -> None:
        self.connection.close()


def parsed(text: str) -> Node:
    return _value(iter(TOKEN.findall(text)))


def _value(tokens: Iterator[str]) -> Any:
    return _after(next(tokens), tokens)


def _after(token: str, tokens: Iterator[str]) -> Any:
    if token == "{":
        return _node(tokens)
    if token == "(":
        return _list(tokens)
    return None if token == "<>" else token.strip('"')


def _list(tokens: Iterator[str]) -> list[Any]:
    items = []
    while (token := next(tokens)) != ")":
        items.append(_after(token, tokens))
    return items


def _node(tokens: Iterator[str]) -> Node:
    node: Node = {"node": next(tokens)}
    field, values = "", []
    while (token := next(tokens)) != "}":
        if token.startswith(":") and len(token) > 1:
            node[field] = values[0] if len(values) == 1 else values
            field, values = token[1:], []
        else:
            values.append(_after(token, tokens))
    node[field] = values[0] if len(values) == 1 else values
    return node
