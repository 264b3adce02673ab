"""In which language an answer speaks."""

from flask import has_request_context, request

from app.core.messages import LANGUAGES, Language


def language() -> Language:
    """Return what `Accept-Language` likes best; Chinese for `*`, for an unknown language, for none and for a tie.

    `en-US` is English: Werkzeug's own choice prefers `zh;q=0.1` to it.
    """
    accepted = list(request.accept_languages) if has_request_context() else []

    def liking(known: Language) -> float:
        return max((quality for name, quality in accepted if _primary(name) in {known, "*"}), default=0)

    return max(LANGUAGES, key=liking)  # the first of equals, which is the default


def _primary(name: str) -> str:
    return name.lower().replace("_", "-").partition("-")[0]
