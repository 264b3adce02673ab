"""Inventory plugin: the instances that Muster registers, as hosts of Ansible."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from ansible.errors import AnsibleError, AnsibleParserError
from ansible.module_utils.urls import open_url
from ansible.plugins.inventory import BaseInventoryPlugin, Constructable
from ansible.utils.unsafe_proxy import wrap_var

DOCUMENTATION = r"""
name: muster
short_description: Instances from Muster, the register of every database instance
description:
  - Makes a host of each instance that matches the filters, with its fields as variables.
  - The name of the file has to end with V(muster.yml) or V(muster.yaml).
extends_documentation_fragment:
  - constructed
options:
  plugin:
    description: Marks the file as one of this plugin.
    required: true
    choices: [muster, dbmuster.muster.muster]
  url:
    description: Where Muster is, such as V(https://muster.example.com).
    type: str
    required: true
    env:
      - name: MUSTER_URL
  token:
    description: A token of a role that may view; keep it out of the file.
    type: str
    required: true
    env:
      - name: MUSTER_TOKEN
  validate_certs:
    description: Whether the certificate of Muster has to be one that this machine trusts.
    type: bool
    default: true
  ca_path:
    description: A PEM file of the authority that signed the certificate of Muster.
    type: path
  timeout:
    description: Seconds to wait for each answer.
    type: int
    default: 30
  filters:
    description:
      - What the list of instances is asked for, as V(environment: production). A list asks for several values.
      - Without O(filters.status), only active instances are hosts.
    type: dict
    default: {}
  prefix:
    description: What the names of the variables begin with.
    type: str
    default: muster_
"""

EXAMPLES = r"""
# production.muster.yml; the token comes from the environment, as MUSTER_TOKEN
plugin: dbmuster.muster.muster
url: https://muster.example.com
filters:
  environment: production
  db_type: [mysql, mariadb]
keyed_groups:
  - {key: muster_db_type, prefix: engine}
  - {key: muster_environment, prefix: env}
  - {key: muster_tag_names, prefix: tag}
groups:
  critical: muster_criticality is not none and muster_criticality <= 2
  unreachable: muster_last_outcome == "failed"
compose:
  backup_target: muster_host ~ ':' ~ muster_port
"""

_LIMIT = 100
_FIELDS = (
    "id", "name", "db_type", "host", "port", "status", "lifecycle", "environment", "cluster", "owner", "contact",
    "location", "criticality", "description", "tags", "platform", "endpoint_kind", "flavour", "database_name",
    "service_name", "sid", "instance_name", "main_version", "database_version", "detailed_version", "external_ids",
    "custom", "muted_until", "tls_mode", "tls_ca", "tls_client_cert", "tls_client_key_set", "tls_legacy",
    "connect_timeout_ms", "statement_timeout_ms", "deadline_ms", "last_outcome", "last_cause", "last_attempt_at",
    "last_success_at", "last_error_at", "last_connected", "outcome_since", "last_network", "role", "tls_state",
    "tls_not_after",
)  # fmt: skip


class InventoryModule(BaseInventoryPlugin, Constructable):
    """Ask Muster for its instances, page by page, and make a host of each."""

    NAME = "dbmuster.muster.muster"

    def verify_file(self, path: str) -> bool:
        """Tell whether the file may be ours, by its name."""
        return bool(super().verify_file(path)) and path.endswith(("muster.yml", "muster.yaml"))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: ANN401 - Ansible's signature
        """Fill the inventory from the file's settings.

        :raises AnsibleParserError: Muster cannot be reached, refuses, or answers with something else.
        """
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        for instance in self._instances():
            self._add(instance)

    def _add(self, instance: Mapping[str, Any]) -> None:
        # What people wrote into the register is text, and never a template that runs on this machine.
        name = self.inventory.add_host(instance["name"])
        self.inventory.set_variable(name, "ansible_host", wrap_var(instance["host"]))
        prefix = self.get_option("prefix")
        known = {**instance, "tag_names": [tag["name"] for tag in instance["tags"]]}
        for field, value in known.items():
            self.inventory.set_variable(name, f"{prefix}{field}", wrap_var(value))
        variables = self.inventory.get_host(name).get_vars()
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict=strict)
        variables = self.inventory.get_host(name).get_vars()
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict=strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict=strict)

    def _instances(self) -> Iterator[Mapping[str, Any]]:
        filters = {"status": "active", **self.get_option("filters")}
        query = {**filters, "sort": "id", "order": "asc", "limit": _LIMIT, "fields": ",".join(_FIELDS)}
        cursor: str | None = ""
        while cursor is not None:
            answer = self._ask({**query, "cursor": cursor})
            yield from answer["data"]["items"]
            cursor = answer["meta"]["next_cursor"]

    def _ask(self, query: Mapping[str, Any]) -> Mapping[str, Any]:
        url = self.get_option("url").rstrip("/")
        if urlsplit(url).scheme not in {"http", "https"}:
            raise AnsibleParserError(f"url has to begin with https:// or http://, and is {url!r}")
        try:
            with open_url(
                f"{url}/api/v1/instances?{_encoded(query)}",
                headers={"Authorization": f"Bearer {self.get_option('token')}", "Accept-Language": "en"},
                validate_certs=self.get_option("validate_certs"),
                ca_path=self.get_option("ca_path"),
                timeout=self.get_option("timeout"),
                follow_redirects="none",  # the token is for this address alone
                http_agent="dbmuster.muster",
            ) as response:
                answer: Mapping[str, Any] = json.load(response)
        except HTTPError as exc:
            raise AnsibleParserError(f"Muster at {url} answered {exc.code}: {_reason(exc)}") from None
        except (URLError, OSError, ValueError, AnsibleError) as exc:
            raise AnsibleParserError(f"Muster at {url} cannot be asked: {exc}") from None
        return answer


def _encoded(query: Mapping[str, Any]) -> str:
    """Write the query; a list asks for several values, true and false are written small, null is an empty text."""
    pairs = []
    for name, given in query.items():
        for value in given if isinstance(given, list) else [given]:
            text = "" if value is None else str(value)
            pairs.append((name, text.lower() if isinstance(value, bool) else text))
    return urlencode(pairs)


def _reason(failure: HTTPError) -> str:
    """Return what Muster says, with each field that is wrong; what another server says is of no use."""
    try:
        body = json.load(failure)
        fields = [f"{fault['field']}: {fault['message']}" for fault in (body.get("extra") or {}).get("fields", ())]
        return "; ".join([body["message"], *fields])
    except (ValueError, KeyError, TypeError, AttributeError):
        return str(failure.reason)
