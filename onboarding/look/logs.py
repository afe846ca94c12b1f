"""What the log says of a request."""

import logging
from http import HTTPStatus


class BriefRefusals(logging.Filter):
    """Keep the trace of a refused request (4xx) out of the log: it is no fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line pass, this kind without its trace."""
        if getattr(record, "status_code", 500) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = None
            record.exc_text = None
        return True
