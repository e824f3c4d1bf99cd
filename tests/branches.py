"""Which branches of the package the tests take, counted at next to no cost.

Each module is compiled with a mark wherever the program may go one way or another: in the body of each
function, in both outcomes of each `if`, `for` and `while`, and in each `case`. A mark sets one byte of a file
in memory, which takes some tens of nanoseconds on every Python, and is there for all processes: the workers
of xdist, and the forks of tests/fork_server.py, however they end. The tracer of coverage.py, called at every
line, doubles the suite's time on Python 3.11; slipcover, which edits bytecode, takes four times as long as
this to import the package, and both lose what a fork does.
"""

import ast
import mmap
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from marshal import dumps, loads
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

PACKAGE = Path(__file__).parent.parent / "softmax_cli"
FOLDER = "SOFTMAX_TESTS_BRANCHES"
"""The variable that names the folder of the marks and of the marked code; unset, nothing is counted."""

_MODULES = sorted(PACKAGE.rglob("*.py"))
_SPACE = 1 << 12
"""How many marks a module has room for: far more than it can have branches."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def record() -> None:
    """Record the branches that this process and its forks take from here on, where they are counted."""
    if FOLDER in os.environ:
        if PACKAGE.name in sys.modules:
            raise RuntimeError(f"{PACKAGE.name} is imported already: its branches can no longer be marked")
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the modules of the package, and has each mark the branches it takes."""

    def __init__(self) -> None:
        self._marks = dict(zip(map(str, _MODULES), _marks(), strict=True))

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of the package as ever, and load it with marks."""
        if fullname.partition(".")[0] != PACKAGE.name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = MarkingLoader(fullname, spec.loader.path, self._marks[spec.loader.path])
        return spec


class MarkingLoader(SourceFileLoader):
    """Loads a module with its marks; the first process to do so keeps the code for the others."""

    def __init__(self, fullname: str, path: str, marks: memoryview) -> None:
        super().__init__(fullname, path)
        self._marks = marks

    def exec_module(self, module: ModuleType) -> None:
        """Run the module with its marks."""
        vars(module)["__taken__"] = self._marks
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType:
        """Return the code with its marks."""
        kept = _kept(fullname)
        if kept.exists():
            return cast(CodeType, loads(kept.read_bytes())[0])
        tree, names = marked(self.get_data(self.path))
        code = compile(tree, self.path, "exec", dont_inherit=True)
        self.set_data(str(kept), dumps((code, names)))  # whole or not at all
        return code


def _kept(fullname: str) -> Path:
    """Return the file that holds the marked code of a module, and the names of its branches."""
    return Path(os.environ[FOLDER], fullname)


def _marks() -> list[memoryview]:
    """Return the marks of each module, which all processes share; they begin as zeros."""
    size = _SPACE * len(_MODULES)
    descriptor = os.open(os.path.join(os.environ[FOLDER], "marks"), os.O_RDWR | os.O_CREAT)
    os.ftruncate(descriptor, size)
    shared = memoryview(mmap.mmap(descriptor, size))
    os.close(descriptor)
    return [shared[start : start + _SPACE] for start in range(0, size, _SPACE)]


def branches() -> Iterator[tuple[str, bool]]:
    """Yield each branch of the package as PATH:LINE: OUTCOME, and whether any process took it."""
    for module, marks in zip(_MODULES, _marks(), strict=True):
        kept = _kept(dotted(module))
        names = loads(kept.read_bytes())[1] if kept.exists() else marked(module.read_bytes())[1]
        for name, mark in zip(names, marks, strict=False):
            yield f"{module.relative_to(PACKAGE.parent)}:{name}", bool(mark)


def dotted(module: Path) -> str:
    """Return the name by which a module of the package is imported."""
    return ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def marked(source: bytes) -> tuple[ast.Module, list[str]]:
    """Return the tree of a module in which `__taken__[i] = 1` marks branch i, and the branches' names."""
    tree = ast.parse(source)
    names: list[str] = []
    for node in list(_statements(tree)):
        for outcome, block, at in _outcomes(node):
            target = ast.Subscript(ast.Name("__taken__", ast.Load()), ast.Constant(len(names)), ast.Store())
            mark = ast.copy_location(ast.Assign([target], ast.Constant(1)), node)
            block.insert(at, ast.fix_missing_locations(mark))
            names.append(f"{node.lineno}: {outcome}")
    return tree, names


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield each statement below a node: no expression holds one."""
    for name in _BLOCKS:
        for child in getattr(node, name, ()):
            if isinstance(child, ast.stmt):
                yield child
            yield from _statements(child)


def _outcomes(node: ast.stmt) -> Iterator[tuple[str, list[ast.stmt], int]]:
    """Yield the ways on from a statement: what it is called, and the block and place where it begins."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            start = int(ast.get_docstring(node, clean=False) is not None)
            if any(ast.unparse(statement) != "..." for statement in node.body[start:]):
                yield f"{node.name} is called", node.body, start
        case ast.If(test=ast.Name("TYPE_CHECKING")) | ast.While(test=ast.Constant()):
            pass  # there is but one way
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            yes, no = ("true", "false") if isinstance(node, ast.If) else ("goes round", "runs out")
            yield yes, node.body, 0
            yield no, node.orelse, 0
        case ast.Match():
            match node.cases[-1]:
                case ast.match_case(ast.MatchAs(pattern=None), guard=None):
                    pass
                case _:
                    anything = ast.copy_location(ast.MatchAs(), node)
                    node.cases.append(ast.match_case(anything, body=[]))
            for number, case in enumerate(node.cases, 1):
                yield f"case {number}", case.body, 0
