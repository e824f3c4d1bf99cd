"""Telling options from other words of a command line, before anything is parsed."""

import re


def is_option(word: str) -> bool:
    """Return whether a word is meant as an option: it begins with ``-`` and is not a number.

    Examples
    --------
    >>> [word for word in ("-T", "--log", "-", "-0.4", "-.5", "-1e-3", "-inf", "-info") if is_option(word)]
    ['-T', '--log', '-info']
    """
    is_number = re.match(r"-(?:\d|\.\d|inf(?:inity)?\b|nan\b)", word, re.IGNORECASE) is not None
    return word.startswith("-") and len(word) > 1 and not is_number
