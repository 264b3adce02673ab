"""In which language an answer speaks: Chinese unless English is asked for, with the same codes."""

import pytest

from tests.support.api import an_instance

CREATE = "/api/v1/instances"
ZH, EN = "获取实例列表成功", "Instances listed"


@pytest.fixture
def message(house):
    def listed(accepted: str | None) -> str:
        headers = {} if accepted is None else {"Accept-Language": accepted}
        return house.admin.client.get(CREATE, headers=headers).json["message"]

    return listed


class TestTheLanguage:
    @pytest.mark.parametrize(
        "accepted",
        [
            None, "", "*", "fr", "fr, de;q=0.5", "zh", "zh-CN", "zh-Hans-CN", "zh-TW", "zh, en", "en, zh",
            "en;q=0.5, zh", "zh;q=0.9, en;q=0.8", "fr, zh;q=0.2, en;q=0.1", "en;q=0", "en;q=0, *", "fr, *;q=0.5",
            "*, en;q=0.5", ";;;", "q=1",
            "x" * 2000, "é", "english",
        ],
    )  # fmt: skip
    def test_is_chinese(self, message, accepted):
        assert message(accepted) == ZH

    @pytest.mark.parametrize(
        "accepted",
        [
            "en", "EN", "en-US", "en_GB", "en-US,en;q=0.9", "fr, en;q=0.5", "zh;q=0.5, en", "en-GB, zh;q=0.5",
            "en-US,zh-CN;q=0.8", "zh;q=0, en;q=0.1", "en, *;q=0.5", "en-US, *;q=0.5", "fr;q=0.9, en-AU;q=0.8, zh;q=0.7",
        ],
    )  # fmt: skip
    def test_is_english(self, message, accepted):
        assert message(accepted) == EN


class TestBothLanguages:
    def test_say_the_same_with_the_same_codes(self, house):
        bad = {"name": "a b", "port": 0, "lifecycle": "dead", "tag_names": ["nobody"], "colour": 1}

        zh, en = (
            house.admin.post(CREATE, bad, headers={"Accept-Language": language}).json for language in ("zh", "en")
        )

        def codes(body):
            return [(fault["field"], fault["code"]) for fault in body["extra"]["fields"]]

        assert codes(zh) == codes(en)
        assert zh["message_code"] == en["message_code"]
        assert zh["message"] != en["message"]
        assert zh["suggestions"] != en["suggestions"]
        for one, other in zip(zh["extra"]["fields"], en["extra"]["fields"], strict=True):
            assert one["message"] != other["message"]
            assert other["message"].isascii()

    @pytest.mark.parametrize(
        ("verb", "said"),
        [
            ("create", "实例创建成功"),
            ("update", "实例更新成功"),
            ("delete", "实例已移入回收站"),
            ("delete again", "实例已移入回收站"),
            ("restore", "实例恢复成功"),
            ("restore", "实例未删除，无需恢复"),
            ("list", "获取实例列表成功"),
            ("detail", "获取实例详情成功"),
        ],
    )
    def test_have_the_given_messages_of_the_register(self, house, verb, said):
        body = house.body()
        item = f"{CREATE}/{house.made('instances', body)['id']}"
        if said == "实例恢复成功" or verb == "delete again":
            house.admin.post(f"{item}/delete")
        calls = {
            "create": ("POST", CREATE, an_instance(name=house.new_name())),
            "update": ("PUT", item, {**body, "port": 1}),
            "delete": ("POST", f"{item}/delete", None),
            "restore": ("POST", f"{item}/restore", None),
            "list": ("GET", CREATE, None),
            "detail": ("GET", item, None),
        }

        zh = house.admin.call(*calls[verb.split()[0]], headers={"Accept-Language": "zh"})

        assert zh.json["message"] == said
