"""The one page: who is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"user": request.user})


urlpatterns = [path("", page)]
