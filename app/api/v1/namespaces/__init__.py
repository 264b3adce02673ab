"""One file a resource; its list is in `app.api.v1`."""
