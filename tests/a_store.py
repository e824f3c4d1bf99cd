"""An S3 on this machine."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import Request, urlopen


@contextmanager
def a_store() -> Iterator[dict[str, str]]:
    """Start an S3 that has a bucket ``bucket``; give the variables of a user who has a login.

    Of an object with ``full`` in its name only the first part can be written.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Silent(WSGIRequestHandler):
        def log(self, *_: object) -> None:
            """Say nothing."""

    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, _limited(app), threaded=True, request_handler=Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{server.server_port}"
    # What another store of this process was given is forgotten: moto has one memory for all of them.
    urlopen(Request(f"{endpoint}/moto-api/reset", method="POST"))
    urlopen(Request(f"{endpoint}/bucket", method="PUT"))
    yield {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-test",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": endpoint,
    }
    server.shutdown()
    server.server_close()


def _limited(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    def limited(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if "full" not in environ["PATH_INFO"] or "partNumber=2" not in environ["QUERY_STRING"]:
            return app(environ, start_response)
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("403 Forbidden", [("Content-Type", "application/xml")])
        return [b"<Error><Code>QuotaExceeded</Code></Error>"]

    return limited
