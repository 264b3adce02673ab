"""Error numbers of SQL Server and the causes that they become."""

import pytest

from app.engines.sqlserver.answers import ServerError
from app.engines.sqlserver.causes import Phase, cause_of, failure

LOGIN = {
    "access.host_not_allowed": [40615],
    "driver.server_unsupported": [17802, 17898],
    "login.refused": [18456],
    "login.method_unsupported": [18452],
    "login.account_locked": [18486],
    "login.account_disabled": [18470],
    "login.password_expired": [18487, 18488],
    "login.account_limit": [18458, 18459, 18460],
    "login.trigger_refused": [17892],
    "login.other": [1, 99999, -1],
    "database.unknown": [4060, 911],
    "database.access_denied": [916, 4064],
    "database.not_open": [942, 926, 927, 921, 922, 923, 924, 945, 952],
    "server.too_many_connections": [17809, 17300, 17189, 10928, 10929],
    "server.starting": [17187, 40613],
    "server.shutting_down": [17188, 6005],
    "server.standby_closed": [976, 978, 979, 982, 954],
    "server.cluster_not_ready": [983, 988, 955],
    "server.restricted": [18461, 18451, 18401],
    "server.paused": [17142],
    "server.storage_full": [9002, 1105],
    "server.out_of_memory": [701, 802, 17803, 8645],
    "server.connection_lost": [596],
}
QUERY = {
    "query.lock_timeout": [1222],
    "query.other": [208, 207, 99999],
    "privilege.missing": [229, 230, 262, 297, 300, 916],
    "server.connection_lost": [596],
    "server.shutting_down": [6005],
    "server.out_of_memory": [701],
    "database.not_open": [942],
}


def _each(table: dict[str, list[int]], phase: Phase) -> list[tuple[int, Phase, str]]:
    return [(number, phase, cause) for cause, numbers in table.items() for number in numbers]


class TestANumber:
    @pytest.mark.parametrize(("number", "phase", "cause"), [*_each(LOGIN, "login"), *_each(QUERY, "query")])
    def test_has_its_cause(self, number: int, phase: Phase, cause: str) -> None:
        assert cause_of(number, phase) == cause


class TestAFailure:
    def test_has_the_cause_of_the_first_error(self) -> None:
        failed = failure([ServerError(4060, 1, 11, "no"), ServerError(18456, 1, 14, "failed")], "login")

        assert failed.cause == "database.unknown"

    def test_shows_number_state_and_words(self) -> None:
        failed = failure([ServerError(18456, 1, 14, "登录失败\n\u202e")], "login")

        assert failed.detail == {"state": 1, "severity": 14, "server_code": 18456, "server_text": "登录失败"}

    def test_names_our_address_where_azure_does(self) -> None:
        text = "Cannot open server 'x' requested by the login. Client with IP address '203.0.113.7' is not allowed."

        assert failure([ServerError(40615, 1, 14, text)], "login").detail["our_address"] == "203.0.113.7"

    def test_names_no_address_where_there_is_none(self) -> None:
        assert "our_address" not in failure([ServerError(40615, 1, 14, "Adresse '1.2.3' nicht")], "login").detail
