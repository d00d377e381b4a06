"""The rules that decide claims: made, changed, tried on the last weeks, put in order."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from claims.dry_run import DAYS, DryRun, dry_run
from claims.models import ClaimRule, Flow, Reason, RuleDecision
from claims.rule_book import MOST_RULES, delete_rule, move_rule, save_rule
from claims.telling import claim_title
from portal.access import ShopRequest, shop_page
from portal.claims.status import claim_status
from shops.models import Role, Shop


class RuleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Reason is one of"),
        choices=Reason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: any reason."),
    )
    flows = forms.MultipleChoiceField(
        label=gettext_lazy("Flow is one of"),
        choices=Flow.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen: any, also claims that came by the API."),
    )
    most_amount = forms.DecimalField(
        label=gettext_lazy("Amount at most"), required=False, min_value=0, max_value=10**9
    )
    most_earlier = forms.IntegerField(
        label=gettext_lazy("Earlier claims of the customer at most"),
        required=False,
        min_value=0,
        max_value=1000,
    )
    least_earlier = forms.IntegerField(
        label=gettext_lazy("Earlier claims of the customer at least"),
        required=False,
        min_value=1,
        max_value=1000,
    )
    earlier_days = forms.IntegerField(
        label=gettext_lazy("Earlier means within so many days"),
        min_value=1,
        max_value=730,
        initial=365,
    )
    needs_photo = forms.BooleanField(label=gettext_lazy("Only with a photo"), required=False)
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=RuleDecision.choices, initial=RuleDecision.LEAVE
    )
    answer = forms.CharField(
        label=gettext_lazy("And write to the customer"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Empty: nothing is written. The tracking page shows the decision."),
    )
    is_active = forms.BooleanField(label=gettext_lazy("Switched on"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        most, least = said.get("most_earlier"), said.get("least_earlier")
        if most is not None and least is not None and least > most:
            self.add_error("least_earlier", _("This is more than at most."))
        return said


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def new_claim_rule(request: ShopRequest, shop: Shop) -> HttpResponse:
    return _edit(request, shop, ClaimRule(shop=shop))


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page(Role.ADMIN)
def edit_claim_rule(request: ShopRequest, shop: Shop, rule_id: UUID) -> HttpResponse:
    return _edit(request, shop, get_object_or_404(ClaimRule.objects.of(shop), id=rule_id))


@require_POST
@shop_page(Role.ADMIN)
def move_claim_rule(request: ShopRequest, shop: Shop, rule_id: UUID) -> HttpResponse:
    move_rule(shop, rule_id, is_up=request.POST.get("way") == "up")
    return redirect("portal:claim_settings", slug=shop.slug)


@require_POST
@shop_page(Role.ADMIN)
def delete_claim_rule(request: ShopRequest, shop: Shop, rule_id: UUID) -> HttpResponse:
    delete_rule(shop, rule_id)
    messages.success(request, _("The rule is deleted. What it decided stays."))
    return redirect("portal:claim_settings", slug=shop.slug)


def _edit(request: ShopRequest, shop: Shop, rule: ClaimRule) -> HttpResponse:
    """Posted with `try`, nothing is saved: the rule as typed is tried on the last weeks."""
    is_new = rule._state.adding
    form = RuleForm(request.POST or None, initial=None if is_new else _initial(rule))
    context: dict[str, Any] = {"form": form, "rule": rule, "is_new": is_new, "days": DAYS}
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(rule, name, value)
        if "try" not in request.POST:
            if is_new and ClaimRule.objects.of(shop).count() >= MOST_RULES:
                form.add_error(
                    None, _("There are %d rules already; delete one first.") % MOST_RULES
                )
            else:
                save_rule(shop, rule)
                messages.success(request, _saved(rule))
                return redirect("portal:claim_settings", slug=shop.slug)
        else:
            rule.currency = shop.currency if rule.most_amount is not None else ""
            context |= _tried(dry_run(rule, shop, at=timezone.now()))
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "portal/claims/rule.html", context, status=status)


def _saved(rule: ClaimRule) -> str:
    if rule.has_conditions:
        return _("The rule is saved.")
    return _("The rule is saved. It has no condition: it fits every claim.")


def _initial(rule: ClaimRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RuleForm.base_fields}


def _tried(tried: DryRun) -> dict[str, Any]:
    samples = [(one, claim_title(one), claim_status(one)) for one in tried.samples]
    return {"tried": tried, "samples": samples}
