"""The addresses of the board."""

from django.urls import path

from onboarding.watch import views

app_name = "watch"

urlpatterns = [
    path("", views.board, name="board"),
    path("people/<slug:kind>/<slug:about>/<slug:how>/", views.people, name="people"),
]
