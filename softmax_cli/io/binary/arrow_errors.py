"""What pyarrow says of a file that it cannot read, in the words of the contract."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from softmax_cli.errors import InputError, ReadWriteError


@contextmanager
def arrow_errors(name: str, kind: str) -> Iterator[None]:
    """Turn what pyarrow raises into the sentences of the contract."""
    try:
        yield
    except pa.ArrowNotImplementedError as error:
        raise InputError(f"{kind}, but not readable: {str(error).splitlines()[0]}", where=name) from error
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        hint = "is its ending right? --input-format says what it is"
        raise InputError(f"no {kind} file, or a broken one", where=name, hint=hint) from error
    except pa.ArrowException as error:
        raise ReadWriteError(f"{kind}: {str(error).splitlines()[0]}", where=name) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise InputError(f"a broken {kind} file: {str(error).splitlines()[0][:200]}", where=name) from error
