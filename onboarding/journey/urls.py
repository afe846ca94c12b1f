"""The addresses of the journey."""

from django.urls import path

from onboarding.journey import views

app_name = "journey"

urlpatterns = [
    path("", views.start, name="start"),
    path("journey/", views.journey, name="journey"),
    path("journey/status.json", views.status, name="status"),
    path("desks/", views.desks, name="desks"),
]
