"""The addresses of the help desk."""

from django.urls import path

from onboarding.helpdesk import views

app_name = "helpdesk"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("<int:key>/", views.person, name="person"),
    path("<int:key>/reason/", views.reason, name="reason"),
]
