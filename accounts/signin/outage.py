"""One page for every view that the directory left without an answer."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from accounts.directory.errors import DirectoryRefused, DirectoryUnavailable
from onboarding.look.errors import directory_silent

log = logging.getLogger(__name__)


class DirectoryOutage:
    """Middleware: a directory that does not answer is said as such."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Take the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        """Answer 503 with a sentence where the directory is away."""
        if not isinstance(exception, DirectoryUnavailable | DirectoryRefused):
            return None
        log.warning("no answer from the directory: %s", exception)
        return directory_silent(request)
