"""In which language an answer speaks."""

from flask import has_request_context, request

from app.core.messages import DEFAULT_LANGUAGE, LANGUAGES, Language


def language() -> Language:
    """Return what `Accept-Language` asks for; Chinese for `*`, for an unknown language and for none."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    best = request.accept_languages.best_match(LANGUAGES, default=DEFAULT_LANGUAGE)
    return "en" if best == "en" else "zh"
