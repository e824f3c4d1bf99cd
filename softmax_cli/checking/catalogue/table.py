"""The whole catalogue: for each function and kind of answer, every mistake that it is compared with."""

from collections.abc import Iterator
from functools import lru_cache, partial

from softmax_cli.checking.catalogue.formulas import Matrix, Vector
from softmax_cli.checking.catalogue.mistake import RIGHT, Formula, Mistake, right
from softmax_cli.checking.catalogue.tables import rows
from softmax_cli.checking.inputs import Kind, Sought

_FIXES = {(row["function"], row["kind"]): row["fix"] for row in rows("right")}
"""What to write in place of any wrong formula for a kind of answer."""


def mistakes(sought: Sought) -> tuple[Mistake, ...]:
    """Return the mistakes of one kind of answer, the likelier first."""
    return tuple(mistake for table in by_table(sought) for mistake in table)


def by_table(sought: Sought) -> Iterator[tuple[Mistake, ...]]:
    """Yield the mistakes of one kind of answer, the likelier first; a table is read when it is its turn."""
    if sought not in RIGHT:
        return  # a new function: factors, places and laws still tell
    name = sought.function.replace("-", "_")
    softmaxed = not sought.entry.elementwise
    match sought.kind:
        case "jacobian":
            yield _matrices(f"{name}_jacobian", sought)
        case "vjp" | "jvp":
            if softmaxed:
                yield _vectors(f"{name}_product", sought)
            yield _products(f"{name}_jacobian", sought)
        case "log-probabilities":
            yield _vectors("log_probabilities", sought)
        case "probabilities":
            if not softmaxed:
                yield _vectors(name, sought)
        case _:
            yield _vectors(f"{name}_{sought.kind}", sought)
    if softmaxed:
        yield _on_probabilities("probabilities", sought)


def guards(sought: Sought) -> tuple[Mistake, ...]:
    """Return the mistakes that leave an answer nearly right: small numbers added, clipped probabilities."""
    if sought.entry.elementwise or sought not in RIGHT:
        return ()
    return _own_guards(sought) + _on_probabilities("guards", sought)


def _own_guards(sought: Sought) -> tuple[Mistake, ...]:
    """Return the guards that stand in a derivative itself."""
    match sought:
        case "cross-entropy", "gradient":
            return _vectors("cross_entropy_guards", sought)
        case "log-softmax", "jacobian":
            return _matrices("log_softmax_guards", sought)
        case "log-softmax", "vjp" | "jvp":
            return _products("log_softmax_guards", sought)
    return ()


@lru_cache(maxsize=32)
def _products(table: str, sought: Sought) -> tuple[Mistake, ...]:
    return tuple(_times_vector(m, sought.kind) for m in _matrices(table, sought))


@lru_cache(maxsize=32)
def _matrices(table: str, sought: Sought) -> tuple[Mistake, ...]:
    elsewhere = RIGHT[sought._replace(kind="jacobian")]
    return tuple(_mistake(row, sought, Matrix(row["formula"], elsewhere)) for row in rows(table))


@lru_cache(maxsize=64)
def _vectors(table: str, sought: Sought) -> tuple[Mistake, ...]:
    return tuple(
        _mistake(row, sought, Vector(row["formula"], in_batch=row.get("needs") == "a batch"))
        for row in rows(table)
    )


def _mistake(row: dict[str, str], sought: Sought, answer: Formula) -> Mistake:
    fix = row.get("fix") or _FIXES[sought]
    return Mistake(row["id"], row["title"], row["formula"], row["why"], fix, answer)


def _times_vector(mistake: Mistake, kind: Kind) -> Mistake:
    assert isinstance(mistake.answer, Matrix)
    return mistake._replace(
        id=f"matrix-{mistake.id}",
        title=f"a wrong Jacobian: {mistake.title}",
        formula=f"{'J v' if kind == 'jvp' else 'g^T J'}, {mistake.formula}",
        answer=partial(mistake.answer.times, from_left=kind == "vjp"),
    )


def _built_on(formula: Formula, probabilities: Formula) -> Formula:
    """Return a right formula on wrong probabilities."""
    return lambda q: formula(q.with_p(probabilities(q)))


def _whole(vector: Formula) -> Formula:
    """Return probabilities of all rows and classes, whatever the rows and classes that are asked for."""
    return lambda q: vector(q.whole)


@lru_cache(maxsize=32)
def _on_probabilities(table: str, sought: Sought) -> tuple[Mistake, ...]:
    """Return the mistakes in the probabilities, as they come through in a kind of answer."""
    wrong = _vectors(table, Sought("softmax", "probabilities"))
    if sought.kind == "probabilities":
        return wrong
    formula = right(sought)
    return tuple(
        mistake._replace(
            formula=f"the right formula with {mistake.formula}",
            answer=_built_on(formula, _whole(mistake.answer)),
            probabilities=_whole(mistake.answer),
        )
        for mistake in wrong
    )
