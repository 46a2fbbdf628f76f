"""What stands between a phone and the service: a lift without signal, a network that answers for others, a server that dies."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from urllib.parse import urlsplit


class Signal(StrEnum):
    """How it is now. `swallowed`: what is sent arrives, and its answer does not. `foreign`: somebody else answers that all is well.

    `busy`: whoever sends is asked to come back in two seconds.
    """

    GOOD = "good"
    NONE = "none"
    SWALLOWED = "swallowed"
    FOREIGN = "foreign"
    BUSY = "busy"


PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 7\r\nConnection: close\r\n\r\nWelcome"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Lift:
    """A door of its own on this machine, which leads to the service as long as there is signal."""

    def __init__(self, behind: str) -> None:
        parts = urlsplit(behind)
        self.behind = (str(parts.hostname), int(parts.port or 0))
        self.signal = Signal.GOOD
        self.posts = 0
        """How many POSTs reached the service."""
        self._open: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def goes(self, signal: Signal) -> None:
        """From now on. What is open is cut."""
        self.signal = signal
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody comes in any more."""
        self.goes(Signal.NONE)
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                phone, _address = self._listener.accept()
                threading.Thread(target=self._lead, args=(phone,), daemon=True).start()

    def _lead(self, phone: socket.socket) -> None:
        self._open.add(phone)
        try:
            if self.signal == Signal.NONE:
                return
            if self.signal in (Signal.FOREIGN, Signal.BUSY):
                phone.recv(65_536)
                phone.sendall(PORTAL if self.signal == Signal.FOREIGN else BUSY)
                return
            with socket.create_connection(self.behind) as service:
                self._open.add(service)
                back = threading.Thread(target=self._back, args=(service, phone), daemon=True)
                back.start()
                while sent := phone.recv(65_536):
                    self.posts += sent.startswith(b"POST ")
                    service.sendall(sent)
                with suppress(OSError):
                    service.shutdown(socket.SHUT_WR)
                back.join(5)
                self._open.discard(service)
        except OSError:
            pass
        finally:
            self._open.discard(phone)
            phone.close()

    def _back(self, service: socket.socket, phone: socket.socket) -> None:
        with suppress(OSError):
            while answer := service.recv(65_536):
                if self.signal == Signal.SWALLOWED:
                    break
                phone.sendall(answer)
            phone.shutdown(socket.SHUT_RDWR)


@contextmanager
def lift_to(behind: str) -> Iterator[Lift]:
    """A way to the service that can be cut."""
    lift = Lift(behind)
    try:
        yield lift
    finally:
        lift.close()
