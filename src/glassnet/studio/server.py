"""The small server of the page: this machine alone, a fixed list of files, reading and teaching; it changes nothing.

Host and Origin are compared exactly, so that another page in the same browser gets nothing; no address is a path.
"""

import socket
from pathlib import Path
from typing import TYPE_CHECKING

from glassnet.errors import UnavailableError, reason
from glassnet.studio.page import MEDIA_TYPES, Page, data_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
PORT = 8428
LONGEST_BODY = 1024  # bytes; of all requests but those with a picture and with digits
LONGEST_PICTURE = 50_000_000  # bytes
LONGEST_DIGITS = 2_000 * 785  # bytes; the page keeps no more
OWN_HEADER = (
    "x-glassnet"  # another site's page cannot send it without being asked for leave, which it never gets
)

POLICY = [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "img-src 'self' data: blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
]
HEADERS = {
    "content-security-policy": "; ".join(POLICY),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}


class Guard:
    """Lets through what comes from the page itself, and puts `HEADERS` on every answer.

    Refuses (403) a Host other than this server's and an Origin that is not exactly its own. A page of another
    site that has its name point at 127.0.0.1 sends its own name as Host.
    """

    def __init__(self, app: "ASGIApp", port: int) -> None:
        self.app = app
        self.hosts = {f"{HOST}:{port}".encode(), f"localhost:{port}".encode()}
        self.origins = {b"http://" + host for host in self.hosts}

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""

        async def with_headers(message: "Message") -> None:
            if message["type"] == "http.response.start":
                own = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*message["headers"], *own]}
            await send(message)

        if scope["type"] != "http":  # there are no WebSockets here
            return
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        origins = [value for name, value in scope["headers"] if name == b"origin"]
        if len(hosts) != 1 or hosts[0] not in self.hosts or not set(origins) <= self.origins:
            await _foreign()(scope, receive, with_headers)
            return
        await self.app(scope, receive, with_headers)


def application(page: Page, model: bytes, port: int, data: "Mapping[str, Path] | None" = None) -> "Starlette":
    """Return the server of `page` and `model` for requests to 127.0.0.1 or localhost at `port`.

    `data` are IDX files by the names that the page asks for (``test-images`` and so on), by default MNIST's.
    """
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import FileResponse, Response
    from starlette.routing import Route

    def file(path: Path) -> "Callable[[Request], Response]":
        kind = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        return lambda _request: FileResponse(path, media_type=kind)

    def weights(_request: "Request") -> "Response":
        return Response(model, media_type="application/octet-stream")

    files = {
        str(path.relative_to(page.files["index.html"].parent)): path for path in page.files.values()
    } | dict(data_files() if data is None else data)
    endpoints = {f"/{name}": file(path) for name, path in files.items()}
    endpoints |= {"/": file(page.files["index.html"]), "/model": weights}
    routes = [Route(path, endpoint, max_body_size=LONGEST_BODY) for path, endpoint in endpoints.items()]
    routes.append(Route("/picture", read_picture, methods=["POST"], max_body_size=LONGEST_PICTURE))
    routes.append(Route("/teach", teach_digits, methods=["POST"], max_body_size=LONGEST_DIGITS))
    served = Starlette(routes=routes, middleware=[Middleware(Guard, port=port)])
    served.state.leaving = set()  # what ends the work that is under way
    return served


async def read_picture(request: "Request") -> "Response":
    """Answer a picture, the body of the request, with what is read on it: `glassnet.studio.handwriting.answer`.

    What is no picture is answered, too: people open the wrong file every day, and browsers log a refusal as an
    error. 403 without the page's own header.
    """
    from anyio import to_thread
    from starlette.responses import Response

    from glassnet.studio import handwriting

    if OWN_HEADER not in request.headers:
        return _foreign()
    content = await request.body()
    text = await to_thread.run_sync(handwriting.answer, content, dict(request.query_params))
    return Response(text, media_type="application/json")


async def teach_digits(request: "Request") -> "Response":
    """Teach a network the digits in the body, and answer line by line: `glassnet.studio.teaching.lines`."""
    from starlette.responses import StreamingResponse

    from glassnet.studio import teaching

    if OWN_HEADER not in request.headers:
        return _foreign()
    lines = teaching.lines(await request.body(), dict(request.query_params), request.app.state.leaving)
    return StreamingResponse(lines, media_type="application/x-ndjson")


def _foreign() -> "Response":
    from starlette.responses import PlainTextResponse

    return PlainTextResponse("403: not from this page\n", 403)


def listening(port: int) -> socket.socket:
    """Return a socket that listens on 127.0.0.1 at `port`, or at a free one where that is taken.

    Raises `UnavailableError` where there is none.
    """
    try:
        try:
            return socket.create_server((HOST, port))
        except OSError:
            return socket.create_server((HOST, 0))
    except OSError as error:
        raise UnavailableError(HOST, found=reason(error)) from error


def serve(application: "Starlette", listener: socket.socket) -> None:
    """Answer requests until Ctrl-C; closes `listener`."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: "FrameType | None") -> None:
            for leave in tuple(application.state.leaving):
                leave()
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        application, lifespan="off", log_level="warning", access_log=False, server_header=False, ws="none",
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:  # uvicorn has ended its work and passes the signal on
        pass
    finally:
        listener.close()
