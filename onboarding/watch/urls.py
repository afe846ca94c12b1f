"""The addresses of the board."""

from django.urls import path

from onboarding.watch import views, way_views

app_name = "watch"

urlpatterns = [
    path("", views.board, name="board"),
    path("way/", way_views.way, name="way"),
    path("way/<slug:what>.csv", way_views.way_file, name="way_file"),
    path("people/<slug:kind>/<slug:about>/<slug:how>/", views.people, name="people"),
]
