"""A network cable between recorder and server that can be cut: nothing comes through, nobody is told."""

from __future__ import annotations

import selectors
import socket
import threading


class Cable:
    """Forwards TCP from `port` to `to_port` of this machine. Cut, it takes nothing and closes nothing."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._dead: list[socket.socket] = []
        self._whole = True
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def cut(self) -> None:
        """What is connected stays so, and hears nothing any more."""
        with self._lock:
            self._whole = False
            self._dead += self._pairs
            self._pairs.clear()

    def mend(self) -> None:
        """New connections work; the old ones stay dead, as behind a router that has forgotten them."""
        with self._lock:
            self._whole = True

    def close(self) -> None:
        """Pulls everything out."""
        self._stop.set()
        self._thread.join(10)
        for end in [*self._pairs, *self._dead, self._listener]:
            end.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            with selectors.DefaultSelector() as ready, self._lock:
                if self._whole:
                    ready.register(self._listener, selectors.EVENT_READ)
                for end in self._pairs:
                    ready.register(end, selectors.EVENT_READ)
                events = ready.select(0.02)
                for key, _ in events:
                    self._serve(key.fileobj)
            self._stop.wait(0.001)

    def _serve(self, end: object) -> None:
        assert isinstance(end, socket.socket)
        if end is self._listener:
            near, _ = end.accept()
            far = socket.create_connection(("127.0.0.1", self._to_port))
            self._pairs[near], self._pairs[far] = far, near
            return
        if end in self._pairs:
            self._forward(end)

    def _forward(self, end: socket.socket) -> None:
        try:
            if data := end.recv(65536):
                self._pairs[end].sendall(data)
                return
        except OSError:
            pass
        other = self._pairs.pop(end)
        self._pairs.pop(other)
        end.close()
        other.close()
