"""The columns of a file, in one table: field, kind, headers in English and Chinese."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from app.core.errors import FieldFault, Invalid
from app.core.fields import clip, whole
from app.core.messages import Language
from app.domain.egress.endpoint import DbType
from app.domain.instances.commands import EndpointKind, Lifecycle, Platform

Kind = Literal["text", "choice", "integer", "boolean", "time", "list", "object"]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of an instance; `zh` and `others` are headers that mean it beside its own name.

    `choices` are the values that it can have, where there are few.
    """

    field: str
    zh: str
    others: Sequence[str] = ()
    kind: Kind = "text"
    required: bool = False
    example: str = ""
    choices: Sequence[str] = ()

    def header(self, language: Language) -> str:
        """Return what stands above the column."""
        return self.zh if language == "zh" else self.field


_EITHER = ("true", "false")
COLUMNS: Sequence[Column] = (
    Column("name", "名称", ("instance", "实例", "实例名", "实例名称"), required=True, example="orders-01"),
    Column(
        "db_type",
        "数据库类型",
        ("type", "engine", "类型", "引擎"),
        kind="choice",
        required=True,
        example="postgresql",
        choices=get_args(DbType),
    ),
    Column("host", "主机", ("address", "ip", "地址", "主机地址", "IP地址"), required=True, example="db1.example.com"),
    Column("port", "端口", ("端口号",), kind="integer", required=True, example="5432"),
    Column("database_name", "登录库", ("database", "数据库名", "库名"), example="postgres"),
    Column("service_name", "服务名", (), example="ORDERS"),
    Column("sid", "SID", (), example="ORCL"),
    Column("instance_name", "命名实例", ("sql server instance",), example="SQLEXPRESS"),
    Column("description", "描述", ("comment", "说明", "备注"), example="Orders, primary"),
    Column(
        "is_active",
        "启用",
        ("active", "enabled", "是否启用"),
        kind="boolean",
        example="true",
        choices=("true", "false"),
    ),
    Column("environment", "环境", ("env",), example="production"),
    Column("owner", "负责人", ("责任人",), example="payments"),
    Column("contact", "联系方式", ("联系人",), example="payments@example.com"),
    Column("location", "位置", ("site", "机房"), example="DC1"),
    Column("criticality", "重要级别", ("级别",), kind="integer", example="2", choices=("1", "2", "3", "4")),
    Column("lifecycle", "生命周期", ("状态",), kind="choice", example="active", choices=get_args(Lifecycle)),
    Column("endpoint_kind", "端点类型", ("endpoint",), kind="choice", example="server", choices=get_args(EndpointKind)),
    Column("platform", "平台", (), kind="choice", example="self_hosted", choices=get_args(Platform)),
    Column("cluster", "集群", ("cluster name",), example="orders"),
    Column("credential", "凭据", ("credential name", "账号"), example="monitor"),
    Column("tag_names", "标签", ("tags", "tag"), kind="list", example="payments, core"),
    Column("external_ids", "外部标识", ("external id",), kind="object", example='{"cmdb": "CI-4711"}'),
    Column("custom", "自定义字段", ("custom fields", "自定义"), kind="object", example='{"rack": "B12"}'),
    Column("muted_until", "静默至", ("muted",), kind="time", example="2027-01-31T08:00:00+08:00"),
    Column("admin_credential", "管理凭据", ("admin credential name", "管理账号"), example="admin"),
    Column("tls_mode", "TLS模式", ("ssl mode", "加密模式"), example="verify-full"),
    Column("tls_ca", "CA证书", ("ca certificate",), example="-----BEGIN CERTIFICATE-----…"),
    Column("tls_client_cert", "客户端证书", ("client certificate",), example="-----BEGIN CERTIFICATE-----…"),
    Column("tls_legacy", "允许旧版TLS", ("legacy tls",), kind="boolean", example="false"),
    Column("connect_timeout_ms", "连接超时毫秒", ("connect timeout",), kind="integer", example="3000"),
    Column("statement_timeout_ms", "语句超时毫秒", ("statement timeout",), kind="integer", example="5000"),
    Column("deadline_ms", "检查时限毫秒", ("deadline",), kind="integer", example="15000"),
)
# Understood in a file, never written into one: an id means something in this register alone.
_ONLY_READ: Sequence[Column] = (
    Column("id", "编号", ("instance id",), kind="integer"),
    Column("cluster_id", "集群编号", kind="integer"),
    Column("credential_id", "凭据编号", kind="integer"),
    Column("admin_credential_id", "管理凭据编号", kind="integer"),
)
# An export of the recycle bin says so; nobody is deleted by a file.
DELETED_AT = Column("deleted_at", "删除时间", kind="time")
_MEMBERS = ("custom", "external_ids")
KNOWN: Mapping[str, Column] = {column.field: column for column in (*COLUMNS, *_ONLY_READ, DELETED_AT)}


def _plain(header: str) -> str:
    return re.sub(r"[\s_\-]+", "", header.strip().strip("*").casefold())


_BY_HEADER: Mapping[str, Column] = {
    _plain(header): column for column in KNOWN.values() for header in (column.field, column.zh, *column.others)
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a column of a file holds: a field, or one member of a field that is an object."""

    column: Column
    member: str | None = None

    @property
    def path(self) -> str:
        """Return the field as faults name it."""
        return f"{self.column.field}.{self.member}" if self.member is not None else self.column.field


def lay_out(headers: Sequence[str], mapping: Mapping[str, str | None], *, shared: bool) -> dict[str, Place]:
    """Return what each header means; those that shall be ignored are left out. `mapping` wins over the table.

    :raises ColumnsRefused: a header is unknown, two mean the same where all rows have `shared` headers, or the
        mapping names what there is not.
    """
    faults = [FieldFault(f"mapping.{clip(one)}", "no_such_column") for one in mapping if one not in headers]
    places: dict[str, Place] = {}
    known = ", ".join(f"{one.field} ({one.zh})" for one in COLUMNS)
    for header in headers:
        if header in mapping and mapping[header] is None:
            continue
        place = find_place(mapping.get(header) or header)
        if place is None and header in mapping:
            faults.append(FieldFault(f"mapping.{clip(header)}", "unknown_column", {"known": known}))
        elif place is None:
            faults.append(FieldFault(f"file.{clip(header)}", "unknown_column", {"known": known}))
        elif shared and place in places.values():
            faults.append(FieldFault(f"file.{clip(header)}", "column_twice", {"field": place.path}))
        else:
            places[header] = place
    if not faults and "name" not in {place.path for place in places.values()} and not is_by_id(mapping):
        faults.append(FieldFault("file", "no_name_column"))
    if faults:
        raise ColumnsRefused(faults, columns_of(headers, mapping))
    return places


def columns_of(headers: Sequence[str], mapping: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """Return of each header the field that it is taken for: None where it is unknown or left out."""
    columns = []
    for header in headers:
        left_out = header in mapping and mapping[header] is None
        place = None if left_out else find_place(mapping.get(header) or header)
        columns.append({"header": whole(header), "field": place.path if place else None, "left_out": left_out})
    return columns


class ColumnsRefused(Invalid):
    """Columns cannot be made out; `extra.columns` tells what each was taken for."""

    def __init__(self, faults: Sequence[FieldFault], columns: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(faults)
        self.extra = {"columns": columns}


def is_by_id(mapping: Mapping[str, str | None]) -> bool:
    """Tell whether the mapping says which column is the id of an instance: a header alone may mean any number."""
    return any(place.column.field == "id" for place in map(find_place, filter(None, mapping.values())) if place)


def find_place(header: str) -> Place | None:
    """Return what a header means: `custom.rack` and `自定义字段.rack` are members."""
    column = _BY_HEADER.get(_plain(header))
    if column is not None:
        return Place(column)
    stem, dot, member = header.strip().partition(".")
    column = _BY_HEADER.get(_plain(stem)) if dot and member else None
    return Place(column, member) if column is not None and column.field in _MEMBERS else None
