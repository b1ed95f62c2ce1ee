"""What a plan of PostgreSQL says about indexes that are missing. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
# A scan of fewer rows is no matter, and one that keeps more than a tenth wants no index.
LEAST_ROWS = 1000
MOST_KEPT = 0.1
MOST_COLUMNS = 3
_SCANS = {"Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Heap Scan"}
_JOINS = {"Hash Join", "Merge Join", "Nested Loop"}
_CONDITIONS = ("Filter", "Index Cond", "Recheck Cond")
_JOIN_CONDITIONS = ("Hash Cond", "Merge Cond", "Join Filter")
# They hand on the rows of what is below them.
_HANDS_ON = {"Hash", "Sort", "Incremental Sort", "Materialize", "Gather", "Gather Merge"}
_HANDS_ON |= {"LockRows", "Memoize", "Limit"}
_NAME = r"\(*(?:(?P<alias>\w+)\.)?(?P<column>\w+)\)*(?:::[a-z ]+)?"
_TERM = re.compile(
    rf"{_NAME}\s*(?P<how>= ANY|=|<=|>=|<|>|IS NOT NULL|IS NULL)(?P<rest>.*)", re.DOTALL
)
_OTHER_SIDE = re.compile(rf"\s*{_NAME}\)*$")
_SORT_KEY = re.compile(r"(?:(?P<alias>\w+)\.)?(?P<column>\w+)(?P<down> DESC)?(?: NULLS \w+)?")


@dataclass(frozen=True, slots=True)
class IndexWish:
    """An index that a part of a plan could use.

    Attributes:
        table: Of which table.
        equal: Columns that are compared with one value each.
        then: Columns after them: one of a range, or those of an order.
        where: Its condition, of terms that say whether a column is null; empty for none.
    """

    table: str
    equal: tuple[str, ...]
    then: tuple[str, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a condition says of one table."""

    equal: tuple[str, ...] = ()
    ranged: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()

    def plus(self, other: "_Terms") -> "_Terms":
        return _Terms(
            _distinct(*self.equal, *other.equal),
            _distinct(*self.ranged, *other.ranged),
            _distinct(*self.nulls, *other.nulls),
        )


def wishes(plan: Node, leading: Mapping[str, str]) -> list[IndexWish]:
    """Return which indexes would spare a plan most of the rows that it reads, or a sort on disk.

    Args:
        plan: The node ``Plan`` of EXPLAIN (ANALYZE, FORMAT JSON).
        leading: The first column of each index that there is.
    """
    found = [wish for node in _walk(plan) for wish in _of_node(node)]
    found += [wish for node in _walk(plan) for wish in _of_whole_index(node, leading)]
    return list(dict.fromkeys(found))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)


def _of_node(node: Node) -> Iterator[IndexWish]:
    kind = node["Node Type"]
    if kind in _SCANS and _drops(_rows(node), _rows(node) + _removed(node)):
        yield from _wish(node, _terms_of(node))
    elif kind in _JOINS:
        yield from _of_join(node)
    elif kind == "Limit":
        yield from _of_order(node)
    elif kind == "Sort" and node.get("Sort Space Type") == "Disk":
        yield from _ordered(node)


def _of_whole_index(scan: Node, leading: Mapping[str, str]) -> Iterator[IndexWish]:
    """Yield what would spare reading an index from end to end, as its first column is not asked.

    The entries that this drops stand nowhere in the plan.
    """
    if scan["Node Type"] not in _SCANS:
        return
    for node in (scan, *scan.get("Plans", ())):
        first = leading.get(node.get("Index Name", ""))
        terms = [_TERM.fullmatch(term) for term in _split(node.get("Index Cond", ""))]
        asked = {term["column"] for term in terms if term}
        if first is not None and asked and first not in asked:
            yield from _wish(scan, _terms_of(scan))


def _of_join(join: Node) -> Iterator[IndexWish]:
    """Yield what would spare the rows of a table for which the other one has no match."""
    terms = [term for name in _JOIN_CONDITIONS for term in _split(join.get(name, ""))]
    for side in join.get("Plans", ()):
        scan = _scan_below(side)
        if scan is None or not _drops(_rows(join), _rows(scan)):
            continue
        joined = _Terms(equal=tuple(_joined_columns(terms, scan["Alias"])))
        if joined.equal:
            yield from _wish(scan, joined.plus(_terms_of(scan)))


def _of_order(limit: Node) -> Iterator[IndexWish]:
    """Yield what would give the first rows of an order without sorting all of them."""
    for node in _handed_on(limit):
        if node["Node Type"] == "Sort":
            scan = _scan_below(node)
            if scan is not None and _drops(_rows(limit), _rows(scan)):
                yield from _ordered(node)


def _ordered(sort: Node) -> Iterator[IndexWish]:
    scan = _scan_below(sort)
    keys = [_SORT_KEY.fullmatch(key) for key in sort.get("Sort Key", ())]
    if scan is None or not all(keys):
        return
    found = [key for key in keys if key]
    one_way = len({bool(key["down"]) for key in found}) == 1
    own = all(key["alias"] in {None, scan["Alias"]} for key in found)
    if one_way and own:
        terms = _terms_of(scan)
        columns = tuple(key["column"] for key in found if key["column"] not in terms.equal)
        yield _make(scan, terms, columns)


def _wish(scan: Node, terms: _Terms) -> Iterator[IndexWish]:
    if terms.equal or terms.ranged:
        yield _make(scan, terms, terms.ranged[:1])


def _make(scan: Node, terms: _Terms, then: Sequence[str]) -> IndexWish:
    # A column that is compared is not null: to say so adds nothing.
    needless = {f"{column} IS NOT NULL" for column in (*terms.equal, *then)}
    where = " AND ".join(term for term in terms.nulls if term not in needless)
    after = tuple(column for column in then if column not in terms.equal)
    return IndexWish(scan["Relation Name"], terms.equal, after, where)


def _scan_below(node: Node) -> Node | None:
    """Return the scan of a table whose rows a node hands on; None where it is not one alone."""
    return next((one for one in _handed_on(node) if one["Node Type"] in _SCANS), None)


def _handed_on(node: Node) -> Iterator[Node]:
    yield node
    if node["Node Type"] in _HANDS_ON and len(node.get("Plans", ())) == 1:
        yield from _handed_on(node["Plans"][0])


def _rows(node: Node) -> float:
    return float(node.get("Actual Rows", 0) * node.get("Actual Loops", 1))


def _removed(node: Node) -> float:
    return float(node.get("Rows Removed by Filter", 0) * node.get("Actual Loops", 1))


def _drops(kept: float, read: float) -> bool:
    return read >= LEAST_ROWS and kept <= MOST_KEPT * read


def _terms_of(scan: Node) -> _Terms:
    terms = [term for name in _CONDITIONS for term in _split(scan.get(name, ""))]
    found = [match for term in terms if (match := _TERM.fullmatch(term))]
    own = [match for match in found if match["alias"] in {None, scan["Alias"]}]

    def of(*how: str) -> tuple[str, ...]:
        return _distinct(*(match["column"] for match in own if match["how"] in how))

    nulls = [match for match in own if match["how"].startswith("IS")]
    return _Terms(
        of("=", "= ANY"),
        of("<", "<=", ">", ">="),
        _distinct(*(f"{match['column']} {match['how']}" for match in nulls)),
    )


def _joined_columns(terms: Sequence[str], alias: str) -> Iterator[str]:
    for term in terms:
        match = _TERM.fullmatch(term)
        if match is None or match["how"] != "=":
            continue
        other = _OTHER_SIDE.fullmatch(match["rest"])
        for side in (match, other):
            if side is not None and side["alias"] == alias:
                yield side["column"]


def _split(condition: str) -> list[str]:
    """Return the terms that must all hold; one that holds an OR is left out."""
    condition = _bare(condition)
    parts, depth, begin, quoted = list[str](), 0, 0, False
    for place, sign in enumerate(condition):
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign == "(") - (sign == ")")
        if not quoted and depth == 0 and condition.startswith(" AND ", place):
            parts.append(condition[begin:place])
            begin = place + 5
    parts.append(condition[begin:])
    return [_bare(part) for part in parts if part and " OR " not in part]


def _bare(condition: str) -> str:
    """Take away parentheses around the whole."""
    while condition.startswith("(") and _closing(condition) == len(condition) - 1:
        condition = condition[1:-1]
    return condition


def _closing(text: str) -> int:
    depth, quoted = 0, False
    for place, sign in enumerate(text):
        quoted ^= sign == "'"
        if not quoted:
            depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place
    return -1


def _distinct(*values: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
