"""The narratives: a table for each function or topic, whose rows are the steps of its derivations in order.

A narrative proves nothing and prints nothing: `proof` refuses what is not true for all logits. `tables` reads
the rows, `formulas` makes expressions of their cells, and `narrator` makes steps of them for one case, i = j
(the tables say ``same``), i != j (``other``), or any i and j of any number of classes (``general``; `general`
tells it), each with a temperature (``T``) or without (``1``). The cells of a row, separated by tabs:

step
    The stable name of a step. A part of the step above has a dot before it; one whose name ends with ``-k``
    is there for each class.
rule
    The name of its rule, of `rules`.
line
    Its equation, ``left = right``; without the left side it is a line of the chain. Where a case leaves
    nothing of its line, the step is not there.
changed
    What is new on the right, with semicolons between; ``=`` for all of it.
why
    The reason, with formulas in braces, and classes: ``{class i}``.

In any cell ``<same:...>`` or ``<same|general:...>`` stands in these cases alone. `core.formula` reads a
formula, about the output i, the logit j, and a class k: where a name is defined and where parts are listed
that have changed, k is each class. ``D(p_i, z_j)`` is a derivative, ``[i = j] x`` is x or 0, ``d_ij`` the
Kronecker delta as a sign, t the target. Where there is no temperature, ``/T`` and ``(1/T)`` are left out.

A block of rows begins with its head, whose rule is ``derivation`` (``derivation with T`` where T is always
written): its name, its claim, what its names stand for, its title. Empty cells are those of the derivation
before. A row ``meaning`` says what the answer says. ``shared`` begins steps that several derivations have: a
row ``as in`` names their table and block, and gives what stands for ``$1`` and ``$2`` there.

To add a function, write its table and add its line to ``functions.NARRATIVES``.
"""
