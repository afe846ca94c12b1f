"""Ports on loopback that nobody listens on."""

import random
import socket

LOOPBACK = "127.0.0.1"
# Below the range that the kernel hands out for outgoing connections, so that a port
# stays free between being chosen and being used.
CHOICE = range(20_000, 32_000)


def is_free(port: int) -> bool:
    """Say whether a server could listen on this port now."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def free_port(*, besides: frozenset[int] = frozenset()) -> int:
    """Give a port that is free now and not among ``besides``."""
    for port in random.sample(CHOICE, len(CHOICE)):
        if port not in besides and is_free(port):
            return port
    raise OSError("No free port on the loopback address.")


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on this port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False
