"""Addresses of the registrar's letters, below those of the imports."""

from django.urls import URLPattern, path

from onboarding.enrolment import letter_views as views

letter_urls: list[URLPattern] = [
    path("registrar/letters/", views.letters, name="letters"),
    path("registrar/letters/<str:name>/", views.run, name="letters_run"),
    path("registrar/letters/<str:name>/file/", views.file, name="letters_file"),
    path("registrar/letters/<str:name>/again/", views.again, name="letters_again"),
    path("registrar/letters/<str:name>/news.json", views.news, name="letters_news"),
]
urlpatterns = letter_urls
