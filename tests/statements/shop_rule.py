"""Which tables of a shop a statement reads or changes without saying whose rows it means.

Said is whose they are where a condition that must hold (of a WHERE or a JOIN … ON) makes `shop_id`
equal to a value sent with the statement, or to the `shop_id` of another table for which that is so.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.statements.parse_tree import Node

UUID_EQUALS = "2972"
PLAIN_TABLE, SUBQUERY, JOIN, FUNCTION, VALUES, CTE, GROUP = "0", "1", "2", "3", "5", "6", "9"
SENT_WITH_THE_STATEMENT = "0"  # PARAM_EXTERN
SCALAR_SUBQUERY, IN_SUBQUERY = "4", "2"

Column = tuple[int, int, int]
"""Of a table: which query, which entry of its range table, which attribute."""
GIVEN: Column = (0, 0, 0)


@dataclass
class Known:
    """Columns that are equal to one another; those in one set with GIVEN are said."""

    sets: list[set[Column]] = field(default_factory=list)

    def equate(self, one: Column, other: Column) -> None:
        joined = {one, other}
        for found in [known for known in self.sets if known & joined]:
            joined |= found
            self.sets.remove(found)
        self.sets.append(joined)

    def is_given(self, column: Column) -> bool:
        return any({column, GIVEN} <= known for known in self.sets)

    def copy(self) -> "Known":
        return Known([set(known) for known in self.sets])


@dataclass(frozen=True)
class Scope:
    """A query within those that surround it."""

    query: Node
    outer: "Scope | None" = None

    def up(self, levels: int) -> "Scope":
        scope = self
        for _ in range(levels):
            assert scope.outer is not None
            scope = scope.outer
        return scope

    def entry(self, number: int) -> Node:
        return self.query["rtable"][number - 1]

    def inside(self, query: Node) -> "Scope":
        return Scope(query, self)


def unsaid_tables(query: Node, names: dict[str, str], tenants: Collection[str]) -> list[str]:
    """The names of tenant tables for which the shop is not said, once for each mention."""
    return list(_unsaid(Scope(_statement(query)), Known(), names, tenants))


def relids(query: Any) -> Iterator[str]:
    for node in _nodes(query):
        if node["node"] == "RANGETBLENTRY" and node.get("rtekind") == PLAIN_TABLE:
            yield node["relid"]


def _statement(query: Node) -> Node:
    """What DECLARE and EXPLAIN are about; else the query itself."""
    utility = query.get("utilityStmt")
    return _statement(utility["query"]) if utility and utility.get("query") else query


def _unsaid(
    scope: Scope, known: Known, names: dict[str, str], tenants: Collection[str]
) -> Iterator[str]:
    _learn(scope, known)
    for number in _mentioned(scope.query["jointree"]):
        entry = scope.entry(number)
        table = names.get(entry.get("relid", ""), "")
        if entry["rtekind"] == PLAIN_TABLE and table in tenants:
            shop = entry["eref"]["colnames"].index("shop_id") + 1
            if not known.is_given((id(scope.query), number, shop)):
                yield table
    for inner in _inner_queries(scope.query):
        yield from _unsaid(scope.inside(inner), known.copy(), names, tenants)


def _learn(scope: Scope, known: Known) -> None:
    """From the conditions of the query and of what its FROM and WITH are made of."""
    for condition in _conditions(scope.query["jointree"]):
        _learn_from(condition, scope, known)
    for entry in scope.query["rtable"] or []:
        if entry["rtekind"] == SUBQUERY:
            _learn(scope.inside(entry["subquery"]), known)
    for named in scope.query.get("cteList") or []:
        _learn(scope.inside(named["ctequery"]), known)


def _conditions(tree: Any) -> Iterator[Node]:
    if not isinstance(tree, dict):
        return
    if tree.get("quals"):
        yield tree["quals"]
    for part in [*(tree.get("fromlist") or []), tree.get("larg"), tree.get("rarg")]:
        yield from _conditions(part)


def _mentioned(tree: Any) -> Iterator[int]:
    if not isinstance(tree, dict):
        return
    if tree["node"] == "RANGETBLREF":
        yield int(tree["rtindex"])
    for part in [*(tree.get("fromlist") or []), tree.get("larg"), tree.get("rarg")]:
        yield from _mentioned(part)


def _learn_from(condition: Node, scope: Scope, known: Known) -> None:
    kind, arguments = condition["node"], condition.get("args") or []
    if kind == "BOOLEXPR" and condition["boolop"] == "and":
        for argument in arguments:
            _learn_from(argument, scope, known)
    elif kind == "BOOLEXPR" and condition["boolop"] == "or":
        for column in _given_in_each(arguments, scope, known):
            known.equate(column, GIVEN)
    elif kind == "OPEXPR" and condition["opno"] == UUID_EQUALS:
        one, other = (_column(argument, scope) for argument in arguments)
        if one and other:
            known.equate(one, other)
    elif kind == "SCALARARRAYOPEXPR" and condition["opno"] == UUID_EQUALS:
        column = _column(arguments[0], scope)
        if column and condition["useOr"] == "true" and _is_sent(arguments[1]):
            known.equate(column, GIVEN)
    elif kind == "SUBLINK" and condition["subLinkType"] == IN_SUBQUERY:
        _learn_from_in(condition, scope, known)


def _learn_from_in(condition: Node, scope: Scope, known: Known) -> None:
    inner = scope.inside(condition["subselect"])
    _learn(inner, known)
    for test in _nodes(condition["testexpr"]):
        if test["node"] == "OPEXPR" and test["opno"] == UUID_EQUALS:
            left, right = test["args"]
            column = _column(left, scope)
            found = _output(inner, int(_bare(right).get("paramid", 0)))
            if column and found:
                known.equate(column, found)


def _given_in_each(branches: list[Node], scope: Scope, known: Known) -> set[Column]:
    each = []
    for branch in branches:
        here = known.copy()
        _learn_from(branch, scope, here)
        each.append({column for found in here.sets if GIVEN in found for column in found})
    return set.intersection(*each) - {GIVEN}


def _column(expression: Node | None, scope: Scope) -> Column | None:
    """What the expression stands for, followed through joins, subqueries and CTEs."""
    bare = _bare(expression)
    if bare["node"] == "VAR":
        return _variable(bare, scope)
    if bare["node"] == "SUBLINK" and bare["subLinkType"] == SCALAR_SUBQUERY:
        return _output(scope.inside(bare["subselect"]), 1)
    return GIVEN if _is_sent(bare) else None


def _variable(variable: Node, scope: Scope) -> Column | None:
    home = scope.up(int(variable["varlevelsup"]))
    number, attribute = int(variable["varno"]), int(variable["varattno"])
    entry = home.entry(number)
    kind = entry["rtekind"]
    if kind == SUBQUERY:
        return _output(home.inside(entry["subquery"]), attribute)
    if kind == CTE:
        owner = home.up(int(entry["ctelevelsup"]))
        named = next(c for c in owner.query["cteList"] if c["ctename"] == entry["ctename"])
        return _output(owner.inside(named["ctequery"]), attribute)
    if kind in {JOIN, GROUP}:
        parts = entry["joinaliasvars" if kind == JOIN else "groupexprs"]
        return _column(parts[attribute - 1], home)
    if kind in {FUNCTION, VALUES}:
        sources = entry["functions" if kind == FUNCTION else "values_lists"]
        return GIVEN if _is_sent(sources) else None
    return (id(home.query), number, attribute)


def _output(scope: Scope, number: int) -> Column | None:
    targets = scope.query.get("returningList") or scope.query["targetList"]
    target = next((t for t in targets if t["resno"] == str(number)), None)
    return _column(target["expr"], scope) if target and not scope.query["setOperations"] else None


def _is_sent(expression: Any) -> bool:
    """Whether its value follows from the statement and its parameters alone."""
    nodes = [node for node in _nodes(expression) if node["node"] in {"VAR", "PARAM", "SUBLINK"}]
    return isinstance(expression, (dict, list)) and all(
        node["node"] == "PARAM" and node["paramkind"] == SENT_WITH_THE_STATEMENT for node in nodes
    )


def _bare(expression: Any) -> Node:
    """Without casts that change nothing."""
    while expression["node"] == "RELABELTYPE":
        expression = expression["arg"]
    return expression


def _inner_queries(query: Node) -> Iterator[Node]:
    """The queries directly inside this one."""
    for value in query.values():
        yield from _first_queries(value)


def _first_queries(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        if value["node"] == "QUERY":
            yield value
        else:
            yield from _inner_queries(value)
    elif isinstance(value, list):
        for item in value:
            yield from _first_queries(item)


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _nodes(part)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)
