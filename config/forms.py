"""How forms are drawn: `{{ form }}` and `{{ form.email.as_field_group }}` give our fields, from templates/_components."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Templates of the project first, then those of Django's own widgets."""

    form_template_name = "_components/form.html"
    field_template_name = "_components/field.html"
    formset_template_name = "_components/formset.html"
