"""Object stores and the web: ``s3://``, ``gs://``, ``az://`` and ``http(s)://`` addresses, streamed.

One request reads an object from its beginning to its end, so that a change in between is not mixed in. An
object is written in parts that become one at the end: a run that fails leaves none. Credentials are found
as each store's own tools find them, and are never part of a message. Needs the extra ``cloud`` (obstore).
"""

from __future__ import annotations

import configparser
import fnmatch
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import urlsplit

from softmax_cli.errors import InputError, ReadWriteError, SoftmaxError
from softmax_cli.io.streams.sink import Forwarding, Sink
from softmax_cli.io.streams.source import CHUNK, PieceStream, Source, changed, is_on_web

if TYPE_CHECKING:
    from typing_extensions import Buffer

_PART = 8 << 20
"""Bytes of an upload's parts: an object may have 10,000 of them, 80 GB."""
_RETRIES = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
"""obstore's own ten retries would take three silent minutes."""
_AWS = {
    "aws_access_key_id": "access_key_id",
    "aws_secret_access_key": "secret_access_key",
    "aws_session_token": "session_token",
    "region": "region",
    "endpoint_url": "endpoint",
}
"""The keys of a profile in ~/.aws that are read, and obstore's names for them."""
_LOGIN = {
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE; for a public bucket "
    "AWS_SKIP_SIGNATURE=true",
    "gs": "run gcloud auth application-default login, or GOOGLE_APPLICATION_CREDENTIALS=FILE",
    "az": "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


class _Place(NamedTuple):
    """An object's store and key, and its address as messages show it, without login and query."""

    store: Any
    key: str
    shown: str


def open_object(address: str, *, part: tuple[int, int, str] | None = None) -> Source:
    """Open an object for reading, or a part of it, given by its start, its end, and the object's tag.

    Raises
    ------
    InputError
        If there is no such bucket or object, or obstore is not installed.
    ReadWriteError
        If it cannot be read: no permission, no credentials, no answer.
    """
    place = _place(address)
    import obstore

    with _told(place.shown):
        options: Any = None if part is None else {"range": part[:2], "if_match": part[2]}
        found = obstore.get(place.store, place.key, options=options)
        source = Source(place.shown, PieceStream(_body(place.shown, found.stream(min_chunk_size=CHUNK))))
    source.size = found.meta["size"] if part is None else part[1] - part[0]
    return source


def _body(name: str, parts: Iterator[Buffer]) -> Iterator[bytes]:
    """Yield the bytes of an object as they arrive."""
    with _told(name):
        yield from filter(None, map(bytes, parts))


@contextmanager
def open_object_for_writing(address: str) -> Iterator[Sink]:
    """Open an object for writing; it exists only if the block ends well.

    Raises
    ------
    InputError
        For an ``http(s)://`` address, or a bucket that does not exist.
    ReadWriteError
        If it cannot be written.
    """
    place = _place(address)
    import obstore

    if is_on_web(address):
        raise InputError("a web address can be read, not written", where=place.shown)
    with _told(place.shown), obstore.open_writer(place.store, place.key, buffer_size=_PART) as upload:

        def send(data: Any) -> None:
            with _told(place.shown):
                upload.write(data)

        yield Forwarding(place.shown, send)


def matching(address: str) -> list[str]:
    """Return the addresses that a glob matches, in order, or an address without a glob itself."""
    root, key = _parted(address)
    fixed = re.split(r"[*?\[]", key, maxsplit=1)[0]
    if fixed == key or is_on_web(address):
        return [address]
    place = _place(address)
    import obstore

    pattern = re.compile(fnmatch.translate(key).replace(".*", "[^/]*"))
    with _told(place.shown):
        batches = obstore.list(place.store, prefix=fixed.rpartition("/")[0] or None)
        keys = [entry["path"] for batch in batches for entry in batch]
    return [f"{root}/{found}" for found in sorted(keys) if pattern.match(found)] or [address]


def modified(address: str) -> float | None:
    """Return when an object was written, in seconds since 1970; None if there is none."""
    with suppress(FileNotFoundError):
        return float(_head(address, keep=(FileNotFoundError,))["last_modified"].timestamp())
    return None


def size_and_tag(address: str) -> tuple[int, str]:
    """Return an object's size in bytes and its entity tag."""
    about = _head(address)
    return int(about["size"]), str(about["e_tag"])


def _head(address: str, *, keep: tuple[type[Exception], ...] = ()) -> Mapping[str, Any]:
    place = _place(address)
    import obstore

    with _told(place.shown, keep=keep):
        return cast(Mapping[str, Any], obstore.head(place.store, place.key))


def removed(folder: str, prefix: str) -> None:
    """Remove the objects of a folder whose names begin with the prefix."""
    place = _place(f"{folder.rstrip('/')}/{prefix}")
    import obstore

    with suppress(SoftmaxError), _told(place.shown):
        above = place.key.rpartition("/")[0]
        keys = [entry["path"] for batch in obstore.list(place.store, prefix=above or None) for entry in batch]
        obstore.delete(place.store, [key for key in keys if key.startswith(place.key)])


def _scheme(address: str) -> str:
    return address.partition("://")[0].lower()


def _parted(address: str) -> tuple[str, str]:
    """Return the address of the store, and the key in it."""
    parts = urlsplit(address, allow_fragments=False)
    if is_on_web(address):
        folder, _, name = parts.path.rpartition("/")
        return parts._replace(path=folder or "/").geturl(), name
    rest = address.partition("://")[2]
    bucket, _, key = rest.partition("/")
    return f"{_scheme(address)}://{bucket}", key


def _place(address: str) -> _Place:
    root, key = _parted(address)
    parts = urlsplit(address, allow_fragments=False)
    host = parts.netloc.rpartition("@")[2]
    shown = parts._replace(netloc=host, query="").geturl() if is_on_web(address) else address
    with _told(shown):
        store = _store(root)
    return _Place(store, key, shown)


@lru_cache(maxsize=16)
def _store(root: str) -> Any:
    try:
        from obstore.store import from_url
    except ImportError:
        raise InputError(
            f"reading and writing {_scheme(root)}:// needs the extra 'cloud'",
            hint="pip install 'softmax-tutor[cloud]'",
        ) from None
    how: dict[str, Any] = {"retry_config": _RETRIES}
    plain = root.startswith("http:") or os.environ.get("AWS_ENDPOINT_URL", "").startswith("http:")
    if plain:
        how["client_options"] = {"allow_http": True}
    if root.startswith("s3:"):
        how |= _s3_profile()
        if os.environ.get("AWS_EC2_METADATA_DISABLED", "").lower() == "true" and not _s3_login(how):
            raise ReadWriteError("no credentials were found", where=root, hint=_LOGIN["s3"])
    return from_url(root, **how)


def _s3_profile() -> dict[str, str]:
    """Return the profile in ~/.aws, unless the environment gives a key."""
    environ = os.environ
    if "AWS_ACCESS_KEY_ID" in environ:
        return {}
    profile = environ.get("AWS_PROFILE", "default")
    found: dict[str, str] = {}
    for variable, name, section in (
        ("AWS_CONFIG_FILE", "config", profile if profile == "default" else f"profile {profile}"),
        ("AWS_SHARED_CREDENTIALS_FILE", "credentials", profile),
    ):
        parser = configparser.RawConfigParser()
        with suppress(OSError, configparser.Error):
            parser.read(environ.get(variable) or os.path.expanduser(f"~/.aws/{name}"))
        if parser.has_section(section):
            found |= dict(parser[section])
    return {key: found[name] for name, key in _AWS.items() if name in found}


def _s3_login(profile: Mapping[str, Any]) -> bool:
    """Return whether there is a login without asking the machine's own metadata service."""
    given = ("AWS_ACCESS_KEY_ID", "AWS_SKIP_SIGNATURE", "AWS_WEB_IDENTITY_TOKEN_FILE")
    return "access_key_id" in profile or any(name in os.environ for name in given)


@contextmanager
def _told(shown: str, *, keep: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turn an error of obstore's into one of ours; its own text may hold the request's headers."""
    try:
        yield
    except Exception as error:
        of_the_store = type(error).__module__.startswith("obstore") or isinstance(error, OSError)
        if isinstance(error, (SoftmaxError, *keep)) or not of_the_store:
            raise
        raise _sentence(shown, error) from error


_REASONS: tuple[tuple[str, type[SoftmaxError], str], ...] = (
    (r"<Code>NoSuchBucket|container does not exist", InputError, "there is no such bucket"),
    (r"^FileNotFoundError", InputError, "no such object"),
    (r"169\.254\.169\.254|metadata|[Cc]redential", ReadWriteError, "no credentials were found"),
    (
        r"^UnauthenticatedError|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken",
        ReadWriteError,
        "the credentials are refused",
    ),
    (r"^PermissionDeniedError", ReadWriteError, "permission denied"),
    (r"error sending request|[Cc]onnect", ReadWriteError, "the server does not answer"),
)
"""What an error of obstore's means, by the first pattern found in its type and text."""


def _sentence(shown: str, error: Exception) -> SoftmaxError:
    text = f"{type(error).__name__}: {error}"
    if text.startswith("PreconditionError"):
        return changed(shown)
    code = re.search(r"<Code>(\w+)</Code>", text)
    for pattern, kind, reason in _REASONS:
        if re.search(pattern, text):
            about_login = "credentials" in reason or "permission" in reason
            return kind(reason, where=shown, hint=_LOGIN.get(_scheme(shown)) if about_login else None)
    return ReadWriteError(f"the store failed{f' ({code[1]})' if code else ''}", where=shown)
