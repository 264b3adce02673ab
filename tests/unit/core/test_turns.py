"""Writers of one process take turns on a database that has one writer."""

import threading

import pytest

from app.core.db import turns
from app.core.db.turns import NoTurns, Turns
from app.core.errors import Unavailable
from tests.support.waiting import wait_for


@pytest.fixture
def held():
    """Let another thread hold the turn until the test says so."""
    mine, taken, over = Turns(), threading.Event(), threading.Event()

    def hold():
        with mine.taken(wait=True):
            taken.set()
            over.wait(10)

    other = threading.Thread(target=hold)
    other.start()
    taken.wait(10)
    yield mine, over
    over.set()
    other.join()


class TestATurn:
    def test_comes_when_the_other_ends(self, held):
        mine, over = held
        threading.Timer(0.01, over.set).start()

        with mine.taken(wait=True):
            assert over.is_set()

    def test_goes_to_whoever_waits_and_not_to_whoever_comes_back_at_once(self, held):
        mine, over = held
        order, waits = [], threading.Event()

        def wait():
            waits.set()
            with mine.taken(wait=True):
                order.append("waited")

        other = threading.Thread(target=wait)
        other.start()
        waits.wait(10)
        wait_for(lambda: len(mine._waiting) == 1)
        over.set()
        with mine.taken(wait=True):
            order.append("came later")
        other.join()

        assert order == ["waited", "came later"]

    def test_is_handed_on_past_one_who_has_given_up(self, held, monkeypatch):
        mine, over = held
        monkeypatch.setattr(turns, "_LONGEST_S", 0.01)
        with pytest.raises(Unavailable), mine.taken(wait=True):
            pass
        monkeypatch.undo()
        over.set()

        with mine.taken(wait=True), pytest.raises(Unavailable), mine.taken(wait=False):
            pass

    def test_that_comes_in_the_moment_of_giving_up_goes_to_the_next_one(self):
        mine = Turns()
        with mine.taken(wait=True):
            late = threading.Lock()  # in no queue any more: the turn was given to it
            mine._leave(late)

            with mine.taken(wait=False):
                pass

    def test_is_refused_to_whoever_does_not_wait(self, held):
        mine, _ = held

        with pytest.raises(Unavailable), mine.taken(wait=False):
            pass

    def test_is_not_waited_for_without_end(self, held, monkeypatch):
        monkeypatch.setattr(turns, "_LONGEST_S", 0.01)
        mine, _ = held

        with pytest.raises(Unavailable), mine.taken(wait=True):
            pass

    def test_comes_back_after_an_error(self):
        mine = Turns()
        with pytest.raises(KeyError), mine.taken(wait=True):
            raise KeyError

        with mine.taken(wait=False):
            pass


def test_a_server_lets_everybody_in():
    with NoTurns().taken(wait=False), NoTurns().taken(wait=False):
        pass
