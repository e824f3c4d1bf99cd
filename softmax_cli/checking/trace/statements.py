"""The statements of a file: which lines each takes, what it changes, and what it reads."""

import ast
import linecache
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_CHANGING = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.Expr)


class SourceStatement(NamedTuple):
    """One simple statement.

    Parameters
    ----------
    number, last
        Its first and last line.
    source
        Its text, on one line.
    targets
        The names that it assigns to, or whose contents it changes; an attribute is ``self.out``.
    stored
        Those of them that are changed in place, by an index or by a method.
    reads
        The names that it reads.
    returns
        Whether it is a return.
    """

    number: int
    last: int
    source: str
    targets: tuple[str, ...]
    stored: frozenset[str]
    reads: frozenset[str]
    returns: bool
    node: ast.stmt

    @property
    def allocates(self) -> bool:
        """Whether it only makes room: what np.empty holds is left over from elsewhere."""
        value = getattr(self.node, "value", None)
        called = value.func if isinstance(value, ast.Call) else None
        return getattr(called, "attr", getattr(called, "id", "")) in ("empty", "empty_like")

    def __hash__(self) -> int:
        """Statements are told apart by where they stand."""
        return hash((self.number, self.node.col_offset))


@cache
def statements(path: str) -> dict[int, tuple[SourceStatement, ...]]:
    """Return, for each line of a file, the simple statements on it."""
    text = linecache.getlines(path)
    found: dict[int, list[SourceStatement]] = {}
    for node in ast.walk(ast.parse("".join(text))):
        if isinstance(node, _CHANGING):
            one = _read(node, text)
            for number in range(one.number, one.last + 1):
                found.setdefault(number, []).append(one)
    return {
        number: tuple(sorted(many, key=lambda one: one.node.col_offset)) for number, many in found.items()
    }


def _read(node: ast.stmt, text: list[str]) -> SourceStatement:
    last = node.end_lineno or node.lineno
    source = " ".join(line.strip() for line in text[node.lineno - 1 : last])
    targets = list(dict.fromkeys(_targets(node)))
    return SourceStatement(
        node.lineno,
        last,
        source,
        tuple(name for name, _ in targets),
        frozenset(name for name, stored in targets if stored),
        frozenset(_reads(node)),
        isinstance(node, ast.Return),
        node,
    )


def _targets(node: ast.stmt) -> Iterator[tuple[str, bool]]:
    """Yield (name, whether it is changed in place) of what a statement changes."""
    match node:
        case ast.Assign(targets=targets):
            for target in targets:
                yield from _of_target(target)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            yield from _of_target(target)
        case ast.Expr(value=ast.Call(func=function, args=arguments)):
            if isinstance(function, ast.Attribute):  # out.append(x), np.fill_diagonal(J, v), p.sub_(y)
                yield from ((name, True) for name in _name(function.value))
            for argument in arguments[:1]:
                yield from ((name, True) for name in _name(argument))
            for keyword in getattr(node.value, "keywords", ()):  # np.exp(z, out=e)
                if keyword.arg == "out":
                    yield from ((name, True) for name in _name(keyword.value))
        case _:
            return


def _of_target(target: ast.expr) -> Iterator[tuple[str, bool]]:
    match target:
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _of_target(part)
        case ast.Subscript(value=value):
            while isinstance(value, ast.Subscript):
                value = value.value
            yield from ((name, True) for name in _name(value))
        case ast.Starred(value=value):
            yield from _of_target(value)
        case _:
            yield from ((name, False) for name in _name(target))


def _name(node: ast.expr) -> Iterator[str]:
    """Yield a name, or the name of an attribute of a name."""
    match node:
        case ast.Name(id=name):
            yield name
        case ast.Attribute(value=ast.Name(id=base), attr=attribute):
            yield f"{base}.{attribute}"
        case _:
            return


def _reads(node: ast.stmt) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.expr) and isinstance(getattr(part, "ctx", None), ast.Load):
            yield from _name(part)
    if isinstance(node, ast.AugAssign):
        yield from (name for name, _ in _of_target(node.target))
