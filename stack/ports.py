"""Which ports on this machine's loopback the servers get."""

import socket
from collections.abc import Callable, Mapping

from stack.errors import StackError

LOOPBACK = "127.0.0.1"
DEFAULT_PORTS = {
    "WEB_PORT": 7700,
    "API_PORT": 7701,
    "AUTH_PORT": 7702,
    "MLFLOW_PORT": 7703,
    "DATABASE_PORT": 7704,
    "REDIS_PORT": 7705,
    "SPOTIFY_PORT": 7706,
    "INFERENCE_PORT": 7710,
}
PORT_SPAN = {"INFERENCE_PORT": 5}
"""TorchServe takes five in a row: inference, management, metrics, and gRPC twice."""
PORT_STEP = 20
"""A second checkout on the same machine moves up by whole blocks instead of weaving into the first one's ports."""


def choose(
    chosen: Mapping[str, str], before: Mapping[str, str], external: frozenset[str], running: Callable[[str], bool]
) -> dict[str, int]:
    """Port names → numbers: those of running servers stay, those that were asked for are taken or refused.

    Raises StackError when a port that was asked for belongs to another program.
    """
    servers = {"DATABASE_PORT": "database", "REDIS_PORT": "cache", "AUTH_PORT": "auth", "MLFLOW_PORT": "mlflow"}
    servers |= {"WEB_PORT": "web", "API_PORT": "api", "INFERENCE_PORT": "inference"}
    servers |= {"SPOTIFY_PORT": "spotify"}
    ports: dict[str, int] = {}
    for name, default in DEFAULT_PORTS.items():
        span = PORT_SPAN.get(name, 1)
        server = servers[name]
        last = int(before.get(name, default))
        if running(server) and int(chosen.get(name, last)) == last:
            ports[name] = last
        elif name in chosen:
            ports[name] = int(chosen[name])
            if server not in external and not is_free(ports[name], span):
                raise StackError(
                    f"Port {ports[name]} ({name}) belongs to another program. Stop that program, or set {name} to"
                    f" another port, or leave {name} out and a free one is found."
                )
        else:
            ports[name] = next_free(last, default, span)
    return ports


def next_free(last: int, default: int, span: int = 1) -> int:
    """The port used last time where it is free, else the default, else the next free block above it."""
    candidates: list[int] = [last, *range(default, 65000 - span, PORT_STEP)]
    for candidate in candidates:
        if is_free(candidate, span):
            return candidate
    raise StackError("No free port was found on this machine.")


def is_free(port: int, span: int = 1) -> bool:
    for number in range(port, port + span):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, number))
            except OSError:
                return False
    return True
