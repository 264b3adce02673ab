"""A call from this process is somebody's at the machine; nothing that comes over the network can claim to be one."""

import getpass

import pytest

from app.http import local
from tests.support.api import an_instance
from tests.support.register import events


class TestACallOverTheNetwork:
    @pytest.mark.parametrize("mark", ["1", True, object()])
    def test_is_nobody_at_the_machine_whatever_it_claims(self, app, mark):
        claims = {"muster.local": "1", "Muster.Local": "1", "Muster-Local": "1", "X-Muster-Local": "1"}

        answer = app.test_client().get(
            "/api/v1/instances", headers=claims, environ_overrides={"muster.local": mark, "HTTP_MUSTER_LOCAL": mark}
        )

        assert answer.status_code == 401


class TestACallFromThisProcess:
    @pytest.fixture
    def here(self, app):
        app.wsgi_app = local.for_this_process(app.wsgi_app)
        return app.test_client()

    def test_may_do_everything_and_is_recorded_under_the_user_of_the_system(self, here, database):
        answer = here.post("/api/v1/instances", json=an_instance())

        assert answer.status_code == 201, answer.json
        with database.snapshot():
            (event,) = events("instance")
            assert (event.source, event.actor_id) == ("cli", None)
            assert event.actor_name == f"cli:{getpass.getuser()}"

    def test_may_bring_a_key_which_nothing_is_kept_under(self, here):
        headers = {"Idempotency-Key": "k"}

        statuses = [here.post("/api/v1/instances", json=an_instance(), headers=headers).status_code for _ in range(2)]

        assert statuses == [201, 409]
