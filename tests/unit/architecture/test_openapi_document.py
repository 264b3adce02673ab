"""The OpenAPI document: valid, complete, committed, and true in its examples."""

import json
import re
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.api.v1.contract import contract_of, query_of
from app.api.v1.errors import TABLE, UNEXPECTED
from app.core.fields import Upload
from app.http.decorators import access_of
from tests.support.contract import document
from tests.support.routes import ROUTES

OPERATIONS = {
    f"{verb.upper()} {path}": operation
    for path, operations in document()["paths"].items()
    for verb, operation in operations.items()
}
VIEWS = {
    re.sub(r"<(?:int|string):(\w+)>", r"{\1}", str(route).replace(" /api/v1", " ")): route.view
    for route in ROUTES
    if route.rule.startswith("/api/v1/") and contract_of(route.view)
}
CHECKS = {"POST /checks", "POST /instances/{instance_id}/check"}
THROTTLED = {"POST /auth/login", "POST /auth/change-password", "POST /users", "PUT /users/{user_id}", *CHECKS}
ENVELOPE_OF_ERRORS = {"$ref": "#/components/schemas/Error"}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
KEYWORDS = {
    "$ref", "type", "enum", "const", "anyOf", "properties", "required", "additionalProperties", "propertyNames",
    "items", "minimum", "maximum", "minLength", "maxLength", "pattern", "format", "minItems", "maxItems",
    "maxProperties", "default", "description", "examples", "readOnly", "writeOnly",
}  # fmt: skip


@cache
def validator(schema):
    whole = {**json.loads(schema), "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def faults(schema, value):
    return [error.message for error in validator(json.dumps(schema)).iter_errors(value)]


def schemas_in(node):
    """Yield every schema at or below a schema."""
    yield node
    children = [*node.get("properties", {}).values(), *node.get("anyOf", ())]
    children += [node[name] for name in ("items", "additionalProperties", "propertyNames") if name in node]
    for child in children:
        if isinstance(child, dict):
            yield from schemas_in(child)


def every_schema():
    for name, schema in document()["components"]["schemas"].items():
        for one in schemas_in(schema):
            yield name, one
    for label, operation in OPERATIONS.items():
        for parameter in operation["parameters"]:
            for one in schemas_in(parameter["schema"]):
                yield f"{label} {parameter['name']}", one


def described(operation):
    """Return the answers that are envelopes; a file has no schema."""
    files = {"text/csv", "application/yaml"}
    return [(status, one) for status, one in operation["responses"].items() if not files <= set(one["content"])]


class TestDocument:
    def test_is_valid(self):
        assert document()["openapi"].startswith("3.1.")
        assert list(OpenAPIV31SpecValidator(document()).iter_errors()) == []

    def test_holds_exactly_the_routes_that_have_a_contract(self):
        assert set(OPERATIONS) == set(VIEWS)

    def test_holds_no_deprecated_path(self):
        assert document()["servers"] == [{"url": "/api/v1"}]
        assert not [path for path in document()["paths"] if "/api/" in path]

    def test_has_names_that_read_well_in_a_client(self):
        names = document()["components"]["schemas"]

        assert [name for name in names if not re.fullmatch(r"([A-Z][a-z]+)+", name)] == []
        assert {"Instance", "InstanceItem", "InstanceResponse", "InstanceListResponse", "Error"} <= set(names)

    # pydantic has written `ge` for `minimum` before, which every reader ignores.
    def test_uses_keywords_of_json_schema_alone(self):
        strange = {(name, word) for name, schema in every_schema() for word in schema.keys() - KEYWORDS}

        assert strange == set()

    def test_says_the_bounds_of_every_integer_that_may_come_in(self):
        sent = {name for name in document()["components"]["schemas"] if name.startswith(("Create", "Update"))}
        open_ended = [
            name
            for name, schema in every_schema()
            if (name in sent or " " in name)
            and schema.get("type") == "integer"
            and not {"minimum", "maximum"} <= schema.keys()
        ]

        assert open_ended == []

    def test_has_an_example_of_each_kind_of_failure_that_can_be(self):
        shown = {one["value"]["message_code"] for one in document()["components"]["examples"].values()}

        assert {answer.message_code for answer in (*TABLE.values(), UNEXPECTED)} == shown


@pytest.mark.parametrize("label", OPERATIONS)
class TestOperation:
    @pytest.fixture
    def operation(self, label):
        return OPERATIONS[label]

    def test_has_an_id_a_summary_and_a_tag(self, operation, label):
        assert operation["operationId"] == contract_of(VIEWS[label]).operation_id
        assert operation["summary"]
        assert operation["description"]
        assert set(operation["tags"]) <= {tag["name"] for tag in document()["tags"]}

    def test_says_who_may_call_it(self, operation, label):
        access = access_of(VIEWS[label])
        needs = {*(["session"] if access.login or access.csrf else ()), *(["csrf"] if access.csrf else ())}

        assert operation["security"] == ([{need: [] for need in needs}, {"bearer": []}] if needs else [])
        assert operation.get("x-permission") == access.action
        assert needs | {"bearer"} <= set(document()["components"]["securitySchemes"])

    def test_lists_each_status_that_can_occur(self, operation, label):
        access, contract = access_of(VIEWS[label]), contract_of(VIEWS[label])
        expected = {400, 500, 503, *contract.answers}
        expected |= {401} if access.login or label in THROTTLED else set()
        expected |= {403} if access.action or access.csrf else set()
        expected |= {413, 415, 507} if access.csrf else set()
        expected |= {200} if 201 in contract.answers and contract.safe else set()
        expected |= {412} if contract.if_match else set()
        expected |= {422} if label.startswith("POST") and contract.safe else set()
        expected |= {404} if "_id}" in label or label == "GET /instances/by-name/{name}" else set()
        expected |= {429} if label in THROTTLED else set()

        assert {int(status) for status in operation["responses"]} - {409} == expected

    def test_says_when_a_write_can_collide(self, operation, label):
        verb, path = label.split(" ")
        named = verb in {"POST", "PUT", "PATCH"} and "/auth" not in path and label not in CHECKS
        used = verb == "DELETE" and path != "/instances/{instance_id}" and not path.startswith("/tokens")

        assert ("409" in operation["responses"]) == (named or used)

    def test_describes_each_answer_with_a_schema_and_examples_that_fit(self, operation):
        for status, response in described(operation):
            content = response["content"]["application/json"]
            examples = {
                name: document()["components"]["examples"][one["$ref"].rpartition("/")[2]]["value"]
                for name, one in content.get("examples", {}).items()
            } or {"": content["example"]}

            assert response["description"]
            assert (content["schema"] == ENVELOPE_OF_ERRORS) == (int(status) >= 400)
            assert [fault for value in examples.values() for fault in faults(content["schema"], value)] == []

    def test_shows_the_failures_that_belong_to_the_status(self, operation):
        status_of = {answer.message_code: answer.status for answer in (*TABLE.values(), UNEXPECTED)}
        for status, response in described(operation):
            for one in response["content"]["application/json"].get("examples", {}).values():
                shown = document()["components"]["examples"][one["$ref"].rpartition("/")[2]]["value"]

                assert status_of[shown["message_code"]] == int(status)
                assert f"`{shown['message_code']}`" in response["description"]

    def test_tells_where_a_new_thing_is(self, operation):
        for status, response in operation["responses"].items():
            assert ("Location" in response.get("headers", {})) == (status in {"201", "202"})
            assert ("Retry-After" in response.get("headers", {})) == (status == "429")

    def test_describes_each_parameter(self, operation, label):
        described = {one["name"]: one for one in operation["parameters"]}
        query = query_of(contract_of(VIEWS[label]), label.split(" ")[0])

        assert set(re.findall(r"{(\w+)}", label)) == {n for n, one in described.items() if one["in"] == "path"}
        assert set(query.model_fields) == {n for n, one in described.items() if one["in"] == "query"}
        assert [name for name, one in described.items() if not one.get("description")] == []

    def test_describes_the_body_as_json_and_as_a_form(self, operation, label):
        command = contract_of(VIEWS[label]).command
        if command is None:
            assert "requestBody" not in operation
            return
        content = operation["requestBody"]["content"]
        required = {name for name, info in command.model_fields.items() if info.is_required()}

        assert operation["requestBody"]["required"] == bool(required)
        takes_file = any(info.annotation is Upload for info in command.model_fields.values())
        forms = FORMS if command.model_fields and not command.json_only else ()
        assert set(content) == ({"multipart/form-data"} if takes_file else {"application/json", *forms})
        for media_type, part in content.items():
            schema = document()["components"]["schemas"][part["schema"]["$ref"].rpartition("/")[2]]
            assert set(schema.get("required", ())) == required
            assert schema["additionalProperties"] is False
            own = {"csrf_token"} if media_type in FORMS else set()
            assert set(schema.get("properties", {})) == {*command.model_fields, *own}

    def test_shows_a_body_that_the_command_takes(self, operation, label):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if "example" not in content:
            assert not content or not operation["requestBody"]["required"]
            return

        assert faults(content["schema"], content["example"]) == []
        contract_of(VIEWS[label]).command.parse(content["example"])


class TestSecrets:
    WORDS = re.compile(r"password|secret|token|private|key_id|blob|seal|hash", re.IGNORECASE)
    # The token that any page of the session may read; what is told of a token; two booleans: that there is a password,
    # that a secret has changed. What the audit chain shows is to be noted elsewhere; nobody can make it without keys.
    CHAIN = frozenset({"sealed", "sealed_at", "unsealed", "through_seal", "hash"})
    HARMLESS = frozenset({"csrf_token", "token", "password_set", "secret"}) | CHAIN

    def test_are_in_no_answer(self):
        names, open_refs = set(), ["Error"]
        open_refs += [
            content["schema"]["$ref"].rpartition("/")[2]
            for operation in OPERATIONS.values()
            for _, response in described(operation)
            for content in response["content"].values()
        ]
        seen = set()
        while open_refs:
            name = open_refs.pop()
            if name in seen:
                continue
            seen.add(name)
            for schema in schemas_in(document()["components"]["schemas"][name]):
                names |= set(schema.get("properties", {}))
                open_refs += [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []

        assert {"credential", "password_set"} <= names
        assert {name for name in names if self.WORDS.search(name)} == self.HARMLESS
        properties = document()["components"]["schemas"]["Change"]["properties"]
        assert properties["secret"]["type"] == "boolean"

    def test_are_marked_in_requests(self):
        fields = [
            field
            for _, schema in every_schema()
            for name, field in schema.get("properties", {}).items()
            if name == "password"
        ]

        assert len(fields) >= 4
        for field in fields:
            branch = next(one for one in [field, *field.get("anyOf", ())] if one.get("type") == "string")
            assert (branch["format"], branch["writeOnly"]) == ("password", True)

    def test_have_placeholders_in_examples(self):
        found = re.findall(r'"(\w*(?:password|token|secret)\w*)": "([^"]*)"', json.dumps(document()))

        shown = {"password", "old_password", "new_password", "csrf_token", "secret"}
        assert {name for name, _ in found} == shown
        assert {value for _, value in found} == {*(f"<{name}>" for name in shown), "<new password>"}

    def test_are_told_by_the_making_of_a_token_alone(self):
        told = {
            name
            for name, schema in every_schema()
            if schema.get("properties", {}).get("secret", {}).get("type") == "string"
        }
        answers = {
            label for label, operation in OPERATIONS.items() if "NewTokenResponse" in json.dumps(operation["responses"])
        }

        assert (told, answers) == ({"NewToken"}, {"POST /tokens"})
