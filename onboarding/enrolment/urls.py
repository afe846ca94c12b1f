"""Addresses of the registrar's pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from onboarding.enrolment import views

app_name = "enrolment"

urlpatterns: list[URLPattern | URLResolver] = [
    path("registrar/imports/", views.imports, name="imports"),
    path("registrar/imports/new/", views.upload, name="upload"),
    path("registrar/imports/<int:pk>/", views.one_import, name="import"),
    path("registrar/imports/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("registrar/imports/<int:pk>/discard/", views.discard, name="discard"),
    path("registrar/imports/<int:pk>/news.json", views.news, name="news"),
]

# The letters' own addresses, in the same namespace.
if find_spec("onboarding.enrolment.letter_urls"):
    urlpatterns.append(path("", include("onboarding.enrolment.letter_urls")))
