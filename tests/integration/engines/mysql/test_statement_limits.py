"""A statement ends when it may not go on, on a real MariaDB server, and the connection lives."""

import pytest

from app.engines import dialing
from app.engines.base import Address
from app.engines.deadline import Deadline
from app.engines.errors import StepFailed
from app.engines.ladder import Ladder
from app.engines.mysql.statements import Session
from app.engines.mysql.wire import Wire
from tests.engine_suite.suite import SECRET
from tests.support.databases.mariadb_server import MariaDb


class TestAStatement:
    def test_is_ended_by_the_server_itself(self, server: MariaDb) -> None:
        spec = server.spec("muster", SECRET)
        ladder = Ladder(Deadline(10_000), lambda step: None)
        sock = dialing.connect(spec, [Address("127.0.0.1", 2)], ladder)
        with sock, ladder.deadline.closing(sock.fileno()):
            wire = Wire(spec, Address("127.0.0.1", 2), ladder)
            wire.connect(sock)
            session = Session(wire, ladder.deadline, 100)

            with pytest.raises(StepFailed) as raised:
                session.rows("SELECT SLEEP(30)")

            assert (raised.value.cause, raised.value.detail["server_code"]) == ("query.timeout", 1969)
            assert session.is_alive
            assert session.rows("SELECT 1 AS one") == [{"one": 1}]
            wire.close()
