"""Pages that anybody may read."""

from django.urls import URLPattern, path
from django.views.generic import TemplateView

app_name = "look"


def _page(name: str) -> URLPattern:
    view = TemplateView.as_view(template_name=f"public/{name}.html")
    return path(f"{name.replace('_', '-')}/", view, name=name)


urlpatterns = [
    _page("first_steps"),
    _page("help"),
    _page("terms"),
    _page("privacy"),
    _page("accessibility"),
]
