"""The end of a check, kept from outside: whoever reads without a limit of its own is cut off in time."""

import os
import socket
import threading
import time
from contextlib import ExitStack

import pytest

from app.engines import deadline as deadlines
from app.engines.deadline import Deadline, received
from tests.support.databases.peers import dribbles, floods, peer, silent

GRACE_S, TRIES, SHORT_MS = 0.5, 3, 200


def read_on(sock):
    """Read as a driver does that knows no end; returns how much came."""
    total = 0
    while True:
        try:
            data = sock.recv(65_536)
        except OSError:
            return total
        if not data:
            return total
        total += len(data)


def connected(port):
    return socket.create_connection(("127.0.0.1", port))


def no_thread(self):
    raise RuntimeError("can't start new thread")


class TestAPeer:
    @pytest.mark.parametrize("behave", [silent, dribbles(b"x")], ids=["silent", "dribbling"])
    def test_that_keeps_us_is_left_at_the_deadline(self, behave):
        took = []
        with peer(behave) as listener:
            for _ in range(TRIES):
                end = Deadline(SHORT_MS)
                began = time.monotonic()
                with connected(listener.port) as sock, end.closing(sock.fileno()):
                    read_on(sock)
                took.append(time.monotonic() - began)

                assert end.cut == "deadline"
        assert min(took) < SHORT_MS / 1000 + GRACE_S

    def test_that_floods_is_left_at_its_budget_long_before_the_deadline(self):
        end = Deadline(20_000)
        began = time.monotonic()

        with peer(floods(b"\x0a")) as listener, connected(listener.port) as sock, end.closing(sock.fileno()):
            read_on(sock)

        assert end.cut == "too_large"
        assert time.monotonic() - began < 10

    def test_that_floods_somebody_who_does_not_read_is_left_as_well(self):
        """The system takes what comes until its buffer is full, be it read or not."""
        end = Deadline(20_000, budget_bytes=32 * 1024)

        with peer(floods(b"")) as listener, connected(listener.port) as sock, end.closing(sock.fileno()):
            for _ in range(500):
                if end.cut is not None:
                    break
                time.sleep(0.01)

        assert end.cut == "too_large"

    def test_that_says_little_is_not_cut(self):
        def says_a_word(here, sock):
            sock.sendall(bytes(1000))
            here.drain(sock)

        end = Deadline(20_000, budget_bytes=1000)
        with peer(says_a_word) as listener, connected(listener.port) as sock, end.closing(sock.fileno()):
            assert len(sock.recv(1000, socket.MSG_WAITALL)) == 1000
            assert received(sock) == 1000
            time.sleep(0.05)  # several looks of the watchdog

        assert end.cut is None


class TestACheckWithSeveralSockets:
    def test_loses_all_of_them(self):
        end = Deadline(SHORT_MS)
        with peer(silent) as listener, connected(listener.port) as one, connected(listener.port) as other:
            readers = [threading.Thread(target=read_on, args=(sock,)) for sock in (one, other)]
            with end.closing(one.fileno()), end.closing(other.fileno()):
                for reader in readers:
                    reader.start()
                for reader in readers:
                    reader.join(SHORT_MS / 1000 + 5)

                assert not any(reader.is_alive() for reader in readers)

    @pytest.mark.parametrize("at_once", [True, False])
    def test_has_one_budget_for_all_of_them(self, at_once):
        def says_much(here, sock):
            sock.sendall(bytes(600))
            here.drain(sock)

        end, came = Deadline(20_000, budget_bytes=1000), []
        with peer(says_much) as listener, ExitStack() as until_the_end:
            for _ in range(2):
                with ExitStack() as for_now:
                    kept = until_the_end if at_once else for_now
                    sock = kept.enter_context(connected(listener.port))
                    kept.enter_context(end.closing(sock.fileno()))
                    came.append((len(sock.recv(600, socket.MSG_WAITALL)), end.cut))
            with connected(listener.port) as last, end.closing(last.fileno()):
                read_on(last)  # ends

        assert came[0] == (600, None)
        assert came[1][0] == 600
        assert end.cut == "too_large"

    def test_counts_what_a_part_of_it_has_received(self):
        end = Deadline(20_000, budget_bytes=100)
        part = end.part(5_000)

        with peer(floods(b"\x0a")) as listener:
            with connected(listener.port) as sock, part.closing(sock.fileno()):
                read_on(sock)
            with connected(listener.port) as sock, end.closing(sock.fileno()):
                read_on(sock)

        assert (part.cut, end.cut) == ("too_large", "too_large")
        assert part.left_s() <= 5

    def test_does_not_begin_another_one_after_the_end(self):
        end = Deadline(20_000)
        end.cut = "too_large"

        with peer(silent) as listener, connected(listener.port) as sock, end.closing(sock.fileno()):
            assert read_on(sock) == 0


class TestTheWatchdog:
    def test_leaves_a_socket_alone_that_is_not_watched_any_more(self):
        end = Deadline(SHORT_MS)
        with peer(silent) as listener, connected(listener.port) as sock:
            with end.closing(sock.fileno()):
                pass
            sock.settimeout(SHORT_MS / 1000 + 0.3)
            with pytest.raises(TimeoutError):
                sock.recv(1)

        assert end.cut is None

    def test_does_not_mind_a_socket_that_is_closed_and_its_number_taken(self):
        """It looks at a duplicate: the number may belong to somebody else by now."""
        end = Deadline(SHORT_MS)
        with (
            peer(silent) as listener,
            connected(listener.port) as mine,
            connected(listener.port) as another,
            end.closing(mine.fileno()),
        ):
            os.dup2(another.fileno(), mine.fileno())
            another.settimeout(SHORT_MS / 1000 + 0.3)
            with pytest.raises(TimeoutError):
                another.recv(1)

        assert end.cut == "deadline"

    @pytest.fixture
    def alone(self, monkeypatch):
        """Return a watchdog that watches nothing of anybody else."""
        monkeypatch.setattr(deadlines, "_WATCHDOG", deadlines._Watchdog())
        return deadlines._WATCHDOG

    def test_ends_when_there_is_nothing_to_watch_and_begins_again(self, alone):
        with peer(silent) as listener:
            for _ in range(2):
                with connected(listener.port) as sock, Deadline(20_000).closing(sock.fileno()):
                    assert alone._thread.is_alive()
                for _ in range(200):
                    if alone._thread is None:
                        break
                    time.sleep(0.01)
                assert alone._thread is None

    def test_that_could_not_begin_begins_with_the_next_socket(self, monkeypatch, alone):
        with peer(silent) as listener, connected(listener.port) as sock:
            with monkeypatch.context() as full:
                full.setattr(threading.Thread, "start", no_thread)
                with pytest.raises(RuntimeError), Deadline(20_000).closing(sock.fileno()):
                    pass

            end = Deadline(SHORT_MS)
            with end.closing(sock.fileno()):
                assert len(alone._watched) == 1
                sock.settimeout(10)
                assert read_on(sock) == 0

            assert end.cut == "deadline"

    def test_watches_many_at_once(self):
        ends = [Deadline(SHORT_MS) for _ in range(50)]
        with peer(silent) as listener:
            socks = [connected(listener.port) for _ in ends]
            threads = [
                threading.Thread(target=self._read, args=(end, sock)) for end, sock in zip(ends, socks, strict=True)
            ]
            began = time.monotonic()
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(10)
            took = time.monotonic() - began
            for sock in socks:
                sock.close()

        assert {end.cut for end in ends} == {"deadline"}
        assert took < 5

    @staticmethod
    def _read(end, sock):
        with end.closing(sock.fileno()):
            read_on(sock)
