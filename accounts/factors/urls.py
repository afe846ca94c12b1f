"""The addresses of the second factor."""

from django.urls import path

from accounts.factors import keeping_views, reset_views, views

app_name = "factors"

urlpatterns = [
    path("", views.step, name="step"),
    path("passkey/", views.passkey, name="passkey"),
    path("challenge/", views.challenge, name="challenge"),
    path("set-up/", keeping_views.set_up, name="set_up"),
    path("set-up/app/", keeping_views.begin, name="begin"),
    path("set-up/app/code/", keeping_views.confirm, name="confirm"),
    path("set-up/passkey/", keeping_views.add_passkey, name="add_passkey"),
    path("own/", keeping_views.mine, name="mine"),
    path("own/<int:key>/remove/", keeping_views.remove, name="remove"),
    path("reset/", reset_views.reset, name="reset"),
]
