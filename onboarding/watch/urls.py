"""The addresses of the board."""

from django.urls import path

from onboarding.watch import (
    asked_views,
    journal_views,
    many_views,
    views,
    way_views,
)

app_name = "watch"

urlpatterns = [
    path("", views.board, name="board"),
    path("journal/", journal_views.journal, name="journal"),
    path("journal/journal.csv", journal_views.journal_file, name="journal_file"),
    path("asked/<int:number>/", asked_views.look, name="asked"),
    path("reminder/", many_views.remind, name="remind"),
    path(
        "people/<slug:kind>/<slug:about>/<slug:how>/look-again/",
        many_views.look_again,
        name="look_again",
    ),
    path("way/", way_views.way, name="way"),
    path("way/<slug:what>.csv", way_views.way_file, name="way_file"),
    path("people/<slug:kind>/<slug:about>/<slug:how>/", views.people, name="people"),
]
