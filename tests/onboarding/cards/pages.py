"""Reading pages as a colleague does, and sending what their buttons send."""

import html
import re
from typing import Any

_FIELD = re.compile(r'type="hidden" name="(\w+)" value="([^"]*)"')


def text(response: Any) -> str:
    """Give what stands on a page."""
    page = re.sub(r"<title>.*?</title>", "", response.content.decode())
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def hidden(response: Any) -> dict[str, str]:
    """Give what the button of the page's form sends beside what is typed."""
    _, _, main = response.content.decode().partition("<main")
    found = _FIELD.findall(main.partition("</main>")[0])
    return {
        name: html.unescape(value)
        for name, value in found
        if name not in {"csrfmiddlewaretoken", "next"}
    }
