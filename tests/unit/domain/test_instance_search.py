"""A search finds what holds the text, whatever the text is, and asks an index for it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from app.core.db import snapshot, transaction
from app.domain.instances.repository import searching
from app.domain.instances.repository.searching import candidates, grams_of, searched
from app.models import Instance
from tests.support.register import registered

_ALPHABET = "订单库支付 aAbBzZ019.-_%*\\/'\"[]()?^$éÉäßẞΣσςİıǅ🙂\u0301"
TEXTS = st.text(_ALPHABET, max_size=12) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=6
)


def found_by(term: str) -> set[int]:
    with snapshot() as session:
        return set(session.scalars(select(Instance.id).where(*searched(term).conditions)))


class TestASearch:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(descriptions=st.lists(TEXTS, min_size=1, max_size=6), data=st.data())
    def test_finds_exactly_what_holds_the_text_in_any_case(self, database, descriptions, data):
        with transaction() as session:
            session.execute(delete(Instance))
            for number, description in enumerate(descriptions):
                registered_here = {"name": f"n{number}", "host": f"h{number}.example.com", "host_key": "h"}
                session.add(Instance(**registered_here, db_type="mysql", port=1, description=description))
        with snapshot() as session:
            rows = {row.id: (row.name, row.host, row.description) for row in session.scalars(select(Instance))}
        whole = data.draw(st.sampled_from(descriptions))
        begin = data.draw(st.integers(0, len(whole)))
        part = whole[begin : begin + data.draw(st.integers(1, 9))]
        for term in filter(None, (part, part.swapcase(), data.draw(TEXTS), "h1", "EXAMPLE.com")):
            wanted = {id_ for id_, texts in rows.items() if any(term.lower() in text.lower() for text in texts)}
            assert found_by(term) == wanted, term

    @pytest.mark.parametrize("term", ["单", "订单", "订单库", "库 of", "ORDERS-0", "orders-01", "example"])
    def test_follows_each_change(self, database, term):
        instance_id = registered(name="orders-01", host="a.example.com", description="订单库 of orders-01")
        other = registered(name="other", host="b.test", description=None)
        assert found_by(term) == {instance_id}

        with transaction() as session:
            session.get(Instance, other).search_text = "\x1f订单库 of orders-01 example"
        assert found_by(term) == {instance_id, other}

        with transaction() as session:
            session.get(Instance, other).search_text = ""
            session.execute(delete(Instance).where(Instance.id == instance_id))
        assert found_by(term) == set()

    def test_never_joins_the_end_of_one_field_with_the_next(self, database):
        registered(name="ab", host="cd.test", description="ef")

        assert [found_by(term) for term in ("bc", "abcd", "testef", "tef")] == [set()] * 4


class TestCandidates:
    @pytest.mark.parametrize(
        ("term", "grams"), [("订", ["订"]), ("订单", ["订单"]), ("abc", ["abc"]), ("abcd", ["abc", "bcd"])]
    )
    def test_are_looked_up_by_the_parts_of_the_text(self, term, grams):
        assert grams_of(term) == grams

    @pytest.mark.parametrize(
        ("term", "grams"),
        [
            ("abcdefghijklmnopqr", ["abc", "def", "ghi", "jkl", "mno", "pqr"]),
            ("orders-7", ["s-7", "ord", "rde", "der", "ers", "rs-"]),
            ("db42.example.com", ["db4", "b42", "42.", "2.e", ".ex", "com"]),
            ("订单库的从库甲乙丙丁戊", ["订单库", "库的从", "的从库", "库甲乙", "甲乙丙", "丙丁戊"]),
        ],
    )
    def test_are_looked_up_by_a_few_parts_that_tell_most(self, term, grams):
        assert grams_of(term) == grams

    def test_are_not_gathered_for_what_very_many_hold(self, database, monkeypatch):
        monkeypatch.setattr(searching, "CANDIDATES", 3)
        rows = [
            {"name": f"n{n}", "host": f"{n}.test", "host_key": f"{n}.test", "db_type": "mysql", "port": 1}
            for n in range(5)
        ]
        with transaction() as session:
            session.execute(insert(Instance), rows)

        with snapshot():
            assert [candidates(term) for term in ("test", "t", "te")] == [None] * 3
            assert [len(candidates(term)) for term in ("n3", "nowhere")] == [1, 0]
        assert len(found_by("TEST")) == 5
