"""How Django's forms are drawn."""

from django.forms.renderers import TemplatesSetting


class KernRenderer(TemplatesSetting):
    """Draws forms and fields with the templates in ``templates/django/forms``."""

    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
