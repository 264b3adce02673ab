"""`/tags`: labels."""

from typing import Any

from flask import Response
from flask_restx import Namespace

from app.api.v1.contract import accepts, operation, returns
from app.api.v1.listing import listing
from app.api.v1.references import location, present, present_one
from app.api.v1.resource import BaseResource, Success
from app.api.v1.schemas.envelope import NoData
from app.api.v1.schemas.envelope import Success as Ok
from app.api.v1.schemas.references import Tag, TagData, TagList
from app.core.fields import NoFields
from app.domain.references.listing import ListReferences
from app.domain.tags.commands import CreateTag, DeleteTag, PatchTag, UpdateTag
from app.domain.tags.write_service import TagWriteService
from app.domain.writes.if_match import IfMatch
from app.http.caller import caller
from app.http.decorators import api_login_required, api_permission_required, require_csrf

ns = Namespace("tags", path="/tags", description="Labels.")
_CHANGE_ERRORS = (TagWriteService.kind.not_found, TagWriteService.kind.taken)


def _shown_one(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of the table
    return present_one(Tag, row, TagWriteService)


@ns.route("")
class TagCollection(BaseResource):
    """All tags."""

    @api_login_required
    @api_permission_required("view")
    @operation("listTags", "List tags")
    @returns({200: Ok[TagList]}, query=ListReferences)
    def get(self, query: ListReferences) -> Response:
        """List tags."""

        def work() -> Success:
            page = TagWriteService.list_page(query)
            items = present(Tag, page.items, TagWriteService.kind.link)
            return Success("tag.listed", listing(items, query, total=page.total))

        return self.safe_call(work, action="tag.list", public_error="tag.list_failed")

    @api_login_required
    @api_permission_required("create")
    @require_csrf
    @operation("createTag", "Add a tag")
    @accepts(CreateTag)
    @returns({201: Ok[TagData]}, errors=[TagWriteService.kind.taken])
    def post(self, command: CreateTag) -> Response:
        """Add a tag."""

        def work() -> Success:
            made = TagWriteService().create(command, operator_id=caller().id)
            return Success("tag.created", _shown_one(made), 201, location("tags", made.id))

        return self.safe_call(work, action="tag.create", public_error="tag.create_failed")


@ns.route("/<int:tag_id>")
class TagItem(BaseResource):
    """One tag."""

    @api_login_required
    @api_permission_required("view")
    @operation("getTag", "Show a tag")
    @returns({200: Ok[TagData]}, errors=[TagWriteService.kind.not_found])
    def get(self, tag_id: int) -> Response:
        """Show a tag."""
        return self.safe_call(
            lambda: Success("tag.shown", present_one(Tag, TagWriteService().get(tag_id), TagWriteService)),
            action="tag.read",
            public_error="tag.read_failed",
        )

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("updateTag", "Change a tag; absent optional fields keep their value")
    @accepts(UpdateTag)
    @returns({200: Ok[TagData]}, errors=_CHANGE_ERRORS, if_match=True)
    def put(self, tag_id: int, command: UpdateTag, if_match: IfMatch) -> Response:
        """Change a tag."""
        return self._change(tag_id, command, if_match)

    @api_login_required
    @api_permission_required("update")
    @require_csrf
    @operation("patchTag", "Change some fields of a tag")
    @accepts(PatchTag)
    @returns({200: Ok[TagData]}, errors=_CHANGE_ERRORS, if_match=True)
    def patch(self, tag_id: int, command: PatchTag, if_match: IfMatch) -> Response:
        """Change some fields of a tag."""
        return self._change(tag_id, command, if_match)

    def _change(self, tag_id: int, command: UpdateTag, if_match: IfMatch) -> Response:
        def work() -> Success:
            row = TagWriteService().update(tag_id, command, operator_id=caller().id, if_match=if_match)
            return Success("tag.updated", _shown_one(row))

        return self.safe_call(
            work,
            action="tag.update",
            public_error="tag.update_failed",
            preview=lambda: _shown_one(TagWriteService().get(tag_id)),
        )

    @api_login_required
    @api_permission_required("delete")
    @require_csrf
    @operation("deleteTag", "Delete a tag that no instance carries, or take it off all of them first")
    @accepts(NoFields)
    @returns(
        {200: NoData},
        query=DeleteTag,
        errors=[TagWriteService.kind.not_found, TagWriteService.kind.in_use],
        if_match=True,
    )
    def delete(self, tag_id: int, command: NoFields, query: DeleteTag, if_match: IfMatch) -> Response:  # noqa: ARG002 - an empty body is the contract
        """Delete a tag."""

        def work() -> Success:
            TagWriteService(detach=query.detach).delete(tag_id, operator_id=caller().id, if_match=if_match)
            return Success("tag.deleted")

        return self.safe_call(
            work,
            action="tag.delete",
            public_error="tag.delete_failed",
            preview=lambda: _shown_one(TagWriteService().get(tag_id)),
        )
