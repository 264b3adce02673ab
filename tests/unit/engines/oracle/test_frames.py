"""What crosses the border between Muster and the worker."""

import io
import pickle
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from app.engines.base import Address, Login, TlsOptions
from app.engines.facts import IdentityFact, PrivilegeFact, ServerFact, TlsFact
from app.engines.ladder import StepFact
from app.engines.oracle import frames
from app.engines.oracle.frames import Ask, Ended, Job, Ready, Told

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
JOB = Job(
    number=1,
    host="db1",
    port=1521,
    service_name="orders",
    sid=None,
    login=Login(username="muster", password="S3cret"),
    suspended=False,
    tls=TlsOptions(mode="verify-full", client_key="a key"),
    connect_timeout_ms=1,
    statement_timeout_ms=2,
    left_ms=3,
    application="muster",
    addresses=(Address("192.0.2.7", 2),),
)


class TestAReport:
    @pytest.mark.parametrize(
        "report",
        [
            Ready(number=0),
            Ask(number=1, host="192.0.2.7"),
            Ask(number=1, host="db2", port=1521),
            Told(
                number=2,
                step=StepFact(
                    step="login",
                    outcome="failed",
                    took_ms=4,
                    cause="login.refused",
                    detail={"server_text": "用户名/口令无效", "tried": [{"address": "192.0.2.7"}]},
                ),
            ),
            Ended(number=3, outcome="failed", cause="connect.refused", detail={"server_code": 111}),
            Ended(
                number=4,
                outcome="ok",
                address="192.0.2.7",
                tls=TlsFact(protocol="TLSv1.3", names=("db1",), not_after=NOW, days_left=4, verified=True),
                server=ServerFact(engine="oracle", identity=IdentityFact("pdb:1", "n", "strong", NOW)),
                privileges=[PrivilegeFact(need="sizes", cause="privilege.missing", missing=["a"], grant="GRANT …")],
            ),
        ],
        ids=lambda report: report.kind,
    )
    def test_comes_back_as_it_went(self, report):
        back = frames.from_json(frames.as_json(report))

        assert frames.as_json(back) == frames.as_json(report)
        assert type(back) is type(report)

    @pytest.mark.parametrize("body", [b"", b"{}", b'{"kind":"told"}', b"\xff", pickle.dumps(JOB)])
    def test_is_refused_when_it_is_none(self, body):
        with pytest.raises(ValidationError):
            frames.from_json(body)


class TestAJob:
    def test_comes_back_as_it_went(self):
        assert pickle.loads(pickle.dumps(JOB)) == JOB

    def test_shows_no_secret(self):
        assert "S3cret" not in repr(JOB)
        assert "a key" not in repr(JOB)


class TestAFrame:
    def test_is_read_as_it_was_written(self):
        stream = io.BytesIO()
        frames.write(stream, b"one")
        frames.write(stream, b"")
        stream.seek(0)

        assert [frames.read(stream) for _ in range(3)] == [b"one", b"", None]

    @pytest.mark.parametrize("data", [b"\0\0", b"\0\0\0\x05abc", b"\xff\xff\xff\xffabc"])
    def test_that_is_cut_or_too_long_is_none(self, data):
        assert frames.read(io.BytesIO(data)) is None
