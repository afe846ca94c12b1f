"""Two pages: who is signed in, and a row that is written."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from accounts.journal.models import Event


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "page.html", {"user": request.user})


def row(request: HttpRequest) -> HttpResponse:
    """Write one row in a transaction of its own, for whoever is signed in."""
    with transaction.atomic():
        Event.objects.create(
            what="bench", at=timezone.now(), whom_id=request.user.pk, facts={}
        )
    return HttpResponse(status=201)


urlpatterns = [path("", page), path("row", row)]
