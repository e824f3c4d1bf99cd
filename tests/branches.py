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
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parent.parent / "softmax_cli"
FOLDER = "SOFTMAX_TESTS_BRANCHES"
"""The variable that names the folder of the marks, a file for each module; unset, nothing is counted."""

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def record() -> None:
    """Record the branches that this process and its forks take from here on, where they are counted."""
    if FOLDER in os.environ:
        if PACKAGE.name in sys.modules:
            raise RuntimeError(f"{PACKAGE.name} is imported already: its branches can no longer be marked")
        sys.meta_path.insert(0, _Finder())


class _Finder(MetaPathFinder):
    """Finds the modules of the package, and has each mark the branches it takes."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find a module of the package as ever, and load it with marks."""
        if fullname.partition(".")[0] != PACKAGE.name:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(fullname, spec.loader.path)
        return spec


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        """Run the module with its marks."""
        tree, names = marked(self.get_data(self.path))
        if names:
            vars(module)["__taken__"] = _shared(_marks_of(Path(self.path)), len(names))
        exec(compile(tree, self.path, "exec", dont_inherit=True), vars(module))


def _marks_of(module: Path) -> Path:
    return Path(os.environ[FOLDER], ".".join(module.relative_to(PACKAGE).parts))


def _shared(file: Path, size: int) -> mmap.mmap:
    """Return a file as memory that all processes share; it begins as zeros."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT)
    os.ftruncate(descriptor, size)
    shared = mmap.mmap(descriptor, size)
    os.close(descriptor)
    return shared


def branches() -> Iterator[tuple[str, bool]]:
    """Yield each branch of the package as PATH:LINE: OUTCOME, and whether any process took it."""
    for module in sorted(PACKAGE.rglob("*.py")):
        _, names = marked(module.read_bytes())
        file = _marks_of(module)
        taken = file.read_bytes() if file.exists() else bytes(len(names))
        for name, mark in zip(names, taken, strict=True):
            yield f"{module.relative_to(PACKAGE.parent)}:{name}", bool(mark)


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
