"""How errors quote their input: on one line, and never a screenful of it."""

from collections.abc import Sequence

from softmax_cli.errors import InputError

MOST_SHOWN = 60


def shown(text: str) -> str:
    r"""Quote a text of the input, with control characters escaped and a long one cut.

    Examples
    --------
    >>> print(shown("abc"), shown("a\tb"))
    'abc' 'a\tb'
    """
    return repr(text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "...")


def plain(name: str) -> str:
    r"""Write a name of the input as `shown` does, without the quotes.

    Examples
    --------
    >>> print(plain("setosa"), plain("a\tb"))
    setosa a\tb
    """
    if name.isprintable() and len(name) <= MOST_SHOWN:
        return name
    return shown(name)[1:-1]


def counted(count: int, noun: str) -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> counted(1, "row"), counted(3, "class")
    ('1 row', '3 classes')
    """
    if count == 1:
        return f"1 {noun}"
    return f"{count} {plural(noun)}"


def listed(names: Sequence[str]) -> str:
    """Join names with commas and an "and".

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def unknown(word: str, known: Sequence[str], noun: str, *, where: str) -> InputError:
    """Return the error for a name that is not one of the known ones.

    Examples
    --------
    >>> error = unknown("cvs", ("csv", "json"), "format", where="--format")
    >>> print(error, "|", error.hint)
    --format: no format is called 'cvs' | did you mean 'csv'?
    """
    return InputError(
        f"no {noun} is called {shown(word)}", where=where, hint=did_you_mean(word, known, plural(noun))
    )


def plural(noun: str) -> str:
    """Write a noun in the plural."""
    return f"{noun}es" if noun.endswith("s") else f"{noun}s"


def did_you_mean(word: str, known: Sequence[str], what: str) -> str:
    """Return a hint: the nearest of the `known` names, or all of them if none is near."""
    import difflib

    # 0.65: dgo is near dog, arrow is not near markdown.
    near = difflib.get_close_matches(word, known[:2_000], n=1, cutoff=0.65)
    if near:
        return f"did you mean {shown(near[0])}?"
    most = 10
    names = ", ".join(map(plain, known[:most]))
    return f"the {what} are {names}" + (f", ... ({len(known)} in all)" if len(known) > most else "")


def piped(command: str, name: str) -> str:
    """Return the command that pipes an input through `command`; standard input needs no name.

    Examples
    --------
    >>> piped("jq -c .", "my logits.json"), piped("jq -c .", "<stdin>")
    ("jq -c . 'my logits.json' | softmax probs", 'jq -c . | softmax probs')
    """
    return f"{command}{file_argument(name)} | softmax probs"


def opened(name: str) -> str:
    """Write the Python call that opens an input.

    Examples
    --------
    >>> opened("logits.json"), opened("<stdin>")
    ("open('logits.json')", 'open(0)')
    """
    return f"open({repr(name) if file_argument(name) else 0})"


def file_argument(name: str) -> str:
    """Write the name of an input as a command's last argument, after a blank; standard input needs none."""
    return "" if name.startswith("<") else f" {quoted(name)}"


def quoted(text: str) -> str:
    """Quote a word for the shell."""
    import shlex

    return f"$'{text.encode('unicode_escape').decode()}'" if not text.isprintable() else shlex.quote(text)


def python_command(program: str) -> str:
    """Write the command that runs a line of Python.

    Examples
    --------
    >>> print(python_command("print('a')"))
    python -c "print('a')"
    """
    plain = not any(sign in program for sign in '"$`\\!')
    return f'python -c "{program}"' if plain else f"python -c {quoted(program)}"
