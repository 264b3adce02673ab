"""What goes out as a file instead of an envelope."""

from app.api.v1.schemas.envelope import Body


class File(Body):
    """A file: CSV, XLSX, YAML or JSON; the document shows its media types instead of a schema."""
